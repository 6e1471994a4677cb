// The engine of @gumbel/wasm, where that package is installed and its instructions are: an optional peer dependency.
import type { ResolvedNoise } from "@gumbel/core/adapter";

/** What of an engine a sampler over sessions needs. */
export interface NoiseEngine {
  /** Standard Gumbel noise of a checked call, in float32. */
  gumbel(noise: ResolvedNoise): Float32Array;
}

let loading: Promise<NoiseEngine | undefined> | undefined;

/** Loads the engine, once; undefined where there is none. */
export function loadEngine(): Promise<NoiseEngine | undefined> {
  loading ??= load();
  return loading;
}

async function load(): Promise<NoiseEngine | undefined> {
  // An import inside try: bundlers then take a package that is missing for a warning, and leave the rest to this catch.
  try {
    const { createEngine } = await import("@gumbel/wasm");
    return await createEngine();
  } catch {
    return undefined;
  }
}
