// `node scripts/build-engine.mjs [--check]`: compiles assembly/ to src/engine/binary.ts, once for engines with relaxed SIMD and
// once for others. Reproducible: engine.sha256 holds the hashes of both binaries, and is written where it is missing. `--check`
// fails where they differ; delete the file when the sources are meant to change.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const SOURCES = join(ROOT, "assembly");
const MODULE = join(ROOT, "src/engine/binary.ts");
const HASHES = join(ROOT, "engine.sha256");
/** Pages of the memory: assembly/layout.ts says what lies where. */
const PAGES = "36";
const OPTIONS = ["--runtime", "stub", "--noAssert", "-O3", "--converge", "--enable", "simd"];

/** Compiles both binaries. */
export async function compileEngine() {
  return { plain: await compile([]), relaxed: await compile(["--enable", "relaxed-simd"]) };
}

/** Makes sure that src/engine/binary.ts is there and no older than the sources. */
export async function ensureEngine() {
  const newest = Math.max(
    ...[...readdirSync(SOURCES).map((name) => join(SOURCES, name)), fileURLToPath(import.meta.url)].map(
      (file) => statSync(file).mtimeMs,
    ),
  );
  if (existsSync(MODULE) && statSync(MODULE).mtimeMs >= newest) return;
  const { plain, relaxed } = await compileEngine();
  writeFileSync(
    MODULE,
    `// Made by scripts/build-engine.mjs from assembly/.

/** For engines with SIMD, in base64. */
export const PLAIN: string =
  "${Buffer.from(plain).toString("base64")}";

/** For engines with relaxed SIMD. */
export const RELAXED: string =
  "${Buffer.from(relaxed).toString("base64")}";
`,
  );
}

/** The text of engine.sha256 for two binaries. */
export function hashesOf({ plain, relaxed }) {
  const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");
  return `${hash(plain)}  plain\n${hash(relaxed)}  relaxed\n`;
}

async function compile(features) {
  const { error, stdout, stderr, binary } = await run(features);
  if (error !== null) throw new Error(`${error.message}\n${stdout}\n${stderr}`);
  return binary;
}

async function run(features) {
  let binary;
  const { error, stdout, stderr } = await asc.main(
    [
      "assembly/index.ts",
      ...OPTIONS,
      ...features,
      "--initialMemory",
      PAGES,
      "--maximumMemory",
      PAGES,
      "--outFile",
      "engine.wasm",
    ],
    {
      readFile: (name, base) => {
        const file = join(base ?? ROOT, name);
        return existsSync(file) ? readFileSync(file, "utf8") : null;
      },
      writeFile: (_, contents) => {
        binary = contents;
      },
      listFiles: () => [],
      ...{ baseDir: ROOT },
    },
  );
  return { error, stdout: stdout.toString(), stderr: stderr.toString(), binary };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const hashes = hashesOf(await compileEngine());
  if (!existsSync(HASHES)) writeFileSync(HASHES, hashes);
  if (readFileSync(HASHES, "utf8") !== hashes) {
    throw new Error(`engine.sha256 does not hold the hashes of what the sources give:\n${hashes}`);
  }
  await ensureEngine();
}
