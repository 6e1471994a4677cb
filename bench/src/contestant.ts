// What takes part: something that samples from logits over and over, in Node or in a page. Environment-neutral.
import type { Family, Operation } from "./results.ts";

/** What a contestant is given at one shape. Not to be changed. */
export interface Inputs {
  readonly shape: readonly [rows: number, classes: number];
  readonly logits: Float32Array<ArrayBuffer>;
  /** Gradient with respect to the soft sample; of the shape of the logits. */
  readonly cotangent: Float32Array<ArrayBuffer>;
}

/** An operation at one shape, ready to run: compiled, its inputs where it wants them. */
export interface Ready {
  /** Starts so many runs, each with the key after the last run's: run 0 has key 0. */
  queue(times: number): void | Promise<void>;
  /** Resolves when everything that was queued has been computed. */
  done(): unknown;
  /** Values of the last run, row-major; none where there is nothing to check. */
  result?(): ArrayLike<number> | Promise<ArrayLike<number>>;
  /** Processor milliseconds so far, where the work is done in another process than the environment's. */
  processor?(): Promise<number>;
  dispose(): void | Promise<void>;
}

/** What a contestant does for an operation. */
export interface Entry {
  /** The timed calls, in a few words of code. */
  readonly how: string;
  /** Rejects where the contestant cannot do this shape, saying why. */
  prepare(inputs: Inputs): Promise<Ready>;
}

/** A contestant. */
export interface Contestant {
  /** Unique in all environments together. */
  readonly id: string;
  readonly name: string;
  readonly family: Family;
  readonly ours: boolean;
  /** Package that does the work; its version is looked up. */
  readonly library: string;
  /** The version of what is no package of npm. */
  readonly version?: string;
  readonly operations: Partial<Readonly<Record<Operation, Entry>>>;
  /** Contestants of one stream claim the same samples for the same key or seed. */
  readonly stream?: string;
  /** In what way its samples are not those of all the logits, on purpose. */
  readonly approximate?: string;
  /** Whether its indices are `argmax(logits + g)` of the sampling spec, so that they can be compared with the reference. */
  readonly conforms?: boolean;
}

/** A contestant that cannot be run here. */
export interface Absent extends Omit<Contestant, "operations"> {
  readonly absent: string;
}

/** Makes the contestants of a library; rejects where it does not start. */
export type Starter = () => Promise<readonly (Contestant | Absent)[]>;
