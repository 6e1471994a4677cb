// `node scripts/build-engine.mjs`: compiles assembly/ to src/engine/binary.ts, once for engines with relaxed SIMD and
// once for others. Reproducible: engine.sha256 holds the hashes of both binaries; it fails where they differ, and writes the file
// where it is missing, so delete that when the sources are meant to change.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const SOURCES = join(ROOT, "assembly");
const MODULE = join(ROOT, "src/engine/binary.ts");
const HASHES = join(ROOT, "engine.sha256");
/** Pages of the memory: assembly/memory-layout.ts says what lies where. It grows for long rows that are filtered. */
const PAGES = "36";
const MOST_PAGES = "1024";
const OPTIONS = ["--runtime", "stub", "--noAssert", "-O3s", "--converge", "--enable", "simd"];

/** Compiles both binaries. */
export async function compileEngine() {
  return { plain: await compile([]), relaxed: await compile(["--enable", "relaxed-simd"]) };
}

/** Makes sure that src/engine/binary.ts is there and belongs to the sources. Cheap where it is. */
export async function ensureEngine() {
  if (existsSync(MODULE) && readFileSync(MODULE, "utf8").startsWith(headOfModule())) return;
  writeEngine(await compileEngine());
}

function headOfModule() {
  const files = readdirSync(SOURCES).map((name) => join(SOURCES, name));
  const sources = sha256(
    [...files, fileURLToPath(import.meta.url)].map((file) => readFileSync(file, "utf8")).join(),
  );
  return `// Made by scripts/build-engine.mjs from sources with the hash ${sources}.`;
}

function writeEngine({ plain, relaxed }) {
  // Moved into its place: whoever reads meanwhile finds the old one or the new one, whole.
  const draft = `${MODULE}.${process.pid}`;
  writeFileSync(
    draft,
    `${headOfModule()}

/**
 * The binaries for engines with SIMD and with relaxed SIMD, piece by piece, in hexadecimal digits: longer than base64, and a third
 * shorter once compressed. A piece stands beside its twin, which gzip finds in the 32 kB that it looks back.
 */
export const PIECES: readonly { readonly plain: string; readonly relaxed: string }[] = [
${piecesOf(plain, relaxed)}
];
`,
  );
  renameSync(draft, MODULE);
}

/** Bytes of a piece. */
const PIECE = 4096;

function piecesOf(plain, relaxed) {
  const count = Math.ceil(Math.max(plain.length, relaxed.length) / PIECE);
  const digitsOf = (bytes, i) => Buffer.from(bytes.subarray(i * PIECE, (i + 1) * PIECE)).toString("hex");
  return Array.from(
    { length: count },
    (_, i) => `  { plain: "${digitsOf(plain, i)}", relaxed: "${digitsOf(relaxed, i)}" },`,
  ).join("\n");
}

/** The text of engine.sha256 for two binaries. */
export function hashesOf({ plain, relaxed }) {
  return `${sha256(plain)}  plain\n${sha256(relaxed)}  relaxed\n`;
}

function sha256(contents) {
  return createHash("sha256").update(contents).digest("hex");
}

/** The sources as the compiler takes them, by the names under which it asks for them. */
function readSources() {
  const files = readdirSync(SOURCES).filter((name) => name.endsWith(".ts"));
  return Object.fromEntries(
    files.map((name) => [`assembly/${name}`, readFileSync(join(SOURCES, name), "utf8")]),
  );
}

async function compile(features) {
  const { error, stdout, stderr, binary } = await run(features);
  if (error !== null) throw new Error(`${error.message}\n${stdout}\n${stderr}`);
  return binary;
}

async function run(features) {
  // Loaded where it is needed: it takes longer than to see that nothing has changed.
  const { default: asc } = await import("assemblyscript/asc");
  const sources = readSources();
  let binary;
  const { error, stdout, stderr } = await asc.main(
    [
      "assembly/index.ts",
      ...OPTIONS,
      ...features,
      "--initialMemory",
      PAGES,
      "--maximumMemory",
      MOST_PAGES,
      "--outFile",
      "engine.wasm",
    ],
    {
      readFile: (name) => sources[name] ?? null,
      writeFile: (_, contents) => {
        binary = contents;
      },
      listFiles: () => [],
    },
  );
  return { error, stdout: stdout.toString(), stderr: stderr.toString(), binary };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const compiled = await compileEngine();
  const hashes = hashesOf(compiled);
  if (!existsSync(HASHES)) writeFileSync(HASHES, hashes);
  if (readFileSync(HASHES, "utf8") !== hashes) {
    throw new Error(`engine.sha256 does not hold the hashes of what the sources give:\n${hashes}`);
  }
  writeEngine(compiled);
}
