// Faults of kernels that work in blocks: tails of rows and batches, merges of partial results, long strides.
import type { OperationName } from "../../../src/index.ts";
import { alter, isLastAxis, spoil } from "../alter.ts";
import type { Sabotage } from "../sabotage.ts";

const SOFT: readonly OperationName[] = ["gumbelSoftmax", "softmax"];
const GRADIENTS: readonly OperationName[] = ["gumbelSoftmaxVjp", "softmaxVjp"];

/** Best index of each block of a row, merged by a rule: whether a later block's best takes over. */
function mergeBlocks(z: Float32Array, size: number, takesOver: (later: number, earlier: number) => boolean) {
  let best = 0;
  for (let from = 0; from < z.length; from += size) {
    let own = from;
    for (let j = from; j < Math.min(z.length, from + size); j++) if (z[j] > z[own]) own = j;
    if (from === 0 || takesOver(z[own], z[best])) best = own;
  }
  return best;
}

export const tailFaults: readonly Sabotage[] = [
  {
    name: "a soft row of 256·n + 1 categories loses the last one in its sum",
    fault: {
      parts: (honest) => ({
        softmax(z, temperature) {
          const y = honest.softmax(z, temperature);
          if (z.length % 256 !== 1 || z.length === 1) return y;
          const sum = y.subarray(0, -1).reduce((total, value) => total + value, 0);
          return sum > 0 ? y.map((value) => value / sum) : y;
        },
      }),
    },
    breaks: ["SM-1", "GS-5", "GS-4", "LOGITS-7", "VJP-1"],
  },
  {
    name: "the maximum of a row of 1024·n categories is taken without the last block",
    fault: {
      parts: (honest) => ({
        argmax: (z) => honest.argmax(z.length > 0 && z.length % 1024 === 0 ? z.subarray(0, -256) : z),
      }),
    },
    breaks: ["LOGITS-7"],
  },
  {
    name: "the last of 64·n + 1 rows is never written",
    fault: spoil(SOFT, ([y], { logits }) => {
      const categories = logits.shape.at(-1)!;
      const rows = y.length / categories;
      if (rows > 1 && rows % 64 === 1) y.fill(0, (rows - 1) * categories);
    }),
    breaks: ["GS-4", "SM-1", "LOGITS-7", "GS-6"],
  },
  {
    name: "the last of 64·n + 1 rows is never drawn",
    slow: true,
    fault: spoil(["categorical"], ([indices]) => {
      if (indices.length > 1 && indices.length % 64 === 1) indices.fill(0, indices.length - 1);
    }),
    breaks: ["CAT-2", "LOGITS-7", "GS-6"],
  },
  {
    name: "the last of 256·n + 1 columns is never written, along the first axis",
    fault: spoil([...SOFT, ...GRADIENTS], ([y], call) => {
      const inner = call.logits.shape.at(-1)!;
      if (isLastAxis(call) || inner < 2 || inner % 256 !== 1) return;
      for (let i = inner - 1; i < y.length; i += inner) y[i] = 0;
    }),
    breaks: ["GS-4"],
  },
  {
    name: "among equal bests of several blocks the last block's wins",
    fault: { parts: () => ({ argmax: (z) => mergeBlocks(z, 256, (later, earlier) => later >= earlier) }) },
    breaks: ["LOGITS-7", "GS-2", "SM-2"],
  },
  {
    name: "among equal bests of several threads the first thread's wins, whatever the index",
    fault: {
      parts: () => ({
        argmax(z) {
          let best = 0;
          for (let thread = 0; thread < Math.min(64, z.length); thread++) {
            for (let j = thread; j < z.length; j += 64) if (z[j] > z[best]) best = j;
          }
          return best;
        },
      }),
    },
    breaks: ["LOGITS-7", "SM-2"],
  },
  {
    name: "a block of masks alone makes a running maximum −∞ − −∞",
    fault: {
      parts: (honest) => ({
        softmax(z, temperature) {
          for (let from = 0; from + 256 <= z.length; from += 256) {
            if (z.subarray(from, from + 256).every((value) => value === -Infinity))
              return z.map(() => Number.NaN);
          }
          return honest.softmax(z, temperature);
        },
      }),
    },
    breaks: ["LOGITS-2", "GS-6"],
  },
  {
    name: "a long row counts as degenerate when its first 1024 categories are masked",
    fault: {
      parts: (honest) => ({
        isDegenerate: (row) => honest.isDegenerate(row.length > 1024 ? row.subarray(0, 1024) : row),
      }),
    },
    breaks: ["LOGITS-3"],
  },
  {
    name: "NaN is not looked for in the second block of 256",
    fault: {
      parts: (honest) => ({
        isDegenerate: (row) =>
          honest.isDegenerate(row.length > 600 ? row.filter((_, j) => j < 256 || j >= 512) : row),
      }),
    },
    breaks: ["LOGITS-3"],
  },
  {
    name: "NaN at the start of a row marks the row before it, where rows are no multiple of four",
    fault: spoil(["softmax"], ([y], call) => {
      const categories = call.logits.shape.at(-1)!;
      if (!isLastAxis(call) || categories % 4 === 0 || categories < 64) return;
      for (let start = categories; start < y.length; start += categories) {
        if (Number.isNaN(call.logits.data[start])) y.fill(Number.NaN, start - categories, start);
      }
    }),
    breaks: ["LOGITS-3"],
  },
  {
    name: "degenerate rows past the 256th are not marked",
    fault: spoil(SOFT, ([y], call) => {
      if (isLastAxis(call)) {
        const from = 256 * call.logits.shape.at(-1)!;
        for (let i = from; i < y.length; i++) if (Number.isNaN(y[i])) y[i] = 0;
      }
    }),
    breaks: ["LOGITS-3"],
  },
  {
    name: "a degenerate column marks its neighbours in a workgroup of 64, along the first axis",
    fault: spoil(["categorical"], ([indices], call) => {
      if (isLastAxis(call) || indices.length < 200) return;
      const marked = Array.from(indices, (index) => index === -1);
      marked.forEach((bad, i) => {
        if (bad) indices.fill(-1, i - (i % 64), i - (i % 64) + 64);
      });
    }),
    breaks: ["LOGITS-3"],
  },
  {
    name: "the hard result of a long degenerate row is all 0",
    fault: spoil(SOFT, ([y], call) => {
      const { axis = -1, hard } = call.options;
      if (hard && call.logits.shape.at(axis)! > 700)
        y.set(y.map((value) => (Number.isNaN(value) ? 0 : value)));
    }),
    breaks: ["LOGITS-3"],
  },
  {
    name: "top-k sorts no further than place 512",
    fault: {
      parts: (honest) => ({
        order(z) {
          const order = honest.order(z);
          return [...order.slice(0, 512), ...order.slice(512).sort((a, b) => a - b)];
        },
      }),
    },
    breaks: ["TOPK-1"],
  },
  {
    name: "top-k keeps 1024 candidates at most, and repeats the last one",
    fault: {
      parts: (honest) => ({
        order: (z) => honest.order(z).map((_, place, all) => all[Math.min(place, 1023)]),
      }),
    },
    breaks: ["TOPK-1"],
  },
  {
    name: "top-k's sort of long rows turns exact ties around",
    fault: {
      parts: (honest) => ({
        order: (z) =>
          z.length > 700 ? Array.from(z.keys()).sort((a, b) => z[b] - z[a] || b - a) : honest.order(z),
      }),
    },
    breaks: ["TOPK-2"],
  },
  {
    name: "the cotangent's mean over a long row is kept in float16",
    fault: {
      parts: () => ({
        vjp(y, cotangent, temperature) {
          let mean = y.reduce((total, value, j) => (value === 0 ? total : total + value * cotangent[j]), 0);
          if (y.length > 700) mean = Number(mean.toPrecision(4));
          return y.map((value, j) => (value === 0 ? 0 : (value * (cotangent[j] - mean)) / temperature));
        },
      }),
    },
    breaks: ["VJP-4", "LOGITS-2"],
  },
  {
    name: "a strided row is read up to 4096 categories, then from the start again",
    slow: true,
    fault: { parts: () => ({ at: (start, j, inner) => start + (inner > 1 ? j % 4096 : j) * inner }) },
    breaks: ["LOGITS-7", "TOPK-1"],
  },
  {
    name: "a gradient sums 256 samples at most",
    fault: alter(["gumbelSoftmaxVjp"], async ({ inputs, honest, options, logits }, { make, release }) => {
      const cotangent = inputs[1] as typeof logits;
      if (cotangent.data.length <= 256 * logits.data.length) return honest();
      const cut = make(
        cotangent.data.map((c, i) => (i < 256 * logits.data.length ? c : 0)),
        cotangent.shape,
      );
      const result = await honest(options, [logits, cut]);
      release(cut);
      return result;
    }),
    breaks: ["VJP-1"],
  },
  ...(["block of 1024", "thread of 64"] as const).map(
    (of): Sabotage => ({
      name: `top-k merges the 32 best of each ${of}, which may not hold the best of the row`,
      fault: {
        parts: (honest) => ({
          order(z) {
            const order = honest.order(z);
            if (z.length <= 1024) return order;
            const kept = new Map<number, number>();
            const isKept = (j: number) => {
              const part = of === "block of 1024" ? j >> 10 : j & 63;
              kept.set(part, (kept.get(part) ?? 0) + 1);
              return kept.get(part)! <= 32;
            };
            const best = order.filter(isKept);
            return [...best, ...order.filter((j) => !best.includes(j))];
          },
        }),
      },
      breaks: ["TOPK-1", "LOGITS-3"],
    }),
  ),
  {
    name: "the last category of each block of 1024 but the first never wins",
    fault: {
      parts: (honest) => ({
        argmax: (z) =>
          honest.argmax(z.map((value, j) => (j > 1024 && j % 1024 === 1023 ? -Infinity : value))),
      }),
    },
    breaks: ["LOGITS-7"],
  },
  {
    name: "the gradient is 0 for the last category of each block of 1024 but the first",
    fault: {
      parts: (honest) => ({
        vjp: (...row) => honest.vjp(...row).map((value, j) => (j > 1024 && j % 1024 === 1023 ? 0 : value)),
      }),
    },
    breaks: ["LOGITS-7", "LOGITS-3", "LOGITS-4", "VJP-1"],
  },
  {
    name: "the maximum of a row is that of its first 4096 categories",
    fault: {
      parts: (honest) => ({
        softmax(z, temperature) {
          const rest = z.subarray(4096);
          const overflows = rest.some((value) => value - z[honest.argmax(z.subarray(0, 4096))] > 88);
          return overflows ? z.map(() => Number.NaN) : honest.softmax(z, temperature);
        },
      }),
    },
    breaks: ["LOGITS-7", "LOGITS-3"],
  },
  {
    name: "NaN is looked for in the first 4096 categories",
    fault: { parts: (honest) => ({ isDegenerate: (row) => honest.isDegenerate(row.subarray(0, 4096)) }) },
    breaks: ["LOGITS-3", "LOGITS-7"],
  },
  {
    name: "the words of bits past 65,536 are those of the first ones",
    fault: spoil(["bits"], ([words]) => {
      for (let i = 65_536; i < words.length; i++) words[i] = words[i - 65_536];
    }),
    breaks: ["LOGITS-7"],
  },
  {
    name: "strided rows are read up to 32,768 categories, then from the start again",
    fault: { parts: () => ({ at: (start, j, inner) => start + (inner > 1 ? j % 32_768 : j) * inner }) },
    breaks: ["LOGITS-7"],
    thorough: true,
  },
  {
    name: "elements are indexed in float32, in tensors with a batch",
    fault: {
      parts: (honest) => ({
        block: (noise, i) => honest.block(noise, noise.shape.length > 1 ? Math.fround(i) : i),
      }),
    },
    breaks: ["LOGITS-7"],
    thorough: true,
  },
];
