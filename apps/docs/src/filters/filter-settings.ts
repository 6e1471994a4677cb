// The settings of the filters page: their ranges, what each keeps, and the options that they make.
import type { CategoricalOptions } from "@gumbel/core";

/** Name of a filter with a slider, in the order in which they act. */
export type SliderFilter =
  | "topNSigma"
  | "topK"
  | "topP"
  | "minP"
  | "typicalP"
  | "epsilonCutoff"
  | "etaCutoff";

/** What the reader has set. */
export interface FilterSettings extends Record<SliderFilter, number> {
  temperature: number;
  order: "temperature-first" | "temperature-last";
}

/** A slider. */
export interface FilterSlider {
  readonly name: SliderFilter;
  /** What the filter is called elsewhere. */
  readonly title: string;
  readonly help: string;
  /** The value that keeps everything. */
  readonly off: number;
  readonly maximum: number;
  readonly step: number;
}

/** The sliders, in the order in which the filters act. */
export const SLIDERS: readonly FilterSlider[] = [
  {
    name: "topNSigma",
    title: "top-nσ",
    help: "Keeps logits within n standard deviations of the largest, whatever the temperature.",
    off: 0,
    maximum: 5,
    step: 0.1,
  },
  {
    name: "topK",
    title: "top-k",
    help: "Keeps the k most likely, exactly k.",
    off: 0,
    maximum: 100,
    step: 1,
  },
  {
    name: "topP",
    title: "top-p (nucleus)",
    help: "Keeps the fewest most likely that hold at least p together.",
    off: 1,
    maximum: 1,
    step: 0.01,
  },
  {
    name: "minP",
    title: "min-p",
    help: "Keeps what has at least m times the probability of the most likely.",
    off: 0,
    maximum: 0.5,
    step: 0.005,
  },
  {
    name: "typicalP",
    title: "typical-p",
    help: "As top-p, but in the order of how near −ln p is to the entropy. May cut the most likely.",
    off: 1,
    maximum: 1,
    step: 0.01,
  },
  {
    name: "epsilonCutoff",
    title: "epsilon cutoff",
    help: "Keeps probabilities of at least ε.",
    off: 0,
    maximum: 0.05,
    step: 0.0005,
  },
  {
    name: "etaCutoff",
    title: "eta cutoff",
    help: "Keeps probabilities of at least min(η, √η·e⁻ᴴ), H being the entropy: stricter where the row is peaked.",
    off: 0,
    maximum: 0.05,
    step: 0.0005,
  },
];

/** Every filter off, at temperature 1. */
export function settingsOff(): FilterSettings {
  const values = Object.fromEntries(SLIDERS.map(({ name, off }) => [name, off]));
  return {
    temperature: 1,
    order: "temperature-first",
    ...(values as Record<SliderFilter, number>),
  };
}

/** The sliders that are not off. */
export function activeSliders(settings: FilterSettings): FilterSlider[] {
  return SLIDERS.filter(({ name, off }) => settings[name] !== off);
}

/** The options of `categorical` that differ from their defaults, as one would write them. */
export function optionsOf(settings: FilterSettings): CategoricalOptions {
  const { temperature, order } = settings;
  const active = activeSliders(settings);
  return {
    ...(temperature === 1 ? {} : { temperature }),
    ...Object.fromEntries(active.map(({ name }) => [name, settings[name]])),
    ...(order === "temperature-first" ? {} : { order }),
  };
}
