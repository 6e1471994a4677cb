// Where the noise of a sampler's calls comes from, and what a graph is fed for it.
import type { Key } from "@gumbel/core";
import { type ResolvedNoise, sizeOf } from "@gumbel/core/adapter";
import type { GraphNoise, NoiseSource } from "../models/noise-inputs.ts";
import type { Integers } from "../nodes/threefry-2x32.ts";
import { bitsOf, gumbelNoiseOf } from "../noise-bits.ts";
import { loadEngine } from "./load-engine.ts";
import type { SamplerOptions } from "./sampler-options.ts";

/** A value for an input of a graph. */
export interface Feed {
  readonly type: "float32" | "int64" | "uint32";
  readonly data: Float32Array | BigInt64Array | Uint32Array;
  readonly dims: readonly number[];
}

/** A scalar or vector of int64. */
export function int64Feed(values: readonly number[], dims: readonly number[] = [values.length]): Feed {
  return { type: "int64", data: BigInt64Array.from(values, BigInt), dims };
}

/** The noise of one call: how its graph gets it, and what it is fed. */
export interface CallNoise {
  readonly graph: GraphNoise;
  readonly feeds: Readonly<Record<string, Feed>>;
}

/** Chooses the source of each call's noise: the engine is loaded when the first call needs it. */
export function createNoiseSource(
  chosen: SamplerOptions["noise"],
  otherwise: NoiseSource,
  integers: Integers,
): (call: ResolvedNoise, keys?: readonly Key[]) => Promise<CallNoise> {
  const makerOf = async (): Promise<((call: ResolvedNoise) => Float32Array) | undefined> => {
    if (typeof chosen === "function") {
      return ({ shape, key, precision, offset, rowStride }) =>
        chosen(shape, { key, precision, offset, rowStride });
    }
    return chosen === undefined ? (await loadEngine())?.gumbel : undefined;
  };
  return async (call, keys) => {
    const maker = await makerOf();
    const noise = maker === undefined ? ((chosen as NoiseSource | undefined) ?? otherwise) : "input";
    const { key, offset, rowStride, columns } = call;
    // Under keys of their own rows draw alone: [samples, rows, categories].
    const shape = keys === undefined ? call.shape : [sizeOf(call.shape) / columns, keys.length, columns];
    if (noise === "input") {
      const data = byRows(call, keys, maker ?? gumbelNoiseOf);
      const graph = { noise, precision: "full", integers, sharding: false } as const;
      return { graph, feeds: { noise: { type: "float32", data, dims: shape } } };
    }
    const { precision } = call;
    if (noise === "bits") {
      const data = byRows(call, keys, bitsOf);
      const type = data instanceof BigInt64Array ? "int64" : "uint32";
      return {
        graph: { noise, precision, integers, sharding: false },
        feeds: { bits: { type, data, dims: shape } },
      };
    }
    const sharding = offset !== 0 || (rowStride !== columns && sizeOf(call.shape) !== columns);
    const feeds: Record<string, Feed> = {
      key:
        keys === undefined
          ? { type: "uint32", data: Uint32Array.from(key), dims: [2] }
          : {
              type: "uint32",
              data: Uint32Array.from(keys.flat()),
              dims: [keys.length, 2],
            },
    };
    if (sharding) {
      feeds.offset = int64Feed([offset], []);
      feeds.row_stride = int64Feed([rowStride], []);
    }
    return { graph: { noise, precision, integers, sharding }, feeds };
  };
}

/** What `make` gives for a call; with keys of rows for each row alone, put together as [samples, rows, categories]. */
function byRows<A extends Float32Array | BigInt64Array | Uint32Array>(
  call: ResolvedNoise,
  keys: readonly Key[] | undefined,
  make: (call: ResolvedNoise) => A,
): A {
  if (keys === undefined) return make(call);
  const { columns } = call;
  let all: A | undefined;
  for (const [row, key] of keys.entries()) {
    const own = make({ ...call, key });
    all ??= new (own.constructor as new (length: number) => A)(own.length * keys.length);
    for (let start = 0, to = row; start < own.length; start += columns, to += keys.length) {
      all.set(own.subarray(start, start + columns) as never, to * columns);
    }
  }
  return all as A;
}
