// The engine of @gumbel/wasm, an optional peer dependency: used where it is installed and WebAssembly SIMD is available.
import type { ResolvedNoise } from "@gumbel/core/adapter";

/** The part of the engine that a sampler over sessions needs. */
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
  // Inside try, bundlers only warn about a missing package.
  try {
    const { createEngine } = await import("@gumbel/wasm");
    const engine = createEngine();
    return { gumbel: (noise) => engine.run("gumbel", noise, {}).noise.data as Float32Array };
  } catch {
    return undefined;
  }
}
