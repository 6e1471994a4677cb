// The least that a sampler in JavaScript must do: read each logit once.
import type { Contestant } from "../contestant.ts";
import { repeat } from "./repeat.ts";

/** A floor. */
export async function readAlone(): Promise<Contestant[]> {
  return [
    {
      id: "javascript",
      name: "a loop in JavaScript",
      family: "wasm",
      ours: false,
      library: "none",
      operations: {
        read: {
          how: "maximum of each row",
          prepare: async ({ shape: [rows, classes], logits }) => {
            const best = new Float32Array(rows);
            return repeat({
              run: () => {
                for (let row = 0; row < rows; row++) {
                  let most = Number.NEGATIVE_INFINITY;
                  for (let i = row * classes; i < (row + 1) * classes; i++)
                    if (logits[i] > most) most = logits[i];
                  best[row] = most;
                }
                return best;
              },
              read: (last) => last,
            });
          },
        },
      },
    },
  ];
}
