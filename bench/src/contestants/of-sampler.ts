// Operations of any sampler of ours, as its users call them.
import type { Sampler } from "@gumbel/core";
import { type Contestant, entriesOf, type Runs, repeat } from "../contestant.ts";
import { FILTERS } from "../filtered.ts";
import { keyOf } from "../measure/near-reference.ts";
import { FILTERED_OPERATIONS } from "../results.ts";

/** What contestants of ours have in common. */
export const CONFORMING = { stream: "gumbel", conforms: true } as const;

const CALLS = {
  categorical: "sampler.categorical(logits, { key })",
  topK: "sampler.categorical(logits, { key, topK: 50 })",
  minP: "sampler.categorical(logits, { key, minP: 0.05 })",
  topP: "sampler.categorical(logits, { key, topP: 0.9 })",
  filters: "sampler.categorical(logits, { key, topK: 50, topP: 0.9, minP: 0.05 })",
  gumbelSoftmax: "sampler.gumbelSoftmax(logits, { key })",
  gumbelSoftmaxVjp: "sampler.gumbelSoftmaxVjp(logits, cotangent, { key })",
  gumbel: "sampler.gumbel(shape, { key })",
  bits: "sampler.bits(shape, { key })",
  softmax: "sampler.softmax(logits)",
} as const;

export interface Host<T> extends Pick<Runs<T>, "begin" | "finish" | "release" | "read"> {
  readonly sampler: Sampler<T>;
  readonly fromArray: (array: { data: Float32Array<ArrayBuffer>; shape: readonly number[] }) => T;
}

/** Entries of a sampler: its operations, and those of them that are floors of others; with filters where it has them. */
export function ofSampler<T>({ sampler, fromArray, ...host }: Host<T>): Contestant["operations"] {
  const known = new Set<string>(sampler.capabilities.filters);
  const lacking = FILTERED_OPERATIONS.filter((name) => Object.keys(FILTERS[name]).some((f) => !known.has(f)));
  const calls = Object.fromEntries(
    Object.entries(CALLS).filter(([name]) => !(lacking as readonly string[]).includes(name)),
  ) as typeof CALLS;
  return entriesOf(calls, async (operation, { shape, ...data }) => {
    await host.begin?.();
    const logits = fromArray({ data: data.logits, shape });
    const cotangent = fromArray({ data: data.cotangent, shape });
    const runs = {
      categorical: (run: number) => sampler.categorical(logits, { key: keyOf(run) }),
      topK: (run: number) => sampler.categorical(logits, { key: keyOf(run), ...FILTERS.topK }),
      minP: (run: number) => sampler.categorical(logits, { key: keyOf(run), ...FILTERS.minP }),
      topP: (run: number) => sampler.categorical(logits, { key: keyOf(run), ...FILTERS.topP }),
      filters: (run: number) => sampler.categorical(logits, { key: keyOf(run), ...FILTERS.filters }),
      gumbelSoftmax: (run: number) => sampler.gumbelSoftmax(logits, { key: keyOf(run) }),
      gumbelSoftmaxVjp: (run: number) => sampler.gumbelSoftmaxVjp(logits, cotangent, { key: keyOf(run) }),
      gumbel: (run: number) => sampler.gumbel(shape, { key: keyOf(run) }),
      bits: (run: number) => sampler.bits(shape, { key: keyOf(run) }),
      softmax: () => sampler.softmax(logits),
    };
    const dispose = () => {
      for (const tensor of [logits, cotangent]) host.release?.(tensor);
    };
    return repeat({ ...host, run: runs[operation], dispose });
  });
}
