// What a contestant's samples are like, where only its indices are seen.
import type { Entry, Inputs } from "../contestant.ts";
import { equalLogits, inputsOf } from "../inputs.ts";
import type { LowerHalfQuality, RowQuality, TailQuality } from "../results.ts";
import type { StreamOptions } from "./noise.ts";
import { GAPS, rareMass, TAIL_VOCABULARY, VOCABULARY } from "./vocabulary.ts";

/** Draws at once: fewer calls, and a tensor of 150 MB at most would be too large for some. */
const ROWS = 8;

/** Draws from one likely category among rare ones. */
export async function tailByDraws(
  contestant: string,
  entry: Entry,
  gap: number,
  options: StreamOptions,
): Promise<TailQuality> {
  const shape = [ROWS, TAIL_VOCABULARY] as const;
  const inputs = equalLogits(shape);
  for (let row = 0; row < ROWS; row++) inputs.logits[row * TAIL_VOCABULARY + LIKELY] = gap;
  let observed = 0;
  const draws = await draw(entry, inputs, options, (index) => {
    if (index !== LIKELY) observed++;
  });
  const p = rareMass(gap);
  return {
    contestant,
    gap,
    by: "draws",
    draws,
    observed,
    expected: draws * p,
    events: draws * p,
    z: (observed - draws * p) / Math.sqrt(draws * p * (1 - p)),
  };
}

/** Anywhere but at an end, where faults gather. */
const LIKELY = 64_640;

/** All gaps that are measured. */
export const TAIL_GAPS: readonly number[] = GAPS;

/** Draws from equal logits. */
export async function lowerHalf(
  contestant: string,
  entry: Entry,
  options: StreamOptions,
): Promise<LowerHalfQuality> {
  let lower = 0;
  const draws = await draw(entry, equalLogits([ROWS, VOCABULARY]), options, (index) => {
    if (index < VOCABULARY / 2) lower++;
  });
  const z = (lower - draws / 2) / Math.sqrt(draws / 4);
  return { contestant, draws, lower, z };
}

async function draw(
  entry: Entry,
  inputs: Inputs,
  { budget, least, most }: StreamOptions,
  see: (index: number) => void,
): Promise<number> {
  const ready = await entry.prepare(inputs);
  let draws = 0;
  try {
    const start = performance.now();
    while (draws < most && (draws < Math.max(1, least) || performance.now() - start < budget)) {
      await ready.queue(1);
      await ready.done();
      const indices = await ready.result!();
      for (let i = 0; i < indices.length; i++) see(indices[i]);
      draws += indices.length;
    }
  } finally {
    await ready.dispose();
  }
  return draws;
}

/** Whether rows of equal logits are samples of their own. */
export async function rowQuality(
  contestant: string,
  of: RowQuality["of"],
  entry: Entry,
): Promise<RowQuality> {
  const shape = [64, 4096] as const;
  const [rows, classes] = shape;
  const values = await first(entry, equalLogits(shape));
  const width = values.length / rows;
  const seen = new Set<string>();
  for (let row = 0; row < rows; row++) seen.add(values.slice(row * width, (row + 1) * width).join());
  const expected = of === "gumbel" ? rows : classes * (1 - (1 - 1 / classes) ** rows);
  return { contestant, of, shape, distinct: seen.size, expected };
}

/** Samples of the first key, for a comparison with other contestants'. */
export function samples(entry: Entry): Promise<number[]> {
  return first(entry, inputsOf([4096, 64]));
}

async function first(entry: Entry, inputs: Inputs): Promise<number[]> {
  const ready = await entry.prepare(inputs);
  try {
    await ready.queue(1);
    await ready.done();
    return Array.from(await ready.result!());
  } finally {
    await ready.dispose();
  }
}
