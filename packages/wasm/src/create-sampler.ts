// Creates samplers: one that answers at once on this thread, or one that shares large calls out among workers.
import { ALL_CAPABILITIES, describe } from "@gumbel/core/adapter";
import { createOperations, type Runner } from "./create-operations.ts";
import type { EngineOptions } from "./engine/create-engine.ts";
import { createInstance, type Instance } from "./engine/instance.ts";
import { bestSimd, compileEngine } from "./engine/instantiate.ts";
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
  /** Elements from which on a call goes to the workers; smaller ones are done on this thread. Default 131,072, half a
   * millisecond's work: a message there and back takes a good part of that. */
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
  parallelFrom = 131_072,
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
  const pool = workers === 0 ? undefined : await createPool(module, workers, instance.places);
  const runner =
    pool === undefined ? localRunner(instance) : sharedRunner(instance, pool, workers, parallelFrom);
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
  return { isLate: false, run: (_, start) => complete(start(places)) };
}

/** Tasks for each worker in a call: several, so that none waits long for the last one. */
const TASKS_EACH = 3;

function sharedRunner(
  { complete, places }: Instance,
  pool: Pool,
  workers: number,
  parallelFrom: number,
): WithoutState {
  return {
    isLate: true,
    async run(size, start) {
      if (size < parallelFrom) return complete(start(places));
      const share = Math.ceil(size / (TASKS_EACH * workers));
      return pool.complete(start({ ...places, limit: Math.min(places.room, share) }));
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
