// Plain JavaScript: @stdlib's Gumbel generator, one number at a time, and the floor of reading each logit once.
import random from "@stdlib/random-base-gumbel";
import { type Contestant, entriesOf, repeat } from "../contestant.ts";

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
  return [
    { id: "stdlib", name: library, family: "wasm", library, operations: stdlib },
    { id: "javascript", name: "a loop in JavaScript", family: "wasm", library: "none", operations: loop },
  ];
}
