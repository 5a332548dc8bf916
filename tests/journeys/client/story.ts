// The story through the typed client: node build/story.js BASE_URL ISSUER CREDENTIALS REPORT INS_VALUE INS_OID SUBJECT
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import createClient, { type Client, type Middleware } from "openapi-fetch";
import { machine, person } from "./auth.js";
import type { components, paths } from "./schema.js";

type Schemas = components["schemas"];
type Api = Client<paths>;
type Ranged = { Range: string; "Carnet-Read": string };

const [baseUrl = "", issuer = "", credentials = "", report = "", value = "", authority = "", subject = ""] =
  process.argv.slice(2);
const ins: Schemas["Identity"] = { value, oid: authority as Schemas["Identity"]["oid"] };
const doctorNamed: Schemas["Subject"] = { kind: "professional", id: "810009900019" };
const physiotherapistNamed: Schemas["Subject"] = { kind: "professional", id: "810009900027" };

function client(who: Middleware): Api {
  const api = createClient<paths>({ baseUrl });
  api.use(who);
  return api;
}

/** Return the data of an answer that must have this status. */
function given<T>(answer: { data?: T; error?: unknown; response: Response }, status: number): T {
  assert.equal(answer.response.status, status, JSON.stringify(answer.error));
  assert.ok(answer.data !== undefined);
  return answer.data;
}

/** Return the problem of an answer that must be refused with this status. */
function refused(answer: { error?: Schemas["Problem"]; response: Response }, status: number): Schemas["Problem"] {
  assert.equal(answer.response.status, status);
  assert.ok(answer.error !== undefined);
  return answer.error;
}

const enrolment = client(await machine(issuer, "enrolment", credentials));
const laboratory = client(await machine(issuer, "laboratory", credentials));
const patient = client(await person(issuer, "citizens", "ondine"));
const doctor = client(await person(issuer, "professionals", "doctor"));
const physiotherapist = client(await person(issuer, "professionals", "physiotherapist"));
const insurer = client(await machine(issuer, "insurer", credentials));

async function opened(): Promise<string> {
  const body: Schemas["Opening"] = {
    ins,
    family_name: "ESSAI",
    given_names: ["Ondine"],
    birth_date: "1976-11-23",
    sex: "F",
    birth_place: "99990",
    email: "ondine@example.org",
    holder: { issuer: `${issuer}/citizens`, subject },
  };
  const answer = await enrolment.POST("/records", { body });
  assert.ok(answer.response.ok, JSON.stringify(answer.error));
  assert.ok(answer.data !== undefined);
  return answer.data.record;
}

function form(body: { metadata: Schemas["Metadata"]; content: Blob }): FormData {
  const parts = new FormData();
  parts.set("metadata", new Blob([JSON.stringify(body.metadata)], { type: "application/json" }));
  parts.set("content", body.content);
  return parts;
}

async function deposited(content: Buffer): Promise<{ record: string; document: string }> {
  const { record } = given(await laboratory.POST("/record-lookups", { body: { ins } }), 200);
  const metadata = { type: "11502-2", title: "Bilan sanguin", unique_id: `2.25.${randomInt(2 ** 47)}` };
  const answer = await laboratory.POST("/records/{record}/documents", {
    params: { path: { record } },
    body: { metadata, content: new Blob([Uint8Array.from(content)], { type: "application/pdf" }) },
    bodySerializer: form,
  });
  return { record, document: given(answer, 202).document };
}

async function available(path: { record: string; document: string }): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const { state } = given(await laboratory.GET("/records/{record}/documents/{document}/status", { params: { path } }), 200);
    if (state === "available") {
      return;
    }
    await sleep(100);
  }
  assert.fail("the document is not available");
}

async function consulted(api: Api, path: { record: string; document: string }, header: Partial<Ranged> = {}) {
  return api.GET("/records/{record}/documents/{document}/content", { params: { path, header }, parseAs: "blob" });
}

async function bytesOf(answer: { data?: Blob; error?: unknown; response: Response }, status: number): Promise<Buffer> {
  return Buffer.from(await given(answer, status).arrayBuffer());
}

async function consultations(): Promise<number> {
  const { entries } = given(await patient.GET("/records/{record}/history", { params: { path: { record } } }), 200);
  return entries.filter((entry) => entry.document === path.document && entry.action === "document:consult").length;
}

const content = readFileSync(report);
const record = await opened();
for (const body of [doctorNamed, physiotherapistNamed]) {
  await patient.POST("/records/{record}/choices/withdraw", { params: { path: { record } }, body });
}
console.log("opened");

const path = await deposited(content);
assert.equal(path.record, record);
await available(path);
console.log("deposited and available");

const page = given(await patient.GET("/records/{record}/documents", { params: { path: { record } } }), 200);
assert.equal(page.documents[0]?.document, path.document);
console.log("listed by the patient");

assert.equal(refused(await consulted(doctor, path), 403).code, "NO_ACCESS");
const choices = await patient.POST("/records/{record}/choices/allow", { params: { path: { record } }, body: doctorNamed });
assert.ok(given(choices, 200).allowed.includes("pro:810009900019"));
const whole = await consulted(doctor, path);
assert.deepEqual(await bytesOf(whole, 200), content);
console.log("refused, allowed, read byte for byte by the doctor");

const before = await consultations();
assert.ok(before > 0);
const readId = whole.response.headers.get("Carnet-Read") ?? assert.fail("there is no read-id");
const range = await consulted(doctor, path, { Range: "bytes=100-199", "Carnet-Read": readId });
assert.deepEqual(await bytesOf(range, 206), content.subarray(100, 200));
assert.equal(await consultations(), before);
console.log("a range with the read-id: the same consultation");

assert.equal(refused(await consulted(physiotherapist, path), 403).code, "NO_ACCESS");
await patient.POST("/records/{record}/choices/allow", { params: { path: { record } }, body: physiotherapistNamed });
assert.equal(refused(await consulted(physiotherapist, path), 403).code, "NO_ACCESS");
assert.equal(refused(await consulted(insurer, path), 403).code, "FORBIDDEN_BY_LAW");
console.log("the physiotherapist, even allowed, and the insurer are refused");

const seen = given(await doctor.GET("/records/{record}/documents/{document}", { params: { path } }), 200);
assert.equal(seen.title, "Bilan sanguin");
const hiding = await patient.PUT("/records/{record}/documents/{document}/visibility", {
  params: { path },
  body: { hidden: true },
});
assert.equal(hiding.response.status, 204);
assert.equal(refused(await consulted(doctor, path), 404).code, "NOT_FOUND");
console.log("hidden: 404 for the doctor");

const history = given(await patient.GET("/records/{record}/history", { params: { path: { record } } }), 200);
assert.ok(history.entries.some((entry) => entry.document === path.document && entry.who.name.endsWith("MODELE")));
console.log("the journal names the doctor");
console.log("typescript: the story is told through the typed client");
