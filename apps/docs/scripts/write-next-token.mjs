// `pnpm --filter docs run next-token`: writes the row of the filters page, the logits that a small language model of Moby-Dick gives
// for the token after "the whale". The same sources give the same file.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const DATA = new URL("../data/next-token.json", import.meta.url);
const TINY_DECODER = new URL("../../../tools/tiny-decoder/src/", import.meta.url);
const VOCABULARY = 1024;
const PROMPT = [" the", " whale"];

/** @type {typeof import("@gumbel-tools/tiny-decoder")} */
const { buildDecoder, createDecoder } = await load("index.ts");
/** @type {{ BYTE_ALPHABET: readonly string[] }} */
const { BYTE_ALPHABET } = await load("byte-alphabet.ts");

const folder = await mkdtemp(join(tmpdir(), "next-token-"));
try {
  const { decoders } = buildDecoder(folder, { vocabularySize: VOCABULARY, orders: [4] });
  const tokenizer = JSON.parse(await readFile(join(decoders[0].folder, "tokenizer.json"), "utf8"));
  /** @type {string[]} */
  const tokens = [];
  for (const [token, id] of Object.entries(tokenizer.model.vocab)) tokens[Number(id)] = textOf(token);
  const decoder = await createDecoder(decoders[0].folder);
  const { logits } = await decoder.read([PROMPT.map((token) => tokens.indexOf(token))]);
  await decoder.release();
  const last = Array.from(logits.subarray(logits.length - VOCABULARY), (logit) => Number(logit.toFixed(3)));
  await writeFile(DATA, `${JSON.stringify({ prompt: PROMPT.join("").trim(), tokens, logits: last })}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** @param {string} file of the tiny decoder, which is TypeScript */
async function load(file) {
  return (await runnerImport(fileURLToPath(new URL(file, TINY_DECODER)), { logLevel: "error" })).module;
}

/**
 * The text of a token of byte-level BPE; where its bytes are no text by themselves, their values.
 * @param {string} token
 */
function textOf(token) {
  const bytes = Array.from(token, (letter) => BYTE_ALPHABET.indexOf(letter));
  if (bytes.includes(-1)) return token;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes));
  } catch {
    return bytes.map((byte) => `0x${byte.toString(16).padStart(2, "0")}`).join(" ");
  }
}
