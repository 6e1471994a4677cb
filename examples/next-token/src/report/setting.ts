// Settings in words.
import type { TextSetting } from "../experiments/texts.ts";

type Name = keyof TextSetting;

/** What each option does, in a sentence. */
const MEANINGS: Record<Name, string> = {
  temperature:
    "divides the logits: below 1 likely tokens become likelier, at 0 the likeliest is always taken",
  topK: "keeps so many tokens, the likeliest",
  topP: "keeps the smallest set of likeliest tokens that holds this probability",
  minP: "keeps tokens that have at least this share of the likeliest one's probability",
  typicalP: "as top-p, but first those whose surprise is nearest to what is expected (the entropy)",
  epsilonCutoff: "keeps tokens of at least this probability",
  etaCutoff: "as the epsilon cut-off, with a bound that falls where the distribution is flat",
  topNSigma: "keeps logits within so many standard deviations of the largest one",
  repetitionPenalty: "multiplies the negative logits of tokens that have occurred, and divides positive ones",
  frequencyPenalty: "is taken off a logit for each time that its token has been drawn",
  without: "allows a given set of tokens, as a grammar does; here those without a letter",
};

/** Labels that the literature uses. */
const LABELS: Record<Name, string> = {
  temperature: "temperature",
  topK: "top-k",
  topP: "top-p",
  minP: "min-p",
  typicalP: "typical",
  epsilonCutoff: "epsilon",
  etaCutoff: "eta",
  topNSigma: "top-nσ",
  repetitionPenalty: "repetition",
  frequencyPenalty: "frequency",
  without: "mask",
};

/** A setting as `temperature 1, top-p 0.9`. */
export function settingHtml(setting: Partial<TextSetting>): string {
  return Object.entries(setting)
    .map(([name, value]) => (name === "without" ? `mask: no “${value}”` : `${LABELS[name as Name]} ${value}`))
    .join(", ");
}

/** The label of an option. */
export function labelOf(name: string): string {
  return LABELS[name as Name];
}

/** A list of all options with their meanings. */
export function meaningsHtml(): string {
  const entries = (Object.keys(LABELS) as Name[]).map(
    (name) =>
      `<dt>${LABELS[name]} <code>${name === "without" ? "mask" : name}</code></dt><dd>${MEANINGS[name]}</dd>`,
  );
  return `<dl>${entries.join("")}</dl>`;
}
