// Compares results with the float64 reference.
import { createSampler, foldIn, type Key, key } from "@gumbel/core";
import type { Inputs } from "../contestant.ts";
import { drawsIndices, FILTERS, isFiltered } from "../filtered.ts";
import type { Operation } from "../results.ts";

const ROOT: Key = key(1);

/** The key of a run, for every contestant that takes a key of ours. */
export function keyOf(run: number): Key {
  return foldIn(ROOT, run);
}

/** Error bounds, relative to values above 1: small multiples of the spec's, which the conformance suite checks. */
const BOUNDS = {
  gumbelSoftmax: 2 ** -14,
  gumbelSoftmaxVjp: 2 ** -14,
  gumbel: 2 ** -20,
  bits: 0,
  // Contestants that do not conform are held to it too: hardware's exp.
  softmax: 1e-3,
};

/** What differs from the reference in the results of run 0, in words; undefined when nothing does. */
export function differenceFromReference(
  operation: Operation,
  { shape, ...inputs }: Inputs,
  got: readonly number[],
) {
  if (operation === "read") return undefined;
  const options = { key: keyOf(0) };
  const logits = { data: inputs.logits, shape };
  const cotangent = { data: inputs.cotangent, shape };
  const sampler = createSampler();
  const filters = isFiltered(operation) ? FILTERS[operation] : {};
  const draw = () => sampler.categorical(logits, { ...options, ...filters });
  const expected = {
    categorical: draw,
    topK: draw,
    minP: draw,
    topP: draw,
    filters: draw,
    gumbelSoftmax: () => sampler.gumbelSoftmax(logits, options),
    gumbelSoftmaxVjp: () => sampler.gumbelSoftmaxVjp(logits, cotangent, options),
    gumbel: () => sampler.gumbel(shape, options),
    bits: () => sampler.bits(shape, options),
    softmax: () => sampler.softmax(logits),
  }[operation]().data;
  if (got.length !== expected.length) return `${got.length} values for ${expected.length}`;
  for (let i = 0; i < expected.length; i++) {
    // TensorFlow.js has no unsigned integers.
    const value = operation === "bits" ? got[i] >>> 0 : got[i];
    const bound = drawsIndices(operation) ? 0 : BOUNDS[operation as keyof typeof BOUNDS];
    if (!(Math.abs(value - expected[i]) <= bound * Math.max(1, Math.abs(expected[i]))))
      return `element ${i} is ${value}, by the reference ${expected[i]}`;
  }
  return undefined;
}
