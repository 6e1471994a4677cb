// Rows that are ordinary but for one place: the tails of blocks, where a reduction over a row goes wrong.

import type { NdArray } from "../../nd-array.ts";
import { key } from "../../random/key.ts";
import { type Call, hasOption } from "../call.ts";
import { callOn, ON_LOGITS, type OnLogits } from "../call-on.ts";
import type { ConformanceCase } from "../case.ts";
import { checkCall } from "../checks/check.ts";
import { constantLogits, edgesOf, fixedLogits } from "../fixed-logits.ts";

/** Lengths of rows that leave nothing or one over, of blocks of 64 to 2048. */
const LENGTHS = {
  quick: [65, 257, 1024, 2049],
  full: [64, 65, 256, 257, 1024, 1025, 2048, 2049],
};

const MASK = Number.NEGATIVE_INFINITY;
const HUGE = Math.fround(1e30);

/** What a row is, by its length: what stands where in it. Among equal huge logits the noise decides. */
const ROWS: readonly ((n: number) => readonly [from: number, to: number, value: number][])[] = [
  () => [],
  (n) => [[n - 1, n, 60]],
  () => [[0, 1, 60]],
  (n) => [[n - 1, n, Number.NaN]],
  (n) => [[n >> 1, (n >> 1) + 1, Number.NaN]],
  (n) => [[n - 1, n, Number.POSITIVE_INFINITY]],
  () => [],
  () => [[0, 1, Number.NaN]],
  () => [],
  (n) => [[0, n - 1, MASK]],
  (n) => [[1, n, MASK]],
  (n) => [[0, n, MASK]],
  (n) => [[0, n >> 1, MASK]],
  (n) => [[0, n, HUGE]],
  (n) => [
    [0, 1, HUGE],
    [n - 1, n, HUGE],
  ],
  (n) => [[(n >> 1) - 1, (n >> 1) + 1, HUGE]],
  (n) => [[1, n, -HUGE]],
];

function oddRows(length: number): NdArray<Float32Array> {
  const { data, shape } = fixedLogits([ROWS.length, length], 121);
  ROWS.forEach((places, row) => {
    for (const [from, to, value] of places(length)) data.fill(value, row * length + from, row * length + to);
  });
  return { data, shape };
}

/** Length of the long rows that are odd in one place, a different one in each, and how far apart these places are. */
const LONG = { quick: 1025, full: 2049, apart: 64 };

/** Every second row is odd in one place, further on in each; the rows between are as they were. */
function oddAnywhere(length: number, rest: number | undefined, value: number): NdArray<Float32Array> {
  const odd = Math.ceil(length / LONG.apart);
  const { data, shape } = fixedLogits([2 * odd, length], 123);
  for (let i = 0; i < odd; i++) {
    const start = (2 * i + 1) * length;
    if (rest !== undefined) data.fill(rest, start, start + length);
    data[start + i * LONG.apart] = value;
  }
  return { data, shape };
}

function transposed({ data, shape: [rows, columns] }: NdArray<Float32Array>): NdArray<Float32Array> {
  const turned = data.map((_, i) => data[(i % rows) * columns + Math.floor(i / rows)]);
  return { data: turned, shape: [columns, rows] };
}

function callsOf(operation: OnLogits, logits: NdArray, axis: number): Call[] {
  const options = { key: key(122), axis };
  const plain = callOn(operation, logits, options);
  if ("k" in plain) return [{ ...plain, k: Math.min(70, plain.k) }];
  const isSample = hasOption(operation, "hard") && !("cotangent" in plain);
  return isSample ? [plain, callOn(operation, logits, { ...options, hard: true })] : [plain];
}

/** Length of the rows that the edges of blocks are tried in. */
const EDGED = { quick: 2 ** 12 + 1, full: 2 ** 16 + 1 };

/** A row for each edge of a block, which wins it. */
function edgesWin(length: number): NdArray<Float32Array> {
  const edges = edgesOf(length);
  const { data, shape } = fixedLogits([edges.length, length], 126);
  edges.forEach((edge, row) => {
    data[row * length + edge] = 60;
  });
  return { data, shape };
}

/** A row that all edges share, so far above the rest that float32 overflows without them, and rows that the last decides. */
function edgesDecide(length: number): NdArray<Float32Array> {
  const { data, shape } = fixedLogits([4, length], 127);
  for (let j = 0; j < length; j++) data[j] -= 70;
  for (const edge of edgesOf(length)) data[edge] = 30;
  data[2 * length - 1] = Number.NaN;
  data.fill(MASK, 2 * length, 3 * length - 1);
  data[4 * length - 1] = Number.POSITIVE_INFINITY;
  return { data, shape };
}

/** Length of the rows whose largest perturbed logits stand together, or apart by a stride, and how many places are asked for. */
const CROWDED = { length: 4097, k: 300, strides: [16, 32, 64, 128, 256, 512, 1024] };

/** In each row the largest perturbed logits all stand where one block, or one thread that takes every n-th, finds them. */
function crowdedRows(): NdArray<Float32Array> {
  const { length, k, strides } = CROWDED;
  const isBest: ((j: number) => boolean)[] = [
    (j) => j < k,
    (j) => j >= 1500 && j < 1500 + k,
    (j) => j >= length - k,
    ...strides.map((stride) => (j: number) => j % stride === 5),
  ];
  const { data, shape } = fixedLogits([isBest.length, length], 124);
  return {
    data: data.map((value, i) => value + (isBest[Math.floor(i / length)](i % length) ? 40 : 0)),
    shape,
  };
}

const crowdedCase: ConformanceCase = {
  id: "tails/crowded-gumbelTopK",
  kind: "robustness",
  title: "gumbelTopK finds the largest categories also where one block, or one thread of many, has them all",
  clauses: ["TOPK-1", "TOPK-2"],
  needs: { operations: ["gumbelTopK"] },
  async run({ subject, backend }) {
    const logits = crowdedRows();
    const options = { key: key(125) };
    await checkCall(subject, { operation: "gumbelTopK", logits, k: CROWDED.k, options });
    await checkCall(subject, callOn("gumbelTopK", fixedLogits([1, 2049], 128)));
    if (backend.sampler.capabilities.precisions.includes("jax")) {
      // Equal logits, whose 23-bit noise ties now and then, all of them in order.
      const equal = constantLogits([8, 3000]);
      await checkCall(subject, callOn("gumbelTopK", equal, { precision: "jax" }));
    }
    const turned = transposed(logits);
    await checkCall(subject, {
      operation: "gumbelTopK",
      logits: turned,
      k: CROWDED.k,
      options: { ...options, axis: 0 },
    });
  },
};

const operationCases: readonly ConformanceCase[] = ON_LOGITS.flatMap((operation): ConformanceCase[] => [
  {
    id: `tails/edges-${operation}`,
    kind: "robustness",
    title: `${operation} misses no category, mask or NaN at the edge of a block of any power of two`,
    clauses: ["LOGITS-7", "LOGITS-3", "LOGITS-2"],
    needs: { operations: [operation] },
    async run({ subject, quick }) {
      for (const length of quick ? [EDGED.quick] : [EDGED.quick, EDGED.full]) {
        for (const call of callsOf(operation, edgesDecide(length), -1)) await checkCall(subject, call);
        const winners = callsOf(operation, edgesWin(length), -1).filter(picksOne);
        for (const call of winners) await checkCall(subject, call);
      }
    },
  },
  {
    id: `tails/${operation}`,
    kind: "robustness",
    title: `${operation} finds a argmax, a tie, a mask or a NaN at either end and in the middle of long rows`,
    clauses: ["LOGITS-7", "LOGITS-3", "LOGITS-2"],
    needs: { operations: [operation] },
    async run({ subject, quick }) {
      for (const [i, length] of (quick ? LENGTHS.quick : LENGTHS.full).entries()) {
        const logits = oddRows(length);
        for (const call of callsOf(operation, logits, -1)) await checkCall(subject, call);
        if (quick && i % 2 === 0) continue;
        for (const call of callsOf(operation, transposed(logits), 0)) await checkCall(subject, call);
      }
    },
  },
  {
    id: `tails/anywhere-${operation}`,
    kind: "robustness",
    title: `${operation} finds a argmax, a NaN or the only unmasked category in every block of a long row`,
    clauses: ["LOGITS-7", "LOGITS-3", "LOGITS-2"],
    needs: { operations: [operation] },
    async run({ subject, quick }) {
      for (const length of quick ? [LONG.quick] : [LONG.quick, LONG.full]) {
        for (const logits of [
          oddAnywhere(length, undefined, 60),
          oddAnywhere(length, undefined, Number.NaN),
          oddAnywhere(length, MASK, -50),
        ]) {
          for (const call of callsOf(operation, logits, -1)) await checkCall(subject, call);
        }
      }
    },
  },
]);

/** Whether a call's result is decided by one category of a row. */
function picksOne(call: Call): boolean {
  return call.operation === "categorical" || ("hard" in call.options && call.options.hard === true);
}

export const tailCases: readonly ConformanceCase[] = [...operationCases, crowdedCase];
