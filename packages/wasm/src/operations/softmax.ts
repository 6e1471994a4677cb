// Soft and hard samples, and plain softmax.
import { type ResolvedNoise, type ResolvedSoftmax, sizeOf } from "@gumbel/core/adapter";
import type { Call, Operation, Places, Task } from "../engine/task.ts";
import { bestOf } from "./categorical.ts";
import { groupsOf, isJax, noiseCalls } from "./counters.ts";
import { type Batch, eachBatch, startOf } from "./rows.ts";

/** The sample, or the plain softmax without noise. */
export function* softmaxOf(
  places: Places,
  logits: Float32Array,
  call: ResolvedSoftmax,
  noise: ResolvedNoise | undefined,
): Operation<Float32Array<ArrayBuffer>> {
  if (!call.hard) return yield* softOf(places, logits, call, noise);
  const { classes, inner } = call.rows;
  const y = new Float32Array(sizeOf(call.outputShape));
  if (y.length === 0) return y;
  const indices = yield* bestOf(places, logits, call, noise);
  indices.forEach((index, row) => {
    const start = startOf(row, call.rows);
    if (index >= 0) y[start + index * inner] = 1;
    else for (let j = 0; j < classes; j++) y[start + j * inner] = Number.NaN;
  });
  return y;
}

/** The soft sample, whatever `hard` says. */
export function* softOf(
  places: Places,
  logits: Float32Array,
  call: ResolvedSoftmax,
  noise: ResolvedNoise | undefined,
): Operation<Float32Array<ArrayBuffer>> {
  const { rows: layout, temperature, outputShape } = call;
  const y = new Float32Array(sizeOf(outputShape));
  const { samples, outer, classes, inner } = layout;
  if (classes <= places.limit) {
    yield* eachBatch(places, logits, layout, noise, (batch) => ({
      first: batch,
      calls: softenCalls(places, batch, classes, temperature),
      from: "first",
      length: batch.length,
      take: (results) => batch.store(y, results),
    }));
    return y;
  }
  // Parts are weighed alone, each against its own top, and brought together afterwards.
  const parts = Math.ceil(classes / places.part);
  const masses = createMasses(samples * outer * inner * parts);
  yield* eachBatch(places, logits, layout, noise, (batch) => ({
    first: batch,
    calls: weighCalls(places, batch, classes, temperature),
    from: "first",
    length: batch.length,
    take(results, { top, sum }) {
      batch.store(y, results);
      masses.set(batch.row * parts + batch.begin / places.part, top, sum);
    },
  }));
  const factors = new Float32Array(samples * outer * inner * parts);
  yield factorTasks(places, masses.floats, factors, parts, temperature);
  for (let row = 0; row < samples * outer * inner; row++) {
    let place = startOf(row, layout);
    for (let part = 0; part < parts; part++) {
      const factor = factors[row * parts + part];
      const end = place + Math.min(places.part, classes - part * places.part) * inner;
      for (; place < end; place += inner) y[place] *= factor;
    }
  }
  return y;
}

/**
 * 2/temperature as float32 holds it without becoming 0 or infinite; what is lost makes no difference between float32 numbers that
 * is not 0 or past all bounds already.
 */
function scaleOf(temperature: number): number {
  return Math.min(Math.max(2 / temperature, 2 ** -149), 3.4e38);
}

/** The calls that turn whole rows in the first buffer into samples. */
export function softenCalls(places: Places, batch: Batch, classes: number, temperature: number): Call[] {
  const { first } = places;
  const { noise, rows, length } = batch;
  const scale = scaleOf(temperature);
  if (noise === undefined) return [["softmaxOfRows", first, rows, classes, scale]];
  // At temperature 1 a logarithm can be left out.
  if (temperature !== 1) {
    return [
      ...noiseCalls("perturb", noise.of, noise.start, length, first),
      ["softmaxOfRows", first, rows, classes, scale],
    ];
  }
  return groupsOf(noise.of, noise.start, rows, classes).flatMap(({ row, rows: count, counter }): Call[] => {
    const place = first + 4 * row * classes;
    if (counter !== undefined) return [["raceRows", place, count, classes, ...counter, isJax(noise.of)]];
    return [
      ...noiseCalls("perturb", noise.of, noise.start + row * classes, count * classes, place),
      ["softmaxOfRows", place, count, classes, scale],
    ];
  });
}

/** The calls that weigh a part: those that {@link softenCalls} would have made of the whole row. */
function weighCalls({ first }: Places, batch: Batch, classes: number, temperature: number): Call[] {
  const { noise, length, begin } = batch;
  const scale = scaleOf(temperature);
  if (noise === undefined) return [["weigh", first, length, scale]];
  if (temperature === 1) {
    const start = noise.start - begin;
    const [{ counter }] = groupsOf(noise.of, start, 1, classes);
    if (counter !== undefined) {
      const [k0, k1, hi, lo] = counter;
      return [["race", first, length, k0, k1, hi, lo + begin, isJax(noise.of)]];
    }
  }
  return [...noiseCalls("perturb", noise.of, noise.start, length, first), ["weigh", first, length, scale]];
}

/** Bytes of a mass in the engine: a float32 and, 8 bytes on, a float64. */
const MASS_BYTES = 16;

/** Masses as the engine has them, in an array of floats. */
function createMasses(count: number): {
  readonly floats: Float32Array<ArrayBuffer>;
  set(index: number, top: number, sum: number): void;
} {
  const floats = new Float32Array((count * MASS_BYTES) / 4);
  const view = new DataView(floats.buffer);
  return {
    floats,
    set(index, top, sum) {
      view.setFloat32(index * MASS_BYTES, top, true);
      view.setFloat64(index * MASS_BYTES + 8, sum, true);
    },
  };
}

/** Tasks that turn the masses of each row's parts into factors that make their weights probabilities. */
function* factorTasks(
  { second }: Places,
  masses: Float32Array,
  factors: Float32Array,
  parts: number,
  temperature: number,
): Generator<Task> {
  const length = (parts * MASS_BYTES) / 4;
  for (let row = 0; row * parts < factors.length; row++) {
    yield {
      second: { length, load: (target) => target.set(masses.subarray(row * length, (row + 1) * length)) },
      calls: [["factorsOf", second, parts, scaleOf(temperature)]],
      from: "second",
      length,
      take(results) {
        for (let part = 0; part < parts; part++)
          factors[row * parts + part] = results[(part * MASS_BYTES) / 4];
      },
    };
  }
}
