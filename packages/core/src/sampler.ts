// The one interface that every backend has, over its own tensor type.
import type { Estimator } from "./estimators.ts";
import type { FilterName } from "./filters.ts";
import type { Mode, Results } from "./operation.ts";
import type { OperationName } from "./operation-table.ts";
import type { Methods } from "./operations/index.ts";
import type { Precision } from "./random/noise.ts";

/** A result or a promise of it: a backend chooses, callers `await`. */
export type Awaitable<T> = T | Promise<T>;

/** What a backend can do. Whatever is missing here is refused with `UnsupportedError` when called. */
export interface Capabilities {
  /** Operations that work. */
  readonly operations: readonly OperationName[];
  /** Precisions of the noise that it makes. */
  readonly precisions: readonly Precision[];
  /** Whether `offset` and `rowStride` are understood. */
  readonly sharding: boolean;
  /** Whether soft operations give logarithms. */
  readonly logarithms: boolean;
  /** Filters that it has. */
  readonly filters: readonly FilterName[];
  /** Whether temperatures, filters and keys may differ from row to row. */
  readonly perRow: boolean;
  /**
   * Estimators of the gradient of hard samples, beside plain straight-through, which all have; `"straight-through"` stands for
   * a `backwardTemperature`.
   */
  readonly estimators: readonly Estimator[];
}

/**
 * Discrete sampling over tensors of type `T`. Logits are unnormalised log-probabilities, −∞ masks a category. Every
 * method throws (or rejects with) `RangeError` or `TypeError` on a bad argument before it does any work. An option that
 * is `null` or `undefined` is left out; one that the operation does not have is a `TypeError`.
 */
export interface Sampler<T, M extends Mode = Mode, R extends Results = Results<T>> extends Methods<T, M, R> {
  /** Name of the backend, as reports show it. */
  readonly backend: string;
  /** What it can do. */
  readonly capabilities: Capabilities;
  /** Releases what the backend holds. Later calls throw. */
  dispose(): void;
}
