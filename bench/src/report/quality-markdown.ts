// The quality part of the report.

import type { Results, TailQuality } from "../results.ts";
import { cell, compactTable } from "./compact-table.ts";
import { contestantOf, figure, nameOf, shapeName } from "./words.ts";

/** Below so many expected events a deviation in standard deviations misleads. */
const FEWEST_EVENTS = 5;

/** Of independent rows of 4096 categories, as many as this share of the expected number differ all but certainly. */
const MOSTLY = 0.9;

/** Tables of what was measured of quality; nothing where nothing was. */
export function qualityMarkdown(results: Results): string[] {
  const { vocabulary, tailVocabulary, noise, tails, lowerHalf, rows, reproducibility } = results.quality;
  const name = (id: string) =>
    cell(`${nameOf(results, id)}, ${contestantOf(results, id)?.environment ?? ""}`);
  const count = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: 1 });
  const gaps = [...new Set(tails.map(({ gap }) => gap))];
  const tailCells = (tail: TailQuality | undefined): string[] => {
    if (tail === undefined) return ["", "", "", ""];
    const z = tail.events < FEWEST_EVENTS ? "too few" : figure(tail.z);
    return [count(tail.values ?? tail.draws), figure(tail.observed), figure(tail.expected), z];
  };
  const repeating = rows.filter(({ distinct, expected }) => distinct < expected * MOSTLY);
  const section = (title: string, words: string, header: string[], body: string[][]): string[] =>
    body.length === 0 ? [] : [`## ${title}`, words, compactTable([header, ...body])];
  return [
    ...section(
      "Quality: noise",
      `A stream of each contestant's own Gumbel noise. A block of ${count(vocabulary)} values is one draw from equal logits: where its largest value came up more than once, the order of the indices decides. The excess is by how much that favours their lower half.`,
      ["", "values", "NaN", "±∞", "smallest", "largest", "blocks", "tied", "tied, %", "excess"],
      noise.map((each) => [
        name(each.contestant),
        count(each.draws),
        count(each.nan),
        count(each.infinite),
        figure(each.smallest),
        figure(each.largest),
        count(each.blocks),
        count(each.tied),
        figure((100 * each.tied) / each.blocks),
        figure(each.excess),
      ]),
    ),
    ...section(
      "Quality: rare categories",
      `One category of ${count(tailVocabulary)} has logit 0, all others −gap: how often another one is drawn. By draws: samples of the whole vocabulary. By noise: what a stream of so many noise values gives for 100,000 draws. z is the deviation in standard deviations, where at least ${FEWEST_EVENTS} chance events are behind it; beyond ±5 it is no chance.`,
      ["", "by", ...gaps.flatMap((gap) => [`gap ${gap}: draws or values`, "observed", "expected", "z"])],
      [...new Set(tails.map(({ contestant, by }) => `${by} ${contestant}`))].map((row) => {
        const of = tails.filter(({ contestant, by }) => `${by} ${contestant}` === row);
        const [{ contestant, by }] = of;
        return [
          name(contestant),
          by,
          ...gaps.flatMap((gap) => tailCells(of.find((each) => each.gap === gap))),
        ];
      }),
    ),
    ...section(
      "Quality: which half of equal logits",
      `Draws from ${count(vocabulary)} equal logits that fell into the lower half of the indices.`,
      ["", "draws", "lower half", "z"],
      lowerHalf.map((each) => [name(each.contestant), count(each.draws), count(each.lower), figure(each.z)]),
    ),
    ...section(
      "Quality: rows of a batch",
      `Rows of equal logits that no earlier row of the same batch equals. Not listed: ${count(rows.length - repeating.length)} of ${count(rows.length)} measurements, in which rows are as different as independent ones.`,
      ["", "of", "shape", "distinct", "expected"],
      repeating.map((each) => [
        name(each.contestant),
        each.of === "gumbel" ? "noise" : "indices",
        shapeName(each.shape),
        count(each.distinct),
        count(each.expected),
      ]),
    ),
    ...section(
      "Quality: reproducibility",
      "The same key or seed, the same logits [4096, 64], another backend: how many of the samples are the same.",
      ["", "as", "samples", "equal", "equal, %"],
      reproducibility.map((each) => [
        name(each.contestant),
        name(each.against),
        count(each.samples),
        count(each.equal),
        figure((100 * each.equal) / each.samples),
      ]),
    ),
  ];
}
