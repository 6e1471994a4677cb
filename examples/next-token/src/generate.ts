// The loop of a language model: logits of the last position, a token drawn from them, and again.
import type { NdArray } from "@gumbel/core";
import type { Decoder, DecoderState } from "@gumbel-tools/tiny-decoder";

/** Token that pads a prompt on the left. */
const PADDING = 0;

/**
 * Continues prompts, as one batch.
 *
 * @param prompts token ids of each, at least one
 * @param steps tokens to draw for each
 * @param choose draws the next token of each row of logits [batch, V]; `step` counts from 0, `texts` are the prompts with what was drawn
 * @returns the drawn tokens of each prompt
 */
export async function generate(
  decoder: Decoder,
  prompts: readonly (readonly number[])[],
  steps: number,
  choose: (
    logits: NdArray<Float32Array>,
    step: number,
    texts: readonly (readonly number[])[],
  ) => ArrayLike<number> | Promise<ArrayLike<number>>,
): Promise<number[][]> {
  const longest = Math.max(...prompts.map(({ length }) => length));
  let next = prompts.map((prompt) => [...Array<number>(longest - prompt.length).fill(PADDING), ...prompt]);
  const texts = prompts.map((prompt) => [...prompt]);
  let state: DecoderState | undefined;
  for (let step = 0; step < steps; step++) {
    const read = await decoder.read(next, state);
    state = read.state;
    const tokens = await choose(lastOf(read.logits, next, decoder.vocabularySize), step, texts);
    next = texts.map((text, row) => {
      text.push(tokens[row]);
      return [tokens[row]];
    });
  }
  return texts.map((text, row) => text.slice(prompts[row].length));
}

/** The last position's logits, [batch, V]. */
function lastOf(
  logits: Float32Array,
  ids: readonly (readonly number[])[],
  size: number,
): NdArray<Float32Array> {
  const length = ids[0].length;
  const data = new Float32Array(ids.length * size);
  for (let row = 0; row < ids.length; row++) {
    const end = (row + 1) * length * size;
    data.set(logits.subarray(end - size, end), row * size);
  }
  return { data, shape: [ids.length, size] };
}
