// Says what a nat is, and whether a bound is good.
import { PIXELS } from "../data.ts";
import type { Results } from "./results.ts";

/**
 * Negative bounds of comparable models, a variational autoencoder of 20 variables of 10 categories on MNIST's 60,000 digits: Jang et al.
 * 2017, table 1, the column of Gumbel-softmax and that of its straight-through form.
 */
const PUBLISHED = { soft: 101.5, straightThrough: 107.8 } as const;

/** A paragraph and a table. */
export function scoreTable({ final, images, pixelByPixel, config }: Results): string {
  const coin = PIXELS * Math.LN2;
  const rows: [string, number, string][] = [
    ["A coin for each pixel", coin, "knows nothing"],
    ["A probability for each pixel", pixelByPixel, "knows the mean image"],
    ["This run", final.negativeElbo, `trained on ${images.train.toLocaleString("en")} digits`],
    ["Published, straight-through", PUBLISHED.straightThrough, "trained on 60,000 digits"],
    ["Published, soft codes", PUBLISHED.soft, "trained on 60,000 digits"],
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
<p class="note">Published: <a href="https://arxiv.org/abs/1611.01144">Jang et al. 2017</a>, table 1, an autoencoder of 20 variables of 10 categories as ${config.variables === 20 ? "this one" : "the default here"},
on six times as many digits. How far the training digits' bound lies below that of held-out ones is what more digits would give.</p>`;
}
