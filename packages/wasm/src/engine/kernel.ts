// What kernels are made of: they yield tasks, step by step, which this thread or workers run on an instance of the engine. Nothing
// here knows where a task runs.
import type { Named } from "@gumbel/core/adapter";
import type { NdArray } from "@gumbel/core/shared";
import type { FunctionName } from "./engine-exports.ts";

/** A call of a function that the engine exports. */
export type EngineCall = readonly [name: FunctionName, ...numbers: number[]];

/** Fills a buffer of the engine before the calls of a task. */
export interface Input {
  /** Elements that `load` fills: no more than the buffer has room for, or, of the first, than the task's memory. */
  readonly length: number;
  load(target: Float32Array): void;
}

/**
 * What the engine leaves beside the buffers, two float32 and a float64. Of a softmax of a chunk: `max`, `shift` and `sumExp` of its
 * partial softmax. Of an argmax: its logit, nothing, its noise. Of a dot product: the third.
 */
export type Scalars = readonly [number, number, number];

/** Inputs, calls of the engine, and what takes their results. A task depends on no other task of its step. */
export interface Task {
  readonly first?: Input;
  readonly second?: Input;
  readonly calls: readonly EngineCall[];
  /** Bytes of memory that it needs, where they are more than those of the buffers. */
  readonly bytes?: number;
  /** The buffer that then holds the results, and how many there are. */
  readonly from: "first" | "second";
  readonly length: number;
  /** Takes the results, whose bits are floats or int32, and the last call's scalars. The array is good until this returns. */
  take(results: Float32Array<ArrayBuffer>, scalars: Scalars): void;
}

/** A running kernel. The tasks of a step may run at once, in any order; the next step starts when all of them are done. */
export type Steps<Result> = Generator<Iterable<Task>, Result, void>;

/** Memory layout of the engine: addresses of the buffers in bytes, and sizes in elements. */
export interface MemoryLayout {
  readonly first: number;
  readonly second: number;
  /** Elements that each buffer has room for. */
  readonly room: number;
  /** Elements of a row that one partial softmax is over. */
  readonly chunk: number;
  /** Elements that a task takes at most, up to {@link MemoryLayout.room}; longer rows are cut into chunks. */
  readonly limit: number;
}

/** Results whose bits are int32. */
export function integersOf(results: Float32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  return new Int32Array(results.buffer, results.byteOffset, results.length);
}

/** The arrays that a kernel reads, by name: float32, of a call's shapes. `indices` alone are int32 numbers in any array. */
export type Inputs<Name extends string> = {
  readonly [N in Name]: N extends "indices" ? ArrayLike<number> : Float32Array;
};

/** What a kernel returns: starts it, with the limit of elements a task that suits the runner. */
export type Work = (memory: MemoryLayout) => Steps<Named<NdArray>>;
