// Tokens from the development issuer: people by name, machines by signed assertion and proof of possession (DPoP).
import { createHash, createPrivateKey, generateKeyPairSync, randomUUID, sign, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Middleware } from "openapi-fetch";

const DEVELOPMENT = "urn:carnet:development:person";
const ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

type Claims = Record<string, unknown>;

function encoded(value: Claims): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function signed(header: Claims, claims: Claims, key: KeyObject): string {
  const text = `${encoded({ alg: "ES256", ...header })}.${encoded(claims)}`;
  return `${text}.${sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}

/** The one member of an answer that is used. */
function tokenOf(answer: unknown): string {
  if (typeof answer === "object" && answer !== null && "access_token" in answer) {
    return String(answer.access_token);
  }
  throw new Error("the issuer gave no token");
}

async function requested(endpoint: string, form: Record<string, string>, headers: Record<string, string>) {
  const answer = await fetch(endpoint, { method: "POST", body: new URLSearchParams(form), headers });
  return tokenOf(await answer.json());
}

/** A person of the development issuer: bearer tokens. */
export async function person(issuer: string, realm: string, name: string): Promise<Middleware> {
  const form = { grant_type: DEVELOPMENT, person: name, exercice: "0" };
  const token = await requested(`${issuer}/${realm}/token`, form, {});
  return {
    onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${token}`);
    },
  };
}

/** A machine: every request proves the key that its token is bound to. */
export async function machine(issuer: string, name: string, credentials: string): Promise<Middleware> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { kty, crv, x, y } = publicKey.export({ format: "jwk" });

  function proof(method: string, url: string, token?: string): string {
    const bound = token === undefined ? {} : { ath: createHash("sha256").update(token).digest("base64url") };
    const claims = { htm: method, htu: url, iat: now(), jti: randomUUID(), ...bound };
    return signed({ typ: "dpop+jwt", jwk: { kty, crv, x, y } }, claims, privateKey);
  }

  const endpoint = `${issuer}/machines/token`;
  const token = await requested(endpoint, granted(name, endpoint, credentials), { DPoP: proof("POST", endpoint) });
  return {
    onRequest({ request }) {
      const [address = ""] = request.url.split("?");
      request.headers.set("Authorization", `DPoP ${token}`);
      request.headers.set("DPoP", proof(request.method, address, token));
    },
  };
}

function granted(name: string, endpoint: string, credentials: string): Record<string, string> {
  const kept: unknown = JSON.parse(readFileSync(`${credentials}/${name}.json`, "utf8"));
  const key = createPrivateKey({ key: keyOf(kept), format: "jwk" });
  const claims = { iss: name, sub: name, aud: endpoint, exp: now() + 60, jti: randomUUID() };
  return {
    grant_type: "client_credentials",
    client_id: name,
    client_assertion_type: ASSERTION,
    client_assertion: signed({}, claims, key),
  };
}

function keyOf(kept: unknown): Record<string, string> {
  if (typeof kept === "object" && kept !== null && "key" in kept && typeof kept.key === "object" && kept.key !== null) {
    return Object.fromEntries(Object.entries(kept.key).map(([member, value]) => [member, String(value)]));
  }
  throw new Error("there is no key in the credentials");
}
