// Where the noise of a sampler's calls comes from, and what a graph is fed for it.
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
): (call: ResolvedNoise) => Promise<CallNoise> {
  const makerOf = async (): Promise<((call: ResolvedNoise) => Float32Array) | undefined> => {
    if (typeof chosen === "function") {
      return ({ shape, key, precision, offset, rowStride }) =>
        chosen(shape, { key, precision, offset, rowStride });
    }
    return chosen === undefined ? (await loadEngine())?.gumbel : undefined;
  };
  return async (call) => {
    const maker = await makerOf();
    const noise = maker === undefined ? ((chosen as NoiseSource | undefined) ?? otherwise) : "input";
    const { shape, key, offset, rowStride, columns } = call;
    if (noise === "input") {
      const data = maker === undefined ? gumbelNoiseOf(call) : maker(call);
      const graph = { noise, precision: "full", integers, sharding: false } as const;
      return { graph, feeds: { noise: { type: "float32", data, dims: shape } } };
    }
    const { precision } = call;
    if (noise === "bits") {
      const data = bitsOf(call);
      const type = data instanceof BigInt64Array ? "int64" : "uint32";
      return {
        graph: { noise, precision, integers, sharding: false },
        feeds: { bits: { type, data, dims: shape } },
      };
    }
    const sharding = offset !== 0 || (rowStride !== columns && sizeOf(shape) !== columns);
    const feeds: Record<string, Feed> = { key: { type: "uint32", data: Uint32Array.from(key), dims: [2] } };
    if (sharding) {
      feeds.offset = int64Feed([offset], []);
      feeds.row_stride = int64Feed([rowStride], []);
    }
    return { graph: { noise, precision, integers, sharding }, feeds };
  };
}
