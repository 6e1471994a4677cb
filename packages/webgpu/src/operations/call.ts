// Every operation as a checked call: what it reads, what it makes, and its plan. No GPU here.
import type {
  CategoricalOptions,
  GumbelSoftmaxOptions,
  GumbelSoftmaxVjpOptions,
  NoiseOptions,
  SoftmaxOptions,
  TopKOptions,
} from "@gumbel/core";
import {
  type ResolvedSoftmax,
  type RowLayout,
  resolveCategorical,
  resolveGumbelSoftmax,
  resolveGumbelSoftmaxVjp,
  resolveNoise,
  resolveSoftmax,
  resolveSoftmaxVjp,
  resolveTopK,
  sizeOf,
} from "@gumbel/core/adapter";
import type { GpuFacts } from "../plan/gpu-facts.ts";
import type { TensorPlaces } from "../plan/planner.ts";
import { EMPTY_PROGRAM, type Program } from "../plan/program.ts";
import { planBest } from "./plan-best.ts";
import { planGradient } from "./plan-gradient.ts";
import { planNoise } from "./plan-noise.ts";
import { planSoftmax } from "./plan-soft.ts";
import { planTopK } from "./plan-top-k.ts";

/** Type of a result's elements. */
export type ResultType = "f32" | "i32" | "u32";

/** What a call makes. */
export interface Result {
  readonly shape: readonly number[];
  readonly type: ResultType;
  /** The name that errors use, where it is another one. */
  readonly argument?: string;
}

/** A checked call. */
export interface Call {
  /** Shapes of the tensors that it reads. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  /** Shapes and types of the tensors that it makes. `output` is always one of them. */
  readonly outputs: Readonly<Record<string, Result>>;
  /** Rows to check for `validate: true`. */
  readonly validate: RowLayout | undefined;
  plan(facts: GpuFacts, tensors: TensorPlaces): Program;
}

type Shape = readonly number[];

/** Checks a call of `bits`. */
export function callBits(shape: Shape, options: NoiseOptions = {}): Call {
  const noise = resolveNoise(shape, options);
  return callOf({}, { output: { shape, type: "u32" } }, undefined, (facts, tensors) =>
    planNoise(facts, noise, undefined, tensors),
  );
}

/** Checks a call of `gumbel`. */
export function callGumbel(shape: Shape, options: NoiseOptions = {}): Call {
  const noise = resolveNoise(shape, options);
  return callOf({}, { output: { shape, type: "f32" } }, undefined, (facts, tensors) =>
    planNoise(facts, noise, noise.precision, tensors),
  );
}

/** Checks a call of `softmax`. */
export function callSoftmax(shape: Shape, options?: SoftmaxOptions): Call {
  const call = resolveSoftmax(shape, options);
  return callOf({ logits: shape }, floats(call.outputShape), rowsToValidate(call), (facts, tensors) =>
    planSoftmax(facts, call, undefined, tensors),
  );
}

/** Checks a call of `gumbelSoftmax`. */
export function callGumbelSoftmax(shape: Shape, options?: GumbelSoftmaxOptions): Call {
  const call = resolveGumbelSoftmax(shape, options);
  return callOf({ logits: shape }, floats(call.outputShape), rowsToValidate(call), (facts, tensors) =>
    planSoftmax(facts, call, call.noise, tensors),
  );
}

/** Checks a call of `softmaxVjp`; with `isSaved` the soft result is given too, as `sample`. */
export function callSoftmaxVjp(
  shape: Shape,
  cotangent: Shape | undefined,
  options: SoftmaxOptions | undefined,
  isSaved: boolean,
): Call {
  const call = resolveSoftmaxVjp(shape, cotangent ?? shape, options);
  return gradientCall(shape, call, isSaved, (facts, tensors) =>
    planGradient(facts, call, undefined, tensors),
  );
}

/** Checks a call of `gumbelSoftmaxVjp`; with `isSaved` the soft sample is given too, as `sample`. */
export function callGumbelSoftmaxVjp(
  shape: Shape,
  cotangent: Shape | undefined,
  options: GumbelSoftmaxVjpOptions,
  isSaved: boolean,
): Call {
  const due = cotangent ?? [...(options?.sampleShape ?? []), ...shape];
  const call = resolveGumbelSoftmaxVjp(shape, due, options);
  return gradientCall(shape, call, isSaved, (facts, tensors) =>
    planGradient(facts, call, call.noise, tensors),
  );
}

/** Checks a call of `categorical`. */
export function callCategorical(shape: Shape, options?: CategoricalOptions): Call {
  const call = resolveCategorical(shape, options);
  const output = { shape: call.outputShape, type: "i32" } as const;
  return callOf({ logits: shape }, { output }, rowsToValidate(call), (facts, tensors) =>
    planBest(facts, call, call.noise, "indices", tensors),
  );
}

/** Checks a call of `topK`. */
export function callTopK(shape: Shape, k: number, options?: TopKOptions): Call {
  const call = resolveTopK(shape, k, options);
  const indices = { shape: call.outputShape, type: "i32" } as const;
  const values = { shape: call.outputShape, type: "f32", argument: "values" } as const;
  return callOf({ logits: shape }, { output: values, indices }, rowsToValidate(call), (facts, tensors) =>
    planTopK(facts, call, tensors),
  );
}

function gradientCall(shape: Shape, call: ResolvedSoftmax, isSaved: boolean, plan: Call["plan"]): Call {
  const { outputShape } = call;
  const inputs = { logits: shape, cotangent: outputShape, ...(isSaved ? { sample: outputShape } : {}) };
  return callOf(inputs, floats(shape), rowsToValidate(call), plan);
}

function callOf(
  inputs: Call["inputs"],
  outputs: Call["outputs"],
  validate: RowLayout | undefined,
  plan: Call["plan"],
): Call {
  const isEmpty = Object.values(outputs).every(({ shape }) => sizeOf(shape) === 0);
  return { inputs, outputs, validate, plan: isEmpty ? () => EMPTY_PROGRAM : plan };
}

function floats(shape: Shape): Call["outputs"] {
  return { output: { shape, type: "f32" } };
}

function rowsToValidate({ validate, rows }: { validate: boolean; rows: RowLayout }): RowLayout | undefined {
  return validate ? rows : undefined;
}
