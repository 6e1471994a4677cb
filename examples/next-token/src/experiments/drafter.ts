// Speculative decoding with shared noise: a smaller model guesses tokens with the key that the large one will use. A guess is accepted
// where it is the token that the large model draws, so that drafting never changes the text.
import type { Key, NdArray } from "@gumbel/core";
import { createTokenSampler, type TokenSampler } from "@gumbel/llm";
import type { Decoder } from "@gumbel-tools/tiny-decoder";
import { acceptanceOf } from "../acceptance-of.ts";
import { generate } from "../generate.ts";
import { speculate } from "../speculate.ts";

const TEMPERATURES = [0.3, 0.6, 0.9, 1.2, 1.5] as const;

/** Temperature of the text that is written with a drafter. */
const SPECULATED = 0.9;

/** Guesses at a time. */
const GUESSES = 4;

/** A drafter at one temperature. */
export interface Acceptance {
  readonly temperature: number;
  /** Part of the guesses that were accepted. */
  readonly measured: number;
  /** Standard error of that. */
  readonly error: number;
  /** What the formula says of the same distributions, on average. */
  readonly expected: number;
}

/** A drafter. */
export interface DrafterAcceptance {
  readonly order: number;
  /** Guesses at each temperature. */
  readonly tokens: number;
  readonly points: readonly Acceptance[];
  /** A text written with four guesses at a time. */
  readonly speculation: {
    readonly temperature: number;
    readonly guesses: number;
    readonly tokens: number;
    /** Runs of the large model. */
    readonly runs: number;
    /** Tokens that are not those of the large model without a drafter. */
    readonly different: number;
  };
}

/** Measures how often the guesses of each drafter are accepted, along texts of the large model. */
export async function measureDrafters(
  target: Decoder,
  drafters: readonly { readonly order: number; readonly decoder: Decoder }[],
  prompt: readonly number[],
  tokens: number,
  key: Key,
): Promise<DrafterAcceptance[]> {
  const points = drafters.map((): Acceptance[] => []);
  const speculations: DrafterAcceptance["speculation"][] = [];
  for (const temperature of TEMPERATURES) {
    const sampler = createTokenSampler({ key, temperature });
    const ids = await plain(target, sampler, prompt, tokens);
    const text = [...prompt, ...ids.slice(0, -1)];
    const logitsOf = async (decoder: Decoder): Promise<NdArray<Float32Array>> => {
      const { logits } = await decoder.read([text]);
      const data = logits.slice((prompt.length - 1) * decoder.vocabularySize);
      return { data, shape: [tokens, decoder.vocabularySize] };
    };
    const p = probabilities(await logitsOf(target), temperature);
    for (const [d, { decoder }] of drafters.entries()) {
      const small = await logitsOf(decoder);
      const guesses = sampler.nextBatch(small, {
        row: Array<number>(tokens).fill(0),
        position: ids.map((_, step) => prompt.length + step),
      });
      const measured = ids.filter((id, step) => id === guesses[step].token).length / tokens;
      const q = probabilities(small, temperature);
      const expected = p.reduce((sum, row, step) => sum + acceptanceOf(row, q[step]), 0) / tokens;
      const error = Math.sqrt((measured * (1 - measured)) / tokens);
      points[d].push({ temperature, measured, error, expected });
      if (temperature === SPECULATED) {
        const drafted = await speculate({ target, drafter: decoder, sampler }, prompt, tokens, GUESSES);
        const different = ids.filter((id, step) => id !== drafted.ids[step]).length;
        speculations.push({ temperature, guesses: GUESSES, tokens, runs: drafted.runs, different });
      }
    }
  }
  return drafters.map(({ order }, d) => ({ order, tokens, points: points[d], speculation: speculations[d] }));
}

/** A text of the large model alone. */
async function plain(
  decoder: Decoder,
  sampler: TokenSampler<"sync">,
  prompt: readonly number[],
  tokens: number,
): Promise<number[]> {
  const [ids] = await generate(decoder, [prompt], tokens, ({ data }, step) => [
    sampler.next(data, { position: prompt.length + step }).token,
  ]);
  return ids;
}

function probabilities(
  { data, shape: [rows, size] }: NdArray<Float32Array>,
  temperature: number,
): Float64Array[] {
  return Array.from({ length: rows }, (_, row) => {
    const logits = Float64Array.from(data.subarray(row * size, (row + 1) * size));
    const weights = logits.map((logit) => Math.exp(logit / temperature));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / total);
  });
}
