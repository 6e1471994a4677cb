// The report as one HTML file that loads nothing.
import type { TrainingConfig } from "../train.ts";
import { epochChart } from "./charts.ts";
import { claimTable } from "./claim-table.ts";
import { comparisonSection } from "./comparison.ts";
import { imageElements } from "./images.ts";
import type { Pictures, Results } from "./results.ts";
import { scoreTable } from "./score-table.ts";

const STYLE = `
:root { color-scheme: light dark; --ink: #1f2328; --soft: #59636e; --paper: #fff; --line: #d1d9e0; --mark: #1f6feb; --good: #1a7f37; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9198a1; --paper: #0d1117; --line: #3d444d; --mark: #4493f8; --good: #3fb950; }
  img { filter: invert(1); }
}
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 760px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; line-height: 1.2; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: .8rem; margin: 1.2rem 0; }
.figures div { border: 1px solid var(--line); border-radius: 8px; padding: .6rem .8rem; }
.figures b { display: block; font-size: 1.5rem; }
.figures span, .note { color: var(--soft); font-size: .9rem; }
.grid { display: grid; grid-template-columns: repeat(10, 1fr); gap: 6px; }
figure { margin: 0; }
img { image-rendering: pixelated; display: block; }
.grid img { width: 100%; }
.digit { border: 1px solid var(--line); border-radius: 4px; overflow: hidden; background: var(--mark); }
.digit img + img { margin-top: 2px; }
.chart { margin: 1.6rem 0; }
figcaption { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; font-size: .9rem; margin-bottom: .4rem; }
figcaption b { flex-basis: 100%; }
figcaption i { display: inline-block; width: 22px; vertical-align: middle; margin-right: .4rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .82rem; white-space: nowrap; }
th, td { text-align: left; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); }
thead .digit { width: 42px; } thead img { width: 100%; }
.scores { font-size: .9rem; white-space: normal; } .scores th { font-weight: 600; } .scores td, .scores th { padding-right: 1.2rem; }
a { color: var(--mark); }
code { font-size: .76rem; }
mark { background: #ffd33d; color: #1f2328; }
.same { color: var(--good); } .other { color: #d1242f; }
svg { display: block; max-width: 100%; height: auto; }
.narrow { display: none; }
@media (max-width: 600px) {
  .grid { grid-template-columns: repeat(6, 1fr); }
  .figures { grid-template-columns: 1fr 1fr; }
  .wide { display: none; } .narrow { display: block; }
}
`;

/** The page. */
export function reportHtml(results: Results, pictures: Pictures): string {
  const { config, backend, images, epochs, final, seconds, claim } = results;
  const { variables, categories, hidden, temperature, seed } = config;
  const originals = imageElements(pictures.originals, "held-out digit");
  const reconstructions = imageElements(pictures.reconstructions, "its reconstruction");
  const pairs = originals.map((original, i) => digit(original + reconstructions[i]));
  const samples = imageElements(pictures.samples, "digit sampled from the prior");
  const codes = config.codes === "soft" ? "soft codes" : `hard codes, ${config.codes}`;
  const figures: [string, string][] = [
    [final.negativeElbo.toFixed(1), "nats, held-out negative ELBO"],
    [final.reconstruction.toFixed(1), "nats to draw the pixels"],
    [final.kl.toFixed(1), `nats of ${(variables * Math.log(categories)).toFixed(1)} in the code`],
    [`${seconds.toFixed(0)} s`, `${epochs.length} ${epochs.length === 1 ? "epoch" : "epochs"} on ${backend}`],
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Digits from categorical codes</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Digits from categorical codes</h1>
<p>A variational autoencoder writes each handwritten digit as ${variables} variables of ${categories} categories and draws it again
from them. It was trained with Gumbel-softmax on ${images.train.toLocaleString("en")} digits (${codes}, temperature
${temperature.from} to ${temperature.to}, hidden layers of ${hidden.join(" and ")}, seed ${seed}) and measured on
${images.heldOut.toLocaleString("en")} others with hard codes.</p>
<div class="figures">${figures.map(([value, label]) => `<div><b>${value}</b><span>${label}</span></div>`).join("")}</div>
<h2>How good is ${final.negativeElbo.toFixed(1)}?</h2>
${scoreTable(results)}
<h2>Held-out digits and their reconstructions</h2>
<p class="note">Above the binarised digit, below what the decoder draws from one hard code of it.</p>
<div class="grid">${pairs.join("")}</div>
<h2>Digits from the prior</h2>
<p class="note">Decoded from codes that were drawn uniformly: no digit was looked at. Some are digits, others mix the strokes of two: the
variables of a real digit's code depend on each other, and the uniform prior, which draws each for itself, does not know it. A learned prior over codes
is the usual remedy.</p>
<div class="grid">${samples.map(digit).join("")}</div>
<h2>The bound and the temperature</h2>
${epochChart("Negative bound, nats an image", [
  { name: "training digits", values: epochs.map(({ training }) => training.negativeElbo) },
  { name: "held-out digits", values: epochs.map(({ heldOut }) => heldOut.negativeElbo) },
  { name: `loss (${codes})`, values: epochs.map(({ trainLoss }) => trainLoss), dashed: true },
])}
<p class="note">${lossNote(config)}</p>
${epochChart("Temperature", [{ name: "temperature", values: epochs.map((epoch) => epoch.temperature) }], { height: 160, fromZero: true })}
${results.comparison === undefined ? "" : comparisonSection(results.comparison)}
<h2>One key, one sample</h2>
<p>The codes of ${images.heldOut.toLocaleString("en")} held-out digits, drawn under one key, [${claim.key.join(", ")}], on every backend that there is
here: a figure a variable, below the digit that it stands for. Counted is how many of all codes differ from the float64 reference's.
Float32 may decide near-ties otherwise, of which there ${claim.nearTies === 1 ? "is 1" : `are ${claim.nearTies}`}.</p>
${claimTable(claim, originals.map(digit))}
<p class="note">All drew from the posterior that TensorFlow.js computed, except ONNX Runtime, which ran <code>encoder.onnx</code> from the
pixels on.${claim.lacksWebGpu === undefined ? "" : ` WebGPU is not among them: ${claim.lacksWebGpu}.`}</p>
</body>
</html>
`;
}

function digit(images: string): string {
  return `<figure class="digit">${images}</figure>`;
}

function lossNote({ codes }: TrainingConfig): string {
  const bounds = "Both bounds are of hard codes, one a digit.";
  return codes === "soft"
    ? `${bounds} The loss, of soft codes, is no bound: a relaxed code can carry more than a category.`
    : `${bounds} The loss is too, of the digits as training met them.`;
}
