// Creates samplers: one that answers at once on this thread, or one that shares large calls out among workers.
import { ALL_CAPABILITIES, describe } from "@gumbel/core/adapter";
import { createOperations, type Runner } from "./create-operations.ts";
import type { EngineOptions } from "./engine/create-engine.ts";
import { createInstance, type Instance } from "./engine/instance.ts";
import { bestSimd, compileEngine } from "./engine/instantiate.ts";
import { createCopies } from "./pool/create-copies.ts";
import { createPool, type Pool } from "./pool/create-pool.ts";
import type { ParallelSampler, WasmSampler } from "./sampler.ts";

/** Options of {@link createSampler}. */
export interface SamplerOptions extends EngineOptions {
  /** How many workers; default 0: none, and every result is there at once. */
  readonly workers?: number | undefined;
}

/** Options of a sampler with workers. */
export interface ParallelSamplerOptions extends SamplerOptions {
  readonly workers: number;
  /**
   * Elements from which on a call goes to the workers; smaller ones are done on this thread, before the call returns. Default
   * 262,144, a millisecond's work: copying them and sending messages takes a good part of that.
   */
  readonly parallelFrom?: number | undefined;
}

/**
 * Creates a sampler over typed arrays.
 *
 * @throws RangeError or TypeError for a bad option, Error where WebAssembly has no SIMD or where no worker can start
 */
export function createSampler(options: ParallelSamplerOptions): Promise<ParallelSampler>;
export function createSampler(
  options?: SamplerOptions & { readonly workers?: 0 | undefined },
): Promise<WasmSampler>;
export async function createSampler({
  simd = bestSimd(),
  workers = 0,
  parallelFrom = 262_144,
}: SamplerOptions & { readonly parallelFrom?: number | undefined } = {}): Promise<
  WasmSampler | ParallelSampler
> {
  assertCount(workers, "workers");
  assertCount(parallelFrom, "parallelFrom");
  const module = await compileEngine(simd);
  const instance = await createInstance(module);
  const backend = `wasm (${simd} SIMD${workers === 0 ? "" : `, ${workers} workers`})`;
  let isDisposed = false;
  const assertUsable = (): void => {
    if (isDisposed) throw new Error("the sampler is disposed; create a new one");
  };
  const pool = workers === 0 ? undefined : await createPool(module, workers, instance);
  const runner = pool === undefined ? localRunner(instance) : sharedRunner(instance, pool, parallelFrom);
  const operations = createOperations({ ...runner, assertUsable });
  return {
    backend,
    capabilities: ALL_CAPABILITIES,
    ...(pool === undefined ? operations : rejecting(operations)),
    dispose() {
      isDisposed = true;
      pool?.dispose();
    },
  } as WasmSampler | ParallelSampler;
}

type WithoutState = Omit<Runner, "assertUsable">;

function localRunner({ complete, places }: Instance): WithoutState {
  return { run: (_, inputs, start) => complete(start(places, ...inputs)) };
}

function sharedRunner({ complete, places }: Instance, pool: Pool, parallelFrom: number): WithoutState {
  const copies = createCopies();
  return {
    async run(size, inputs, start) {
      // Nothing waits in here before the inputs are read or copied.
      if (size < parallelFrom) return complete(start(places, ...inputs));
      const held = inputs.map(copies.take);
      try {
        const views = held.map((copy, i) => copy.subarray(0, inputs[i].length)) as unknown as typeof inputs;
        return await pool.complete(size, (limited) => start(limited, ...views));
      } finally {
        for (const copy of held) copies.giveBack(copy);
      }
    },
  };
}

/** The same operations, whose errors reject. */
function rejecting<Operations extends object>(operations: Operations): Operations {
  const entries = Object.entries(operations).map(([name, operation]) => [
    name,
    async (...parameters: unknown[]) => operation(...parameters),
  ]);
  return Object.fromEntries(entries) as Operations;
}

function assertCount(value: unknown, argument: string): void {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return;
  throw new RangeError(`${argument} must be an integer that is not negative, got ${describe(value)}`);
}
