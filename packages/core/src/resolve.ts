// Checks arguments and fills in defaults, before any work is queued. Every adapter resolves its calls here, so that
// the same mistake gives the same message on every backend. Computes no sample.
import type { CounterLayout } from "./counter.ts";
import { describe } from "./describe.ts";
import { assertKey, type Key } from "./key.ts";
import { nextKey } from "./key-stream.ts";
import { sizeOf } from "./nd-array.ts";
import type { Precision } from "./noise.ts";
import type {
  CategoricalOptions,
  GumbelSoftmaxOptions,
  GumbelSoftmaxVjpOptions,
  LogitsOptions,
  NoiseOptions,
  SoftmaxOptions,
  TopKOptions,
} from "./options.ts";

/** Where the noise of a call comes from. */
export interface ResolvedNoise extends CounterLayout {
  /** The call's key, or the next one of the default stream. */
  readonly key: Key;
  /** How the noise is made of its bits. */
  readonly precision: Precision;
  /** Shape of the noise: one block for each of its elements. */
  readonly shape: readonly number[];
}

/**
 * The rows of a call. Element `j` of row `(s, o, i)` stands at `((s·outer + o)·classes + j)·inner + i` in the noise
 * and the output, and at the same place without `s` in the logits.
 */
export interface RowLayout {
  /** Product of the sample shape. */
  readonly samples: number;
  /** Product of the logits' dimensions before the axis. */
  readonly outer: number;
  /** Length of the axis: the number of categories. */
  readonly classes: number;
  /** Product of the logits' dimensions after the axis. */
  readonly inner: number;
}

/** What every operation on logits knows once its arguments are checked. */
export interface ResolvedLogits {
  /** Where the elements of a row stand. */
  readonly rows: RowLayout;
  /** The axis, counted from the front of the logits' shape. */
  readonly axis: number;
  /** Whether a degenerate row throws. */
  readonly validate: boolean;
  /** Shape of the result. */
  readonly outputShape: readonly number[];
}

/** A checked call of `softmax`. */
export interface ResolvedSoftmax extends ResolvedLogits {
  /** τ, positive and finite. */
  readonly temperature: number;
  /** Whether the result is the exact one-hot. */
  readonly hard: boolean;
}

/** A checked call of `gumbelSoftmax`. */
export interface ResolvedGumbelSoftmax extends ResolvedSoftmax {
  /** Noise of the samples' shape. */
  readonly noise: ResolvedNoise;
}

/** A checked call of `categorical`. */
export interface ResolvedCategorical extends ResolvedLogits {
  /** Noise of the samples' shape. */
  readonly noise: ResolvedNoise;
}

/** A checked call of `topK`. */
export interface ResolvedTopK extends ResolvedCategorical {
  /** How many categories of each row, from 0 to the length of the axis. */
  readonly k: number;
}

/** Resolves a call of `bits` or `gumbel` over a noise shape. */
export function resolveNoise(shape: readonly number[], options: NoiseOptions = {}): ResolvedNoise {
  const { precision = "full", offset = 0 } = options;
  assertShape(shape, "shape");
  if (precision !== "full" && precision !== "jax") {
    throw new RangeError(`precision must be "full" or "jax", got ${describe(precision)}`);
  }
  const columns = shape.length === 0 ? 1 : shape[shape.length - 1];
  const { rowStride = columns } = options;
  assertInteger(offset, "offset", 0, Number.MAX_SAFE_INTEGER);
  assertInteger(rowStride, "rowStride", columns, Number.MAX_SAFE_INTEGER);
  const rows = columns === 0 ? 0 : sizeOf(shape) / columns;
  const last = offset + Math.max(0, rows - 1) * rowStride + columns;
  if (!Number.isSafeInteger(last)) {
    throw new RangeError(
      `offset and rowStride must keep every counter below 2^53, got ${offset} and ${rowStride}`,
    );
  }
  if (options.key !== undefined) assertKey(options.key);
  const key: Key = options.key ?? nextKey();
  return { key: [key[0], key[1]], precision, shape, offset, rowStride, columns };
}

/** Resolves a call of `softmax`. */
export function resolveSoftmax(shape: readonly number[], options: SoftmaxOptions = {}): ResolvedSoftmax {
  const logits = resolveLogits(shape, options, []);
  return { ...logits, ...resolveTemperature(options), outputShape: shape };
}

/** Resolves a call of `gumbelSoftmax`. */
export function resolveGumbelSoftmax(
  shape: readonly number[],
  options: GumbelSoftmaxOptions = {},
): ResolvedGumbelSoftmax {
  const { sampleShape = [] } = options;
  const logits = resolveLogits(shape, options, sampleShape);
  const temperature = resolveTemperature(options);
  const outputShape = [...sampleShape, ...shape];
  return { ...logits, ...temperature, outputShape, noise: resolveNoise(outputShape, options) };
}

/** Resolves a call of `gumbelSoftmaxVjp`, which needs the key of the sample that it differentiates. */
export function resolveGumbelSoftmaxVjp(
  shape: readonly number[],
  cotangentShape: readonly number[],
  options: GumbelSoftmaxVjpOptions,
): ResolvedGumbelSoftmax {
  assertKey(options?.key);
  const call = resolveGumbelSoftmax(shape, options);
  assertCotangentShape(cotangentShape, call.outputShape);
  return call;
}

/** Resolves a call of `softmaxVjp`. */
export function resolveSoftmaxVjp(
  shape: readonly number[],
  cotangentShape: readonly number[],
  options: SoftmaxOptions = {},
): ResolvedSoftmax {
  const call = resolveSoftmax(shape, options);
  assertCotangentShape(cotangentShape, call.outputShape);
  return call;
}

/** Resolves a call of `categorical`. */
export function resolveCategorical(
  shape: readonly number[],
  options: CategoricalOptions = {},
): ResolvedCategorical {
  const { sampleShape = [] } = options;
  const logits = resolveLogits(shape, options, sampleShape);
  if (logits.rows.classes === 0)
    throw new RangeError(`logits must hold a category along axis, got ${describe(shape)}`);
  const outputShape = [...sampleShape, ...shape.toSpliced(logits.axis, 1)];
  return { ...logits, outputShape, noise: resolveNoise([...sampleShape, ...shape], options) };
}

/** Resolves a call of `topK`. */
export function resolveTopK(shape: readonly number[], k: number, options: TopKOptions = {}): ResolvedTopK {
  const logits = resolveLogits(shape, options, []);
  const { classes } = logits.rows;
  assertInteger(k, "k", 0, classes);
  return { ...logits, k, outputShape: shape.with(logits.axis, k), noise: resolveNoise(shape, options) };
}

function assertCotangentShape(cotangent: readonly number[], output: readonly number[]): void {
  if (cotangent.length !== output.length || cotangent.some((dimension, i) => dimension !== output[i])) {
    throw new RangeError(
      `cotangent must have the output's shape ${describe(output)}, got ${describe(cotangent)}`,
    );
  }
}

function resolveLogits(
  shape: readonly number[],
  { axis = -1, validate = false }: LogitsOptions,
  sampleShape: readonly number[],
): Omit<ResolvedLogits, "outputShape"> {
  assertShape(shape, "logits.shape");
  assertShape(sampleShape, "sampleShape");
  const rank = shape.length;
  if (rank === 0) throw new RangeError("logits must have at least one dimension, got a scalar");
  assertInteger(axis, "axis", -rank, rank - 1);
  assertBoolean(validate, "validate");
  const front = axis < 0 ? axis + rank : axis;
  const rows = {
    samples: sizeOf(sampleShape),
    outer: sizeOf(shape.slice(0, front)),
    classes: shape[front],
    inner: sizeOf(shape.slice(front + 1)),
  };
  return { rows, axis: front, validate };
}

function resolveTemperature({ temperature = 1, hard = false }: SoftmaxOptions) {
  if (typeof temperature !== "number") {
    throw new TypeError(`temperature must be a positive finite number, got ${describe(temperature)}`);
  }
  if (!(temperature > 0 && temperature < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`temperature must be a positive finite number, got ${temperature}`);
  }
  assertBoolean(hard, "hard");
  return { temperature, hard };
}

/** Refuses what is no shape: an array of integers that are not negative. */
export function assertShape(shape: unknown, argument: string): asserts shape is readonly number[] {
  if (!Array.isArray(shape))
    throw new TypeError(`${argument} must be an array of integers, got ${describe(shape)}`);
  if (!shape.every((dimension) => Number.isInteger(dimension) && dimension >= 0)) {
    throw new RangeError(`${argument} must hold non-negative integers, got ${describe(shape)}`);
  }
  if (!Number.isSafeInteger(sizeOf(shape))) {
    throw new RangeError(`${argument} must have fewer than 2^53 elements, got ${describe(shape)}`);
  }
}

function assertInteger(value: unknown, argument: string, minimum: number, maximum: number): void {
  const isNumber = typeof value === "number";
  if (isNumber && Number.isInteger(value) && value >= minimum && value <= maximum) return;
  const message = `${argument} must be an integer in [${minimum}, ${maximum}], got ${describe(value)}`;
  throw isNumber ? new RangeError(message) : new TypeError(message);
}

function assertBoolean(value: unknown, argument: string): void {
  if (typeof value !== "boolean")
    throw new TypeError(`${argument} must be a boolean, got ${describe(value)}`);
}
