// Faults in places: where a row's elements, indices or candidates stand, and how many a buffer has room for.
import { layoutOf, logGamma, rowCountOf, rowStartOf } from "../../../src/adapter.ts";
import { type AlteredCall, alter, isLastAxis, spoil } from "../alter.ts";
import type { Handle } from "../float-backend.ts";
import type { Sabotage } from "../sabotage.ts";

function layoutOfCall({ logits, options }: AlteredCall) {
  const axis = options?.axis ?? -1;
  return layoutOf(logits.shape, axis < 0 ? axis + logits.shape.length : axis, options?.sampleShape ?? []);
}

/** Where the places of each row of a top-k result stand. */
function placesOf(call: AlteredCall): number[][] {
  const k = call.inputs[1] as number;
  const layout = layoutOfCall(call);
  return Array.from({ length: rowCountOf(layout) }, (_, row) =>
    Array.from({ length: k }, (_, place) => rowStartOf(layout, row, k) + place * layout.inner),
  );
}

export const layoutFaults: readonly Sabotage[] = [
  {
    name: "k is padded to a power of two with zeros, which are sorted too",
    fault: spoil(["gumbelTopK"], ([values, indices], call) => {
      const k = call.inputs[1] as number;
      const padding = Array(2 ** Math.ceil(Math.log2(Math.max(1, k))) - k).fill([0, 0]);
      for (const places of placesOf(call)) {
        const found = places.map((at) => [values[at], indices[at]]);
        if (found.some(([value]) => Number.isNaN(value))) continue;
        const sorted = [
          ...found.filter(([value]) => value >= 0),
          ...padding,
          ...found.filter(([value]) => value < 0),
        ];
        places.forEach((at, place) => {
          [values[at], indices[at]] = sorted[place];
        });
      }
    }),
    breaks: ["TOPK-1", "TOPK-2", "TOPK-3"],
  },
  {
    name: "a full sort, of k = n, gives masked categories their own index",
    fault: spoil(["gumbelTopK"], ([, indices], call) => {
      const { categories } = layoutOfCall(call);
      if (call.inputs[1] !== categories) return;
      for (const places of placesOf(call)) {
        const drawn = places.map((at) => indices[at]).filter((index) => index >= 0);
        if (drawn.length === 0) continue;
        const rest = Array.from({ length: categories }, (_, j) => j).filter((j) => !drawn.includes(j));
        for (const at of places.slice(drawn.length)) indices[at] = rest.shift()!;
      }
    }),
    breaks: ["TOPK-3"],
  },
  {
    name: "the indices of conditional noise go by inner dimensions first",
    fault: alter(["conditionalGumbel"], async (call, { make, release }) => {
      const indices = call.inputs[1] as Handle;
      const { outer, inner, samples } = layoutOfCall(call);
      const rows = outer * inner;
      if (indices.data?.length !== samples * rows) return call.honest();
      const swapped = make(
        Array.from(indices.data, (_, i) => {
          const [sample, row] = [Math.floor(i / rows), i % rows];
          return indices.data[sample * rows + (row % inner) * outer + Math.floor(row / inner)];
        }),
        indices.shape,
        true,
      );
      try {
        return await call.honest(call.options, [call.logits, swapped]);
      } finally {
        release(swapped);
      }
    }),
    breaks: ["COND-1", "COND-2", "COND-3"],
  },
  {
    name: "the n of a density is the last dimension, whatever the axis",
    fault: spoil(["relaxedLogProb"], ([densities], call) => {
      if (isLastAxis(call)) return;
      const [n, last] = [layoutOfCall(call).categories, call.logits.shape.at(-1)!];
      const change = logGamma(last) - logGamma(n) + (last - n) * Math.log(call.options.temperature ?? 1);
      densities.forEach((value, i) => {
        densities[i] = value + change;
      });
    }),
    breaks: ["RLP-1", "RLP-2", "RLP-3"],
  },
  {
    name: "the density has room for 16,384 categories of a row",
    fault: {
      parts: (honest) => ({
        density: (logits, logSample, temperature) =>
          honest.density(logits.subarray(0, 16_384), logSample.subarray(0, 16_384), temperature),
      }),
    },
    breaks: ["LOGITS-7", "RLP-1", "RLP-3"],
    slow: true,
  },
];
