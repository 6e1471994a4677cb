// Random calls for the property cases: every operation, any rank and axis, tails of workgroups, odd keys and counters.
import fc, { type Arbitrary } from "fast-check";
import type { Key } from "../key.ts";
import type { NdArray } from "../nd-array.ts";
import type { Precision } from "../noise.ts";
import type { NoiseOptions } from "../options.ts";
import type { Capabilities, Operation } from "../sampler.ts";
import { anyLogits, arrayOf, evenly } from "./arbitrary-logits.ts";
import type { Call } from "./call.ts";

/** Words where sign bits, carries and "no key given" tests go wrong. */
const EDGE_WORDS = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff];

/** Counters around the carry into the high word, and far beyond it. */
const EDGE_OFFSETS = [0, 1, 2 ** 24, 2 ** 31 - 2, 2 ** 32 - 3, 2 ** 32, 2 ** 33 + 5, 2 ** 52 + 1];

/** Sizes that leave nothing, one or all but one of a workgroup, block or tile over. */
const EDGE_SIZES = [63, 64, 65, 127, 129, 255, 256, 257, 511, 512, 513, 1023, 1024, 1025, 2047, 2049];

/** Keys that are easily taken for none, or that use one word only. */
export const EDGE_KEYS: readonly Key[] = [
  [0, 0],
  [0, 1],
  [1, 0],
  [0, 0x80000000],
  [0x80000000, 0],
  [0xffffffff, 0xffffffff],
];

/** A key: any two words, often odd ones. */
export const anyKey: Arbitrary<Key> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...EDGE_KEYS) },
  { weight: 3, arbitrary: fc.tuple(anyWord(), anyWord()) },
);

function anyWord(): Arbitrary<number> {
  const uniform = fc.integer({ min: 0, max: 0xffffffff });
  return fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...EDGE_WORDS) },
    { weight: 2, arbitrary: uniform },
  );
}

/** A shape of rank 1 to 4: mostly small dimensions, often equal ones, now and then a long or an empty one. */
const anyShape: Arbitrary<number[]> = fc.oneof(
  { weight: 12, arbitrary: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 2, max: 3 }))
      .map(([size, rank]) => Array<number>(rank).fill(size)),
  },
  { weight: 4, arbitrary: fc.tuple(fewRows(), longSide()) },
  { weight: 3, arbitrary: fc.tuple(longSide(), fewRows()) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(1, 2), longSide(), fc.constantFrom(1, 2)) },
  { weight: 1, arbitrary: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 3 }) },
);

function fewRows(): Arbitrary<number> {
  return fc.integer({ min: 1, max: 4 });
}

/** A long dimension: any, or one around a multiple of a workgroup, where the tails of loops and reductions go wrong. */
function longSide(): Arbitrary<number> {
  return fc.oneof(
    { weight: 1, arbitrary: fc.integer({ min: 7, max: 700 }) },
    { weight: 2, arbitrary: fc.constantFrom(...EDGE_SIZES) },
  );
}

/** Shape of the samples: mostly none. */
const anySampleShape: Arbitrary<number[]> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<number[]>([]) },
  { weight: 3, arbitrary: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom<number[][]>([0], [33]) },
);

/** A temperature: mostly ordinary, sometimes large. */
const anyTemperature: Arbitrary<number> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(1, 0.5, 0.1, 2, 10) },
  { weight: 4, arbitrary: fc.integer({ min: -3000, max: 3000 }).map((n) => 10 ** (n / 1000)) },
  { weight: 1, arbitrary: fc.constantFrom(1e12, 1e38, 1e300) },
);
/** Small ones are not for gradients of random logits: where two categories nearly tie, these overflow float32. */
const smallTemperature: Arbitrary<number> = fc.constantFrom(1e-300, 1e-38, 1e-12, 1e-6);

/** A call of one operation that the spec allows, within what a backend declares. */
export function anyCall(operation: Operation, capabilities: Capabilities): Arbitrary<Call> {
  if (operation === "bits" || operation === "gumbel") {
    const shape = fc.oneof(
      { weight: 9, arbitrary: anyShape },
      { weight: 1, arbitrary: fc.constant<number[]>([]) },
    );
    return shape.chain((shape) =>
      anyNoise(shape, capabilities).map((options) => ({ operation, shape, options })),
    );
  }
  const place = anyShape
    .chain((shape) => fc.tuple(fc.constant(shape), fc.integer({ min: -shape.length, max: shape.length - 1 })))
    .filter(([shape, axis]) => operation !== "categorical" || shape.at(axis) !== 0);
  return fc.tuple(place, anySampleShape).chain(([[shape, axis], samples]) => {
    const sampleShape = takesSampleShape(operation) ? samples : [];
    const outputShape = [...sampleShape, ...shape];
    const isGradient = operation === "softmaxVjp" || operation === "gumbelSoftmaxVjp";
    const parts = fc.record({
      logits: anyLogits(shape),
      cotangent: isGradient ? arrayOf(outputShape, evenly(3)) : fc.constant(undefined),
      noise: anyNoise(outputShape, capabilities),
      soft: fc.record({ temperature: isGradient ? anyTemperature : oftenOrdinary, hard: fc.boolean() }),
      k: fc.integer({ min: 0, max: shape.at(axis) ?? 0 }),
    });
    return parts.map((parts) => assemble(operation, { ...parts, axis, sampleShape }));
  });
}

const oftenOrdinary = fc.oneof(
  { weight: 5, arbitrary: anyTemperature },
  { weight: 1, arbitrary: smallTemperature },
);

interface Parts {
  logits: NdArray;
  cotangent: NdArray | undefined;
  axis: number;
  sampleShape: number[];
  noise: NoiseOptions & { key: Key };
  soft: { temperature: number; hard: boolean };
  k: number;
}

function assemble(operation: Exclude<Operation, "bits" | "gumbel">, parts: Parts): Call {
  const { logits, axis, sampleShape, noise, soft, k } = parts;
  const cotangent = parts.cotangent ?? logits;
  switch (operation) {
    case "softmax":
      return { operation, logits, options: { axis, ...soft } };
    case "softmaxVjp":
      return { operation, logits, cotangent, options: { axis, ...soft } };
    case "gumbelSoftmax":
      return { operation, logits, options: { axis, sampleShape, ...soft, ...noise } };
    case "gumbelSoftmaxVjp":
      return { operation, logits, cotangent, options: { axis, sampleShape, ...soft, ...noise } };
    case "categorical":
      return { operation, logits, options: { axis, sampleShape, ...noise } };
    case "topK":
      return { operation, logits, k, options: { axis, ...noise } };
  }
}

function takesSampleShape(operation: Operation): boolean {
  return operation === "gumbelSoftmax" || operation === "gumbelSoftmaxVjp" || operation === "categorical";
}

function anyNoise(
  shape: readonly number[],
  capabilities: Capabilities,
): Arbitrary<NoiseOptions & { key: Key }> {
  // Left out it is full, which a backend may lack.
  const leftOut = capabilities.precisions.includes("full") ? [undefined] : [];
  const precision = fc.constantFrom<(Precision | undefined)[]>(...leftOut, ...capabilities.precisions);
  const columns = shape.at(-1) ?? 1;
  const placed = fc.record({
    offset: fc.constantFrom(...EDGE_OFFSETS),
    rowStride: fc.constantFrom(0, 1, 5, 2 ** 16, 2 ** 32 - 1, 2 ** 32).map((extra) => columns + extra),
  });
  const place = capabilities.sharding
    ? fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: placed })
    : fc.constant({});
  return fc.tuple(anyKey, precision, place).map(([key, chosen, at]) => ({
    key,
    ...(chosen === undefined ? {} : { precision: chosen }),
    ...at,
  }));
}
