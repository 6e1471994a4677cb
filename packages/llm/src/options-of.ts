// Reads options, and says what a caller probably meant by one that token samplers do not have: names of other libraries beside core's.
import { readOptions, unknownOption } from "@gumbel/core/adapter";

/** Hints by names of Hugging Face, OpenAI, vLLM and llama.cpp, lower case without underscores. */
const HINTS: Readonly<Record<string, string>> = {
  dosample: "it always samples; temperature: 0 takes the most likely token",
  numbeams: "it samples, and has no beam search",
  toplogprobs: "did you mean logProbs: n?",
  repeatlastn: "did you mean penaltyWindow?",
  penaltylastn: "did you mean penaltyWindow?",
  rawlogprobs: 'did you mean logProbsMode: "raw"?',
  processedlogprobs: 'did you mean logProbsMode: "processed"?',
  badwordsids: "did you mean logitBias with -Infinity, or mask?",
  suppresstokens: "did you mean logitBias with -Infinity, or mask?",
  allowedtokenids: "did you mean mask?",
  grammar: "give each step the mask that the grammar allows",
  maxtokens: "the loop that calls it decides when to stop",
  maxnewtokens: "the loop that calls it decides when to stop",
  promptlength: "it belongs to the step: next(logits, { history, promptLength })",
  history: "it belongs to the step: next(logits, { history })",
  position: "it belongs to the step: next(logits, { position })",
  row: "it belongs to the step: next(logits, { row })",
};

/** An error for an option that does not exist. */
function unknownTokenOption(of: string, name: string, allowed: readonly string[]): TypeError {
  const hint = HINTS[name.toLowerCase().replaceAll("_", "")];
  return hint === undefined
    ? unknownOption(of, name, allowed)
    : new TypeError(`${of} has no option ${name}: ${hint}`);
}

/**
 * Reads options, each once.
 * @throws TypeError for what is no object of options, and for an option that does not exist
 */
export function optionsOf<O extends object>(of: string, options: O, allowed: readonly string[]): O {
  return readOptions(of, options, allowed, unknownTokenOption) as O;
}
