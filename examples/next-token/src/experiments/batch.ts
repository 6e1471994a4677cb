// Requests with a seed and settings of their own, served as one batch and one by one.
import { foldIn, type Key, key } from "@gumbel/core";
import type { WasmSampler } from "@gumbel/wasm";
import type { Decoder } from "@gumbel-tools/tiny-decoder";
import { generate } from "../generate.ts";
import { optionsByRow, type Setting } from "../setting.ts";

/** A request, as a server gets it. */
export interface Request {
  readonly prompt: string;
  readonly seed: number;
  readonly setting: Setting;
}

const REQUESTS: readonly Request[] = [
  { prompt: "The captain", seed: 1, setting: { temperature: 0.8, topP: 0.9 } },
  { prompt: "At midnight the old sailor said", seed: 2, setting: { temperature: 1, minP: 0.05 } },
  { prompt: "The sea", seed: 3, setting: { temperature: 0.6 } },
  { prompt: "Now, of all the whales in the world,", seed: 4, setting: { temperature: 1.2, topK: 12 } },
  { prompt: "Queequeg", seed: 5, setting: { temperature: 0 } },
  { prompt: "In the boats", seed: 6, setting: { temperature: 0.9, typicalP: 0.9 } },
];

/** A request and its two answers. */
export interface Served {
  readonly request: Request;
  /** Tokens that it got in the batch. */
  readonly ids: readonly number[];
  /** How many differ from those that it got alone. */
  readonly different: number;
}

/** Serves all requests both ways. */
export async function compareBatch(
  decoder: Decoder,
  encode: (text: string) => number[],
  tokens: number,
  sampler: WasmSampler,
): Promise<Served[]> {
  const together = await serve(decoder, REQUESTS, encode, tokens, sampler);
  const served: Served[] = [];
  for (const [i, request] of REQUESTS.entries()) {
    const [alone] = await serve(decoder, [request], encode, tokens, sampler);
    const different = together[i].filter((id, step) => id !== alone[step]).length;
    served.push({ request, ids: together[i], different });
  }
  return served;
}

function serve(
  decoder: Decoder,
  requests: readonly Request[],
  encode: (text: string) => number[],
  tokens: number,
  sampler: WasmSampler,
): Promise<number[][]> {
  const keys: Key[] = requests.map(({ seed }) => key(seed));
  const options = optionsByRow(requests.map(({ setting }) => setting));
  return generate(
    decoder,
    requests.map(({ prompt }) => encode(prompt)),
    tokens,
    // A row's key depends on its seed and step alone: its noise is that of the request alone.
    (logits, step) =>
      sampler.categorical(logits, { ...options, key: keys.map((own) => foldIn(own, step)) }).data,
  );
}
