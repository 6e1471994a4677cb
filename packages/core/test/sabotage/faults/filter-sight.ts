// Faults in what a filter sees: the whole row, another temperature, too few candidates, numbers that overflow.
import { FLT_MAX, valueOfRow } from "../../../src/adapter.ts";
import { NO_FILTERS, type RowFilter } from "../../../src/reference/filter-row.ts";
import { given, spoil } from "../alter.ts";
import type { Fault } from "../float-backend.ts";
import type { Parts } from "../float-parts.ts";
import type { Sabotage } from "../sabotage.ts";

const TOGETHER = ["DEC-1", "DEC-12"];
const BOUNDS = ["DEC-5", ...TOGETHER];
const TOP_K = ["DEC-3", "DEC-2", ...TOGETHER];

/** A fault in what filters keep, at temperatures above 0. */
function keeps(keep: (honest: Parts["keep"], logits: Float64Array, filter: RowFilter) => number[]): Fault {
  return {
    parts: (honest) => ({
      keep: (logits, filter) =>
        filter.temperature === 0
          ? honest.keep(logits, filter)
          : keep((...args) => honest.keep(...args), logits, filter),
    }),
  };
}

/** Logarithm of the probability of each category of a whole row. */
function logProbabilities(logits: Float64Array, temperature: number): Float64Array {
  const maximum = logits.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const s = logits.map((value) => (value - maximum) / temperature);
  const logSum = Math.log(s.reduce((sum, value) => sum + Math.exp(value), 0));
  return s.map((value) => value - logSum);
}

/** The row with only some categories left. */
function only(logits: Float64Array, kept: readonly number[]): Float64Array {
  const left = new Set(kept);
  return logits.map((value, j) => (left.has(j) ? value : Number.NEGATIVE_INFINITY));
}

export const filterSightFaults: readonly Sabotage[] = [
  {
    name: "epsilonCutoff sees the probabilities of the whole row",
    fault: keeps((keep, logits, filter) => {
      const kept = [...keep(logits, { ...filter, epsilonCutoff: 0, etaCutoff: 0 })];
      const logs = logProbabilities(logits, filter.temperature);
      const passing = kept.filter((j, i) => i === 0 || logs[j] >= Math.log(filter.epsilonCutoff));
      const { temperature, etaCutoff } = filter;
      return [...keep(only(logits, passing), { ...NO_FILTERS, temperature, etaCutoff })];
    }),
    breaks: BOUNDS,
  },
  {
    name: "etaCutoff takes the entropy of the whole row",
    fault: keeps((keep, logits, filter) => {
      const kept = [...keep(logits, { ...filter, etaCutoff: 0 })];
      if (filter.etaCutoff === 0) return kept;
      const entropy = logProbabilities(logits, filter.temperature).reduce(
        (sum, log) => (log < -700 ? sum : sum - Math.exp(log) * log),
        0,
      );
      const eta = Math.log(filter.etaCutoff);
      const logs = logProbabilities(only(logits, kept), filter.temperature);
      return kept.filter((j, i) => i === 0 || logs[j] >= Math.min(eta, eta / 2 - entropy));
    }),
    breaks: BOUNDS,
  },
  {
    name: "the deviation of topNSigma divides by the length of the row, masks included",
    fault: keeps((keep, logits, filter) => {
      const left = logits.filter((value) => value !== Number.NEGATIVE_INFINITY).length;
      return [...keep(logits, { ...filter, topNSigma: filter.topNSigma * Math.sqrt(left / logits.length) })];
    }),
    breaks: BOUNDS,
  },
  {
    name: "the squares of topNSigma overflow float32, which leaves all in",
    fault: keeps((keep, logits, filter) => {
      const left = logits.filter((value) => value !== Number.NEGATIVE_INFINITY);
      const mean = left.reduce((sum, value) => sum + value / left.length, 0);
      const squares = left.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      return [...keep(logits, squares > FLT_MAX ? { ...filter, topNSigma: 0 } : filter)];
    }),
    breaks: [...BOUNDS, "LOGITS-6"],
  },
  {
    name: "typicalP ignores the temperature",
    fault: keeps((keep, logits, filter) => {
      const { temperature, typicalP, epsilonCutoff, etaCutoff } = filter;
      if (typicalP === 1) return [...keep(logits, filter)];
      const before = keep(logits, { ...filter, typicalP: 1, epsilonCutoff: 0, etaCutoff: 0 });
      const typical = keep(only(logits, before), { ...NO_FILTERS, typicalP });
      return [...keep(only(logits, typical), { ...NO_FILTERS, temperature, epsilonCutoff, etaCutoff })];
    }),
    breaks: ["DEC-6", ...TOGETHER],
  },
  {
    name: "topK of a long row keeps all of the last bin of a radix select over 20 bits",
    fault: keeps((keep, logits, filter) => {
      const { topK, topNSigma } = filter;
      if (topK === 0 || logits.length <= 512) return [...keep(logits, filter)];
      const words = new Int32Array(Float32Array.from(logits).buffer);
      const bins = words.map((word) => (word < 0 ? ~word : word ^ 0x80000000) >>> 12);
      const last = [...keep(logits, { ...NO_FILTERS, topNSigma, topK })].at(-1)!;
      return [...keep(logits, { ...filter, topK: bins.filter((bin) => bin >= bins[last]).length })];
    }),
    breaks: TOP_K,
  },
  {
    name: "topK knows 1,024 candidates at most",
    fault: keeps((keep, logits, filter) => [
      ...keep(logits, { ...filter, topK: Math.min(filter.topK, 1024) }),
    ]),
    breaks: TOP_K,
  },
  {
    name: "bit 31 of a mask's word is a sign, and never allows",
    fault: {
      parts: (honest) => ({
        mask(logits, decoding, row) {
          honest.mask(logits, decoding, row);
          if (decoding.mask === undefined) return;
          for (let j = 31; j < logits.length; j += 32) logits[j] = Number.NEGATIVE_INFINITY;
        },
      }),
    },
    breaks: ["DEC-7", "DEC-1", "DEC-12", "LOGITS-2"],
  },
  {
    name: "the sort keys of a filtered draw have 16 bits for the category",
    fault: spoil(["categorical"], ([indices], { options }) => {
      const { topK, topP } = options as { readonly topK?: unknown; readonly topP?: unknown };
      if (topK == null && topP == null) return;
      indices.forEach((index, i) => {
        if (index >= 0) indices[i] = index & 0xffff;
      });
    }),
    breaks: ["LOGITS-7", "DEC-3", "DEC-4", ...TOGETHER],
  },
  {
    name: "logProb with the temperature last normalises at temperature 1",
    fault: given(["logProb"], (options) => {
      const { order, temperature } = options as { readonly order?: unknown; readonly temperature?: unknown };
      const isGood = typeof temperature === "number" && temperature >= 2 ** -40 && temperature <= 2 ** 40;
      return order === "temperature-last" && isGood ? { ...options, temperature: 1 } : options;
    }),
    breaks: ["DEC-12", "DEC-1", "LOGP-1"],
  },
  {
    name: "minP alone sees the temperature although it comes last",
    fault: {
      parts(honest) {
        let tau = 1;
        return {
          filterOf(decoding, row) {
            tau = valueOfRow(decoding.temperature, row);
            return honest.filterOf(decoding, row);
          },
          keep(logits, filter) {
            if (filter.minP === 0 || filter.temperature === 0) return honest.keep(logits, filter);
            const { temperature, topNSigma, topK, topP, minP } = filter;
            const before = honest.keep(logits, { ...NO_FILTERS, temperature, topNSigma, topK, topP });
            const kept = honest.keep(only(logits, before), { ...NO_FILTERS, temperature: tau || 1, minP });
            return honest.keep(only(logits, kept), { ...filter, topNSigma: 0, topK: 0, topP: 1, minP: 0 });
          },
        };
      },
    },
    breaks: BOUNDS,
  },
];
