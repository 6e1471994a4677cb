// `pnpm --filter docs run status`: takes over what the last test run (`pnpm test`) recorded of each backend.
import { readFile, writeFile } from "node:fs/promises";

const RECORDED = new URL("../../../out/conformance.json", import.meta.url);
const DATA = new URL("../data/conformance.json", import.meta.url);

const text = await readFile(RECORDED, "utf8").catch(() => {
  throw new Error("out/conformance.json is not there: run `pnpm test` first");
});
await writeFile(DATA, text);
const { date, backends } = JSON.parse(text);
console.log(`${Object.keys(backends).length} backends, ${date}`);
