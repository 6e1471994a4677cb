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
  /** @throws Error when it cannot do any more */
  assertUsable(): void;
  /**
   * Does an operation. Where it is not done at once the runner works on copies of the inputs: callers may change theirs.
   *
   * @param size elements of the noise, or of the logits where there is none
   */
  run<Result, Inputs extends Float32Array[] | []>(
    size: number,
    inputs: Inputs,
    start: (places: Places, ...inputs: Inputs) => Operation<Result>,
  ): Awaitable<Result>;
}

/** Methods of a sampler: which of the two, the runner decides. */
type Methods<Sampler> = Omit<Sampler, "backend" | "capabilities" | "dispose">;

/** Creates the operations; their results are there at once where the runner's are. */
export function createOperations(runner: Runner): Methods<WasmSampler> | Methods<ParallelSampler> {
  const { run } = runner;

  function asArray(given: Values, argument: string): NdArray {
    runner.assertUsable();
    if (given instanceof Float32Array) return { data: given, shape: [given.length] };
    if (typeof given === "object" && given !== null && "data" in given && "shape" in given) return given;
    throw new TypeError(`${argument} must be { data, shape } or a Float32Array, got ${describe(given)}`);
  }

  /** The values as float32, checked against their shape. */
  function floatsOf({ data, shape }: NdArray, argument: string): Float32Array {
    const size = sizeOf(shape);
    if (!isNumbers(data)) {
      throw new TypeError(`${argument}.data must be an array of numbers, got ${describe(data)}`);
    }
    if (data.length !== size) {
      throw new RangeError(`${argument}.data must hold ${size} values for its shape, got ${data.length}`);
    }
    return data instanceof Float32Array ? data : new Float32Array(data);
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
      return run(sizeOf(shape), [], (places) => shaped(bitsOf(places, noise), shape));
    },
    gumbel(...[shape, options]: Parameters<WasmSampler["gumbel"]>) {
      runner.assertUsable();
      const noise = resolveNoise(shape, options);
      return run(sizeOf(shape), [], (places) => shaped(gumbelOf(places, noise), shape));
    },
    gumbelSoftmax(...[given, options]: Parameters<WasmSampler["gumbelSoftmax"]>) {
      const logits = asArray(given, "logits");
      const call = resolveGumbelSoftmax(logits.shape, options);
      return run(sizeOf(call.outputShape), [read(logits, call)], (places, values) =>
        shaped(softmaxOf(places, values, call, call.noise), call.outputShape),
      );
    },
    gumbelSoftmaxVjp(...[given, givenCotangent, options]: Parameters<WasmSampler["gumbelSoftmaxVjp"]>) {
      const logits = asArray(given, "logits");
      const cotangent = asArray(givenCotangent, "cotangent");
      const call = resolveGumbelSoftmaxVjp(logits.shape, cotangent.shape, options);
      const inputs: [Float32Array, Float32Array] = [read(logits, call), floatsOf(cotangent, "cotangent")];
      return run(inputs[1].length, inputs, (places, values, c) =>
        shaped(softmaxVjpOf(places, values, c, call, call.noise), logits.shape),
      );
    },
    softmax(...[given, options]: Parameters<WasmSampler["softmax"]>) {
      const logits = asArray(given, "logits");
      const call = resolveSoftmax(logits.shape, options);
      const inputs: [Float32Array] = [read(logits, call)];
      return run(inputs[0].length, inputs, (places, values) =>
        shaped(softmaxOf(places, values, call, undefined), call.outputShape),
      );
    },
    softmaxVjp(...[given, givenCotangent, options]: Parameters<WasmSampler["softmaxVjp"]>) {
      const logits = asArray(given, "logits");
      const cotangent = asArray(givenCotangent, "cotangent");
      const call = resolveSoftmaxVjp(logits.shape, cotangent.shape, options);
      const inputs: [Float32Array, Float32Array] = [read(logits, call), floatsOf(cotangent, "cotangent")];
      return run(inputs[1].length, inputs, (places, values, c) =>
        shaped(softmaxVjpOf(places, values, c, call, undefined), logits.shape),
      );
    },
    categorical(...[given, options]: Parameters<WasmSampler["categorical"]>) {
      const logits = asArray(given, "logits");
      const call = resolveCategorical(logits.shape, options);
      return run(sizeOf(call.noise.shape), [read(logits, call)], (places, values) =>
        shaped(bestOf(places, values, call, call.noise), call.outputShape),
      );
    },
    topK(...[given, k, options]: Parameters<WasmSampler["topK"]>) {
      const logits = asArray(given, "logits");
      const call = resolveTopK(logits.shape, k, options);
      const inputs: [Float32Array] = [read(logits, call)];
      return run(inputs[0].length, inputs, function* (places, values) {
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

/** Whether it is an array of numbers, as far as its first element tells. */
function isNumbers(data: unknown): data is NdData {
  if (!Array.isArray(data) && !ArrayBuffer.isView(data)) return false;
  const values = data as unknown as ArrayLike<unknown>;
  return values.length === 0 || typeof values[0] === "number";
}

function* shaped<D extends NdData>(operation: Operation<D>, shape: readonly number[]): Operation<NdArray<D>> {
  return array(yield* operation, shape);
}

function array<D extends NdData>(data: D, shape: readonly number[]): NdArray<D> {
  return { data, shape: [...shape] };
}
