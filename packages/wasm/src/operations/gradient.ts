// Vector-Jacobian products of soft samples, which are made again from their key.
import type { ResolvedNoise, ResolvedSoftmax, RowLayout } from "@gumbel/core/adapter";
import type { Operation, Places } from "../engine/task.ts";
import { eachBatch, gather, startOf } from "./rows.ts";
import { softenCalls, softOf } from "./softmax.ts";

/** The gradient with respect to the logits, summed over the samples. `hard` changes nothing. */
export function* softmaxVjpOf(
  places: Places,
  logits: Float32Array,
  cotangent: Float32Array,
  call: ResolvedSoftmax,
  noise: ResolvedNoise | undefined,
): Operation<Float32Array<ArrayBuffer>> {
  const { rows: layout, temperature } = call;
  const { samples, classes } = layout;
  if (samples !== 1 || classes > places.limit) {
    return gradientOf(yield* softOf(places, logits, call, noise), cotangent, call);
  }
  const gradient = new Float32Array(logits.length);
  const { first, second } = places;
  yield* eachBatch(places, logits, layout, noise, (batch) => ({
    first: batch,
    second: rowsOf(cotangent, batch.row, batch.length, layout),
    calls: [
      ...softenCalls(places, batch, classes, temperature),
      ["gradientOfRows", first, second, batch.rows, classes, temperature],
    ],
    from: "first",
    length: batch.length,
    take: (results) => batch.store(gradient, results),
  }));
  return gradient;
}

/** The same from the soft sample. */
export function* softmaxVjpOfSample(
  places: Places,
  y: Float32Array,
  cotangent: Float32Array,
  call: ResolvedSoftmax,
): Operation<Float32Array<ArrayBuffer>> {
  const { rows: layout, temperature } = call;
  const { samples, classes } = layout;
  if (samples !== 1 || classes > places.limit) return gradientOf(y, cotangent, call);
  const gradient = new Float32Array(y.length);
  const { first, second } = places;
  yield* eachBatch(places, y, layout, undefined, (batch) => ({
    first: batch,
    second: rowsOf(cotangent, batch.row, batch.length, layout),
    calls: [["gradientOfRows", first, second, batch.rows, classes, temperature]],
    from: "first",
    length: batch.length,
    take: (results) => batch.store(gradient, results),
  }));
  return gradient;
}

function rowsOf(values: Float32Array, row: number, length: number, layout: RowLayout) {
  const start = row * layout.classes;
  return {
    length,
    load(target: Float32Array): void {
      if (layout.inner === 1) target.set(values.subarray(start, start + length));
      else gather(target, values, start, layout);
    },
  };
}

/** Of many samples, or of long rows: summed in float64, rounded once. */
function gradientOf(
  y: Float32Array,
  cotangent: Float32Array,
  { rows: layout, temperature }: ResolvedSoftmax,
): Float32Array<ArrayBuffer> {
  const { samples, outer, classes, inner } = layout;
  const gradient = new Float64Array(outer * classes * inner);
  for (let row = 0; row < samples * outer * inner; row++) {
    const start = startOf(row, layout);
    addGradientOfRow(gradient, start % gradient.length, y, cotangent, start, classes, inner, temperature);
  }
  return Float32Array.from(gradient);
}

function addGradientOfRow(
  gradient: Float64Array,
  to: number,
  y: Float32Array,
  cotangent: Float32Array,
  start: number,
  classes: number,
  stride: number,
  temperature: number,
): void {
  const end = start + classes * stride;
  let mean = 0;
  for (let at = start; at < end; at += stride) if (y[at] !== 0) mean += cotangent[at] * y[at];
  for (let at = start; at < end; at += stride) {
    if (y[at] !== 0) gradient[to + at - start] += (y[at] * (cotangent[at] - mean)) / temperature;
  }
}
