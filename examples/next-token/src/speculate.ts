// Speculative decoding: a drafter guesses some tokens, one run of the large model verifies them all.
import { type TokenSampler, verifyDraft } from "@gumbel/llm";
import type { Decoder, DecoderState } from "@gumbel-tools/tiny-decoder";

/** A model that has read the first tokens of a text. */
interface Reader {
  readonly decoder: Decoder;
  state: DecoderState | undefined;
  /** How many. */
  length: number;
}

/**
 * Continues a prompt.
 *
 * @param guesses tokens that the drafter guesses at a time
 * @returns the drawn tokens, and how often the large model ran
 */
export async function speculate(
  models: { readonly target: Decoder; readonly drafter: Decoder; readonly sampler: TokenSampler<"sync"> },
  prompt: readonly number[],
  tokens: number,
  guesses: number,
): Promise<{ ids: number[]; runs: number }> {
  const { sampler } = models;
  const target: Reader = { decoder: models.target, state: undefined, length: 0 };
  const drafter: Reader = { decoder: models.drafter, state: undefined, length: 0 };
  const text = [...prompt];
  let runs = 0;
  while (text.length < prompt.length + tokens) {
    const draft: number[] = [];
    for (let i = 0; i < guesses; i++) {
      const position = text.length + i;
      const logits = await read(drafter, [...text, ...draft], 1);
      draft.push(sampler.next(logits, { position }).token);
    }
    const size = models.target.vocabularySize;
    const logits = { data: await read(target, [...text, ...draft], guesses + 1), shape: [guesses + 1, size] };
    runs++;
    const verified = verifyDraft(sampler, logits, draft, { position: text.length });
    text.push(...verified.tokens.map(({ token }) => token));
    for (const reader of [target, drafter]) forget(reader, text.length - 1);
  }
  return { ids: text.slice(prompt.length, prompt.length + tokens), runs };
}

/** Reads what is new of a text; the logits after its last `rows` tokens. */
async function read(reader: Reader, text: readonly number[], rows: number): Promise<Float32Array> {
  const { logits, state } = await reader.decoder.read([text.slice(reader.length)], reader.state);
  reader.state = state;
  reader.length = text.length;
  return logits.slice(-rows * reader.decoder.vocabularySize);
}

/** Goes back to where a text is as it was read. */
function forget(reader: Reader, length: number): void {
  if (reader.length <= length) return;
  reader.state = reader.decoder.rewind(reader.state!, length);
  reader.length = length;
}
