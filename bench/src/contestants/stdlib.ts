// @stdlib's Gumbel generator: one number at a time, noise only.
import random from "@stdlib/random-base-gumbel";
import type { Contestant } from "../contestant.ts";
import { repeat } from "./repeat.ts";

/** @stdlib/random-base-gumbel. */
export async function stdlib(): Promise<Contestant[]> {
  return [
    {
      id: "stdlib",
      name: "@stdlib/random-base-gumbel",
      family: "wasm",
      ours: false,
      library: "@stdlib/random-base-gumbel",
      operations: {
        gumbel: {
          how: "values[i] = gumbel() of gumbel.factory(0, 1, { seed })",
          async prepare({ logits }) {
            const gumbel = random.factory(0, 1, { seed: 1 });
            const values = new Float64Array(logits.length);
            return repeat({
              run: () => {
                for (let i = 0; i < values.length; i++) values[i] = gumbel();
                return values;
              },
              read: (last) => last,
            });
          },
        },
      },
    },
  ];
}
