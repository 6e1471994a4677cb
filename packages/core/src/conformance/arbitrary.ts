// Random calls for the property cases, read off the table: every operation, any rank and axis, tails of workgroups, odd
// keys and counters.
import fc, { type Arbitrary } from "fast-check";
import { MAX_TEMPERATURE, MIN_TEMPERATURE } from "../arguments.ts";
import type { Estimator } from "../estimators.ts";
import { sizeOf } from "../layout.ts";
import type { NdArray } from "../nd-array.ts";
import type { Named, TensorOf } from "../operation.ts";
import { type OperationName, operations } from "../operation-table.ts";
import type { NoiseOptions } from "../options.ts";
import type { Key } from "../random/key.ts";
import type { Precision } from "../random/noise.ts";
import type { ResolvedLogits } from "../resolve.ts";
import type { Capabilities } from "../sampler.ts";
import { anyFilters, oneOrKeys, oneOrPerRow, type Rows } from "./arbitrary-filters.ts";
import { anyLogits, arrayOf, evenly } from "./arbitrary-logits.ts";
import { type CallOf, hasOption } from "./call.ts";
import { maskedAs, needsCategory, resolvedOf } from "./call-on.ts";

/** Words where sign bits, carries and "no key given" tests go wrong. */
const EDGE_WORDS = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff];

/** Counters around the carry into the high word, and far beyond it. */
const EDGE_OFFSETS = [0, 1, 2 ** 24, 2 ** 31 - 2, 2 ** 32 - 3, 2 ** 32, 2 ** 33 + 5, 2 ** 52 + 1];

/** Sizes that leave nothing, one or all but one of a workgroup, block or tile over. */
const EDGE_SIZES = [
  15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 129, 255, 256, 257, 511, 512, 513, 1023, 1024, 1025, 2047, 2049,
];

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

/** An ordinary temperature, or a large one. */
const anyTemperature: Arbitrary<number> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(1, 0.5, 0.1, 2, 10) },
  { weight: 4, arbitrary: fc.integer({ min: -3000, max: 3000 }).map((n) => 10 ** (n / 1000)) },
  { weight: 1, arbitrary: fc.constantFrom(1e6, 1e12, MAX_TEMPERATURE) },
);

/** Small ones are not for gradients of random logits: where two categories nearly tie, these overflow float32. */
const smallTemperature: Arbitrary<number> = fc.constantFrom(MIN_TEMPERATURE, 1e-11, 1e-6);

/** Any value of each option but those of the noise, which depend on its shape; `undefined` is left out. */
const OPTIONS: Readonly<Record<string, (operation: OperationName) => Arbitrary<unknown>>> = {
  temperature: (operation) =>
    fc.oneof(
      { weight: 5, arbitrary: anyTemperature },
      { weight: isGradient(operation) ? 0 : 1, arbitrary: smallTemperature },
      { weight: operation === "categorical" ? 1 : 0, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
  hard: () => fc.constantFrom(false, true),
  log: () => fc.constantFrom(false, false, true),
  logit: () => fc.constantFrom(false, true),
};

function isGradient(operation: OperationName): boolean {
  return "cotangent" in operations[operation].inputs;
}

/** A call of one operation that the spec allows, within what a backend declares. */
export function anyCall<O extends OperationName>(
  operation: O,
  capabilities: Capabilities,
): Arbitrary<CallOf<O>> {
  const calls = "logits" in operations[operation].inputs ? anyCallOnLogits : anyCallOfShape;
  return calls(operation, capabilities) as Arbitrary<CallOf<O>>;
}

function anyCallOfShape(operation: OperationName, capabilities: Capabilities): Arbitrary<unknown> {
  const shape = fc.oneof(
    { weight: 9, arbitrary: anyShape },
    { weight: 1, arbitrary: fc.constant<number[]>([]) },
  );
  return shape.chain((shape) =>
    anyNoise(operation, shape, capabilities).map((options) => ({ operation, shape, options })),
  );
}

function anyCallOnLogits(operation: OperationName, capabilities: Capabilities): Arbitrary<unknown> {
  const entry = operations[operation];
  const place = anyShape
    .chain((shape) => fc.tuple(fc.constant(shape), fc.integer({ min: -shape.length, max: shape.length - 1 })))
    .filter(([shape, axis]) => !needsCategory(operation) || shape.at(axis) !== 0);
  return fc.tuple(place, anySampleShape).chain(([[shape, axis], samples]) => {
    const sampleShape = hasOption(operation, "sampleShape") ? samples : [];
    const options = Object.fromEntries(
      Object.entries(OPTIONS)
        .filter(([name]) => hasOption(operation, name))
        .filter(([name]) => name !== "log" || capabilities.logarithms)
        .map(([name, any]) => [name, any(operation)]),
    );
    const categories = shape.at(axis) ?? 0;
    const rows = { count: categories === 0 ? 0 : sizeOf(shape) / categories, categories };
    const parts = fc.record({
      logits: anyLogits(shape),
      k: fc.integer({ min: 0, max: categories }),
      options: fc.record(options),
      noise: anyNoise(operation, [...sampleShape, ...shape], capabilities),
      rows: anyRows(operation, rows, capabilities),
      estimator: anyEstimator(operation, capabilities),
    });
    return parts.chain(({ logits, k, options, noise, rows, estimator }) => {
      const samples = hasOption(operation, "sampleShape") ? { sampleShape } : {};
      const call = { operation, logits, ...(entry.parameters.includes("k") ? { k } : {}) };
      const all: Record<string, unknown> = {
        ...(hasOption(operation, "axis") ? { axis } : {}),
        ...samples,
        ...withoutUndefined(options),
        ...noise,
        ...rows,
        ...estimator,
      };
      // A one-hot has no logarithm.
      if (all.hard === true) for (const name of ["log", "logit"]) delete all[name];
      const resolved = resolvedOf({ ...call, options: all } as never);
      return fc
        .record(otherInputs(entry.inputs, resolved))
        .map((others) => ({ ...call, ...others, ...unmixed(logits, others), options: all }));
    });
  });
}

/** Filters, and a temperature or a key for each row, of an operation that has them. */
function anyRows(operation: OperationName, rows: Rows, capabilities: Capabilities): Arbitrary<object> {
  if (!hasOption(operation, "topP")) return fc.constant({});
  const { perRow = false } = capabilities;
  const smallest = fc.constantFrom(1, 0.5, 3, 1, ...(operation === "categorical" ? [0] : []));
  const values = fc.record({
    temperature: oneOrPerRow(smallest, rows.count, true),
    ...(hasOption(operation, "key") ? { key: oneOrKeys(anyKey, rows.count, true) } : {}),
  });
  const byRow = perRow
    ? fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: values })
    : fc.constant({});
  // The noise of a row alone has its row's length, which the others' rowStride may not reach: left out.
  return fc.tuple(anyFilters(rows, capabilities), byRow).map(([filters, byRow]) => ({
    ...filters,
    ...byRow,
    ...("key" in byRow ? { rowStride: undefined } : {}),
  }));
}

/** Mostly no estimator, else one that a backend has, with its option or without. */
function anyEstimator(operation: OperationName, { estimators = [] }: Capabilities): Arbitrary<object> {
  if (!hasOption(operation, "estimator") || estimators.length === 0) return fc.constant({});
  const options: Readonly<Record<Estimator, object>> = {
    "straight-through": { backwardTemperature: anyTemperature },
    reinmax: {},
    "gumbel-rao": { draws: fc.integer({ min: 1, max: 4 }) },
    gapped: { gap: fc.constantFrom(0, 0.5, 1, 20, "expected", undefined) },
  };
  const some = fc
    .constantFrom(...estimators)
    .chain((estimator) =>
      fc.record(options[estimator]).map((own) => ({ hard: true, estimator, ...withoutUndefined(own) })),
    );
  return fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: some });
}

/** The tensors beside the logits: floats, or categories of each row and now and then none. */
function otherInputs(
  inputs: Named<TensorOf<object>>,
  call: ResolvedLogits,
): Record<string, Arbitrary<NdArray>> {
  const [, ...others] = Object.entries(inputs);
  return Object.fromEntries(
    others.map(([name, { dtype, shape }]) => {
      if (name === "otherLogits") return [name, anyLogits(shape(call))];
      const values =
        dtype === "float32"
          ? evenly(3)
          : (_: number, u: number) => Math.floor(u * (call.layout.categories + 1)) - 1;
      return [name, arrayOf(shape(call), values)];
    }),
  );
}

/** Mostly a log-sample has no mass under a mask: else any density would be −∞. */
function unmixed(logits: NdArray, { logSample }: Record<string, NdArray>): { logSample?: NdArray } {
  if (logSample === undefined || (logSample.data[0] ?? 0) > 2.5) return {};
  return { logSample: maskedAs(logits, logSample) };
}

function withoutUndefined(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function anyNoise(
  operation: OperationName,
  shape: readonly number[],
  capabilities: Capabilities,
): Arbitrary<NoiseOptions> {
  if (!hasOption(operation, "key")) return fc.constant({});
  // Left out it is full, which a backend may lack.
  const leftOut = capabilities.precisions.includes("full") ? [undefined] : [];
  const precision = hasOption(operation, "precision")
    ? fc.constantFrom<(Precision | undefined)[]>(...leftOut, ...capabilities.precisions)
    : fc.constant(undefined);
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
