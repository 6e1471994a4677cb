// What a case is: a law of the spec that one function checks on one backend.

import type { Estimator } from "../estimators.ts";
import type { FilterName } from "../filters.ts";
import type { OperationName } from "../operation-table.ts";
import type { Precision } from "../random/noise.ts";
import type { ConformanceBackend } from "./backend.ts";
import type { Subject } from "./subject.ts";

/** How a case looks for faults. */
export type CaseKind = "exact" | "property" | "statistical" | "robustness";

/** What a case cannot do without. A backend that declares the lack skips the case, with that reason. */
export interface Needs {
  /** Operations that the sampler must have. */
  readonly operations?: readonly OperationName[];
  /**
   * Left out: `"full"` where an operation draws noise, because it is the default. Empty: the case asks for whatever
   * precision there is by name.
   */
  readonly precisions?: readonly Precision[];
  /** The sampler understands `offset` and `rowStride`. */
  readonly sharding?: boolean;
  /** Soft operations give logarithms. */
  readonly logarithms?: boolean;
  /** Filters that the sampler must have. */
  readonly filters?: readonly FilterName[];
  /** Temperatures, filters and keys may differ from row to row. */
  readonly perRow?: boolean;
  /** Estimators that the sampler must have. */
  readonly estimators?: readonly Estimator[];
  /** The backend can count its live tensors. */
  readonly counting?: boolean;
  /** The sampler has `dispose`. */
  readonly dispose?: boolean;
}

/** What a case is given. */
export interface CaseContext {
  /** Runs calls on the backend and reads their results. */
  readonly subject: Subject;
  /** The backend itself, for the cases about tensors' lifetime. */
  readonly backend: ConformanceBackend<unknown>;
  /** Creates another backend; the case disposes it. */
  create(): Promise<ConformanceBackend<unknown>>;
  /** Fewer runs and smaller tensors. */
  readonly quick: boolean;
  /** How many random inputs a property tries at most. */
  readonly numRuns?: number | undefined;
  /** Seed of the property cases. */
  readonly seed: number;
  /** Where a replay starts: fast-check's path of a counterexample. */
  readonly path?: string | undefined;
}

/** A case of the suite. */
export interface ConformanceCase {
  /** `topic/name`, unique and stable: known failures and replays use it. */
  readonly id: string;
  /** How it looks for faults. */
  readonly kind: CaseKind;
  /** The law, as one sentence. */
  readonly title: string;
  /** Clauses that the case can find broken. */
  readonly clauses: readonly string[];
  /** What a backend may declare that it lacks; left out, nothing. */
  readonly needs?: Needs;
  /** Resolves when the law holds; rejects with a `ConformanceFailure` that names the broken clause. */
  run(context: CaseContext): Promise<void>;
}
