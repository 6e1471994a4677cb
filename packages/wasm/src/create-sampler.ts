// Creates samplers: one that answers at once on this thread, or one that shares large calls out among workers.
import { assertInteger, createSamplerOver, readOptions } from "@gumbel/core/adapter";
import type { Sampler } from "@gumbel/core/shared";
import { createBackend, hasFilters, inputsOf, type Values, type WasmResults, workSizeOf } from "./backend.ts";
import { bestSimd, engineBytes, type Simd } from "./engine/engine-bytes.ts";
import { createInstance } from "./engine/instance.ts";
import { createCopies } from "./pool/create-copies.ts";
import { createPool } from "./pool/create-pool.ts";

/** Sampling on the CPU, in this thread: every result is there at once. */
export type WasmSampler = Sampler<Values, "sync", WasmResults>;

/** The same with workers: results are promises, and the same to the last bit for any number of workers. */
export type ParallelSampler = Sampler<Values, "async", WasmResults>;

/** Options of {@link createSampler}. */
export interface SamplerOptions {
  /** Which instructions to use; default the best that this machine has. */
  readonly simd?: Simd | undefined;
  /** How many workers; default 0: none, and every result is there at once. */
  readonly workers?: number | undefined;
}

/** Options of a sampler with workers. */
export interface ParallelSamplerOptions extends SamplerOptions {
  readonly workers: number;
  /**
   * Elements from which on a call goes to the workers; smaller ones are done on this thread, before the call returns. Default
   * 262,144, a millisecond's work: copying them and sending messages takes a good part of that. Calls with filters go to the
   * workers only where this is 0: on two workers most of them took several times as long.
   */
  readonly parallelFrom?: number | undefined;
}

const OPTIONS = ["simd", "workers", "parallelFrom"];

/**
 * Creates a sampler over typed arrays.
 *
 * @throws RangeError or TypeError for a bad option, Error where WebAssembly has no SIMD or where no worker can start
 * @example const sampler = await createSampler() // createSampler({ workers: 2 }) has methods that return promises
 */
export function createSampler(options: ParallelSamplerOptions): Promise<ParallelSampler>;
export function createSampler(
  options?: (SamplerOptions & { readonly workers?: 0 | undefined }) | null,
): Promise<WasmSampler>;
export async function createSampler(
  options?: (SamplerOptions & Pick<ParallelSamplerOptions, "parallelFrom">) | null,
): Promise<WasmSampler | ParallelSampler> {
  const {
    simd = bestSimd(),
    workers = 0,
    parallelFrom = 262_144,
  } = readOptions("createSampler", options ?? {}, OPTIONS);
  assertInteger(workers, "workers", 0, Number.MAX_SAFE_INTEGER);
  assertInteger(parallelFrom, "parallelFrom", 0, Number.MAX_SAFE_INTEGER);
  const module = await WebAssembly.compile(engineBytes(simd));
  const { memory, complete } = createInstance(await WebAssembly.instantiate(module));
  if (workers === 0) {
    return createSamplerOver(
      createBackend(
        `wasm (${simd} SIMD)`,
        "sync",
        (start, job) => complete(start(inputsOf(job))(memory)),
        () => {},
      ),
    );
  }
  const pool = await createPool(module, workers, memory);
  const copies = createCopies();
  return createSamplerOver(
    createBackend(
      `wasm (${simd} SIMD, ${workers} workers)`,
      "async",
      async (start, job) => {
        // Nothing waits in here before the inputs are read or copied: callers may change theirs.
        const size = workSizeOf(job);
        if (size < parallelFrom || (parallelFrom > 0 && hasFilters(job)))
          return complete(start(inputsOf(job))(memory));
        const held: Float32Array<ArrayBuffer>[] = [];
        const inputs = inputsOf(job, (values) => {
          const copy = copies.take(values);
          held.push(copy);
          return copy;
        });
        try {
          return await pool.complete(size, start(inputs));
        } finally {
          for (const copy of held) copies.giveBack(copy);
        }
      },
      () => pool.dispose(),
    ),
  );
}
