// Creates the sampler of this thread.
import { ALL_CAPABILITIES } from "@gumbel/core/adapter";
import { createEngine } from "./engine/engine.ts";
import { bestSimd, compileEngine, type Simd } from "./engine/instantiate.ts";
import { createOperations } from "./operations/operations.ts";
import type { WasmSampler } from "./sampler.ts";

/** Options of {@link createSampler}. */
export interface SamplerOptions {
  /** Which instructions to use; default the best that this machine has. */
  readonly simd?: Simd | undefined;
}

/**
 * Creates a sampler over typed arrays.
 *
 * @throws Error where WebAssembly has no SIMD
 */
export async function createSampler({ simd = bestSimd() }: SamplerOptions = {}): Promise<WasmSampler> {
  if (simd !== "plain" && simd !== "relaxed")
    throw new RangeError(`simd must be "plain" or "relaxed", got ${String(simd)}`);
  const engine = await createEngine(await compileEngine(simd));
  const operations = createOperations(engine);
  return { backend: `wasm (${simd} SIMD)`, capabilities: ALL_CAPABILITIES, ...operations };
}
