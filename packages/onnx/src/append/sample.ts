// The nodes of an appended sampler.
import { TensorProto_DataType } from "onnx-buf";
import type { Dimension, GraphBuilder, Value } from "../graph/graph-builder.ts";
import { dimsWithoutAxis } from "../models/declared-dims.ts";
import { type Kept, keptRows, weightsOf } from "../models/decoding.ts";
import { afterSamples, perturbed, sampleAxisOf, sampleShapeOf } from "../models/noise-inputs.ts";
import { type SamplingOutput, shapeAround, whereNotEmpty } from "../models/sampling-model.ts";
import { argmaxIndex, argmaxOfSurvivors } from "../nodes/argmax.ts";
import { cast } from "../nodes/cast.ts";
import { gatherOfSamples } from "../nodes/gather-of-samples.ts";
import { type Kernels, kernelsFor } from "../nodes/kernels.ts";
import { maskedByFlags, maskedByWords } from "../nodes/mask.ts";
import { massOf } from "../nodes/masses.ts";
import { both, orMinusOne, orNaN, type RowCheck, shiftedRows } from "../nodes/rows.ts";
import { normalize, partialSoftmax } from "../nodes/softmax.ts";
import { TEMPERATURE_RANGE, temperatureOf } from "../nodes/temperature.ts";
import { atPosition } from "./at-position.ts";
import { type Drawn, inEverySample, type Samples } from "./drawn.ts";
import type { Logits } from "./logits-in.ts";
import { noiseOfKept } from "./noise-of-kept.ts";
import type { ResolvedAppend } from "./options.ts";

/** Adds the sampler's nodes, inputs and outputs. */
export function sample(builder: GraphBuilder, options: ResolvedAppend, { type, dims, axis }: Logits): void {
  const { node } = builder;
  const { indexType, position, sampleShape } = options;
  const drawnDims = position === undefined ? dims : [...dims.slice(0, -2), dims[dims.length - 1]];
  const rows = dimsWithoutAxis(drawnDims, axis) as readonly Dimension[];
  const samples: Samples = {
    shape: sampleShapeOf(builder, sampleShape, dims),
    // A name that neither the model nor another sampler has: equal names state equal sizes.
    dims: sampleShape === "input" ? [`${options.prefix}gumbel_samples`] : sampleShape,
  };
  const wholeShape = afterSamples(
    builder,
    samples.shape,
    node("Shape", [options.logits], "logits_shape"),
    "whole_shape",
  );
  const around = () => {
    const leading = samples.shape === undefined ? [] : [samples.shape];
    if (position === undefined) return [...leading, ...shapeAround(builder, options.logits, axis)];
    return [...leading, node("Shape", [options.logits], "before_position", { start: 0, end: -2 })];
  };
  const rowsShape = () => node("Concat", around(), "rows_shape", { axis: 0 });
  const softShape = () => {
    if (position === undefined) return wholeShape;
    const categories = node("Shape", [options.logits], "categories", { start: -1 });
    return node("Concat", [...around(), categories], "soft_shape", { axis: 0 });
  };
  const outputs: SamplingOutput[] = [{ name: "indices", type: indexType, empty: -1, shape: rowsShape }];
  if (options.logProb)
    outputs.push({ name: "log_prob", type: "float32", empty: Number.NaN, shape: rowsShape });
  if (options.soft) outputs.push({ name: "soft", type: "float32", empty: 0, shape: softShape });
  const results = whereNotEmpty(builder, wholeShape, true, outputs, () => {
    const at = atPosition(builder, options.logits, position, wholeShape, rows);
    const isFloat32 = type === TensorProto_DataType.FLOAT;
    const floats = isFloat32 ? at.logits : cast(builder, at.logits, "float32", "logits");
    const logits = masked(builder, floats, options.mask, drawnDims);
    const { isPosition } = at;
    return draw(builder, options, { logits, axis, rows, dims: drawnDims, isPosition, samples });
  });
  for (const [i, { name, type: own }] of outputs.entries()) {
    const dims = [...samples.dims, ...(name === "soft" ? drawnDims : rows)];
    builder.output(results[i], name, { type: own, dims });
  }
}

/** Logits with −∞ for what an input `mask` does not allow. */
function masked(
  builder: GraphBuilder,
  logits: Value,
  mask: ResolvedAppend["mask"],
  dims: readonly Dimension[],
): Value {
  if (mask === undefined) return logits;
  // Names of their own: a dimension may be 1 where the logits' is not.
  const names = dims.map((_, d) => `mask_${d}`);
  if (mask === "bool") return maskedByFlags(builder, logits, names);
  return maskedByWords(builder, logits, "int32", [...names.slice(0, -1), "mask_words"]);
}

/** The index, and the log-probability and the soft sample where the options have them. */
function draw(builder: GraphBuilder, options: ResolvedAppend, drawn: Drawn): Value[] {
  const { node } = builder;
  const { indexType, decoding } = options;
  const { logits, axis, isPosition, samples } = drawn;
  const kernels = kernelsFor(options.noise.integers);
  const withPosition = ({ isUsable }: RowCheck): RowCheck => {
    if (isPosition === undefined) return { isUsable };
    return { isUsable: (anyUnmasked) => both(builder, isUsable(anyUnmasked), isPosition, kernels) };
  };
  const sampleAxis = sampleAxisOf(axis, options.sampleShape);
  if (decoding.temperature === 0) {
    const rows = withPosition(shiftedRows(builder, logits, axis, kernels));
    const mode = argmaxIndex(builder, logits, axis, rows, indexType, kernels);
    return [withoutAxis(builder, inEverySample(builder, mode, samples), sampleAxis)];
  }
  const shape = node("Shape", [logits], "drawn_shape");
  const place = { dims: drawn.rows, axis };
  const all = keptRows(builder, logits, shape, decoding, place, kernels);
  const kept = { ...all, rows: withPosition(all.rows) };
  // Scores logits − max + temperature·g: they order as logits/temperature + g do, and a temperature of 0 is the mode.
  const noiseShape = afterSamples(builder, samples.shape, shape, "noise_shape");
  const noise = noiseOfKept(builder, options, drawn, { shape, noiseShape, indices: kept.indices });
  const z = perturbed(builder, kept.scores, noise, kept.temperature);
  const index =
    kept.indices === undefined
      ? argmaxIndex(builder, z, sampleAxis, kept.rows, indexType, kernels)
      : orMinusOne(
          builder,
          argmaxOfSurvivors(builder, z, kept.indices),
          kept.rows.isUsable(),
          indexType,
          kernels,
        );
  const results = [withoutAxis(builder, index, sampleAxis)];
  if (options.logProb)
    results.push(withoutAxis(builder, logProbOf(builder, drawn, kept, index, kernels), sampleAxis));
  if (options.soft) results.push(softOf(builder, options, drawn, noiseShape, kept, z, kernels));
  return results;
}

/** The log-probability of an index among the kept categories, NaN in a degenerate row; the axis kept with length 1. */
function logProbOf(
  builder: GraphBuilder,
  { logits, axis, dims, samples }: Drawn,
  kept: Kept,
  index: Value,
  kernels: Kernels,
): Value {
  const { node, constant } = builder;
  return builder.scope("log_prob", () => {
    const place = node("Max", [cast(builder, index, "int64", "place"), constant("int64", 0)], "place_or_0");
    const ranks = { values: dims.length, samples: samples.dims.length };
    const own = gatherOfSamples(builder, logits, place, axis, ranks);
    const score = node("Sub", [own, kept.maximum], "score");
    const exponent = kept.divisor === undefined ? score : node("Div", [score, kept.divisor], "exponent");
    const total = massOf(builder, weightsOf(builder, kept.scores, kept.divisor), axis);
    const value = node("Sub", [exponent, node("Log", [total], "log_total")], "log_probability");
    return orNaN(builder, value, kernels === "cpu" ? kept.rows.isUsable() : kept.rows.isUsable(total));
  });
}

/** softmax((logits/temperature + g)/softTemperature): that of the scores at the product of both. */
function softOf(
  builder: GraphBuilder,
  options: ResolvedAppend,
  { axis, samples }: Drawn,
  noiseShape: Value,
  { rows, indices, divisor }: Kept,
  z: Value,
  kernels: Kernels,
): Value {
  const { node } = builder;
  const softTemperature = temperatureOf(
    builder,
    options.softTemperature,
    TEMPERATURE_RANGE[0],
    "soft_temperature",
  );
  const factors = [divisor, softTemperature].filter((value) => value !== undefined);
  const product = factors.length === 2 ? node("Mul", factors, "temperature_product") : factors[0];
  const y = normalize(
    builder,
    partialSoftmax(
      builder,
      { z, rows, isShifted: false },
      sampleAxisOf(axis, options.sampleShape),
      product,
      kernels,
    ),
  );
  if (indices === undefined) return y;
  return scattered(builder, y, inEverySample(builder, indices, samples), noiseShape, rows.isUsable());
}

function withoutAxis({ node, constant }: GraphBuilder, index: Value, axis: number): Value {
  return node("Squeeze", [index, constant("int64", [axis])], "without_axis");
}

/** Soft values scattered to their categories, 0 elsewhere, NaN throughout a degenerate row. */
function scattered(builder: GraphBuilder, y: Value, indices: Value, shape: Value, isUsable: Value): Value {
  const { node, constant } = builder;
  return builder.scope("scatter", () => {
    const zeros = node("Expand", [constant("float32", 0), shape], "zeros");
    const whole = node("ScatterElements", [zeros, indices, y], "scattered", { axis: -1 });
    return orNaN(builder, whole, isUsable);
  });
}
