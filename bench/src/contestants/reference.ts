// The float64 reference: what everything else is compared with, and no peer in speed.
import { createSampler } from "@gumbel/core";
import type { Contestant } from "../contestant.ts";
import { CONFORMING, ofSampler } from "./of-sampler.ts";

export async function reference(): Promise<Contestant[]> {
  const host = { sampler: createSampler(), read: ({ data }: { data: ArrayLike<number> }) => data };
  const operations = ofSampler({ ...host, fromArray: (array) => array });
  const about = { id: "gumbel-core", name: "@gumbel/core (float64 reference)", library: "@gumbel/core" };
  return [{ ...about, family: "wasm", ...CONFORMING, operations }];
}
