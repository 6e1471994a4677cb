// The report as one HTML file that loads nothing.
import type { BackendText, BackendTexts } from "../experiments/backends.ts";
import { drafterChart } from "./drafter-chart.ts";
import { KEPT_LEGEND, keptChart } from "./kept-chart.ts";
import type { Results } from "./results.ts";
import { labelOf, meaningsHtml, settingHtml } from "./setting.ts";
import { STYLE } from "./style.ts";
import { escapeHtml, markedTokens } from "./text.ts";
import { watermarkChart } from "./watermark-chart.ts";

/** The page. */
export function reportHtml(results: Results, decode: (ids: readonly number[]) => string): string {
  const { prompt, seed, model, seconds } = results;
  const figures: [string, string][] = [
    [model.vocabulary.toLocaleString("en"), "tokens in the vocabulary"],
    [`${model.order - 1}`, "tokens that it looks back"],
    [model.perplexity.toFixed(0), "perplexity on unseen chapters"],
    [`${(model.bytes / 2 ** 20).toFixed(0)} MB`, "of ONNX"],
    [`${seconds.toFixed(0)} s`, "for everything on this page"],
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The next token</title>
<style>${STYLE}</style>
</head>
<body>
<h1>The next token</h1>
<p>A language model gives every <em>token</em>, a word or a piece of one, a <em>logit</em>: the logarithm of its probability to come next, up to a constant. A sampler draws
the next token from these, and so on. Here the model is small and real: it counted which tokens follow which in
${model.trained.toLocaleString("en")} tokens of <em>Moby-Dick</em>. Every token below was drawn with
<code>argmax(logits/temperature + noise)</code>, the noise of each token being a function of the token and of a
<em>key</em>, 64 bits that a seed and the step of the text decide.</p>
<div class="figures">${figures.map(([value, label]) => `<div><b>${value}</b><span>${label}</span></div>`).join("")}</div>
<p class="note"><em>Perplexity</em>: on average the model is as unsure of the next token as if it had so many equally likely ones to choose from.</p>
${textsHtml(results, decode)}
${keptHtml(results, decode)}
${backendsHtml(results, decode)}
${batchHtml(results, decode)}
${watermarkHtml(results, decode)}
${drafterHtml(results)}
<p class="note">Prompt “${escapeHtml(prompt)}”, seed ${seed}. The same command line gives the same texts.</p>
</body>
</html>
`;
}

type Decode = (ids: readonly number[]) => string;

function card(label: string, aside: string, prompt: string, html: string): string {
  return `<div class="text"><b>${label}<span>${aside}</span></b><i>${escapeHtml(prompt)}</i>${html}</div>`;
}

function textsHtml({ prompt, texts }: Results, decode: Decode): string {
  const cards = texts.map(({ setting, ids }) =>
    card(settingHtml(setting), "", prompt, escapeHtml(decode(ids))),
  );
  return `<h2>One seed, ${texts.length} settings</h2>
<p>A temperature, penalties and filters change which tokens can come. All texts were drawn by transformers.js under one key, with a logits processor of
<code>@gumbel/llm</code>: the noise is the same in all, so where two part, it is the setting that made them.</p>
${meaningsHtml()}
${cards.join("\n")}`;
}

function keptHtml({ kept, prompt }: Results, decode: Decode): string {
  const legend = KEPT_LEGEND.map(
    ({ name, colour, mark }) => `<span><i class="${mark}" style="--colour: ${colour}"></i>${name}</span>`,
  );
  const tokens = kept.ids.map((id) => `<span>${escapeHtml(decode([id]))}</span>`);
  return `<h2>What a filter keeps</h2>
<p>Each bar is the distribution at one step of the text below the charts, at temperature 1: the likeliest token at its foot, then the next, the many unlikely ones together on
top. A sure step has one tall block; filters differ in what they do where the model is unsure.</p>
<div class="legend">${legend.join("")}</div>
${kept.filters.map(keptChart).join("\n")}
<p class="note steps">The steps, drawn without a filter: ${escapeHtml(prompt)} ${tokens.join("")}</p>`;
}

function backendsHtml({ prompt, backends, lacks }: Results, decode: Decode): string {
  const missing = lacks.map(({ name, reason }) => `${name} is not here: ${escapeHtml(reason)}.`).join(" ");
  return `<h2>One seed on every backend</h2>
<p>Each backend continues the prompt by itself with its own arithmetic: float64 in JavaScript for the reference, float32 in WebAssembly, in a
shader, and in ONNX Runtime, once beside the model and once inside its graph, where no logits leave it. Tokens that are not the
reference's are counted, and <mark>marked</mark>; a text that has none is folded.</p>
${backends.map((one) => backendHtml(one, prompt, decode)).join("\n")}
${missing === "" ? "" : `<p class="note">${missing}</p>`}`;
}

/** Texts that are the reference's, token for token, are folded. */
function backendHtml({ setting, backends }: BackendTexts, prompt: string, decode: Decode): string {
  const [reference, ...others] = backends;
  const ids = reference.ids!;
  const cards = others.map((one) => {
    if (one.ids === undefined) return card(one.name, `has no ${one.lacking.map(labelOf).join(", ")}`, "", "");
    const head = `<b>${one.name}<span>${countHtml(one, ids.length)}</span></b>`;
    const text = `<i>${escapeHtml(prompt)}</i>${markedTokens(one.ids, ids, decode)}`;
    const open = one.different === 0 ? "" : " open";
    return `<details class="text"${open}><summary>${head}</summary>${text}</details>`;
  });
  const first = card(reference.name, "", prompt, escapeHtml(decode(ids)));
  return `<h3>${settingHtml(setting)}</h3>${[first, ...cards].join("\n")}`;
}

function countHtml({ different }: BackendText, tokens: number): string {
  return `<strong class="${different === 0 ? "same" : "other"}">${different}</strong> of ${tokens} tokens differ`;
}

function batchHtml({ batch }: Results, decode: Decode): string {
  const cards = batch.map(({ request, ids, different }) =>
    card(
      `seed ${request.seed}, ${settingHtml(request.setting)}`,
      `<strong class="${different === 0 ? "same" : "other"}">${different}</strong> of ${ids.length} tokens differ`,
      request.prompt,
      escapeHtml(decode(ids)),
    ),
  );
  return `<h2>A batch against single requests</h2>
<p>${batch.length} requests of unlike length, each with its own seed and settings, were answered together and then one by one. With a key for each row the
neighbours in a batch are no part of the draw: counted are the tokens that differ between the two.</p>
${cards.join("\n")}`;
}

function watermarkHtml({ watermark }: Results, decode: Decode): string {
  const [marked] = watermark;
  const [tokens, log10p] = marked.curves[0].at(-1)!;
  return `<h2>A watermark</h2>
<p>If the noise of a token is a function of a secret key and of the four tokens before it, the text is drawn from the same distribution as ever, but who has the
key can compute the noise again and sees that the chosen tokens had more of it than chance allows. The <em>p-value</em> is the probability that a text
which knows nothing of the key shows as much evidence. At a lower temperature there is less choice, and so less
room for a mark; a text that repeats itself gives evidence only once. Below the dashed line
fewer than one in a million unmarked texts would come.</p>
${watermarkChart(watermark)}
${card(marked.name, `p = 1e${log10p.toFixed(0)} after ${tokens} tokens`, marked.text.prompt, escapeHtml(decode(marked.text.ids)))}`;
}

function drafterHtml({ drafters, model }: Results): string {
  const [{ tokens, speculation }] = drafters;
  const rows = drafters.map(({ order, speculation: { runs, different } }) => {
    const count = `<strong class="${different === 0 ? "same" : "other"}">${different}</strong> of ${tokens}`;
    return `<tr><th>order ${order}</th><td>${(tokens / runs).toFixed(2)}</td><td>${count}</td></tr>`;
  });
  return `<h2>A drafter</h2>
<p><em>Speculative decoding</em> lets a cheap model, the drafter, guess the next tokens, and the large one check many guesses in one run. When both draw with the same
noise, a guess is accepted where it is the very token that the large model draws: the text is the same with and without a drafter. The probability of that,
<code>Σᵢ 1/Σⱼ max(pⱼ/pᵢ, qⱼ/qᵢ)</code>, follows from both distributions. Here drafters are smaller models of the same book, the large one is of order ${model.order}
(<em>order</em> n: it sees the n − 1 tokens before); measured are ${tokens} guesses at each temperature.</p>
${drafterChart(drafters)}
<p>A text of ${tokens} tokens at temperature ${speculation.temperature}, with ${speculation.guesses} guesses at a time:</p>
<table>
<thead><tr><th>drafter</th><th>tokens a run of the large model</th><th>tokens that differ from plain decoding</th></tr></thead>
<tbody>${rows.join("\n")}</tbody>
</table>`;
}
