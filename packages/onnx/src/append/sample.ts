// The nodes of an appended sampler.
import { TensorProto_DataType } from "onnx-buf";
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import { noiseOf, perturbed } from "../models/noise-inputs.ts";
import { type SamplingOutput, shapeAround, whereNotEmpty } from "../models/sampling-model.ts";
import { argmaxIndex } from "../nodes/argmax.ts";
import { cast } from "../nodes/cast.ts";
import { type Kernels, kernelsFor } from "../nodes/kernels.ts";
import {
  boundedRows,
  orMinusOne,
  orNaN,
  type RowCheck,
  rowMaximum,
  shiftedRows,
  unmasked,
} from "../nodes/rows.ts";
import { normalize, partialSoftmax } from "../nodes/softmax.ts";
import { TEMPERATURE_RANGE, temperatureOf } from "../nodes/temperature.ts";
import type { KnownType } from "./model-values.ts";
import type { ResolvedAppend } from "./options.ts";

/** More than every index. */
const NO_INDEX = 2 ** 31 - 1;

/** Adds the sampler's nodes, inputs and outputs. */
export function sample(builder: GraphBuilder, options: ResolvedAppend, { type, dims }: KnownType): void {
  const { node } = builder;
  const { axis, indexType } = options;
  const isFloat32 = type === TensorProto_DataType.FLOAT;
  const logits = isFloat32 ? options.logits : cast(builder, options.logits, "float32", "logits");
  const shape = node("Shape", [logits], "logits_shape");
  const indicesShape = () =>
    node("Concat", [...shapeAround(builder, logits, axis)], "indices_shape", { axis: 0 });
  const outputs: SamplingOutput[] = [{ name: "indices", type: indexType, empty: -1, shape: indicesShape }];
  if (options.soft) outputs.push({ name: "soft", type: "float32", empty: 0, shape: () => shape });
  const results = whereNotEmpty(builder, shape, true, outputs, () =>
    options.temperature === 0 ? [mode(builder, options, logits)] : draw(builder, options, logits, shape),
  );
  const own = axis < 0 ? axis + (dims?.length ?? 0) : axis;
  const batch = dims === undefined ? {} : { dims: dims.filter((_, d) => d !== own) };
  builder.output(results[0], "indices", { type: indexType, ...batch });
  if (!options.soft) return;
  builder.output(results[1], "soft", { type: "float32", ...(dims === undefined ? {} : { dims }) });
}

function mode(builder: GraphBuilder, { axis, noise, indexType }: ResolvedAppend, logits: Value): Value {
  const kernels = kernelsFor(noise.integers);
  const rows = shiftedRows(builder, logits, axis, kernels);
  return withoutAxis(builder, argmaxIndex(builder, logits, axis, rows, indexType, kernels), axis);
}

/** The index, and the soft sample where the options have one. */
function draw(builder: GraphBuilder, options: ResolvedAppend, logits: Value, shape: Value): Value[] {
  const { node } = builder;
  const { axis, topK, noise, indexType } = options;
  const kernels = kernelsFor(noise.integers);
  const survivors = topK === undefined ? undefined : largest(builder, logits, shape, topK, kernels);
  const temperature = temperatureOf(builder, options.temperature, 0);
  // Scores logits − max + temperature·g: they order as logits/temperature + g do, and a temperature of 0 is the mode.
  const rows = survivors ?? shiftedRows(builder, logits, axis, kernels);
  const noiseShape = survivors === undefined ? shape : node("Shape", [survivors.indices], "survivors_shape");
  const part = survivors && { indices: survivors.indices, wholeShape: shape };
  const z = perturbed(builder, rows.shifted, noiseOf(builder, noise, noiseShape, part), temperature);
  const index =
    survivors === undefined
      ? argmaxIndex(builder, z, axis, rows, indexType, kernels)
      : orMinusOne(
          builder,
          argmaxOfSurvivors(builder, z, survivors.indices),
          survivors.isUsable(),
          indexType,
          kernels,
        );
  const indices = withoutAxis(builder, index, axis);
  if (!options.soft) return [indices];
  // softmax((logits/temperature + g)/softTemperature) is that of the scores at the product of both.
  const softTemperature = temperatureOf(
    builder,
    options.softTemperature,
    TEMPERATURE_RANGE[0],
    "soft_temperature",
  );
  const divisor = productOf(builder, temperature, softTemperature);
  const input = { z, rows, isShifted: false };
  const y = normalize(builder, partialSoftmax(builder, input, axis, divisor, kernels));
  return [
    indices,
    survivors === undefined ? y : scattered(builder, y, survivors.indices, shape, survivors.isUsable()),
  ];
}

/** The product of two temperatures, the first of which may be 0. */
function productOf(builder: GraphBuilder, a: Value | undefined, b: Value | undefined): Value | undefined {
  if (a === undefined) return b;
  const { node, constant } = builder;
  const positive = node("Max", [a, constant("float32", TEMPERATURE_RANGE[0])], "positive_temperature");
  return b === undefined ? positive : node("Mul", [positive, b], "temperature_product");
}

function withoutAxis({ node, constant }: GraphBuilder, index: Value, axis: number): Value {
  return node("Squeeze", [index, constant("int64", [axis])], "indices_without_axis");
}

interface Largest extends RowCheck {
  /** The largest logits of each row, less their maximum. */
  readonly shifted: Value;
  /** Their categories. */
  readonly indices: Value;
}

/** The k largest logits of each row, or all where there are fewer. */
function largest(builder: GraphBuilder, logits: Value, shape: Value, k: number, kernels: Kernels): Largest {
  const { node, constant } = builder;
  return builder.scope("top_k", () => {
    const categories = node("Gather", [shape, constant("int64", [-1])], "categories");
    const count = node("Min", [categories, constant("int64", [k])], "count");
    const attributes = { axis: -1, largest: 1, sorted: 1 };
    const [, indices] = builder.manyOf("TopK", [logits, count], "largest", ["values", "indices"], attributes);
    const values = node("GatherElements", [logits, indices], "logits_of_largest", { axis: -1 });
    const shifted = node("Sub", [values, rowMaximum(builder, values, -1, kernels)], "shifted");
    const rows = boundedRows(builder, logits, -1);
    const flags = unmasked(builder, values);
    const anyUnmasked = node("ReduceMax", [flags, constant("int64", [-1])], "any_unmasked", { keepdims: 1 });
    const isUsable = rows.isUsable(anyUnmasked);
    return { shifted, indices, isUsable: () => isUsable };
  });
}

/** The category of the argmax, the lowest on an exact tie: survivors are not in the order of their categories. */
function argmaxOfSurvivors(builder: GraphBuilder, z: Value, indices: Value): Value {
  const { node, constant } = builder;
  return builder.scope("argmax_of_survivors", () => {
    const last = constant("int64", [-1]);
    const maximum = node("ReduceMax", [z, last], "maximum", { keepdims: 1 });
    const isMaximum = node("Equal", [z, maximum], "is_maximum");
    const candidates = node("Where", [isMaximum, indices, constant("int64", NO_INDEX)], "candidates");
    return node("ReduceMin", [candidates, last], "argmax", { keepdims: 1 });
  });
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
