// Masks, degenerate rows, validation, empty tensors, extreme values: what rows may hold.
import type { DegenerateRowError } from "../../errors.ts";
import { key } from "../../key.ts";
import { type NdArray, sizeOf } from "../../nd-array.ts";
import type { Capabilities, Operation } from "../../sampler.ts";
import { type Call, drawsNoise } from "../call.ts";
import { callOn } from "../call-on.ts";
import type { ConformanceCase } from "../case.ts";
import { checkCall, runOrFail } from "../checks/check.ts";
import { ConformanceFailure } from "../failure.ts";
import { constantLogits, fixedLogits, logitsOfRows } from "../fixed-logits.ts";
import { sameData } from "../same-data.ts";

const [MASK, INFINITE, NAN] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN];

/** Operations on logits, as calls that differ in logits and options alone. */
const OPERATIONS_ON_LOGITS = [
  "softmax",
  "gumbelSoftmax",
  "softmaxVjp",
  "gumbelSoftmaxVjp",
  "categorical",
  "topK",
] as const;

/** Healthy rows between degenerate ones of each sort, first and last row included. */
const MIXED_ROWS = logitsOfRows([
  [NAN, 1, 2, 3, 4],
  [0.5, -1, 2, 0, 1],
  [MASK, MASK, MASK, MASK, MASK],
  [3, MASK, 1, MASK, 2],
  [0, INFINITE, 1, 2, 3],
  [1, 1, 1, 1, 1],
  [MASK, NAN, MASK, MASK, MASK],
  [-5, 5, 0, 3, -2],
  [INFINITE, INFINITE, 0, 0, 0],
  [INFINITE, MASK, NAN, 0, 0],
  [0, 0, 0, 0, NAN],
]);

/** Tensors with one degenerate row: along each axis, far down, long, and of rank 4. */
const SPOILED = [
  { shape: [6, 4], axis: -1, row: 0, bad: NAN },
  { shape: [2, 3, 4], axis: -1, row: 5, bad: MASK },
  { shape: [4, 6], axis: 0, row: 3, bad: INFINITE },
  { shape: [3, 4, 100], axis: 1, row: 299, bad: NAN },
  { shape: [300, 4], axis: 0, row: 3, bad: MASK },
  { shape: [300, 4], axis: -1, row: 299, bad: INFINITE },
  { shape: [3, 3000], axis: -1, row: 1, bad: NAN },
  { shape: [3000, 3], axis: 0, row: 2, bad: INFINITE },
  { shape: [2, 3, 2, 4], axis: 2, row: 17, bad: MASK },
];

/** Two degenerate rows, of each sort first. */
const SPOILED_TWICE = [
  [NAN, MASK],
  [MASK, INFINITE],
  [INFINITE, NAN],
];

export const logitsCases: readonly ConformanceCase[] = OPERATIONS_ON_LOGITS.flatMap((operation) => [
  {
    id: `logits/degenerate-rows-${operation}`,
    kind: "robustness",
    title: `${operation} marks degenerate rows, wherever they stand, and touches no other`,
    clauses: ["LOGITS-3"],
    needs: { operations: [operation] },
    async run({ subject }) {
      await checkCall(subject, callOn(operation, MIXED_ROWS));
      if (hasHard(operation)) await checkCall(subject, callOn(operation, MIXED_ROWS, { hard: true }));
      await checkCall(subject, callOn(operation, transposed(MIXED_ROWS), { axis: 0 }));
      for (const bad of [NAN, INFINITE, MASK]) {
        await checkCall(subject, callOn(operation, logitsOfRows([[bad]])));
        // A long row, bad in one place: reductions that go by blocks must still see it.
        const long = fixedLogits([2, 3000], 63);
        if (bad === MASK) long.data.fill(MASK, 0, 3000);
        else long.data[2999] = bad;
        await checkCall(subject, callOn(operation, long));
      }
    },
  },
  {
    id: `logits/masks-${operation}`,
    kind: "exact",
    title: `${operation} gives a masked category nothing, whatever its noise`,
    clauses: ["LOGITS-2", ...(operation === "topK" ? ["TOPK-3"] : [])],
    needs: { operations: [operation] },
    async run({ subject }) {
      // 400 rows of 5, a different subset masked in each, one category left at least.
      const logits = fixedLogits([400, 5], 64, 1);
      logits.data.forEach((_, i) => {
        const [row, j] = [Math.floor(i / 5), i % 5];
        if ((row >> j) & 1 && j !== row % 5) logits.data[i] = MASK;
      });
      await checkCall(subject, callOn(operation, logits));
      if (hasHard(operation)) await checkCall(subject, callOn(operation, logits, { hard: true }));
      // All but one of many: the one that is left must win against any noise.
      const alone = constantLogits([3, 1000], MASK);
      [0, 517, 999].forEach((j, row) => {
        alone.data[row * 1000 + j] = -50;
      });
      await checkCall(subject, callOn(operation, alone));
    },
  },
  {
    id: `logits/extremes-${operation}`,
    kind: "robustness",
    title: `${operation} of finite logits to the ends of float32 is neither NaN nor infinite`,
    clauses: ["LOGITS-6"],
    needs: { operations: [operation] },
    async run({ subject }) {
      const [top, tiny] = [Math.fround(3.4e38), 2 ** -149];
      const logits = logitsOfRows([
        [top, -top, 0, 1],
        [top, top, top, top],
        [-top, -top, -top, -top],
        [-top, MASK, 0, MASK],
        [tiny, -tiny, 0, -0],
        [1e30, 1e20, 1e10, -1e30],
        [16777216, 16777215, 0, 1],
        [-87, -88, -104, -200],
        [87, 88, 104, 200],
      ]);
      for (const temperature of [1, 0.01, 100]) {
        await checkCall(subject, callOn(operation, logits, hasTemperature(operation) ? { temperature } : {}));
      }
      if (hasHard(operation)) await checkCall(subject, callOn(operation, logits, { hard: true }));
    },
  },
  {
    id: `logits/validate-${operation}`,
    kind: "exact",
    title: `${operation} with validate names the first degenerate row, and changes nothing where there is none`,
    clauses: ["LOGITS-4"],
    needs: { operations: [operation] },
    async run({ subject, backend }) {
      const healthy = logitsOfRows([
        [MASK, 0, 2],
        [1, MASK, 0],
        [MASK, MASK, -1],
        [Math.fround(3.4e38), 0, Math.fround(-3.4e38)],
      ]);
      for (const logits of [healthy, constantLogits([0, 3])]) {
        const [plain, validated] = [{}, { validate: true }].map((options) =>
          callOn(operation, logits, options),
        );
        const index = sameData(await runOrFail(subject, plain), await runOrFail(subject, validated));
        if (index !== undefined) {
          throw new ConformanceFailure("LOGITS-4", {
            note: "validate changes a result",
            call: validated,
            index,
          });
        }
      }
      const paths = [
        {},
        ...(hasHard(operation) ? [{ hard: true }] : []),
        ...(takesSamples(operation) ? [{ sampleShape: [2] }] : []),
        ...(hasTemperature(operation) ? [{ temperature: 0.5 }] : []),
        ...(drawsNoise(operation) ? otherNoise(backend.sampler.capabilities) : []),
      ];
      for (const { shape, axis, row, bad } of SPOILED) {
        const logits = spoiled(constantLogits(shape), axis, row, bad);
        for (const path of paths) {
          const call = callOn(operation, logits, { ...path, axis, validate: true });
          await expectDegenerate(call, row, (call) => subject.run(call));
        }
      }
      for (const [first, second] of SPOILED_TWICE) {
        for (const axis of [0, 1]) {
          const logits = spoiled(spoiled(constantLogits([7, 7]), axis, 2, first), axis, 5, second);
          const call = callOn(operation, logits, { axis, validate: true });
          await expectDegenerate(call, 2, (call) => subject.run(call));
        }
      }
    },
  },
  {
    id: `logits/empty-${operation}`,
    kind: "exact",
    title: `${operation} of a tensor without elements is without elements`,
    clauses: ["LOGITS-5"],
    needs: { operations: [operation] },
    async run({ subject }) {
      await checkCall(subject, callOn(operation, constantLogits([0, 4])));
      await checkCall(subject, callOn(operation, constantLogits([2, 0, 3])));
      await checkCall(subject, callOn(operation, constantLogits([3, 0]), { axis: 0 }));
      if (operation === "categorical") {
        await checkCall(subject, callOn(operation, constantLogits([3, 4]), { sampleShape: [2, 0] }));
        await expectRangeError(callOn(operation, constantLogits([3, 0])), (call) => subject.run(call));
      } else {
        await checkCall(subject, callOn(operation, constantLogits([3, 0])));
      }
      if (operation === "topK") {
        const none: Call = { operation, logits: fixedLogits([3, 4], 65), k: 0, options: { key: key(1) } };
        await checkCall(subject, none);
      }
    },
  },
]);

function hasTemperature(operation: Operation): boolean {
  return operation !== "categorical" && operation !== "topK";
}

function hasHard(operation: Operation): boolean {
  return hasTemperature(operation);
}

/** Every way to ask for other noise than the default, as far as the backend has it. */
function otherNoise({ precisions, sharding }: Capabilities): object[] {
  return [...precisions.map((precision) => ({ precision })), ...(sharding ? [{ offset: 3 }] : [])];
}

function takesSamples(operation: Operation): boolean {
  return operation === "gumbelSoftmax" || operation === "gumbelSoftmaxVjp" || operation === "categorical";
}

/** One row made degenerate: all of it masked, or its last category bad. */
function spoiled(
  logits: NdArray<Float32Array>,
  axis: number,
  row: number,
  bad: number,
): NdArray<Float32Array> {
  const { data, shape } = logits;
  const inner = axis === -1 ? 1 : sizeOf(shape.slice(axis + 1));
  const classes = shape.at(axis)!;
  const start = Math.floor(row / inner) * classes * inner + (row % inner);
  for (let j = 0; j < classes; j++) if (bad === MASK || j === classes - 1) data[start + j * inner] = bad;
  return logits;
}

function transposed({ data, shape: [rows, columns] }: NdArray): NdArray {
  const turned = Float32Array.from(
    { length: rows * columns },
    (_, i) => data[(i % rows) * columns + Math.floor(i / rows)],
  );
  return { data: turned, shape: [columns, rows] };
}

async function expectDegenerate(
  call: Call,
  row: number,
  run: (call: Call) => Promise<unknown>,
): Promise<void> {
  let error: unknown;
  try {
    await run(call);
  } catch (thrown) {
    error = thrown;
  }
  // By name, not identity: the backend may run in another realm or with another copy of core.
  if (
    error instanceof Error &&
    error.name === "DegenerateRowError" &&
    (error as DegenerateRowError).row === row &&
    error.message.includes(String(row))
  ) {
    return;
  }
  const note = `validate must throw a DegenerateRowError that says row ${row}, got ${error ?? "no error"}`;
  throw new ConformanceFailure("LOGITS-4", { note, call });
}

async function expectRangeError(call: Call, run: (call: Call) => Promise<unknown>): Promise<void> {
  try {
    await run(call);
  } catch (error) {
    if (error instanceof Error && error.name === "RangeError") return;
    throw new ConformanceFailure("LOGITS-5", {
      note: `no category must be a RangeError, got ${error}`,
      call,
    });
  }
  throw new ConformanceFailure("LOGITS-5", { note: "no category must be a RangeError, got no error", call });
}
