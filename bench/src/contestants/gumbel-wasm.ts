// @gumbel/wasm over typed arrays, copies into and out of its memory included.
import { createSampler, type NdArray } from "@gumbel/wasm";
import type { Contestant } from "../contestant.ts";
import { ofSampler } from "./of-sampler.ts";

/** @gumbel/wasm. */
export async function gumbelWasm(): Promise<Contestant[]> {
  return [
    {
      id: "gumbel-wasm",
      name: "@gumbel/wasm",
      family: "wasm",
      ours: true,
      library: "@gumbel/wasm",
      stream: "gumbel",
      conforms: true,
      operations: ofSampler<NdArray>({
        sampler: await createSampler(),
        fromArray: (array) => array,
        read: ({ data }) => data,
      }),
    },
  ];
}
