// Faults in filters, and in values and keys by row, as other decoders make them.
import { valueOfRow } from "../../../src/adapter.ts";
import type { Key } from "../../../src/index.ts";
import { keptOf, NO_FILTERS, type RowFilter } from "../../../src/reference/filter-row.ts";
import { given } from "../alter.ts";
import type { Parts } from "../float-parts.ts";
import type { Sabotage } from "../sabotage.ts";

const TOP_P = ["DEC-4", "DEC-1", "DEC-2", "DEC-8", "DEC-9", "DEC-12"];
const TOP_K = ["DEC-3", "DEC-1", "DEC-2", "DEC-8", "DEC-9", "DEC-12"];
const BOUNDS = ["DEC-5", "DEC-1", "DEC-2", "DEC-8", "DEC-9", "DEC-12"];
const TYPICAL = ["DEC-6", "DEC-1", "DEC-2", "DEC-8", "DEC-9", "DEC-12"];
const MASK = ["DEC-7", "DEC-1", "DEC-2", "LOGITS-3", "DEC-8", "DEC-12", "LOGITS-2", "LOGP-1"];
const ROWS = ["DEC-8", "DEC-1", "DEC-2", "DEC-3", "DEC-4", "DEC-5", "DEC-6", "DEC-7", "DEC-9", "DEC-11"];
const KEYS = ["DEC-9", "DEC-8", "DEC-1", "DEC-2", "DEC-3", "DEC-4", "DEC-5", "DEC-6", "BITS-4", "DEC-7"];

type Keep = Parts["keep"];

/** A fault in what filters keep. */
function keeps(name: string, breaks: readonly string[], keep: Keep): Sabotage {
  return { name, fault: { parts: () => ({ keep }) }, breaks };
}

/** The honest filters with other parameters. */
function keepWith(change: (filter: RowFilter, logits: Float64Array) => Partial<RowFilter>): Keep {
  return (logits, filter) => keptOf(logits, { ...filter, ...change(filter, logits) });
}

/** The honest filters but one, which is done by hand on what the others before it left. */
function replaced(
  name: "topK" | "topP" | "typicalP",
  off: number,
  keep: (ranked: number[], value: number, p: number[], logits: Float64Array) => number[],
): Keep {
  return (logits, filter) => {
    const value = filter[name];
    if (value === off || filter.temperature === 0) return keptOf(logits, filter);
    const before = keptOf(logits, {
      ...filter,
      ...NO_FILTERS,
      temperature: filter.temperature,
      topNSigma: filter.topNSigma,
      topK: name === "topK" ? 0 : filter.topK,
    });
    const p = probabilities(before, logits, filter.temperature);
    const chosen = keep(before, value, p, logits);
    const rest = keptOf(logits, { ...filter, [name]: off });
    return rest.filter((j) => chosen.includes(j));
  };
}

function probabilities(kept: readonly number[], logits: Float64Array, temperature: number): number[] {
  const weights = kept.map((j) => Math.exp((logits[j] - logits[kept[0]]) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function before(p: readonly number[], i: number): number {
  return p.slice(0, i).reduce((sum, value) => sum + value, 0);
}

export const filterFaults: readonly Sabotage[] = [
  keeps(
    "topK keeps all ties of the last place (vLLM)",
    TOP_K,
    replaced("topK", 0, (ranked, k, _, logits) =>
      ranked.filter((j) => logits[j] >= logits[ranked[Math.min(k, ranked.length) - 1]]),
    ),
  ),
  keeps(
    "topK takes the higher of two equal categories",
    TOP_K,
    replaced("topK", 0, (ranked, k, _, logits) =>
      [...ranked].sort((a, b) => logits[b] - logits[a] || b - a).slice(0, k),
    ),
  ),
  keeps(
    "topK keeps one too few",
    TOP_K,
    keepWith(({ topK }) => ({ topK: topK > 1 ? topK - 1 : topK })),
  ),
  keeps(
    "topK keeps one too many",
    TOP_K,
    keepWith(({ topK }) => ({ topK: topK > 0 ? topK + 1 : 0 })),
  ),
  keeps(
    "topK 0 keeps one category",
    [...TOP_K, "DEC-4", "DEC-5", "DEC-6"],
    keepWith(({ topK }) => ({ topK: topK === 0 ? 1 : topK })),
  ),
  keeps(
    "topK knows 256 categories at most",
    TOP_K,
    keepWith(({ topK }) => ({ topK: Math.min(topK, 256) })),
  ),
  keeps(
    "topP drops the category that crosses the mass",
    TOP_P,
    replaced("topP", 1, (ranked, mass, p) => ranked.filter((_, i) => i === 0 || before(p, i) + p[i] < mass)),
  ),
  keeps(
    "topP keeps one more than the smallest set",
    TOP_P,
    replaced("topP", 1, (ranked, mass, p) => ranked.filter((_, i) => i === 0 || before(p, i - 1) < mass)),
  ),
  keeps(
    "topP keeps all ties of the last category (FlashInfer)",
    TOP_P,
    replaced("topP", 1, (ranked, mass, p) =>
      ranked.filter((_, i) => before(p, p.indexOf(p[i])) < mass || i === 0),
    ),
  ),
  keeps(
    "topP keeps the tail, of ascending order",
    [...TOP_P, "LOGITS-3"],
    replaced("topP", 1, (ranked, mass, p) => ranked.filter((_, i) => 1 - before(p, i + 1) < mass)),
  ),
  keeps(
    "topP 0 keeps nothing",
    [...TOP_P, "LOGITS-3"],
    replaced("topP", 1, (ranked, mass, p) => ranked.filter((_, i) => before(p, i) < mass)),
  ),
  keeps(
    "topP is off by a thousandth",
    TOP_P,
    keepWith(({ topP }) => ({ topP: topP < 1 ? Math.min(1, topP + 1e-3) : 1 })),
  ),
  keeps("topP counts the mass of what topK dropped", TOP_P, (logits, filter) => {
    const all = keptOf(logits, { ...filter, topK: 0 });
    return keptOf(logits, { ...filter, topP: 1 }).filter((j) => all.includes(j));
  }),
  keeps("topP keeps at most 1,024 candidates", TOP_P, (logits, filter) => {
    const kept = keptOf(logits, filter);
    return filter.topP < 1 ? kept.slice(0, 1024) : kept;
  }),
  keeps("topP comes before topK", TOP_K, (logits, filter) => {
    const mass = keptOf(logits, {
      ...filter,
      ...NO_FILTERS,
      temperature: filter.temperature,
      topP: filter.topP,
    });
    const rest = keptOf(logits, { ...filter, topP: 1 });
    const { topK, topP } = filter;
    return topK > 0 && topP < 1
      ? mass.slice(0, topK).filter((j) => rest.includes(j))
      : keptOf(logits, filter);
  }),
  keeps("minP is a probability, not a share of the largest", BOUNDS, (logits, filter) => {
    const kept = keptOf(logits, { ...filter, minP: 0 });
    const p = probabilities(kept, logits, filter.temperature);
    return filter.minP > 0 ? kept.filter((_, i) => i === 0 || p[i] >= filter.minP) : kept;
  }),
  keeps("minP leaves out what equals its bound", BOUNDS, (logits, filter) => {
    const kept = keptOf(logits, filter);
    const bound = logits[kept[0]] + filter.temperature * Math.log(filter.minP);
    return filter.minP > 0 ? kept.filter((j, i) => i === 0 || logits[j] > bound) : kept;
  }),
  keeps("minP does not see the temperature (llama.cpp)", BOUNDS, (logits, filter) => {
    const kept = keptOf(logits, { ...filter, minP: 0 });
    if (filter.minP === 0 || filter.temperature === 0) return kept;
    return kept.filter((j) => logits[j] - logits[kept[0]] >= Math.log(filter.minP));
  }),
  keeps("typicalP sorts by probability", TYPICAL, (logits, filter) => {
    const { typicalP, topP } = filter;
    return typicalP < 1
      ? keptOf(logits, { ...filter, typicalP: 1, topP: Math.min(topP, typicalP) })
      : keptOf(logits, filter);
  }),
  keeps(
    "typicalP drops the category that crosses the mass",
    TYPICAL,
    keepWith(({ typicalP }) => ({ typicalP: typicalP < 1 ? typicalP / 2 : 1 })),
  ),
  keeps("typicalP always keeps the most likely category", TYPICAL, (logits, filter) => {
    const kept = keptOf(logits, filter);
    const [first] = keptOf(logits, { ...filter, ...NO_FILTERS, temperature: filter.temperature });
    return kept.includes(first) ? kept : [first, ...kept];
  }),
  keeps(
    "epsilonCutoff is a share of the largest",
    BOUNDS,
    keepWith(({ epsilonCutoff, minP }) => ({ epsilonCutoff: 0, minP: Math.max(minP, epsilonCutoff) })),
  ),
  keeps("epsilonCutoff may leave nothing", [...BOUNDS, "LOGITS-3"], (logits, filter) => {
    const kept = keptOf(logits, { ...filter, epsilonCutoff: 0 });
    const p = probabilities(kept, logits, filter.temperature);
    return filter.epsilonCutoff > 0 ? kept.filter((_, i) => p[i] >= filter.epsilonCutoff) : kept;
  }),
  keeps(
    "etaCutoff is epsilonCutoff",
    BOUNDS,
    keepWith(({ epsilonCutoff, etaCutoff }) => ({
      epsilonCutoff: Math.max(epsilonCutoff, etaCutoff),
      etaCutoff: 0,
    })),
  ),
  keeps(
    "topNSigma takes the deviation of a sample, over n - 1",
    // Of one category it is 0/0.
    [...BOUNDS, "LOGITS-3"],
    keepWith(({ topNSigma }, logits) => ({
      topNSigma: topNSigma * Math.sqrt(logits.length / (logits.length - 1)),
    })),
  ),
  keeps("topNSigma takes the deviation of masked logits too, as -1e9", BOUNDS, (logits, filter) => {
    if (!logits.includes(Number.NEGATIVE_INFINITY) || filter.topNSigma === 0) return keptOf(logits, filter);
    return keptOf(logits, { ...filter, topNSigma: 0 });
  }),
  {
    name: "filters never see the temperature",
    fault: {
      parts: (honest) => ({
        filterOf: (decoding, row) => ({
          ...honest.filterOf(decoding, row),
          temperature: valueOfRow(decoding.temperature, row) === 0 ? 0 : 1,
        }),
      }),
    },
    breaks: [...TOP_P, "DEC-5", "DEC-6"],
  },
  {
    name: "filters see the temperature although it comes last",
    fault: {
      parts: (honest) => ({
        filterOf: (decoding, row) => ({
          ...honest.filterOf(decoding, row),
          temperature: valueOfRow(decoding.temperature, row),
        }),
      }),
    },
    breaks: [...TOP_P, "DEC-5", "DEC-6"],
  },
  {
    name: "noise goes by rank among what is kept, not by category (SGLang)",
    fault: {
      parts: () => ({
        noiseOfKept(noise, kept) {
          const moved = noise.slice();
          kept.forEach((j, rank) => {
            moved[j] = noise[rank];
          });
          return moved;
        },
      }),
    },
    breaks: [...TOP_K, "DEC-4", "DEC-5", "DEC-6", "DEC-7", "CAT-2", "KEY-1"],
  },
  {
    name: "filters take the perturbed logits for logits",
    fault: given(["categorical"], (options) => ({
      ...options,
      topK: undefined,
      topP: undefined,
      minP: undefined,
    })),
    breaks: [...TOP_K, "DEC-4", "DEC-5", "ARG-1"],
  },
  {
    name: "the mask is read from its highest bit",
    fault: {
      parts: () => ({
        mask(logits, decoding, row) {
          const { mask, wordsPerRow } = decoding;
          if (mask === undefined) return;
          const first = mask.length === wordsPerRow ? 0 : row * wordsPerRow;
          for (let j = 0; j < logits.length; j++) {
            if (((mask[first + (j >>> 5)] >>> (31 - (j & 31))) & 1) === 0)
              logits[j] = Number.NEGATIVE_INFINITY;
          }
        },
      }),
    },
    breaks: MASK,
  },
  {
    name: "the mask's last partial word allows everything",
    fault: {
      parts: (honest) => ({
        mask(logits, decoding, row) {
          const last = logits.slice(logits.length & ~31);
          honest.mask(logits, decoding, row);
          logits.set(last, logits.length & ~31);
        },
      }),
    },
    breaks: MASK,
  },
  {
    name: "the first row's mask holds for all rows",
    fault: { parts: (honest) => ({ mask: (logits, decoding) => honest.mask(logits, decoding, 0) }) },
    breaks: MASK,
  },
  {
    name: "a masked NaN is a NaN",
    fault: {
      parts: (honest) => ({
        mask(logits, decoding, row) {
          const given = logits.slice();
          honest.mask(logits, decoding, row);
          given.forEach((value, j) => {
            if (Number.isNaN(value)) logits[j] = value;
          });
        },
      }),
    },
    breaks: MASK,
  },
  {
    name: "the first row's filters hold for all rows",
    fault: { parts: (honest) => ({ filterOf: (decoding) => honest.filterOf(decoding, 0) }) },
    breaks: ROWS,
  },
  {
    name: "the first row's temperature holds for all rows",
    fault: { parts: (honest) => ({ temperatureOf: (decoding) => honest.temperatureOf(decoding, 0, 0) }) },
    breaks: ROWS,
  },
  {
    name: "temperatures by row go on over the rows of all samples",
    fault: {
      parts: (honest) => ({
        temperatureOf: (decoding, row, index) =>
          honest.temperatureOf(
            decoding,
            index < decoding.temperature.length ? index : row === 0 ? decoding.temperature.length - 1 : 0,
            index,
          ),
      }),
    },
    breaks: ROWS,
  },
  {
    name: "the first row's key is that of all rows",
    fault: given(["categorical"], (options) => {
      const { key } = options as { key?: Key | readonly Key[] };
      return Array.isArray(key?.[0]) ? { ...options, key: key[0] as Key } : options;
    }),
    breaks: [...KEYS, "ARG-1"],
  },
  {
    name: "under keys by row noise is counted over the batch",
    fault: { parts: () => ({ ownIndex: (_sample, _categories, _j, whole) => whole }) },
    breaks: KEYS,
  },
  {
    name: "under keys by row every sample has the same noise",
    fault: {
      parts: (honest) => ({
        ownIndex: (_, categories, j, whole) => honest.ownIndex(0, categories, j, whole),
      }),
    },
    breaks: KEYS,
  },
  {
    name: "logProb with filters is not renormalised",
    fault: {
      parts: (honest) => ({
        logProbOfKept: (z, kept, index) =>
          kept.includes(index) ? honest.logSoftmax(z, index) : Number.NEGATIVE_INFINITY,
      }),
    },
    breaks: ["DEC-12", "DEC-1", "DEC-8"],
  },
  {
    name: "logProb does not see filters",
    fault: { parts: (honest) => ({ logProbOfKept: (z, _, index) => honest.logSoftmax(z, index) }) },
    breaks: ["DEC-12", "DEC-1", "DEC-8"],
  },
  {
    name: "logProb of a category that is filtered out is that of float32's least number",
    fault: {
      parts: (honest) => ({
        logProbOfKept: (z, kept, index) =>
          kept.includes(index) ? honest.logProbOfKept(z, kept, index) : -3.4e38,
      }),
    },
    breaks: ["DEC-12", "DEC-1", "DEC-8"],
  },
  ...(["mask", "topNSigma", "topK", "topP", "minP", "typicalP", "epsilonCutoff", "etaCutoff"] as const).map(
    (name): Sabotage => ({
      name: `${name} is accepted and ignored (transformers.js)`,
      fault: {
        parts: (honest) =>
          name === "mask"
            ? { mask: () => {} }
            : { keep: (logits, filter) => honest.keep(logits, { ...filter, [name]: NO_FILTERS[name] }) },
      },
      breaks: [...TOP_P, "DEC-3", "DEC-5", "DEC-6", ...MASK],
    }),
  ),
  keeps(
    "cut-offs after typicalP see what it was given, not what it left",
    [...BOUNDS, "DEC-6"],
    (logits, filter) => {
      const { typicalP, epsilonCutoff, etaCutoff } = filter;
      if (typicalP === 1 || filter.temperature === 0) return keptOf(logits, filter);
      const typical = keptOf(logits, { ...filter, epsilonCutoff: 0, etaCutoff: 0 });
      const passing = new Set(keptOf(logits, { ...filter, typicalP: 1, epsilonCutoff, etaCutoff }));
      return typical.filter((j, i) => i === 0 || passing.has(j));
    },
  ),
  {
    name: "the largest topK of a batch holds for all of its rows",
    fault: {
      parts: (honest) => ({
        filterOf(decoding, row) {
          const filter = honest.filterOf(decoding, row);
          return filter.topK === 0 ? filter : { ...filter, topK: Math.max(...decoding.topK) };
        },
      }),
    },
    breaks: ROWS,
  },
  {
    name: "arrays of values by row are read a moment after the call has returned",
    fault: {
      sampler: (honest) => ({
        categorical: (async (logits: never, options: object) => {
          await undefined;
          return honest.categorical(logits, options);
        }) as never,
      }),
    },
    breaks: ["LIFE-1"],
  },
];
