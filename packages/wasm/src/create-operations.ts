// The operations of a sampler over arrays: arguments are checked, values brought to float32, results given their shapes. Where
// the work is done is the runner's business.
import type { Awaitable, NdArray, NdData } from "@gumbel/core";
import {
  assertNoDegenerateRow,
  describe,
  type ResolvedLogits,
  resolveCategorical,
  resolveGumbelSoftmax,
  resolveGumbelSoftmaxVjp,
  resolveNoise,
  resolveSoftmax,
  resolveSoftmaxVjp,
  resolveTopK,
  sizeOf,
} from "@gumbel/core/adapter";
import type { Operation, Places } from "./engine/task.ts";
import { bestOf } from "./operations/categorical.ts";
import { softmaxVjpOf } from "./operations/gradient.ts";
import { bitsOf, gumbelOf } from "./operations/noise.ts";
import { softmaxOf } from "./operations/softmax.ts";
import { topKOf } from "./operations/top-k.ts";
import type { ParallelSampler, Values, WasmSampler } from "./sampler.ts";

/** How operations are done. */
export interface Runner {
  /** Whether the caller may change the inputs before an operation is done: then they are copied. */
  readonly isLate: boolean;
  /** @throws Error when it cannot do any more */
  assertUsable(): void;
  /** @param size elements of the noise, or of the logits where there is none */
  run<Result>(size: number, start: (places: Places) => Operation<Result>): Awaitable<Result>;
}

/** Methods of a sampler: which of the two, the runner decides. */
type Methods<Sampler> = Omit<Sampler, "backend" | "capabilities" | "dispose">;

/** Creates the operations; their results are there at once where the runner's are. */
export function createOperations(runner: Runner): Methods<WasmSampler> | Methods<ParallelSampler> {
  const { run, isLate } = runner;

  function asArray(given: Values, argument: string): NdArray {
    runner.assertUsable();
    if (given instanceof Float32Array) return { data: given, shape: [given.length] };
    if (typeof given === "object" && given !== null && "data" in given && "shape" in given) return given;
    throw new TypeError(`${argument} must be { data, shape } or a Float32Array, got ${describe(given)}`);
  }

  /** The values as float32, checked against their shape. */
  function floatsOf({ data, shape }: NdArray, argument: string): Float32Array {
    const size = sizeOf(shape);
    if (data.length !== size) {
      throw new RangeError(`${argument}.data must hold ${size} values for its shape, got ${data.length}`);
    }
    return data instanceof Float32Array && !isLate ? data : new Float32Array(data);
  }

  /** The logits as float32, after the check that the call asks for. */
  function read(
    logits: NdArray,
    { validate, rows }: Pick<ResolvedLogits, "validate" | "rows">,
  ): Float32Array {
    const values = floatsOf(logits, "logits");
    if (validate) assertNoDegenerateRow(logits.data, rows);
    return values;
  }

  const operations = {
    bits(...[shape, options]: Parameters<WasmSampler["bits"]>) {
      runner.assertUsable();
      const noise = resolveNoise(shape, options);
      return run(sizeOf(shape), (places) => shaped(bitsOf(places, noise), shape));
    },
    gumbel(...[shape, options]: Parameters<WasmSampler["gumbel"]>) {
      runner.assertUsable();
      const noise = resolveNoise(shape, options);
      return run(sizeOf(shape), (places) => shaped(gumbelOf(places, noise), shape));
    },
    gumbelSoftmax(...[given, options]: Parameters<WasmSampler["gumbelSoftmax"]>) {
      const logits = asArray(given, "logits");
      const call = resolveGumbelSoftmax(logits.shape, options);
      const values = read(logits, call);
      return run(sizeOf(call.outputShape), (places) =>
        shaped(softmaxOf(places, values, call, call.noise), call.outputShape),
      );
    },
    gumbelSoftmaxVjp(...[given, givenCotangent, options]: Parameters<WasmSampler["gumbelSoftmaxVjp"]>) {
      const logits = asArray(given, "logits");
      const cotangent = asArray(givenCotangent, "cotangent");
      const call = resolveGumbelSoftmaxVjp(logits.shape, cotangent.shape, options);
      const [values, c] = [read(logits, call), floatsOf(cotangent, "cotangent")];
      return run(c.length, (places) =>
        shaped(softmaxVjpOf(places, values, c, call, call.noise), logits.shape),
      );
    },
    softmax(...[given, options]: Parameters<WasmSampler["softmax"]>) {
      const logits = asArray(given, "logits");
      const call = resolveSoftmax(logits.shape, options);
      const values = read(logits, call);
      return run(values.length, (places) =>
        shaped(softmaxOf(places, values, call, undefined), call.outputShape),
      );
    },
    softmaxVjp(...[given, givenCotangent, options]: Parameters<WasmSampler["softmaxVjp"]>) {
      const logits = asArray(given, "logits");
      const cotangent = asArray(givenCotangent, "cotangent");
      const call = resolveSoftmaxVjp(logits.shape, cotangent.shape, options);
      const [values, c] = [read(logits, call), floatsOf(cotangent, "cotangent")];
      return run(c.length, (places) =>
        shaped(softmaxVjpOf(places, values, c, call, undefined), logits.shape),
      );
    },
    categorical(...[given, options]: Parameters<WasmSampler["categorical"]>) {
      const logits = asArray(given, "logits");
      const call = resolveCategorical(logits.shape, options);
      const values = read(logits, call);
      return run(sizeOf(call.noise.shape), (places) =>
        shaped(bestOf(places, values, call, call.noise), call.outputShape),
      );
    },
    topK(...[given, k, options]: Parameters<WasmSampler["topK"]>) {
      const logits = asArray(given, "logits");
      const call = resolveTopK(logits.shape, k, options);
      const values = read(logits, call);
      return run(values.length, function* (places) {
        const best = yield* topKOf(places, values, call);
        return {
          values: array(best.values, call.outputShape),
          indices: array(best.indices, call.outputShape),
        };
      });
    },
  };
  return operations as Methods<WasmSampler>;
}

function* shaped<D extends NdData>(operation: Operation<D>, shape: readonly number[]): Operation<NdArray<D>> {
  return array(yield* operation, shape);
}

function array<D extends NdData>(data: D, shape: readonly number[]): NdArray<D> {
  return { data, shape: [...shape] };
}
