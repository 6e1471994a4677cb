// Values and keys by row: a row of a batch is the row alone, whatever is beside it.
import fc from "fast-check";
import { type Key, key, split } from "../../random/key.ts";
import { anyFilters } from "../arbitrary-filters.ts";
import { anyLogits } from "../arbitrary-logits.ts";
import type { CallOf } from "../call.ts";
import type { CaseContext, ConformanceCase } from "../case.ts";
import { checkCall, runOrFail } from "../checks/check.ts";
import { checkChangedLater } from "../checks/check-changed-later.ts";
import { ConformanceFailure } from "../failure.ts";
import { draw, EACH_FILTER, type FilterOptions, filterCase, has, rowOf } from "../filter-calls.ts";
import { fixedLogits } from "../fixed-logits.ts";
import { forAll } from "../property.ts";
import { firstDifference } from "../same-data.ts";

const BATCH = 6;

/** Different values for each row. */
const BY_ROW: readonly FilterOptions[] = [
  { temperature: [0.5, 0, 1, 3, 0.1, 1] },
  { topK: [1, 3, 0, 200, 7, 2] },
  { topP: Float32Array.of(0.1, 0.5, 1, 0.9, 0, 0.75) },
  { minP: [0, 0.5, 1, 0.01, 0.2, 0] },
  { typicalP: [0.3, 1, 0.9, 0.5, 0.2, 0] },
  { epsilonCutoff: [0, 0.01, 0.5, 0.001, 0.1, 0] },
  { etaCutoff: [0, 0.3, 0.01, 0.001, 0.1, 0] },
  { topNSigma: [0, 1, 0.2, 3, 1, 0] },
  { temperature: [2, 0.5, 1, 1, 0.7, 0], topK: [0, 20, 5, 9, 30, 1], topP: [0.9, 0.8, 1, 0.5, 0.2, 1] },
];

/** The values of one row. */
function optionsOfRow(options: FilterOptions, row: number): FilterOptions {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name,
      typeof value === "object" && value !== null ? (value as ArrayLike<number>)[row] : value,
    ]),
  );
}

export const rowCases: readonly ConformanceCase[] = [
  filterCase(
    "values-by-row",
    "temperatures and filters by row are those of single calls",
    ["DEC-8", "DEC-1", "DEC-3", "DEC-4", "DEC-5", "DEC-6", "DEC-11"],
    { perRow: true },
    async (context) => {
      const logits = fixedLogits([BATCH, 150], 251, 4);
      const keys = split(key(252), BATCH);
      for (const options of BY_ROW.filter((each) => has(context, each))) {
        await checkCall(context.subject, draw(logits, options));
        await checkCall(context.subject, draw(logits, { ...options, sampleShape: [2, 2] }));
        const call = draw(logits, { ...options, key: keys });
        const alone: number[] = [];
        for (let row = 0; row < BATCH; row++) {
          const single = draw(rowOf(logits, row), { ...optionsOfRow(options, row), key: keys[row] });
          alone.push((await checkCall(context.subject, single))[0].data[0]);
        }
        await expectSame(context, "DEC-8", call, alone, "rows with values of their own");
      }
      const along = { axis: 1, temperature: [0.3, 1, 0, 2, 1, 0.7], key: keys };
      await checkCall(context.subject, draw(fixedLogits([2, 40, 3], 253), along));
    },
  ),
  filterCase(
    "keys-by-row",
    "with a key for each row a row's sample is that of the row alone, whatever is beside it",
    ["DEC-9", "BITS-4"],
    { perRow: true },
    async (context) => {
      const { backend } = context;
      const filtered = EACH_FILTER.filter((each) => has(context, each));
      const offsets = backend.sampler.capabilities.sharding
        ? [{}, { offset: 2 ** 32 - 9, rowStride: 400 }]
        : [{}];
      for (const length of [3, 100, 300]) {
        const logits = fixedLogits([BATCH, length], 261, 4);
        const keys: Key[] = [...split(key(262), BATCH - 2), [0, 0], [0, 0]];
        for (const options of [{}, ...filtered.slice(0, 2), ...filtered.slice(-1)]) {
          for (const place of offsets) {
            const both = { ...options, ...place, sampleShape: [3] };
            const alone: number[] = Array(3 * BATCH).fill(0);
            for (let row = 0; row < BATCH; row++) {
              const single = draw(rowOf(logits, row), { ...both, key: keys[row] });
              const [{ data }] = await checkCall(context.subject, single);
              for (let sample = 0; sample < 3; sample++) alone[sample * BATCH + row] = data[sample];
            }
            const call = draw(logits, { ...both, key: keys });
            await expectSame(context, "DEC-9", call, alone, "rows under keys of their own");
          }
        }
      }
    },
  ),
  filterCase(
    "copied",
    "arrays of values, masks and keys are read before a call returns, and never changed",
    ["LIFE-1"],
    { perRow: true },
    async (context) => {
      const { filters } = context.backend.sampler.capabilities;
      const options = {
        temperature: [2, 0.5, 2, 0],
        key: split(key(272), 4),
        ...(filters.includes("topP") ? { topP: Float64Array.of(0.9, 0.5, 0.95, 0.7) } : {}),
        ...(filters.includes("mask") ? { mask: Int32Array.of(-1, 127) } : {}),
      };
      const shown = () =>
        JSON.stringify(options, (_, value) => (ArrayBuffer.isView(value) ? String(value) : value));
      const before = shown();
      const call = draw(fixedLogits([4, 40], 271), options);
      await checkCall(context.subject, call);
      if (shown() !== before)
        throw new ConformanceFailure("LIFE-1", { note: "an array of options was changed", call });
      await checkChangedLater(context, call);
    },
  ),
  {
    id: "filters/batch",
    kind: "property",
    title: "under keys by row the rows of a batch change nothing in one another, to the last bit",
    clauses: ["DEC-9", "DEC-8"],
    needs: { operations: ["categorical"], perRow: true },
    run: (context) => {
      const { capabilities } = context.backend.sampler;
      const length = fc.constantFrom(5, 33, 260);
      const calls = length.chain((n) =>
        fc.record({
          logits: anyLogits([3, n]),
          filters: anyFilters({ count: 1, categories: n }, { ...capabilities, perRow: false }),
        }),
      );
      return forAll(
        context,
        calls,
        async ({ logits, filters }) => {
          const keys = split(key(301), 3);
          const [{ data }] = await runOrFail(context.subject, draw(logits, { ...filters, key: keys }));
          for (let row = 0; row < 3; row++) {
            const call = draw(rowOf(logits, row), { ...filters, key: keys[row] });
            const [alone] = await runOrFail(context.subject, call);
            if (alone.data[0] === data[row]) continue;
            const details = { call, index: 0, got: alone.data[0], expected: data[row] };
            throw new ConformanceFailure("DEC-9", {
              ...details,
              note: "a row alone has another sample than in a batch",
            });
          }
        },
        { quick: 30, full: 100 },
      );
    },
  },
];

async function expectSame(
  { subject }: CaseContext,
  clause: string,
  call: CallOf<"categorical">,
  expected: readonly number[],
  what: string,
): Promise<void> {
  const [{ data }] = await checkCall(subject, call);
  const index = firstDifference(data, expected);
  if (index === undefined) return;
  const note = `${what} have other samples in a batch than alone`;
  throw new ConformanceFailure(clause, { note, call, index, got: data[index], expected: expected[index] });
}
