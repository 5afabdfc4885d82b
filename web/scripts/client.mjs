// Writes client/schema.ts from the server's description; with --check only says whether it is stale.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const description = new URL("../../crates/server/openapi.json", import.meta.url);
const target = new URL("../client/schema.ts", import.meta.url);
const head = "// Made from crates/server/openapi.json by `npm run client`. Do not edit.\n\n";

const wanted = head + astToString(await openapiTS(description, { alphabetize: true }));
const standing = await readFile(target, "utf8").catch(() => "");
if (process.argv.includes("--check")) {
  if (standing !== wanted) {
    console.error("client/schema.ts is older than crates/server/openapi.json: run `npm run client` in web/");
    process.exit(1);
  }
} else if (standing !== wanted) {
  await writeFile(target, wanted);
  console.log("client/schema.ts written");
}
