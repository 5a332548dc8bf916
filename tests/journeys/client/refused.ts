// What the specification does not know does not compile: the compiler refuses a directive behind which nothing is wrong.
// Beside each of them stands the call that is right, so that only what is told there can be what is wrong.
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

const api = createClient<paths>();
const params = { path: { record: "x" } };

await api.POST("/records/{record}/choices/allow", { params, body: { kind: "organisation", id: "x" } });
// @ts-expect-error: nobody can allow an insurer
await api.POST("/records/{record}/choices/allow", { params, body: { kind: "insurer", id: "x" } });

await api.GET("/records/{record}/documents", { params });
// @ts-expect-error: there is no such way in
await api.GET("/records/{record}/everything", { params });

const about = { title: "x", media: "text/plain", size: 1, sha256: "0".repeat(64) };
await api.POST("/records/{record}/uploads", { params, body: { ...about, type: "11502-2" } });
// @ts-expect-error: a deposit says of which type it is
await api.POST("/records/{record}/uploads", { params, body: about });
