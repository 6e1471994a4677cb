// The float64 reference: what everything else is measured against, and no peer of speed.
import { createSampler } from "@gumbel/core";
import type { Contestant } from "../contestant.ts";
import { ofSampler } from "./of-sampler.ts";

/** @gumbel/core. */
export async function reference(): Promise<Contestant[]> {
  return [
    {
      id: "gumbel-core",
      name: "@gumbel/core (float64 reference)",
      family: "wasm",
      ours: true,
      library: "@gumbel/core",
      stream: "gumbel",
      conforms: true,
      operations: ofSampler({
        sampler: createSampler(),
        fromArray: (array) => array,
        read: ({ data }) => data,
      }),
    },
  ];
}
