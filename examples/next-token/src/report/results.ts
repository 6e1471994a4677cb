// The results of a run, for the report and the JSON file.
import type { BackendTexts } from "../experiments/backends.ts";
import type { Served } from "../experiments/batch.ts";
import type { DrafterAcceptance } from "../experiments/drafter.ts";
import type { Kept } from "../experiments/kept.ts";
import type { SettingText } from "../experiments/texts.ts";
import type { DetectionCurves } from "../experiments/watermark.ts";

/** What is known of the model. */
export interface ModelFacts {
  readonly vocabulary: number;
  readonly order: number;
  readonly contexts: number;
  readonly bytes: number;
  /** Tokens that it was trained on. */
  readonly trained: number;
  /** e to the mean negative log-probability of a token of the held-out chapters. */
  readonly perplexity: number;
}

/** The numbers of a run. */
export interface Results {
  readonly prompt: string;
  readonly seed: number;
  readonly model: ModelFacts;
  readonly texts: readonly SettingText[];
  readonly kept: Kept;
  readonly backends: readonly BackendTexts[];
  /** Backends that are not here, and why. */
  readonly lacks: readonly { readonly name: string; readonly reason: string }[];
  readonly batch: readonly Served[];
  readonly watermark: readonly DetectionCurves[];
  readonly drafters: readonly DrafterAcceptance[];
  /** Of the whole run. */
  readonly seconds: number;
}
