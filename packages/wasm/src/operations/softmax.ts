// Soft and hard samples, and plain softmax.
import { type ResolvedNoise, type ResolvedSoftmax, sizeOf } from "@gumbel/core/adapter";
import { type Engine, runsOf } from "../engine/engine.ts";
import { bestOf } from "./categorical.ts";
import { perturbed, perturbFirst } from "./noise.ts";
import { eachBatch, startOf } from "./rows.ts";

/** Rows from this length on take a call each and may skip a logarithm; shorter ones get their noise many rows at a time. */
const SHORTEST_RACE = 256;

/**
 * Longer rows are weighed in parts of this length, whose sums are added in order: whoever weighs the parts, the result is the
 * same to the last bit.
 */
export const PART = 65_536;

/** The sample, or the plain softmax without noise. */
export function softmaxOf(
  engine: Engine,
  logits: Float32Array,
  call: ResolvedSoftmax,
  noise: ResolvedNoise | undefined,
): Float32Array<ArrayBuffer> {
  return call.hard ? hardOf(engine, logits, call, noise) : softOf(engine, logits, call, noise);
}

/** The soft sample, whatever `hard` says. */
export function softOf(
  engine: Engine,
  logits: Float32Array,
  { rows: layout, temperature, outputShape }: ResolvedSoftmax,
  noise: ResolvedNoise | undefined,
): Float32Array<ArrayBuffer> {
  const { exports, room, firstPlace } = engine;
  const { samples, outer, classes, inner } = layout;
  const y = new Float32Array(sizeOf(outputShape));
  if (classes > room) {
    for (let sample = 0; sample < samples; sample++) {
      const start = sample * logits.length;
      const z = noise === undefined ? logits : perturbed(engine, logits, noise, start);
      const target = y.subarray(start, start + logits.length);
      for (let row = 0; row < outer * inner; row++) {
        softenLongRow(engine, z, target, startOf(row, layout), classes, inner, temperature);
      }
    }
    return y;
  }
  eachBatch(engine, logits, layout, noise, ({ count, noiseStart, write }) => {
    if (classes >= SHORTEST_RACE) {
      for (let r = 0; r < count; r++) {
        const start = noiseStart === undefined ? undefined : noiseStart + r * classes;
        softenRow(engine, firstPlace + 4 * r * classes, classes, temperature, noise, start);
      }
    } else {
      if (noise !== undefined && noiseStart !== undefined)
        perturbFirst(engine, noise, noiseStart, count * classes);
      exports.softmaxOfRows(firstPlace, count, classes, scaleOf(temperature));
    }
    write(y);
  });
  return y;
}

/** One-hot rows of the best, or NaN where a row is degenerate. */
function hardOf(
  engine: Engine,
  logits: Float32Array,
  call: ResolvedSoftmax,
  noise: ResolvedNoise | undefined,
): Float32Array<ArrayBuffer> {
  const { classes, inner } = call.rows;
  const y = new Float32Array(sizeOf(call.outputShape));
  bestOf(engine, logits, call, noise).forEach((index, row) => {
    const start = startOf(row, call.rows);
    if (index >= 0) y[start + index * inner] = 1;
    else for (let j = 0; j < classes; j++) y[start + j * inner] = Number.NaN;
  });
  return y;
}

/** 2/temperature as float32 holds it without becoming 0 or infinite; no difference of float32 numbers can tell. */
export function scaleOf(temperature: number): number {
  return Math.min(Math.max(2 / temperature, 2 ** -149), 3.4e38);
}

/** The mass of a part: its largest value, and the sum of its weights relative to that. */
export interface Mass {
  readonly top: number;
  readonly sum: number;
}

/**
 * What turns the weights of each part into probabilities; NaN for all where one is degenerate or all are masks.
 */
export function factorsOf(masses: readonly Mass[], temperature: number): number[] {
  const top = masses.reduce(
    (most, { top }) => (top > most || Number.isNaN(top) ? top : most),
    Number.NEGATIVE_INFINITY,
  );
  if (!Number.isFinite(top)) return masses.map(() => Number.NaN);
  const scales = masses.map((mass) => Math.exp((mass.top - top) / temperature));
  const total = masses.reduce((sum, mass, i) => sum + mass.sum * scales[i], 0);
  return scales.map((scale) => scale / total);
}

/** Weighs a part that lies in the memory; its noise, where some is still to be added, starts at an index of the noise shape. */
export function weighPart(
  { exports, result, sum }: Engine,
  place: number,
  count: number,
  temperature: number,
  noise: ResolvedNoise | undefined,
  start: number | undefined,
): Mass {
  if (noise === undefined || start === undefined) {
    exports.weigh(place, count, scaleOf(temperature));
    return { top: result[0], sum: sum[0] };
  }
  const isJax = noise.precision === "jax";
  const runs = runsOf(noise, start, count);
  if (temperature === 1 && runs.length === 1) {
    exports.race(place, count, ...runs[0].counter, isJax);
  } else {
    for (const { done, length, counter } of runs) {
      exports.perturb(place + 4 * done, length, ...counter, isJax);
    }
    exports.weigh(place, count, scaleOf(temperature));
  }
  return { top: result[0], sum: sum[0] };
}

function softenRow(
  engine: Engine,
  place: number,
  classes: number,
  temperature: number,
  noise: ResolvedNoise | undefined,
  start: number | undefined,
): void {
  const masses: Mass[] = [];
  for (let begin = 0; begin < classes; begin += PART) {
    const count = Math.min(PART, classes - begin);
    const noiseStart = start === undefined ? undefined : start + begin;
    masses.push(weighPart(engine, place + 4 * begin, count, temperature, noise, noiseStart));
  }
  factorsOf(masses, temperature).forEach((factor, part) => {
    const begin = part * PART;
    engine.exports.multiply(place + 4 * begin, Math.min(PART, classes - begin), factor);
  });
}

/** A row of perturbed logits that is longer than the buffer. */
function softenLongRow(
  engine: Engine,
  z: Float32Array,
  y: Float32Array,
  start: number,
  classes: number,
  inner: number,
  temperature: number,
): void {
  const { first, firstPlace } = engine;
  const masses: Mass[] = [];
  for (let begin = 0; begin < classes; begin += PART) {
    const count = Math.min(PART, classes - begin);
    for (let j = 0, at = start + begin * inner; j < count; j++, at += inner) first[j] = z[at];
    masses.push(weighPart(engine, firstPlace, count, temperature, undefined, undefined));
    for (let j = 0, at = start + begin * inner; j < count; j++, at += inner) y[at] = first[j];
  }
  const factors = factorsOf(masses, temperature);
  for (let j = 0, at = start; j < classes; j++, at += inner) y[at] *= factors[Math.floor(j / PART)];
}
