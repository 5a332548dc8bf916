// What the specification does not know does not compile: the compiler refuses a directive behind which nothing is wrong.
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

const api = createClient<paths>();
const params = { path: { record: "x" } };

// @ts-expect-error: nobody can allow an insurer
await api.POST("/records/{record}/choices/allow", { params, body: { kind: "insurer", id: "x" } });
// @ts-expect-error: there is no such way in
await api.GET("/records/{record}/everything", { params });
// @ts-expect-error: a deposit says of which type it is
await api.POST("/records/{record}/uploads", { params, body: { title: "x" } });
