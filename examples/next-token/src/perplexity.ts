// How unsure a model is of texts that it was not trained on.
import type { Decoder, DecoderState } from "@gumbel-tools/tiny-decoder";

/** Tokens that are read at once: logits of all of them take this times V floats. */
const CHUNK = 100;

/** e to the mean negative log-probability of the first tokens of each text. */
export async function perplexityOf(
  decoder: Decoder,
  texts: readonly (readonly number[])[],
  tokens: number,
): Promise<number> {
  let sum = 0;
  let count = 0;
  for (const text of texts) {
    let state: DecoderState | undefined;
    for (let start = 0; start < Math.min(tokens, text.length - 1); start += CHUNK) {
      const ids = text.slice(start, Math.min(start + CHUNK, text.length - 1));
      const read = await decoder.read([ids], state);
      state = read.state;
      // The model's logits are log-probabilities.
      ids.forEach((_, i) => {
        sum -= read.logits[i * decoder.vocabularySize + text[start + i + 1]];
      });
      count += ids.length;
    }
  }
  return Math.exp(sum / count);
}
