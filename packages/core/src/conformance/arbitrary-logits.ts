// Random logits for the property cases, of values that float32 holds exactly. A tensor is drawn by a seed, so that
// shrinking goes for its shape and the options, not for each of thousands of values.
import fc, { type Arbitrary } from "fast-check";
import { sizeOf } from "../layout.ts";
import type { NdArray } from "../nd-array.ts";
import { uniformValues } from "./uniform-values.ts";

/** A value, by a number that chooses its sort and one that chooses among the sort; both are in [0, 1). */
type Values = (sort: number, u: number) => number;

/**
 * Numbers spread evenly over [−limit, limit], multiples of a step or, where that is larger, of a float32 step. Not `fc.double`, which draws bits
 * evenly, so that nearly all of its values are as good as 0.
 */
export function evenly(limit: number, step: number = 2 ** -20): Values {
  return (_, u) => Math.fround(Math.round(((2 * u - 1) * limit) / step) * step);
}

const MASK = Number.NEGATIVE_INFINITY;
const ordinary = evenly(6);
const mask: Values = () => MASK;

/** What logits are made of, each value by itself. Weights are how often a tensor is made so. */
const MIXTURES: readonly { readonly weight: number; readonly values: Values }[] = [
  { weight: 4, values: ordinary },
  // Ties, of the logits and, where the noise is lost beside them, of the perturbed logits.
  { weight: 2, values: oneOf(-1, 0, 1) },
  { weight: 1, values: oneOf(1e30, 0, -1e30) },
  { weight: 1, values: (_, u) => 1 + Math.floor(u * 61) * 2 ** -20 },
  { weight: 3, values: often(ordinary, 3, mask) },
  { weight: 1, values: often(mask, 3, ordinary) },
  { weight: 2, values: often(ordinary, 20, oneOf(Number.NaN, Number.POSITIVE_INFINITY)) },
  { weight: 1, values: often(evenly(1e4), 3, mask) },
  { weight: 1, values: often(ordinary, 3, oneOf(3.4e38, -3.4e38, 1e30, -1e30, 1e-40, 0, -0)) },
];

/** What one value, or a run of them, can be among ordinary ones. */
const ODD_VALUES = [Number.NaN, Number.POSITIVE_INFINITY, MASK, 60, Math.fround(3.4e38)];

/** Logits of a shape: ordinary, tied and close ones, masks, the ends of float32, degenerate rows; all alike or all but one. */
export function anyLogits(shape: readonly number[]): Arbitrary<NdArray> {
  const mixtures = MIXTURES.map(({ weight, values }) => ({ weight, arbitrary: arrayOf(shape, values) }));
  const size = sizeOf(shape);
  if (size === 0) return fc.oneof(...mixtures);
  const place = fc.oneof(fc.integer({ min: 0, max: size - 1 }), fc.constantFrom(0, size - 1));
  // A mistake at one place shows only when nothing before it is odd.
  const oneOdd = fc
    .tuple(arrayOf(shape, ordinary), place, fc.constantFrom(...ODD_VALUES))
    .map(([array, at, value]) => withRun(array, at, at + 1, value));
  const maskedRun = fc
    .tuple(arrayOf(shape, ordinary), place, place)
    .map(([array, a, b]) => withRun(array, Math.min(a, b), Math.max(a, b), MASK));
  return fc.oneof(...mixtures, { weight: 3, arbitrary: oneOdd }, { weight: 2, arbitrary: maskedRun });
}

/** An array of a shape, of values that float32 holds. */
export function arrayOf(shape: readonly number[], values: Values): Arbitrary<NdArray> {
  return fc.noShrink(fc.nat()).map((seed) => {
    const data = uniformValues(2 * sizeOf(shape), seed);
    return {
      data: Array.from({ length: data.length / 2 }, (_, i) => values(data[2 * i], data[2 * i + 1])),
      shape,
    };
  });
}

/** One of some values, as float32. */
export function oneOf(...values: readonly number[]): Values {
  return (_, u) => Math.fround(values[Math.floor(u * values.length)]);
}

/** `common` values, `times` as often as `rare` ones. */
function often(common: Values, times: number, rare: Values): Values {
  return (sort, u) => (sort * (times + 1) < times ? common : rare)(sort, u);
}

function withRun({ data, shape }: NdArray, from: number, to: number, value: number): NdArray {
  return { data: Array.from(data as ArrayLike<number>).fill(value, from, to), shape };
}
