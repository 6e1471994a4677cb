// Distributions, at fixed keys. Each case says what it can detect; statistics.ts says how often a right backend fails.
import { type Key, key, split } from "../../random/key.ts";
import type { Call } from "../call.ts";
import type { CaseContext, ConformanceCase } from "../case.ts";
import { runOrFail } from "../checks/check.ts";
import { softmaxOf } from "../checks/softmax-of.ts";
import { logitsOfRows } from "../fixed-logits.ts";
import { checkDistribution, checkFrequencies } from "../statistics.ts";

/** Number of draws: enough to see a relative error of a few per cent in each of a dozen cells. */
const DRAWS = { quick: 2 ** 13, full: 2 ** 17 };

function drawsOf({ quick }: CaseContext): number {
  return quick ? DRAWS.quick : DRAWS.full;
}

/** Gumbel quartiles: −log(−log(q/4)). */
const QUARTILES = [1, 2, 3].map((q) => -Math.log(-Math.log(q / 4)));

const WEIGHTS = [0.5, 3, 1, 0, 2, 0.1, 1.5, 4];
const WEIGHTED_LOGITS = WEIGHTS.map((weight) => Math.fround(Math.log(weight)));

export const statisticalCases: readonly ConformanceCase[] = [
  ...(["full", "jax"] as const).map(
    (precision): ConformanceCase => ({
      id: `statistics/noise-distribution-${precision}`,
      kind: "statistical",
      title: `noise at precision ${precision} follows exp(−exp(−g)); detects distances of 0.018 (quick: 0.073)`,
      clauses: ["NOISE-6"],
      needs: { operations: ["gumbel"], precisions: [precision] },
      async run(context) {
        const call: Call = {
          operation: "gumbel",
          shape: [drawsOf(context)],
          options: { key: key(2), precision },
        };
        const [values] = await runOrFail(context.subject, call);
        checkDistribution("NOISE-6", "noise", values.data, (g) => Math.exp(-Math.exp(-g)));
      },
    }),
  ),
  {
    id: "statistics/noise-independence",
    kind: "statistical",
    title:
      "neighbours, rows, keys and split keys draw independent noise; detects correlations of 0.03 (quick: 0.11)",
    clauses: ["NOISE-6"],
    needs: { operations: ["gumbel"] },
    async run(context) {
      const n = drawsOf(context);
      const noise = async (drawn: Key, shape = [n]) =>
        (await runOrFail(context.subject, { operation: "gumbel", shape, options: { key: drawn } }))[0].data;
      const one = await noise(key(1000));
      const rows = await noise(key(1000), [64, n / 64]);
      const [left, right] = split(key(1000));
      const pairs: [string, ArrayLike<number>, ArrayLike<number>][] = [
        ["neighbours", one, Array.from(one as ArrayLike<number>).slice(1)],
        ["neighbouring rows", rows, Array.from(rows as ArrayLike<number>).slice(n / 64)],
        ["consecutive seeds", one, await noise(key(1001))],
        ["keys that differ in the high word", one, await noise([1, 1000])],
        ["a key and its child", one, await noise(left)],
        ["children of one key", await noise(left), await noise(right)],
      ];
      for (const [what, a, b] of pairs) {
        const counts = new Array(16).fill(0);
        const length = Math.min(a.length, b.length);
        for (let i = 0; i < length; i++) counts[quartileOf(a[i]) * 4 + quartileOf(b[i])]++;
        checkFrequencies("NOISE-6", `quartiles of ${what}`, counts, new Array(16).fill(1 / 16));
      }
    },
  },
  ...(["categorical", "gumbelSoftmax"] as const).flatMap((operation): ConformanceCase[] => [
    {
      id: `statistics/frequencies-${operation}`,
      kind: "statistical",
      title: `${operation} picks category i with probability softmax(logits)ᵢ; detects w = 0.03 (quick: 0.1)`,
      clauses: ["CAT-3"],
      needs: { operations: [operation] },
      async run(context) {
        const n = drawsOf(context);
        const probabilities = softmaxOf(Float64Array.from(WEIGHTED_LOGITS), 1).y;
        // As samples of one row, and as one sample of many equal rows.
        const row = logitsOfRows([WEIGHTED_LOGITS]);
        const rows = logitsOfRows(Array.from({ length: n / 8 }, () => WEIGHTED_LOGITS));
        for (const [what, call] of [
          ["samples", { operation, logits: row, options: { key: key(4), sampleShape: [n] } }],
          ["rows", { operation, logits: rows, options: { key: key(5) } }],
          [
            "columns",
            { operation, logits: transposed(WEIGHTED_LOGITS, n / 8), options: { key: key(6), axis: 0 } },
          ],
        ] as const) {
          const counts = await countPicks(context, call as Call, WEIGHTS.length);
          checkFrequencies("CAT-3", `${operation} over ${what}`, counts, probabilities);
        }
      },
    },
    {
      id: `statistics/rare-event-${operation}`,
      kind: "statistical",
      title: `${operation} picks a category 7 nats down 9 times in 10,000; detects a rate off by 0.8 of it`,
      clauses: ["CAT-3"],
      needs: { operations: [operation] },
      async run(context) {
        const n = drawsOf(context);
        const logits = logitsOfRows([[0, -7]]);
        const call = { operation, logits, options: { key: key(9), sampleShape: [n] } } as Call;
        const rate = 1 / (1 + Math.exp(7));
        checkFrequencies("CAT-3", "a rare event", await countPicks(context, call, 2), [1 - rate, rate]);
      },
    },
  ]),
  {
    id: "statistics/relaxation",
    kind: "statistical",
    title:
      "the log-odds of a soft sample of two categories are logistic; detects distances of 0.018 (quick: 0.073)",
    clauses: ["GS-1"],
    needs: { operations: ["gumbelSoftmax"] },
    async run(context) {
      const n = drawsOf(context);
      for (const [temperature, difference] of [
        [1, 0],
        [2, 1.5],
      ] as const) {
        const options = { key: key(14), temperature, sampleShape: [n] };
        const logits = logitsOfRows([[difference, 0]]);
        const [values] = await runOrFail(context.subject, { operation: "gumbelSoftmax", logits, options });
        // Maddison et al. 2017, appendix B: temperature·logit(y₀) ~ Logistic(l₀ − l₁).
        const logOdds = Float64Array.from(
          { length: n },
          (_, i) => temperature * Math.log(values.data[2 * i] / values.data[2 * i + 1]),
        );
        checkDistribution(
          "GS-1",
          `log-odds at temperature ${temperature}`,
          logOdds,
          (value) => 1 / (1 + Math.exp(difference - value)),
        );
      }
    },
  },
  {
    id: "statistics/plackett-luce",
    kind: "statistical",
    title: "top-k orders come up as drawing without replacement makes them; detects w = 0.08 (quick: 0.3)",
    clauses: ["TOPK-4"],
    needs: { operations: ["gumbelTopK"] },
    async run(context) {
      const n = drawsOf(context) / 8;
      const weights = [4, 1, 2, 3];
      const row = weights.map((weight) => Math.fround(Math.log(weight)));
      const logits = logitsOfRows(Array.from({ length: n }, () => row));
      const [, indices] = await runOrFail(context.subject, {
        operation: "gumbelTopK",
        logits,
        k: 3,
        options: { key: key(15) },
      });
      const orders = permutations([0, 1, 2, 3]).map((order) => order.slice(0, 3));
      const places = new Map(orders.map((order, i) => [String(order), i]));
      const counts = new Array(orders.length).fill(0);
      for (let r = 0; r < n; r++) {
        const order = Array.from({ length: 3 }, (_, place) => indices.data[3 * r + place]);
        const place = places.get(String(order));
        if (place !== undefined) counts[place]++;
      }
      checkFrequencies(
        "TOPK-4",
        "orders",
        counts,
        orders.map((order) => plackettLuce(order, weights)),
      );
    },
  },
];

function quartileOf(g: number): number {
  return QUARTILES.filter((quartile) => g > quartile).length;
}

function transposed(row: readonly number[], columns: number) {
  return {
    data: Float32Array.from({ length: row.length * columns }, (_, i) => row[Math.floor(i / columns)]),
    shape: [row.length, columns],
  };
}

/** How often each category is picked, by `categorical` or by the hard form of `gumbelSoftmax`. */
async function countPicks({ subject }: CaseContext, call: Call, categories: number): Promise<number[]> {
  const counts = new Array(categories).fill(0);
  if (call.operation === "categorical") {
    const [values] = await runOrFail(subject, call);
    for (let i = 0; i < values.data.length; i++) counts[values.data[i]]++;
    return counts;
  }
  const hard = { ...call, options: { ...call.options, hard: true } } as Call;
  const [values] = await runOrFail(subject, hard);
  const stride = "axis" in call.options && call.options.axis === 0 ? values.shape.at(-1)! : 1;
  for (let i = 0; i < values.data.length; i++) {
    counts[Math.floor(i / stride) % categories] += values.data[i];
  }
  return counts;
}

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}

/** Probability of an order of draws without replacement (Plackett 1975). */
function plackettLuce(order: readonly number[], weights: readonly number[]): number {
  let left = weights.reduce((sum, weight) => sum + weight, 0);
  return order.reduce((probability, item) => {
    const drawn = probability * (weights[item] / left);
    left -= weights[item];
    return drawn;
  }, 1);
}
