// Estimators of the gradient of hard samples: the same sample, each with its own product, and what they are known to share.
import { ESTIMATORS, type Estimator } from "../../estimators.ts";
import { key } from "../../random/key.ts";
import type { Capabilities } from "../../sampler.ts";
import type { Call, CallOf } from "../call.ts";
import { callOn } from "../call-on.ts";
import type { CaseContext, ConformanceCase } from "../case.ts";
import { checkCall, runOrFail } from "../checks/check.ts";
import { checkInfiniteCotangents } from "../checks/check-infinite-cotangents.ts";
import { ConformanceFailure } from "../failure.ts";
import { constantLogits, fixedLogits, logitsOfRows, winningByOne } from "../fixed-logits.ts";
import { HIGHEST_WORDS, TIES_AT_23_BITS } from "../rare-keys.ts";
import { firstDifference } from "../same-data.ts";

type Options = CallOf<"gumbelSoftmaxVjp">["options"];

/** Options of each estimator: at least one with its own option. */
const OPTIONS: Readonly<Record<Estimator, readonly Omit<Options, "key">[]>> = {
  "straight-through": [{ backwardTemperature: 0.4 }, { backwardTemperature: 7 }],
  reinmax: [{}],
  "gumbel-rao": [{ draws: 1 }, { draws: 5 }, {}],
  gapped: [{ gap: 1 }, { gap: 3.5 }, {}, { gap: "expected" }],
};

const CLAUSE: Readonly<Record<Estimator, string>> = {
  "straight-through": "EST-2",
  reinmax: "EST-3",
  "gumbel-rao": "EST-4",
  gapped: "EST-5",
};

/** Every set of options of the estimators that a backend has. */
function allOptions({ estimators = [] }: Capabilities): Omit<Options, "key">[] {
  return estimators.flatMap((estimator) =>
    OPTIONS[estimator].map((own) => ({ hard: true, estimator, ...own })),
  );
}

const operations = ["gumbelSoftmaxVjp"] as const;

/** Cases of one estimator. */
function casesOf(estimator: Estimator): ConformanceCase[] {
  const needs = { operations, estimators: [estimator] };
  const product = (call: Call, own: object, options: object): Call =>
    ({ ...call, options: { ...call.options, hard: true, estimator, ...own, ...options } }) as Call;
  const plain = (shape: readonly number[], seed: number, options: object = {}) =>
    callOn("gumbelSoftmaxVjp", fixedLogits(shape, seed), { key: key(seed + 1), ...options });
  return [
    {
      id: `estimators/${estimator}`,
      kind: "exact",
      title: `the product of ${estimator} is its own, at any temperature, along any axis, summed over samples`,
      clauses: [CLAUSE[estimator], "EST-6"],
      needs,
      async run({ subject }) {
        for (const own of OPTIONS[estimator]) {
          for (const temperature of [0.1, 1, 3]) {
            await checkCall(subject, product(plain([20, 6], 331), own, { temperature }));
          }
          await checkCall(subject, product(plain([3, 4, 2], 332, { axis: 1 }), own, { temperature: 0.6 }));
          const samples = { sampleShape: [2, 3], temperature: 0.5 };
          await checkCall(subject, product(plain([3, 5], 333, samples), own, samples));
        }
      },
    },
    {
      id: `estimators/${estimator}-rows`,
      kind: "exact",
      title: `the product of ${estimator} is 0 under masks, NaN in degenerate rows alone, and knows no size of logits`,
      clauses: ["LOGITS-2", "LOGITS-3", "LOGITS-6", CLAUSE[estimator], "EST-6"],
      needs,
      async run({ subject }) {
        const [masked, infinite] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
        const logits = logitsOfRows([
          [1, masked, 2, 0],
          [masked, masked, 0.5, masked],
          [masked, masked, masked, masked],
          [0, Number.NaN, 1, 2],
          [1, 2, 3, infinite],
          [1e8, 1e8, 1e8, -1e8],
          [-1e30, -1e30, -3e38, 3e38].map(Math.fround),
          [-2e30, -1e30, -1e30, masked].map(Math.fround),
          [-40, 0, -20, 10],
        ]);
        const cotangent = logitsOfRows([
          [1, 3e38, -2, 0.5],
          [-3e38, 3e38, 1, 7],
          ...Array.from({ length: 6 }, () => [1, 2, -3, 4]),
          [2, -1, 0, 1],
        ]);
        for (const own of OPTIONS[estimator]) {
          const call = { ...callOn("gumbelSoftmaxVjp", logits, { key: key(334) }), cotangent } as Call;
          await checkCall(subject, product(call, own, { temperature: 0.8 }));
        }
      },
    },
    {
      id: `estimators/${estimator}-infinite-cotangents`,
      kind: "robustness",
      title: `a cotangent of ±∞ or NaN reaches its own row of ${estimator} alone, and none under a mask`,
      clauses: ["EST-6", CLAUSE[estimator]],
      needs,
      async run({ subject }) {
        for (const own of OPTIONS[estimator]) {
          const options = { hard: true, estimator, ...own };
          await checkInfiniteCotangents(subject, "gumbelSoftmaxVjp", [12, 5], -1, options);
          await checkInfiniteCotangents(subject, "gumbelSoftmaxVjp", [5, 12], 0, {
            ...options,
            sampleShape: [2],
          });
        }
      },
    },
    {
      id: `estimators/${estimator}-rare-samples`,
      kind: "exact",
      title: `the product of ${estimator} is that of the sample, also where a rare event draws it`,
      clauses: [CLAUSE[estimator], "EST-6"],
      needs: { ...needs, precisions: ["full"] },
      async run({ subject }) {
        for (const { seed, index } of HIGHEST_WORDS) {
          const call = callOn("gumbelSoftmaxVjp", winningByOne(seed, index), { key: key(seed) });
          for (const own of OPTIONS[estimator]) await checkCall(subject, product(call, own, {}));
        }
      },
    },
    {
      id: `estimators/${estimator}-ties`,
      kind: "exact",
      title: `the product of ${estimator} knows one category of an exact tie, the lowest`,
      clauses: [CLAUSE[estimator]],
      needs: { ...needs, precisions: ["jax"] },
      async run({ subject }) {
        for (const { seed } of TIES_AT_23_BITS) {
          const options = { key: key(seed), precision: "jax" as const };
          const call = callOn("gumbelSoftmaxVjp", constantLogits([64]), options);
          for (const own of OPTIONS[estimator]) await checkCall(subject, product(call, own, {}));
        }
      },
    },
  ];
}

export const estimatorCases: readonly ConformanceCase[] = [
  ...ESTIMATORS.flatMap(casesOf),
  {
    id: "estimators/same-sample",
    kind: "exact",
    title: "the sample is to the last bit that without an estimator",
    clauses: ["EST-1"],
    needs: { operations: ["gumbelSoftmax"] },
    async run({ subject, backend }) {
      const logits = fixedLogits([30, 7], 335);
      const options = { key: key(336), temperature: 0.7, hard: true };
      const [sample] = await checkCall(subject, callOn("gumbelSoftmax", logits, options));
      for (const own of allOptions(backend.sampler.capabilities)) {
        const call = { operation: "gumbelSoftmax", logits, options: { ...options, ...own } } as Call;
        const [got] = await checkCall(subject, call);
        const index = firstDifference(got.data, sample.data);
        if (index === undefined) continue;
        throw new ConformanceFailure("EST-1", { note: "the estimator changes the sample", call, index });
      }
    },
  },
  {
    id: "estimators/defaults",
    kind: "exact",
    title: "gumbel-rao redraws ten times and the gap is 1 where nothing else is said",
    clauses: ["EST-4", "EST-5"],
    needs: { operations, estimators: ["gumbel-rao", "gapped"] },
    async run(context) {
      await expectSame(context, "EST-4", { estimator: "gumbel-rao" }, { estimator: "gumbel-rao", draws: 10 });
      await expectSame(context, "EST-5", { estimator: "gapped" }, { estimator: "gapped", gap: 1 });
    },
  },
  {
    id: "estimators/expected-gap",
    kind: "exact",
    title:
      "the expected gap is that of the sampled category of each row, from 1 for a rare one to the log-odds of a certain one",
    clauses: ["EST-5", "EST-6"],
    needs: { operations, estimators: ["gapped"] },
    async run({ subject }) {
      // In most of the rows the first category is drawn, with a probability up to one that float32 rounds to 1. The gap is more
      // than the lead of its logit where one other category has nearly all that is left.
      const leads = [0, 1, 2, 4, 8, 12, 16, 40, 88, 120, 700, 1e5];
      const rows = leads.map((lead) => [0, -lead, -lead - 20, -lead - 3].map(Math.fround));
      // Of many categories each is rare.
      const many = fixedLogits([6, 300], 344);
      for (const temperature of [0.3, 1, 20, 1e4]) {
        const options = { temperature, hard: true, estimator: "gapped", gap: "expected" } as const;
        for (const logits of [logitsOfRows(rows), many]) {
          await checkCall(subject, callOn("gumbelSoftmaxVjp", logits, { key: key(345), ...options }));
        }
      }
    },
  },
  {
    id: "estimators/straight-through-by-name",
    kind: "exact",
    title: "straight-through by name is to the last bit the product without an estimator",
    clauses: ["EST-1", "VJP-3"],
    needs: { operations },
    run: (context) => expectSame(context, "VJP-3", { estimator: "straight-through" }, {}),
  },
  {
    id: "estimators/reinmax-is-zgr",
    kind: "exact",
    title:
      "at temperature 1 reinmax is ZGR: half the product of softmax and half of REINFORCE's, linearised at the sample",
    clauses: ["EST-3"],
    needs: { operations: ["gumbelSoftmaxVjp", "gumbelSoftmax", "softmax"], estimators: ["reinmax"] },
    async run({ subject }) {
      // Shekhovtsov 2023: ½·(J(p)ᵀc + (D − p)·(c·(D − p))), made of the backend's own D and p.
      const [rows, n] = [60, 6];
      const logits = fixedLogits([rows, n], 337);
      const cotangent = fixedLogits([rows, n], 338);
      const options = { key: key(339), hard: true };
      const call = {
        operation: "gumbelSoftmaxVjp",
        logits,
        cotangent,
        options: { ...options, estimator: "reinmax" },
      } as Call;
      const [gradient] = await runOrFail(subject, call);
      const [hot] = await runOrFail(subject, callOn("gumbelSoftmax", logits, options));
      const [p] = await runOrFail(subject, callOn("softmax", logits));
      for (let row = 0; row < rows; row++) {
        const at = Array.from({ length: n }, (_, j) => row * n + j);
        const mean = at.reduce((sum, i) => sum + p.data[i] * cotangent.data[i], 0);
        const gain = at.reduce((sum, i) => sum + (hot.data[i] - p.data[i]) * cotangent.data[i], 0);
        for (const index of at) {
          const linear = p.data[index] * (cotangent.data[index] - mean);
          const expected = (linear + (hot.data[index] - p.data[index]) * gain) / 2;
          const got = gradient.data[index];
          // Some roundings of products of at most 3.
          if (Math.abs(got - expected) <= 2 ** -17) continue;
          throw new ConformanceFailure("EST-3", { note: "reinmax is not ZGR", call, index, got, expected });
        }
      }
    },
  },
  {
    id: "estimators/combinations",
    kind: "exact",
    title: "an estimator of a soft sample, and an option of another estimator, are refused by name",
    clauses: ["EST-7"],
    needs: { operations },
    async run({ subject, backend }) {
      const { estimators, operations: present } = backend.sampler.capabilities;
      const has = (estimator: Estimator) => estimators?.includes(estimator) ?? false;
      const bad: [object, string, string][] = [
        [{ estimator: "straight-through" }, "estimator", "hard"],
        [{ draws: 3 }, "draws", "gumbel-rao"],
        [{ hard: true, gap: 2 }, "gap", "gapped"],
        [{ hard: true, estimator: "straight-through", draws: 3 }, "draws", "gumbel-rao"],
      ];
      if (has("reinmax")) bad.push([{ estimator: "reinmax" }, "estimator", "hard"]);
      if (has("reinmax")) bad.push([{ hard: true, estimator: "reinmax", draws: 3 }, "draws", "reinmax"]);
      if (has("gapped")) bad.push([{ hard: true, estimator: "gapped", draws: 3 }, "draws", "gapped"]);
      if (has("straight-through")) bad.push([{ backwardTemperature: 2 }, "backwardTemperature", "hard"]);
      if (has("gapped") && has("straight-through"))
        bad.push([
          { hard: true, estimator: "gapped", backwardTemperature: 2 },
          "backwardTemperature",
          "gapped",
        ]);
      for (const operation of ["gumbelSoftmax", "gumbelSoftmaxVjp"] as const) {
        if (!present.includes(operation)) continue;
        for (const [options, ...parts] of bad) {
          const good = callOn(operation, fixedLogits([2, 3], 340), { key: key(341) });
          const call = { ...good, options: { ...good.options, ...options } } as Call;
          await expectRangeError(() => subject.run(call), call, parts);
        }
      }
    },
  },
];

async function expectSame(
  { subject }: CaseContext,
  clause: string,
  one: object,
  other: object,
): Promise<void> {
  const logits = fixedLogits([12, 5], 342);
  const run = async (options: object) => {
    const all = { key: key(343), temperature: 0.7, hard: true, ...options };
    return (await checkCall(subject, callOn("gumbelSoftmaxVjp", logits, all)))[0].data;
  };
  const index = firstDifference(await run(one), await run(other));
  if (index === undefined) return;
  const note = `${JSON.stringify(one)} is another product than ${JSON.stringify(other)}`;
  throw new ConformanceFailure(clause, { note, index });
}

async function expectRangeError(
  run: () => Promise<unknown>,
  call: Call,
  parts: readonly string[],
): Promise<void> {
  let error: unknown = "no error";
  try {
    await run();
  } catch (thrown) {
    error = thrown;
  }
  const isRight =
    error instanceof Error &&
    error.name === "RangeError" &&
    parts.every((part) => String(error).includes(part));
  if (isRight) return;
  throw new ConformanceFailure("EST-7", {
    note: `expected a RangeError that names ${parts}, got ${error}`,
    call,
  });
}
