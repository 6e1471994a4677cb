// Says what a nat is, and whether a bound is good.
import { PIXELS } from "../data.ts";
import type { Results } from "./results.ts";

/** Negative bounds on MNIST of variational autoencoders with codes of 16 categories: Paulus et al. 2021, table 2. */
const PUBLISHED = { straightThrough: 98.8, gumbelRao: 96.8 } as const;

/** A paragraph and a table. */
export function scoreTable({ final, images, pixelByPixel }: Results): string {
  const coin = PIXELS * Math.LN2;
  const rows: [string, number, string][] = [
    ["A coin for each pixel", coin, "knows nothing"],
    ["A probability for each pixel", pixelByPixel, "knows the mean image"],
    ["This run", final.negativeElbo, `trained on ${images.train.toLocaleString("en")} digits`],
    ["Published, straight-through", PUBLISHED.straightThrough, "trained on MNIST"],
    ["Published, Gumbel-Rao", PUBLISHED.gumbelRao, "1,000 draws, trained on MNIST"],
  ];
  rows.sort(([, one], [, other]) => other - one);
  const body = rows
    .map(([name, nats, note]) => {
      const cell = name === "This run" ? `<b>${nats.toFixed(1)}</b>` : nats.toFixed(1);
      return `<tr><th>${name}</th><td>${cell}</td><td>${note}</td></tr>`;
    })
    .join("");
  return `<p>A nat is 1.44 bits: ${final.negativeElbo.toFixed(1)} nats are the ${(final.negativeElbo / Math.LN2).toFixed(0)} bits that it takes, at most, to store one
of these images of ${PIXELS} pixels when the model is known. The bound has two parts: ${final.kl.toFixed(1)} nats to say which code it is (the KL divergence of
the codes of an image from uniform ones), and ${final.reconstruction.toFixed(1)} to correct the pixels that the decoder then gets wrong. Less is better.</p>
<div class="scroll"><table class="scores"><thead><tr><th>model</th><th>nats an image</th><th></th></tr></thead><tbody>${body}</tbody></table></div>
<p class="note">Published: <a href="https://arxiv.org/abs/2010.04838">Paulus et al. 2021</a>, table 2, codes of 16 categories, of MNIST, which has six times as
many digits: a neighbour, not the same task. How far the training digits' bound lies below that of held-out ones is what more digits would give.</p>`;
}
