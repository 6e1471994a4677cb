// @gumbel/wasm over typed arrays, copies into and out of its memory included.
import { createSampler, type NdArray } from "@gumbel/wasm";
import type { Contestant } from "../contestant.ts";
import { CONFORMING, ofSampler } from "./of-sampler.ts";

/** @gumbel/wasm on this thread, and with so many workers if there are at least two. */
export async function gumbelWasm(workers = 0): Promise<Contestant[]> {
  const base = { family: "wasm", library: "@gumbel/wasm", ...CONFORMING } as const;
  const host = { fromArray: (array: NdArray) => array, read: ({ data }: NdArray) => data };
  const operations = ofSampler<NdArray>({ sampler: await createSampler(), ...host });
  const alone: Contestant = { ...base, id: "gumbel-wasm", name: "@gumbel/wasm", operations };
  if (workers < 2) return [alone];
  const parallel = ofSampler<NdArray>({ sampler: await createSampler({ workers }), ...host });
  const name = `@gumbel/wasm with ${workers} workers`;
  return [alone, { ...base, id: "gumbel-wasm-workers", name, operations: parallel }];
}
