// Plain JavaScript: @stdlib's Gumbel generator, one number at a time, next tokens by a sort, as one writes it by hand, and the floor of
// reading each logit once.
import random from "@stdlib/random-base-gumbel";
import { type Contestant, entriesOf, repeat } from "../contestant.ts";
import { FILTERS } from "../filtered.ts";
import type { FilteredOperation } from "../results.ts";

export async function javascript(): Promise<Contestant[]> {
  const library = "@stdlib/random-base-gumbel";
  const stdlib = entriesOf(
    { gumbel: "values[i] = gumbel() of gumbel.factory(0, 1, { seed })" },
    async (_, { logits }) => {
      const gumbel = random.factory(0, 1, { seed: 1 });
      const values = new Float64Array(logits.length);
      const run = () => {
        for (let i = 0; i < values.length; i++) values[i] = gumbel();
        return values;
      };
      return repeat({ run, read: (last) => last });
    },
  );
  const loop = entriesOf(
    { read: "maximum of each row" },
    async (_, { shape: [rows, categories], logits }) => {
      const maxima = new Float32Array(rows);
      const run = () => {
        for (let row = 0; row < rows; row++) {
          let max = Number.NEGATIVE_INFINITY;
          for (let i = row * categories; i < (row + 1) * categories; i++)
            if (logits[i] > max) max = logits[i];
          maxima[row] = max;
        }
        return maxima;
      };
      return repeat({ run, read: (last) => last });
    },
  );
  const how = "indices.sort((a, b) => logits[b] - logits[a]), Math.exp, Math.random";
  const sort = entriesOf(
    { topK: how, minP: how, topP: how, filters: how },
    async (operation, { shape: [rows, categories], logits }) => {
      const run = () =>
        Array.from({ length: rows }, (_, row) =>
          drawBySort(logits.subarray(row * categories, (row + 1) * categories), FILTERS[operation]),
        );
      return repeat({ run, read: (last) => last });
    },
  );
  const byHand = { family: "wasm", library: "none" } as const;
  return [
    { id: "stdlib", name: library, family: "wasm", library, operations: stdlib },
    { ...byHand, id: "javascript", name: "a loop in JavaScript", operations: loop },
    { ...byHand, id: "javascript-sort", name: "a sort in JavaScript", operations: sort },
  ];
}

/** A next token as it is written by hand: sorts the vocabulary, and draws from the cumulative distribution of what is kept. */
function drawBySort(
  logits: Float32Array,
  {
    topK = logits.length,
    topP = 1,
    minP = 0,
  }: Partial<Record<Exclude<FilteredOperation, "filters">, number>>,
): number {
  const order = Uint32Array.from(logits.keys()).sort((a, b) => logits[b] - logits[a]);
  const weights = Array.from(order.subarray(0, topK), (i) => Math.exp(logits[i] - logits[order[0]]));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let kept = 0;
  let mass = 0;
  while (kept < weights.length && mass < topP * total && weights[kept] >= minP) mass += weights[kept++];
  let rest = Math.random() * mass;
  let place = 0;
  while (place < kept - 1 && rest >= weights[place]) rest -= weights[place++];
  return order[place];
}
