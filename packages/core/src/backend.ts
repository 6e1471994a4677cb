// What an adapter writes: how it sees a tensor, and a kernel for each operation that it has. The face does the rest.
import type { Estimator } from "./estimators.ts";
import type { FilterName } from "./filters.ts";
import type { Answer, Mode, Named, Operation, Shape, TensorSpec } from "./operation.ts";
import type { OperationName, TypesOf } from "./operation-table.ts";
import type { Precision } from "./random/noise.ts";

/** One checked call, ready to run. */
export interface Job<T> {
  /** What is called. */
  readonly operation: Operation;
  /** The resolved call. */
  readonly call: object;
  /** The tensors that came in, by name. */
  readonly inputs: Named<T>;
  /** Element type and shape of each result. */
  readonly outputs: Named<TensorSpec>;
  /** Whether an input or every result is without elements, so that there is nothing to compute. */
  readonly isEmpty: boolean;
  /** Keys that the default stream had given before this call. */
  readonly drawn: number;
}

/** What a backend is beside its kernels. `In` is the type of a kernel's inputs, `Work` what a kernel returns. */
export interface Host<T, M extends Mode, In = T, Work = Answer<Named<T>, M>> {
  /** Name of the backend, as reports and errors show it. */
  readonly name: string;
  /** Whether methods return results or promises. */
  readonly mode: M;
  /** Precisions of the noise that it makes. Default: all of them. */
  readonly precisions?: readonly Precision[];
  /** Whether it understands `offset` and `rowStride`. Default true. */
  readonly sharding?: boolean;
  /** Whether its soft kernels have `log`. Default false. */
  readonly logarithms?: boolean;
  /** Filters that its kernels of `categorical` and `logProb` have. Default none. */
  readonly filters?: readonly FilterName[];
  /** Whether those kernels take temperatures, filters and keys by row. Default false. */
  readonly perRow?: boolean;
  /**
   * Estimators that its kernel of `gumbelSoftmaxVjp`, or its gradients, have; `"straight-through"` stands for a
   * `backwardTemperature`, as every backend has that without one. Default none.
   */
  readonly estimators?: readonly Estimator[];
  /**
   * Shape of a tensor that came in.
   * @throws TypeError that names the argument, where the value is no tensor or one that cannot be used
   */
  shapeOf(value: T, argument: string): Shape;
  /**
   * Values of a tensor that is on the CPU: the face refuses indices that are out of range. Default undefined: that is left to the
   * kernel, which answers them with NaN where they are on a GPU.
   */
  valuesOf?(value: T): ArrayLike<number> | undefined;
  /** The result of a job that has nothing to compute: zeros, mostly none. */
  zeros(spec: TensorSpec, job: Job<T>): T;
  /** Runs a kernel: scope, conversion, queue, gradient. Default: `start(job.inputs)`. */
  run?(start: (inputs: Named<In>) => Work, job: Job<T>): Answer<Named<T>, M>;
  /** Releases what the backend holds. */
  dispose?(): void;
}

/** A backend whose kernels return `Work` (a task, a program, a graph), which `run` turns into results. */
export interface StagedBackend<T, M extends Mode, In = T, Work = Answer<Named<T>, M>>
  extends Host<T, M, In, Work> {
  /** The kernels. Calling an operation that has none is an `UnsupportedError`. */
  readonly kernels: {
    readonly [O in OperationName]?: (
      call: TypesOf<O>["call"],
      inputs: Named<In, TypesOf<O>["inputs"]>,
    ) => Work;
  };
}

/** A backend whose kernels return results, by the names of the operation's outputs. */
export interface Backend<T, M extends Mode = "sync"> extends StagedBackend<T, M> {
  readonly kernels: {
    readonly [O in OperationName]?: (
      call: TypesOf<O>["call"],
      inputs: Named<T, TypesOf<O>["inputs"]>,
    ) => Answer<Named<T, TypesOf<O>["outputs"]>, M>;
  };
}
