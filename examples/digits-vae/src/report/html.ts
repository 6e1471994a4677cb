// The report: one HTML file with everything inside, to be looked at.
import type { TrainingConfig } from "../train.ts";
import { epochChart } from "./charts.ts";
import { claimTable } from "./claim-table.ts";
import { imageElements } from "./images.ts";
import type { Pictures, Results } from "./results.ts";

const STYLE = `
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; color: #1f2328; background: #fff; max-width: 760px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: .8rem; margin: 1.2rem 0; }
.figures div { border: 1px solid #d1d9e0; border-radius: 8px; padding: .6rem .8rem; }
.figures b { display: block; font-size: 1.5rem; }
.figures span, .note { color: #59636e; font-size: .9rem; }
.grid { display: grid; grid-template-columns: repeat(10, 1fr); gap: 6px; }
.grid figure { margin: 0; }
.grid img { width: 100%; image-rendering: pixelated; border: 1px solid #d1d9e0; display: block; }
.grid figure img + img { margin-top: 2px; border-color: #1f6feb; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .82rem; white-space: nowrap; }
th, td { text-align: left; padding: .35rem .5rem; border-bottom: 1px solid #d1d9e0; }
code { font-size: .76rem; }
svg { max-width: 100%; height: auto; }
`;

/** The page. */
export function reportHtml(results: Results, pictures: Pictures): string {
  const { config, backend, images, epochs, final, seconds, claim } = results;
  const { variables, classes, hidden, straightThrough, temperature, seed } = config;
  const originals = imageElements(pictures.originals, "held-out digit");
  const reconstructions = imageElements(pictures.reconstructions, "its reconstruction");
  const pairs = originals.map((original, i) => `<figure>${original}${reconstructions[i]}</figure>`);
  const samples = imageElements(pictures.samples, "digit sampled from the prior");
  const codes = straightThrough ? "straight-through codes" : "soft codes";
  const figures: [string, string][] = [
    [final.negativeElbo.toFixed(1), "nats, held-out negative ELBO"],
    [final.reconstruction.toFixed(1), "nats to draw the pixels"],
    [final.kl.toFixed(1), `nats of ${(variables * Math.log(classes)).toFixed(1)} in the code`],
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
<p>A variational autoencoder writes each handwritten digit as ${variables} variables of ${classes} classes and draws it again
from them. It was trained with Gumbel-softmax on ${images.train.toLocaleString("en")} digits (${codes}, temperature
${temperature.from} to ${temperature.to}, hidden layers of ${hidden.join(" and ")}, seed ${seed}) and measured on
${images.heldOut.toLocaleString("en")} others with hard codes.</p>
<div class="figures">${figures.map(([value, label]) => `<div><b>${value}</b><span>${label}</span></div>`).join("")}</div>
<h2>Held-out digits and their reconstructions</h2>
<p class="note">Above the binarised digit, below what the decoder draws from one hard code of it.</p>
<div class="grid">${pairs.join("")}</div>
<h2>Digits from the prior</h2>
<p class="note">Decoded from codes that were drawn uniformly: no digit was looked at.</p>
<div class="grid">${samples.join("")}</div>
<h2>The bound and the temperature</h2>
${epochChart("Negative bound, nats an image", [
  { name: "training digits", values: epochs.map(({ training }) => training.negativeElbo) },
  { name: "held-out digits", values: epochs.map(({ heldOut }) => heldOut.negativeElbo) },
  { name: `loss (${codes})`, values: epochs.map(({ trainLoss }) => trainLoss), dashed: true },
])}
<p class="note">${lossNote(config)}</p>
${epochChart("Temperature", [{ name: "temperature", values: epochs.map((epoch) => epoch.temperature) }], { height: 200, fromZero: true })}
<h2>One key, one sample</h2>
<p class="note">Codes of ${images.heldOut.toLocaleString("en")} held-out digits, drawn under the key [${claim.key.join(", ")}] from the same posterior by
the float64 reference, on every backend of TensorFlow.js that runs in Node,
${claim.lacksWebGpu === undefined ? "on WebGPU, " : ""}and by ONNX Runtime running
<code>encoder.onnx</code> from the images on: ${claim.codes.toLocaleString("en")} codes each, of which
${claim.nearTies} ${claim.nearTies === 1 ? "is a near-tie that" : "are near-ties that"} float32 may decide otherwise. Here are the first
${claim.backends[0].shown.length} digits, and how many of all codes differ from the reference.</p>
${claimTable(claim)}
</body>
</html>
`;
}

function lossNote({ straightThrough }: TrainingConfig): string {
  const bounds = "Both bounds are of hard codes, one a digit.";
  return straightThrough
    ? `${bounds} The loss is too, of the digits as training met them.`
    : `${bounds} The loss, of soft codes, is no bound: a relaxed code can carry more than a category.`;
}
