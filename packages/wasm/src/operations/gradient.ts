// Vector-Jacobian products of soft samples, which are made again from their key.
import type { ResolvedNoise, ResolvedSoftmax, RowLayout } from "@gumbel/core/adapter";
import type { Call, Input, Operation, Places, Task } from "../engine/task.ts";
import { type Batch, eachBatch, gather, startOf } from "./rows.ts";
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
  if (layout.samples !== 1 || layout.classes > places.limit) {
    return yield* softmaxVjpOfSample(places, yield* softOf(places, logits, call, noise), cotangent, call);
  }
  const gradient = new Float32Array(logits.length);
  yield* eachBatch(places, logits, layout, noise, (batch) =>
    gradientTask(
      places,
      batch,
      gradient,
      cotangent,
      call,
      softenCalls(places, batch, layout.classes, temperature),
    ),
  );
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
  if (layout.samples !== 1) return gradientOfSamples(y, cotangent, call);
  const gradient = new Float32Array(y.length);
  if (layout.classes <= places.limit) {
    yield* eachBatch(places, y, layout, undefined, (batch) =>
      gradientTask(places, batch, gradient, cotangent, call, []),
    );
    return gradient;
  }
  const { first, second, part } = places;
  const parts = Math.ceil(layout.classes / part);
  const sums = new Float64Array(layout.outer * layout.inner * parts);
  yield* eachBatch(places, y, layout, undefined, (batch) => ({
    first: batch,
    second: cotangentOf(batch, cotangent, layout),
    calls: [["dot", first, second, batch.length]],
    from: "first",
    length: 0,
    take(_, { sum }) {
      sums[batch.row * parts + batch.begin / part] = sum;
    },
  }));
  yield* eachBatch(places, y, layout, undefined, (batch) => {
    const mean = sums.subarray(batch.row * parts, (batch.row + 1) * parts).reduce((all, sum) => all + sum, 0);
    return {
      first: batch,
      second: cotangentOf(batch, cotangent, layout),
      calls: [["gradient", first, second, batch.length, mean, temperature]],
      from: "first",
      length: batch.length,
      take: (results) => batch.store(gradient, results),
    };
  });
  return gradient;
}

/** The gradient of whole rows, which calls before turn into soft samples. */
function gradientTask(
  { first, second }: Places,
  batch: Batch,
  gradient: Float32Array,
  cotangent: Float32Array,
  { rows: layout, temperature }: ResolvedSoftmax,
  before: readonly Call[],
): Task {
  return {
    first: batch,
    second: cotangentOf(batch, cotangent, layout),
    calls: [...before, ["gradientOfRows", first, second, batch.rows, layout.classes, temperature]],
    from: "first",
    length: batch.length,
    take: (results) => batch.store(gradient, results),
  };
}

function cotangentOf({ row, begin, length }: Batch, cotangent: Float32Array, layout: RowLayout): Input {
  const start = row * layout.classes + begin;
  return {
    length,
    load(target) {
      if (layout.inner === 1) target.set(cotangent.subarray(start, start + length));
      else gather(target, cotangent, start, layout);
    },
  };
}

/** Of many samples: summed in float64, rounded once. */
function gradientOfSamples(
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
