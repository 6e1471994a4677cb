// Work for one instance of the engine, in a form that a worker can do as well as this thread; and operations, which give out such
// work step by step. Nothing here knows where a task runs.
import type { CallName } from "./instantiate.ts";

/** A call of a function that the engine exports. */
export type Call = readonly [name: CallName, ...numbers: number[]];

/** What a buffer holds before the calls of a task. */
export interface Input {
  /** Elements that `load` fills. */
  readonly length: number;
  load(target: Float32Array): void;
}

/** The largest value of a part, or what its weights are relative to, and the sum of its weights. */
export interface Mass {
  readonly top: number;
  readonly sum: number;
}

/** Inputs, calls, and what becomes of their results. A task depends on no other one of its step. */
export interface Task {
  readonly first?: Input;
  readonly second?: Input;
  readonly calls: readonly Call[];
  /** The buffer that then holds the results, and how many there are. */
  readonly from: "first" | "second";
  readonly length: number;
  /** Takes the results, whose bits are floats or int32. The array is good until this returns. */
  take(results: Float32Array<ArrayBuffer>, mass: Mass): void;
}

/** An operation: each step are tasks that may run at once, in any order; the next step starts when all of them are done. */
export type Operation<Result> = Generator<Iterable<Task>, Result, void>;

/** Where the buffers lie, in bytes, and how much goes into one task. */
export interface Places {
  readonly first: number;
  readonly second: number;
  /** Elements that each buffer has room for. */
  readonly room: number;
  /** Elements of a row that are weighed together. */
  readonly part: number;
  /** Elements that a task should take, at most {@link Places.room}; a longer row is cut into parts. */
  readonly limit: number;
}

/** Results whose bits are int32. */
export function integersOf(results: Float32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  return new Int32Array(results.buffer, results.byteOffset, results.length);
}
