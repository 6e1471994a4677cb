// `pnpm --filter docs run status`: copies the results of the last test run (`pnpm test --full`) into the site's data.
import { readFile, writeFile } from "node:fs/promises";

const RECORDED = new URL("../../../out/conformance.json", import.meta.url);
const DATA = new URL("../data/conformance.json", import.meta.url);

const text = await readFile(RECORDED, "utf8").catch(() => {
  throw new Error("out/conformance.json is not there: run `pnpm test --full` first");
});
const { date, backends } = JSON.parse(text);
const before = JSON.parse(await readFile(DATA, "utf8"));
const gone = Object.keys(before.backends).filter((name) => !(name in backends));
if (gone.length > 0) console.warn(`not in this run, though it was in the one before: ${gone.join("; ")}`);
await writeFile(DATA, text);
console.log(`${Object.keys(backends).length} backends, ${date}`);
