// Vector-Jacobian products of soft samples, which are made again from their key.
import type { ResolvedNoise, ResolvedSoftmax } from "@gumbel/core/adapter";
import type { Engine } from "../engine/engine.ts";
import { startOf } from "./rows.ts";
import { softOf } from "./softmax.ts";

/** The gradient with respect to the logits, summed over the samples. `hard` changes nothing. */
export function softmaxVjpOf(
  engine: Engine,
  logits: Float32Array,
  cotangent: Float32Array,
  call: ResolvedSoftmax,
  noise: ResolvedNoise | undefined,
): Float32Array<ArrayBuffer> {
  return softmaxVjpOfSample(engine, softOf(engine, logits, call, noise), cotangent, call);
}

/** The same from the soft sample, which is overwritten where it is the only one. */
export function softmaxVjpOfSample(
  engine: Engine,
  y: Float32Array<ArrayBuffer>,
  cotangent: Float32Array,
  { rows: layout, temperature }: ResolvedSoftmax,
): Float32Array<ArrayBuffer> {
  const { outer, classes, inner, samples } = layout;
  if (samples === 1 && inner === 1 && classes <= engine.room) {
    differentiateRows(engine, y, cotangent, outer, classes, temperature);
    return y;
  }
  // Summed over the samples in float64, rounded once.
  const gradient = new Float64Array(outer * classes * inner);
  for (let row = 0; row < samples * outer * inner; row++) {
    const start = startOf(row, layout);
    addGradientOfRow(gradient, start % gradient.length, y, cotangent, start, classes, inner, temperature);
  }
  return Float32Array.from(gradient);
}

/** Replaces rows of y by their gradients, as many at a time as the buffers have room for. */
function differentiateRows(
  { exports, room, first, firstPlace, second, secondPlace }: Engine,
  y: Float32Array,
  cotangent: Float32Array,
  rows: number,
  classes: number,
  temperature: number,
): void {
  const most = classes * Math.floor(room / Math.max(1, classes));
  for (let start = 0; start < rows * classes; start += most) {
    const end = Math.min(rows * classes, start + most);
    first.set(y.subarray(start, end));
    second.set(cotangent.subarray(start, end));
    for (let at = 0; at < 4 * (end - start); at += 4 * classes) {
      const mean = exports.dot(firstPlace + at, secondPlace + at, classes);
      exports.gradient(firstPlace + at, secondPlace + at, classes, mean, temperature);
    }
    y.set(first.subarray(0, end - start), start);
  }
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
