// Relaxed coin tosses: operations on single logits, for which the cases about rows say nothing.
import { key } from "../../random/key.ts";
import { anyCall } from "../arbitrary.ts";
import type { Call, CallOf } from "../call.ts";
import { callOn } from "../call-on.ts";
import type { ConformanceCase } from "../case.ts";
import { checkCall, runOrFail } from "../checks/check.ts";
import { constantLogits, fixedLogits, logitsOfRows } from "../fixed-logits.ts";
import { forAll } from "../property.ts";
import {
  HIGHEST_WORDS,
  LAST_STEP_OF_23_BITS,
  LOWEST_WORDS,
  RARE_ELEMENTS,
  ZERO_AT_23_BITS,
} from "../rare-keys.ts";
import { checkDistribution, checkFrequencies } from "../statistics.ts";

const OPERATIONS = ["relaxedBernoulli", "relaxedBernoulliLogProb"] as const;

const ENDS = [...LOWEST_WORDS, ...ZERO_AT_23_BITS, ...HIGHEST_WORDS, ...LAST_STEP_OF_23_BITS];

/** Log-odds to the ends of float32, certainties and NaN. */
const EXTREMES = logitsOfRows([
  [3.4e38, -3.4e38, 1e30, -1e30, 100, -100, 88, -88],
  [Number.POSITIVE_INFINITY, 0, Number.NEGATIVE_INFINITY, 1, Number.NaN, -0, 2 ** -149, 17],
]);

const DRAWS = { quick: 2 ** 13, full: 2 ** 17 };

export const bernoulliCases: readonly ConformanceCase[] = [
  ...OPERATIONS.flatMap((operation): ConformanceCase[] => [
    {
      id: `reference/${operation}`,
      kind: "property",
      title: `${operation} of any logits and options is the reference's`,
      clauses:
        operation === "relaxedBernoulli" ? ["BERN-1", "BERN-2", "BERN-3", "BERN-4", "BITS-4"] : ["BERN-5"],
      needs: { operations: [operation], precisions: [] },
      run: (context) =>
        forAll(context, anyCall(operation, context.backend.sampler.capabilities), async (call) => {
          await checkCall(context.subject, call);
        }),
    },
    {
      id: `bernoulli/extremes-${operation}`,
      kind: "robustness",
      title: `${operation} of log-odds to the ends of float32, of certainties and NaN is the reference's`,
      clauses: operation === "relaxedBernoulli" ? ["BERN-2", "BERN-3", "BERN-4"] : ["BERN-5"],
      needs: { operations: [operation] },
      async run({ subject }) {
        for (const temperature of [1, 0.01, 100]) {
          const options = { key: key(171), temperature };
          const plain = callOn(operation, EXTREMES, options);
          await checkCall(subject, plain);
          if ("sampleLogits" in plain) {
            for (const sampleLogits of [EXTREMES, fixedLogits([2, 8], 172, 300)])
              await checkCall(subject, { ...plain, sampleLogits } as Call);
            continue;
          }
          for (const option of [{ hard: true }, { logit: true }])
            await checkCall(subject, { ...plain, options: { ...options, ...option } } as Call);
        }
      },
    },
    {
      id: `bernoulli/sizes-${operation}`,
      kind: "robustness",
      title: `${operation} of many elements, of a scalar and of none is as right as that of a few`,
      clauses: ["LOGITS-7", "LOGITS-5"],
      needs: { operations: [operation] },
      async run({ subject, quick }) {
        const sampleShape = [2, 2];
        for (const shape of [[], [0, 3], [1], [quick ? 70_001 : 300_001], [3, 5, 2]]) {
          await checkCall(
            subject,
            callOn(operation, fixedLogits(shape, 173), { key: key(174), sampleShape }),
          );
        }
      },
    },
  ]),
  {
    id: "bernoulli/rare-words",
    kind: "exact",
    title: "logistic noise is finite and accurate at the ends of the range of words, at each precision",
    clauses: ["BERN-1", "BERN-2"],
    needs: { operations: ["relaxedBernoulli"], precisions: [] },
    async run({ subject, backend }) {
      for (const precision of backend.sampler.capabilities.precisions) {
        for (const { seed } of ENDS) {
          await checkCall(subject, {
            operation: "relaxedBernoulli",
            logits: constantLogits([RARE_ELEMENTS]),
            options: { key: key(seed), precision, logit: true },
          });
        }
      }
    },
  },
  {
    id: "bernoulli/distribution",
    kind: "statistical",
    title:
      "hard samples are 1 with probability σ(logit), and logits of soft ones logistic; detects distances of 0.018 (quick: 0.073)",
    clauses: ["BERN-1"],
    needs: { operations: ["relaxedBernoulli"] },
    async run({ subject, quick }) {
      const sampleShape = [quick ? DRAWS.quick : DRAWS.full];
      for (const logit of [-2, 0, 0.5]) {
        const sample = async (options: CallOf<"relaxedBernoulli">["options"]) =>
          (
            await runOrFail(subject, {
              operation: "relaxedBernoulli",
              logits: constantLogits([], logit),
              options: { key: key(175), sampleShape, ...options },
            })
          )[0].data as ArrayLike<number>;
        const probability = 1 / (1 + Math.exp(-logit));
        const ones = Array.from(await sample({ hard: true })).filter((value) => value === 1).length;
        const counts = [sampleShape[0] - ones, ones];
        checkFrequencies("BERN-1", "hard samples", counts, [1 - probability, probability]);
        const temperature = 0.3;
        checkDistribution(
          "BERN-1",
          "logits of samples",
          await sample({ logit: true, temperature }),
          (x) => 1 / (1 + Math.exp(logit - temperature * x)),
        );
      }
    },
  },
];
