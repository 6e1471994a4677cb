// Operations of any Sampler of ours, as its users call them.
import type { Key, Sampler } from "@gumbel/core";
import type { Entry, Inputs } from "../contestant.ts";
import { keyOf } from "../measure/near-reference.ts";
import type { Operation } from "../results.ts";
import { repeat } from "./repeat.ts";

/** A sampler with its tensors. */
export interface Host<T> {
  readonly sampler: Sampler<T>;
  readonly fromArray: (array: {
    data: Float32Array<ArrayBuffer>;
    shape: readonly number[];
  }) => T | Promise<T>;
  readonly read: (tensor: T) => ArrayLike<number> | Promise<ArrayLike<number>>;
  readonly release?: (tensor: T) => void;
  readonly begin?: () => unknown;
  readonly finish?: (tensor: T) => unknown;
}

/** A call: the tensors and the key of the run. */
type Call<T> = (
  sampler: Sampler<T>,
  logits: T,
  cotangent: T,
  shape: Inputs["shape"],
  key: Key,
) => T | Promise<T>;

/** Entries of a sampler: its operations, and those of them that are floors of others. */
export function ofSampler<T>(host: Host<T>): Partial<Record<Operation, Entry>> {
  const entry = (how: string, call: Call<T>): Entry => ({
    how,
    async prepare({ shape, logits, cotangent }) {
      await host.begin?.();
      const tensors = [
        await host.fromArray({ data: logits, shape }),
        await host.fromArray({ data: cotangent, shape }),
      ] as const;
      return repeat<T>({
        run: (index) => call(host.sampler, ...tensors, shape, keyOf(index)),
        read: host.read,
        ...(host.begin === undefined ? {} : { begin: host.begin }),
        ...(host.finish === undefined ? {} : { finish: host.finish }),
        ...(host.release === undefined ? {} : { release: host.release }),
        dispose: () => {
          for (const tensor of tensors) host.release?.(tensor);
        },
      });
    },
  });
  return {
    categorical: entry("sampler.categorical(logits, { key })", (sampler, logits, _, _shape, key) =>
      sampler.categorical(logits, { key }),
    ),
    gumbelSoftmax: entry("sampler.gumbelSoftmax(logits, { key })", (sampler, logits, _, _shape, key) =>
      sampler.gumbelSoftmax(logits, { key }),
    ),
    gumbelSoftmaxVjp: entry(
      "sampler.gumbelSoftmaxVjp(logits, cotangent, { key })",
      (sampler, logits, cotangent, _shape, key) => sampler.gumbelSoftmaxVjp(logits, cotangent, { key }),
    ),
    gumbel: entry("sampler.gumbel(shape, { key })", (sampler, _, _cotangent, shape, key) =>
      sampler.gumbel(shape, { key }),
    ),
    bits: entry("sampler.bits(shape, { key })", (sampler, _, _cotangent, shape, key) =>
      sampler.bits(shape, { key }),
    ),
    softmax: entry("sampler.softmax(logits)", (sampler, logits) => sampler.softmax(logits)),
  };
}
