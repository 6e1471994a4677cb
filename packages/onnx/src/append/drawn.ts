// What an appended sampler draws from, and how often.
import type { Dimension, GraphBuilder, Value } from "../graph/graph-builder.ts";
import { afterSamples } from "../models/noise-inputs.ts";

/** The dimensions of independent samples, which stand before the logits'. */
export interface Samples {
  /** int64 vector; undefined: none. */
  readonly shape: Value | undefined;
  readonly dims: readonly Dimension[];
}

/** Logits to draw from. */
export interface Drawn {
  readonly logits: Value;
  readonly axis: number;
  readonly dims: readonly Dimension[];
  /** Dimensions of the rows. */
  readonly rows: readonly Dimension[];
  /** Bool, with length 1 along the axis: whether a row has the position that was asked for. */
  readonly isPosition: Value | undefined;
  readonly samples: Samples;
}

/** A value of each row, repeated for every sample. */
export function inEverySample(builder: GraphBuilder, value: Value, { shape }: Samples): Value {
  if (shape === undefined) return value;
  const own = builder.node("Shape", [value], "own_shape");
  return builder.node("Expand", [value, afterSamples(builder, shape, own, "expanded_shape")], "in_samples");
}
