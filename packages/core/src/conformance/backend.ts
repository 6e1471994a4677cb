// What the suite needs to know of a backend: its sampler, and how values get in and out of its tensors.
import type { NdArray } from "../nd-array.ts";
import type { Key } from "../random/key.ts";
import type { Awaitable, Sampler } from "../sampler.ts";

/** Functions that make keys, as `@gumbel/core` exports them. */
export interface KeyFunctions {
  /** The key of a seed. */
  key(seed: number | bigint): Key;
  /** Independent keys, 2 by default. */
  split(parent: Key, count?: number): readonly Key[];
  /** The key of a parent and a number. */
  foldIn(parent: Key, data: number | bigint): Key;
}

/** A backend under test. An adapter writes one of these, in some 30 lines. */
export interface ConformanceBackend<T> {
  /** What is tested. */
  readonly sampler: Sampler<T>;
  /**
   * Makes a tensor of the backend's own type from float values that float32 holds, or from an `Int32Array` of indices.
   */
  fromArray(array: NdArray): Awaitable<T>;
  /**
   * Reads a tensor back, leaving it alive. Indices are integers; words of `bits` may be signed or unsigned, the suite
   * compares them modulo 2³².
   */
  toArray(tensor: T): Awaitable<NdArray>;
  /** Gives a tensor back. The suite releases every tensor that it made or was given. */
  release(tensor: T): Awaitable<void>;
  /** How many tensors (or buffers) are alive, for a backend that can count: the leak cases need it. */
  liveTensors?(): Awaitable<number>;
  /** Functions of its own for keys: for a backend that does not take those of core, such as a port to another language. */
  readonly keys?: KeyFunctions;
  /** Releases the backend itself. */
  dispose?(): Awaitable<void>;
}

/** How the suite gets hold of a backend, and what its author says of it. */
export interface ConformanceTarget<T> {
  /** Creates a fresh backend; each run of the suite creates one, and a few cases create another to dispose it. */
  create(): Awaitable<ConformanceBackend<T>>;
  /** Cases that are known to fail, by id, each with its reason. They must fail: a pass is reported as a failure. */
  readonly knownFailures?: Readonly<Record<string, string>>;
}
