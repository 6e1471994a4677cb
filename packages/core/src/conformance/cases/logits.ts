// Masks, degenerate rows, empty tensors, large and extreme values: what rows may hold.
import type { NdArray } from "../../nd-array.ts";
import { FLT_MAX } from "../../numerics.ts";
import { type OperationName, operations } from "../../operation-table.ts";
import { type Call, hasOption, type Result } from "../call.ts";
import { callOn, needsCategory, ON_LOGITS, withLogits } from "../call-on.ts";
import type { ConformanceCase } from "../case.ts";
import { checkCall, checkPremise } from "../checks/check.ts";
import { ConformanceFailure } from "../failure.ts";
import { constantLogits, fixedLogits, logitsOfRows } from "../fixed-logits.ts";

const [MASK, INFINITE, NAN] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN];

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

/** Sizes of logits beside which a sum in float32 loses the noise, whole rows of the usual masks among them. */
const LARGE = [1e7, 1e8, -1e8, -1e9, 1e30, FLT_MAX, -FLT_MAX];

const operationCases: readonly ConformanceCase[] = ON_LOGITS.flatMap((operation) => [
  {
    id: `logits/degenerate-rows-${operation}`,
    kind: "robustness",
    title: `${operation} marks degenerate rows, wherever they stand, and touches no other`,
    clauses: ["LOGITS-3"],
    needs: { operations: [operation] },
    async run({ subject }) {
      // What is wrong in sound rows of these sizes is no fault of degenerate ones.
      for (const shape of [
        [301, 4],
        [2, 3000],
      ])
        await checkPremise(subject, callOn(operation, fixedLogits(shape, 63)));
      await checkCall(subject, callOn(operation, MIXED_ROWS));
      if (hasOption(operation, "hard"))
        await checkCall(subject, callOn(operation, MIXED_ROWS, { hard: true }));
      await checkCall(subject, callOn(operation, transposed(MIXED_ROWS), { axis: 0 }));
      const many = fixedLogits([301, 4], 66);
      for (const [i, row] of [0, 63, 64, 255, 256, 270, 300].entries())
        many.data[4 * row + 3] = i % 2 ? NAN : INFINITE;
      await checkCall(subject, callOn(operation, many));
      await checkCall(subject, callOn(operation, transposed(many), { axis: 0 }));
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
    clauses: ["LOGITS-2", ...(operation === "gumbelTopK" ? ["TOPK-3"] : [])],
    needs: { operations: [operation] },
    async run({ subject }) {
      // 400 rows of 5, a different subset masked in each, one category left at least.
      const logits = fixedLogits([400, 5], 64, 1);
      logits.data.forEach((_, i) => {
        const [row, j] = [Math.floor(i / 5), i % 5];
        if ((row >> j) & 1 && j !== row % 5) logits.data[i] = MASK;
      });
      await checkCall(subject, callOn(operation, logits));
      if (hasOption(operation, "hard")) await checkCall(subject, callOn(operation, logits, { hard: true }));
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
      // The ends themselves: a kernel may hold them for masks, or for where a maximum starts.
      const [top, tiny] = [FLT_MAX, 2 ** -149];
      const below = Math.fround(3.4e38);
      const logits = logitsOfRows([
        [top, -top, 0, 1],
        [-top, MASK, MASK, MASK],
        [MASK, -top, MASK, -top],
        [top, MASK, top, -top],
        [below, top, -below, MASK],
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
        await checkCall(subject, callOn(operation, logits, { temperature }));
      }
      if (hasOption(operation, "hard")) await checkCall(subject, callOn(operation, logits, { hard: true }));
    },
  },
  {
    id: `logits/large-${operation}`,
    kind: "exact",
    title: `${operation} of logits of any size has the noise decide between equal ones`,
    clauses: ["LOGITS-4"],
    needs: { operations: [operation] },
    async run({ subject }) {
      for (const size of LARGE) {
        const logits = constantLogits([40, 5], Math.fround(size));
        await checkCall(subject, callOn(operation, logits));
        await checkCall(subject, callOn(operation, logits, { hard: true }));
        await checkCall(subject, callOn(operation, transposed(logits), { axis: 0 }));
        // A smaller one among them never wins: two large logits decide.
        const mixed = {
          ...logits,
          data: logits.data.map((x, i) => (i % 5 === 2 ? Math.fround(x - Math.abs(x) / 2) : x)),
        };
        await checkCall(subject, callOn(operation, mixed));
      }
      await checkCall(subject, callOn(operation, constantLogits([2, 3000], Math.fround(-1e9))));
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
      if (hasOption(operation, "sampleShape")) {
        await checkCall(subject, callOn(operation, constantLogits([3, 4]), { sampleShape: [2, 0] }));
      }
      if (needsCategory(operation)) {
        const call = withLogits(callOn(operation, constantLogits([3, 4])), constantLogits([3, 0]));
        await expectRangeError(call, (call) => subject.run(call));
      } else {
        await checkCall(subject, callOn(operation, constantLogits([3, 0])));
      }
      const plain = callOn(operation, fixedLogits([3, 4], 65));
      if ("k" in plain) await checkCall(subject, { ...plain, k: 0 });
    },
  },
]);

/** Cases of operations that read a category of each row. */
const indexCases: readonly ConformanceCase[] = ON_LOGITS.filter(
  (operation) => "indices" in operations[operation].inputs,
).map(
  (operation): ConformanceCase => ({
    id: `logits/indices-${operation}`,
    kind: "exact",
    title: `${operation} of index −1, of a masked category and of one out of range is what the spec says, or refused`,
    clauses: [clauseOfIndices(operation)],
    needs: { operations: [operation] },
    async run({ subject }) {
      const logits = logitsOfRows([
        [0, MASK, 2],
        [1, 0, -1],
        [NAN, 0, 1],
        [MASK, MASK, MASK],
      ]);
      const of = (indices: readonly number[]) =>
        ({ ...callOn(operation, logits), indices: { data: Int32Array.from(indices), shape: [4] } }) as Call;
      for (const indices of [
        [1, -1, 0, 0],
        [0, 2, -1, -1],
        [2, 1, 2, 2],
      ]) {
        await checkCall(subject, of(indices));
      }
      for (const outside of [3, -2, 2 ** 30, -(2 ** 31)]) {
        await expectRefusedOrNaN(of([0, outside, 0, 0]), (call) => subject.run(call));
      }
    },
  }),
);

/** The clause about indices that no category has. */
function clauseOfIndices(operation: OperationName): string {
  return operation === "conditionalGumbel" ? "COND-4" : "LOGP-2";
}

async function expectRefusedOrNaN(call: Call, run: (call: Call) => Promise<Result>): Promise<void> {
  const fail = (note: string) => new ConformanceFailure(clauseOfIndices(call.operation), { note, call });
  let result: Result;
  try {
    result = await run(call);
  } catch (error) {
    if (!(error instanceof Error && error.name === "RangeError" && error.message.includes("indices")))
      throw fail(`an index out of range must be a RangeError that names indices, got ${error}`);
    return;
  }
  // The second of four rows, of one element or of all categories.
  const { data } = result[0];
  const values = Array.from(data as ArrayLike<number>).slice(data.length / 4, data.length / 2);
  const value = values.find((each) => !Number.isNaN(each));
  if (value !== undefined) throw fail(`an index out of range gave ${value}`);
}

function transposed({ data, shape: [rows, columns] }: NdArray): NdArray<Float32Array> {
  const turned = Float32Array.from(
    { length: rows * columns },
    (_, i) => data[(i % rows) * columns + Math.floor(i / rows)],
  );
  return { data: turned, shape: [columns, rows] };
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

export const logitsCases: readonly ConformanceCase[] = [...operationCases, ...indexCases];
