// @gumbel/wasm over typed arrays, copies into and out of its memory included.
import { createSampler, type NdArray } from "@gumbel/wasm";
import type { Contestant } from "../contestant.ts";
import { ofSampler } from "./of-sampler.ts";

/**
 * @gumbel/wasm on this thread, and with workers.
 *
 * @param workers how many; with fewer than two it is on this thread alone
 */
export async function gumbelWasm(workers = 0): Promise<Contestant[]> {
  const fromArray = (array: NdArray) => array;
  const read = ({ data }: NdArray) => data;
  const base = {
    family: "wasm",
    ours: true,
    library: "@gumbel/wasm",
    stream: "gumbel",
    conforms: true,
  } as const;
  const alone: Contestant = {
    ...base,
    id: "gumbel-wasm",
    name: "@gumbel/wasm",
    operations: ofSampler<NdArray>({ sampler: await createSampler(), fromArray, read }),
  };
  if (workers < 2) return [alone];
  const sampler = await createSampler({ workers });
  return [
    alone,
    {
      ...base,
      id: "gumbel-wasm-workers",
      name: `@gumbel/wasm with ${workers} workers`,
      operations: ofSampler<NdArray>({ sampler, fromArray, read }),
    },
  ];
}
