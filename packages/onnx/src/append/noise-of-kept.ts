// The noise of an appended sampler.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import { afterSamples, type NoiseValue, noiseOf } from "../models/noise-inputs.ts";
import { type Drawn, inEverySample } from "./drawn.ts";
import type { ResolvedAppend } from "./options.ts";

/** The categories that noise is made for. */
export interface KeptCategories {
  /** int64 vector: the shape of the logits. */
  readonly shape: Value;
  /** The same after the sample dimensions. */
  readonly noiseShape: Value;
  /** Categories of each row, int64; undefined: all of them. */
  readonly indices: Value | undefined;
}

/** The noise of the kept categories in every sample: `[...samples, ...rows, categories that are kept]`. */
export function noiseOfKept(
  builder: GraphBuilder,
  { noise, hasRowKeys }: ResolvedAppend,
  { logits, rows, dims, samples }: Drawn,
  { shape, noiseShape, indices }: KeptCategories,
): NoiseValue {
  const { node } = builder;
  const whole = { shape: noiseShape, dims: [...samples.dims, ...dims] };
  if (!hasRowKeys) {
    if (indices === undefined) return noiseOf(builder, noise, whole);
    const survivors = { indices: inEverySample(builder, indices, samples), wholeShape: noiseShape };
    const survivorsShape = node("Shape", [survivors.indices], "survivors_shape");
    return noiseOf(builder, noise, { ...whole, shape: survivorsShape, survivors });
  }
  const own = node("Shape", [logits], "row_shape", { start: -1 });
  const keys = {
    dims: rows,
    rowShape: afterSamples(builder, samples.shape, own, "noise_shape_of_row"),
    samples: samples.shape,
  };
  const survivors = indices === undefined ? undefined : { indices, wholeShape: shape };
  const scoresShape = indices === undefined ? shape : node("Shape", [indices], "survivors_shape");
  if (samples.shape === undefined) return noiseOf(builder, noise, { shape: scoresShape, survivors, keys });
  // Rows come first where each has its key.
  const rowsOfScores = node("Shape", [logits], "rows", { start: 0, end: -1 });
  const length = node("Shape", [indices ?? logits], "row_length", { start: -1 });
  const rowsFirst = node("Concat", [rowsOfScores, samples.shape, length], "rows_first", { axis: 0 });
  const made = noiseOf(builder, noise, { shape: rowsFirst, survivors, keys });
  const [r, s] = [rows.length, samples.dims.length];
  const perm = [...range(r, s), ...range(0, r), r + s];
  return { ...made, value: node("Transpose", [made.value], "samples_first", { perm }) };
}

function range(start: number, length: number): number[] {
  return Array.from({ length }, (_, i) => start + i);
}
