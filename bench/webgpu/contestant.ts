// What takes part: something that makes samples of logits on a WebGPU device, over and over.

/** One way to do a task at one shape, ready to run: compiled, its logits on the device. */
export interface Ready {
  /** Queues the task so many times, each with another key, and submits. */
  queue(times: number): void | Promise<void>;
  /** Resolves when everything that was queued is done. */
  done(): Promise<unknown>;
  /** A result to check, or undefined where there is nothing to check. */
  result?(): Promise<ArrayLike<number>>;
  dispose(): void;
}

/** The tasks that are compared. */
export type Task = "categorical" | "gumbelSoftmax" | "floor";

/** A contestant. */
export interface Contestant {
  readonly name: string;
  readonly task: Task;
  /** Resolves to undefined where the contestant cannot do this shape. */
  prepare(shape: readonly [rows: number, classes: number], logits: Float32Array): Promise<Ready | undefined>;
}
