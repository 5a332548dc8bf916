// Makes schema.ts from the specification: openapi-typescript, with bytes as Blob.
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";

const BLOB = ts.factory.createTypeReferenceNode("Blob");

function bytes(schema) {
  return schema.contentMediaType === undefined ? undefined : BLOB;
}

const specification = JSON.parse(readFileSync(process.argv[2], "utf8"));
const nodes = await openapiTS(specification, { transform: bytes, defaultNonNullable: false });
writeFileSync("schema.ts", astToString(nodes));
