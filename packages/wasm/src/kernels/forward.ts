// The forward pass that softmax and gumbelSoftmax share: softmax((logits + g)/temperature), its logarithm, or the one-hot of its argmax.
import {
  type ResolvedNoise,
  type ResolvedSoftmax,
  rowCountOf,
  rowStartOf,
  sizeOf,
} from "@gumbel/core/adapter";
import type { EngineCall, MemoryLayout, Steps, Task } from "../engine/kernel.ts";
import { argmaxOf } from "./argmax.ts";
import { type Batch, eachBatch } from "./batches.ts";
import { counterOf, isJax, rowGroupsOf } from "./counters.ts";
import { logSoftOf } from "./log-soft.ts";
import { createPartials, PARTIAL_FLOATS } from "./partials.ts";

/** The sample, or the plain softmax without noise. */
export function* forward(
  memory: MemoryLayout,
  logits: Float32Array,
  call: ResolvedSoftmax,
  noise: ResolvedNoise | undefined,
): Steps<Float32Array<ArrayBuffer>> {
  if (call.log) return yield* logSoftOf(memory, logits, call, noise);
  if (!call.hard) return yield* softOf(memory, logits, call, noise);
  const { categories, inner } = call.layout;
  const y = new Float32Array(sizeOf(call.outputShape));
  const indices = yield* argmaxOf(memory, logits, call.layout, noise, 1);
  indices.forEach((index, row) => {
    const start = rowStartOf(call.layout, row);
    if (index >= 0) y[start + index * inner] = 1;
    else for (let j = 0; j < categories; j++) y[start + j * inner] = Number.NaN;
  });
  return y;
}

/** The soft sample, whatever `hard` says. */
export function* softOf(
  memory: MemoryLayout,
  logits: Float32Array,
  call: ResolvedSoftmax,
  noise: ResolvedNoise | undefined,
): Steps<Float32Array<ArrayBuffer>> {
  const { layout, temperature, outputShape } = call;
  const y = new Float32Array(sizeOf(outputShape));
  const { categories, inner } = layout;
  const rows = layout.samples * rowCountOf(layout);
  if (categories <= memory.limit) {
    yield* eachBatch(memory, logits, layout, noise, 1, (batch) => ({
      first: batch,
      calls: softmaxCalls(memory, batch, categories, temperature),
      from: "first",
      length: batch.length,
      take: (results) => batch.store(y, results),
    }));
    return y;
  }
  // The exponentials of a chunk are relative to its own maximum. Factors normalize them once all partial softmaxes are known.
  const chunks = Math.ceil(categories / memory.chunk);
  const partials = createPartials(rows * chunks);
  yield* eachBatch(memory, logits, layout, noise, 1, (batch) => ({
    first: batch,
    calls: [chunkCall(memory, batch, temperature)],
    from: "first",
    length: batch.length,
    take(results, partial) {
      batch.store(y, results);
      partials.set(batch.row * chunks + batch.begin / memory.chunk, partial);
    },
  }));
  const factors = new Float32Array(rows * chunks);
  yield factorTasks(memory, partials.floats, factors, chunks, temperature);
  for (let row = 0; row < rows; row++) {
    let at = rowStartOf(layout, row);
    for (let chunk = 0; chunk < chunks; chunk++) {
      const factor = factors[row * chunks + chunk];
      const end = at + Math.min(memory.chunk, categories - chunk * memory.chunk) * inner;
      for (; at < end; at += inner) y[at] *= factor;
    }
  }
  return y;
}

/** The calls that turn whole rows in the first buffer into samples. */
export function softmaxCalls(
  { first }: MemoryLayout,
  { noise, rows }: Batch,
  categories: number,
  temperature: number,
): EngineCall[] {
  if (noise === undefined) return [["softmaxRows", first, rows, categories, temperature]];
  return rowGroupsOf(noise.of, noise.start, rows, categories).map(({ row, rows: count, counter }) => [
    "gumbelSoftmaxRows",
    first + 4 * row * categories,
    count,
    categories,
    ...counter,
    isJax(noise.of),
    temperature,
  ]);
}

/** The call that turns a chunk into exponentials: those that {@link softmaxCalls} would have made of the whole row. */
function chunkCall({ first }: MemoryLayout, { noise, length }: Batch, temperature: number): EngineCall {
  if (noise === undefined) return ["softmaxChunk", first, length, temperature];
  const counter = counterOf(noise.of, noise.start);
  return ["gumbelSoftmaxChunk", first, length, ...counter, isJax(noise.of), temperature];
}

/** Tasks that turn the partial softmaxes of each row into factors that normalize the exponentials of its chunks. */
function* factorTasks(
  { second }: MemoryLayout,
  partials: Float32Array,
  factors: Float32Array,
  chunks: number,
  temperature: number,
): Generator<Task> {
  const length = chunks * PARTIAL_FLOATS;
  for (let row = 0; row * chunks < factors.length; row++) {
    yield {
      second: { length, load: (target) => target.set(partials.subarray(row * length, (row + 1) * length)) },
      calls: [["chunkFactors", second, chunks, temperature]],
      from: "second",
      length,
      take(results) {
        for (let chunk = 0; chunk < chunks; chunk++)
          factors[row * chunks + chunk] = results[chunk * PARTIAL_FLOATS];
      },
    };
  }
}
