// The operations of a sampler over arrays: arguments are checked, values brought to float32, results given their shapes.
import type { NdArray, NdData } from "@gumbel/core";
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
import type { Engine } from "../engine/engine.ts";
import type { Values, WasmSampler } from "../sampler.ts";
import { bestOf } from "./categorical.ts";
import { softmaxVjpOf } from "./gradient.ts";
import { bitsOf, gumbelOf } from "./noise.ts";
import { softmaxOf } from "./softmax.ts";
import { topKOf } from "./top-k.ts";

/** Creates the operations of an engine. */
export function createOperations(engine: Engine): Omit<WasmSampler, "backend" | "capabilities"> {
  let isDisposed = false;
  const assertUsable = (): void => {
    if (isDisposed) throw new Error("the sampler is disposed; create a new one");
  };
  return {
    bits(shape, options) {
      assertUsable();
      const noise = resolveNoise(shape, options);
      return array(bitsOf(engine, noise), shape);
    },
    gumbel(shape, options) {
      assertUsable();
      const noise = resolveNoise(shape, options);
      return array(gumbelOf(engine, noise), shape);
    },
    gumbelSoftmax(given, options) {
      assertUsable();
      const logits = asArray(given, "logits");
      const call = resolveGumbelSoftmax(logits.shape, options);
      return array(softmaxOf(engine, read(logits, call), call, call.noise), call.outputShape);
    },
    gumbelSoftmaxVjp(given, givenCotangent, options) {
      assertUsable();
      const logits = asArray(given, "logits");
      const cotangent = asArray(givenCotangent, "cotangent");
      const call = resolveGumbelSoftmaxVjp(logits.shape, cotangent.shape, options);
      const c = floatsOf(cotangent, "cotangent");
      return array(softmaxVjpOf(engine, read(logits, call), c, call, call.noise), logits.shape);
    },
    softmax(given, options) {
      assertUsable();
      const logits = asArray(given, "logits");
      const call = resolveSoftmax(logits.shape, options);
      return array(softmaxOf(engine, read(logits, call), call, undefined), call.outputShape);
    },
    softmaxVjp(given, givenCotangent, options) {
      assertUsable();
      const logits = asArray(given, "logits");
      const cotangent = asArray(givenCotangent, "cotangent");
      const call = resolveSoftmaxVjp(logits.shape, cotangent.shape, options);
      const c = floatsOf(cotangent, "cotangent");
      return array(softmaxVjpOf(engine, read(logits, call), c, call, undefined), logits.shape);
    },
    categorical(given, options) {
      assertUsable();
      const logits = asArray(given, "logits");
      const call = resolveCategorical(logits.shape, options);
      return array(bestOf(engine, read(logits, call), call, call.noise), call.outputShape);
    },
    topK(given, k, options) {
      assertUsable();
      const logits = asArray(given, "logits");
      const call = resolveTopK(logits.shape, k, options);
      const { values, indices } = topKOf(engine, read(logits, call), call);
      return { values: array(values, call.outputShape), indices: array(indices, call.outputShape) };
    },
    dispose() {
      isDisposed = true;
    },
  };
}

function array<D extends NdData>(data: D, shape: readonly number[]): NdArray<D> {
  return { data, shape: [...shape] };
}

function asArray(given: Values, argument: string): NdArray {
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
  return data instanceof Float32Array ? data : Float32Array.from(data);
}

/** The logits as float32, after the check that the call asks for. */
function read(logits: NdArray, { validate, rows }: Pick<ResolvedLogits, "validate" | "rows">): Float32Array {
  const values = floatsOf(logits, "logits");
  if (validate) assertNoDegenerateRow(logits.data, rows);
  return values;
}
