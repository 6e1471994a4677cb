// The gradient that softmaxVjp and gumbelSoftmaxVjp share: y∘(c − Σ c∘y)/temperature of the soft sample y, summed over the samples.
// y is computed again from the key.
import { type ResolvedNoise, type ResolvedSoftmax, rowStartOf } from "@gumbel/core/adapter";
import type { EngineCall, MemoryLayout, Steps, Task } from "../engine/kernel.ts";
import { type Batch, eachBatch, inputOf } from "./batches.ts";
import { softmaxCalls, softOf } from "./forward.ts";
import { logSoftOf, vjpOfLogs } from "./log-soft.ts";

/** The gradient with respect to the logits, summed over the samples. `hard` changes nothing. */
export function* backward(
  memory: MemoryLayout,
  logits: Float32Array,
  cotangent: Float32Array,
  call: ResolvedSoftmax,
  noise: ResolvedNoise | undefined,
): Steps<Float32Array<ArrayBuffer>> {
  const { layout, temperature } = call;
  if (call.log) return vjpOfLogs(yield* logSoftOf(memory, logits, call, noise), cotangent, call);
  if (layout.samples !== 1 || layout.categories > memory.limit) {
    return yield* vjpOfSample(memory, yield* softOf(memory, logits, call, noise), cotangent, call);
  }
  const gradient = new Float32Array(logits.length);
  yield* eachBatch(memory, logits, layout, noise, 1, (batch) =>
    gradientTask(
      memory,
      batch,
      gradient,
      cotangent,
      call,
      softmaxCalls(memory, batch, layout.categories, temperature),
    ),
  );
  return gradient;
}

/** The same from a soft sample that was kept; it is NaN throughout a degenerate row. */
export function* vjpOfSample(
  memory: MemoryLayout,
  y: Float32Array,
  cotangent: Float32Array,
  call: ResolvedSoftmax,
): Steps<Float32Array<ArrayBuffer>> {
  const { layout, temperature } = call;
  if (layout.samples !== 1) return gradientOfSamples(y, cotangent, call);
  const gradient = new Float32Array(y.length);
  if (layout.categories <= memory.limit) {
    yield* eachBatch(memory, y, layout, undefined, 1, (batch) =>
      gradientTask(memory, batch, gradient, cotangent, call, []),
    );
    return gradient;
  }
  const { first, second, chunk } = memory;
  const chunks = Math.ceil(layout.categories / chunk);
  const sums = new Float64Array(layout.outer * layout.inner * chunks);
  yield* eachBatch(memory, y, layout, undefined, 1, (batch) => ({
    first: batch,
    second: inputOf(batch, cotangent, layout),
    calls: [["dotChunk", first, second, batch.length]],
    from: "first",
    length: 0,
    take(_, [, , dot]) {
      sums[batch.row * chunks + batch.begin / chunk] = dot;
    },
  }));
  yield* eachBatch(memory, y, layout, undefined, 1, (batch) => {
    const mean = sums
      .subarray(batch.row * chunks, (batch.row + 1) * chunks)
      .reduce((all, sum) => all + sum, 0);
    return {
      first: batch,
      second: inputOf(batch, cotangent, layout),
      calls: [["softmaxVjpChunk", first, second, batch.length, mean, temperature]],
      from: "first",
      length: batch.length,
      take: (results) => batch.store(gradient, results),
    };
  });
  return gradient;
}

/** The gradient of whole rows, which the calls `before` turn into soft samples. */
function gradientTask(
  { first, second }: MemoryLayout,
  batch: Batch,
  gradient: Float32Array,
  cotangent: Float32Array,
  { layout, temperature }: ResolvedSoftmax,
  before: readonly EngineCall[],
): Task {
  return {
    first: batch,
    second: inputOf(batch, cotangent, layout),
    calls: [...before, ["softmaxVjpRows", first, second, batch.rows, layout.categories, temperature]],
    from: "first",
    length: batch.length,
    take: (results) => batch.store(gradient, results),
  };
}

/** Of many samples: summed in float64, rounded once. */
function gradientOfSamples(
  y: Float32Array,
  cotangent: Float32Array,
  { layout, temperature }: ResolvedSoftmax,
): Float32Array<ArrayBuffer> {
  const { samples, outer, categories, inner } = layout;
  const gradient = new Float64Array(outer * categories * inner);
  for (let row = 0; row < samples * outer * inner; row++) {
    const start = rowStartOf(layout, row);
    addGradientOfRow(gradient, start % gradient.length, y, cotangent, start, categories, inner, temperature);
  }
  return Float32Array.from(gradient);
}

function addGradientOfRow(
  gradient: Float64Array,
  to: number,
  y: Float32Array,
  cotangent: Float32Array,
  start: number,
  categories: number,
  stride: number,
  temperature: number,
): void {
  const end = start + categories * stride;
  let mean = 0;
  for (let at = start; at < end; at += stride) if (y[at] !== 0) mean += cotangent[at] * y[at];
  for (let at = start; at < end; at += stride) {
    if (y[at] !== 0) gradient[to + at - start] += (y[at] * (cotangent[at] - mean)) / temperature;
  }
}
