// The quality part of the report.
import type { Results } from "../results.ts";
import { cell, compactTable, contestantOf, figure, shapeName } from "./words.ts";

/** Below so many expected events a deviation in standard deviations misleads. */
const FEWEST_EVENTS = 5;

/** Of independent rows of 4096 categories, as many as this share of the expected number differ all but certainly. */
const MOSTLY = 0.9;

const count = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: 1 });

/** Tables of what was measured of quality; nothing where nothing was. */
export function qualityMarkdown(results: Results): string[] {
  const { vocabulary, tailVocabulary, noise, tails, lowerHalf, rows, reproducibility } = results.quality;
  const name = (id: string) => {
    const { name, environment } = contestantOf(results, id);
    return cell(`${name}, ${environment}`);
  };
  const section = (title: string, words: string, header: string[], body: string[][]): string[] =>
    body.length === 0 ? [] : [`## Quality: ${title}`, words, compactTable([header, ...body])];

  const noiseRows = noise.map(
    ({ contestant, draws, nan, infinite, smallest, largest, blocks, tied, excess }) => [
      name(contestant),
      ...[draws, nan, infinite].map(count),
      ...[smallest, largest].map(figure),
      ...[blocks, tied].map(count),
      ...[(100 * tied) / blocks, excess].map(figure),
    ],
  );
  const gaps = [...new Set(tails.map(({ gap }) => gap))];
  const tailRows = [...new Set(tails.map(({ contestant, by }) => `${by} ${contestant}`))].map((row) => {
    const of = tails.filter(({ contestant, by }) => `${by} ${contestant}` === row);
    const cells = gaps.flatMap((wanted) => {
      const tail = of.find(({ gap }) => gap === wanted);
      if (tail === undefined) return ["contestant", "", "", ""];
      const z = tail.events < FEWEST_EVENTS ? "too few" : figure(tail.z);
      return [count(tail.values ?? tail.draws), figure(tail.observed), figure(tail.expected), z];
    });
    return [name(of[0].contestant), of[0].by, ...cells];
  });
  const repeating = rows.filter(({ distinct, expected }) => distinct < expected * MOSTLY);
  const repeatingRows = repeating.map(({ contestant, of, shape, distinct, expected }) => {
    const what = of === "gumbel" ? "noise" : "indices";
    return [name(contestant), what, shapeName(shape), count(distinct), count(expected)];
  });
  const halfRows = lowerHalf.map(({ contestant, draws, lower, z }) => {
    return [name(contestant), count(draws), count(lower), figure(z)];
  });
  const sameRows = reproducibility.map(({ contestant, against, samples, equal }) => {
    return [name(contestant), name(against), count(samples), count(equal), figure((100 * equal) / samples)];
  });
  return [
    ...section(
      "noise",
      `A stream of each contestant's own Gumbel noise. A block of ${count(vocabulary)} values is one draw from equal logits: where its largest value came up more than once, the order of the indices decides. The excess is by how much that favours their lower half.`,
      ["contestant", "values", "NaN", "±∞", "smallest", "largest", "blocks", "tied", "tied, %", "excess"],
      noiseRows,
    ),
    ...section(
      "rare categories",
      `One category of ${count(tailVocabulary)} has logit 0, all others −gap: how often another one is drawn. By draws: samples of the whole vocabulary. By noise: what a stream of so many noise values gives for 100,000 draws. z is the deviation in standard deviations, where at least ${FEWEST_EVENTS} chance events are behind it; beyond ±5 it is no chance.`,
      [
        "contestant",
        "by",
        ...gaps.flatMap((gap) => [`gap ${gap}: draws or values`, "observed", "expected", "z"]),
      ],
      tailRows,
    ),
    ...section(
      "which half of equal logits",
      `Draws from ${count(vocabulary)} equal logits that fell into the lower half of the indices.`,
      ["contestant", "draws", "lower half", "z"],
      halfRows,
    ),
    ...section(
      "rows of a batch",
      `Rows of equal logits that no earlier row of the same batch equals. Not listed: ${count(rows.length - repeating.length)} of ${count(rows.length)} measurements, in which rows are as different as independent ones.`,
      ["contestant", "of", "shape", "distinct", "expected"],
      repeatingRows,
    ),
    ...section(
      "reproducibility",
      "The same key or seed, the same logits [4096, 64], another backend: how many of the samples are the same.",
      ["contestant", "as", "samples", "equal", "equal, %"],
      sameRows,
    ),
  ];
}
