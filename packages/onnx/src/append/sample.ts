// The nodes of an appended sampler.
import { TensorProto_DataType } from "onnx-buf";
import { indicesAs, perturbed } from "../export/sampling-graph.ts";
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import { bestIndex } from "../nodes/best.ts";
import { cast } from "../nodes/cast.ts";
import { kernelsFor } from "../nodes/kernels.ts";
import { anyUnmasked, boundedRows, orMinusOne, orNaN } from "../nodes/rows.ts";
import { softmaxOf } from "../nodes/softmax.ts";
import { constantTemperature, inputTemperature, type Temperature } from "../nodes/temperature.ts";
import type { KnownType } from "./model-values.ts";
import type { ResolvedAppend } from "./options.ts";

/** Past every index: what is not the best becomes this before the lowest index is taken. */
const NO_INDEX = 2 ** 31 - 1;

/** Adds the sampler's nodes, inputs and outputs. */
export function sample(builder: GraphBuilder, options: ResolvedAppend, { type, dims }: KnownType): void {
  const { node, constant } = builder;
  const { axis, topK, noise, indexType } = options;
  const kernels = kernelsFor(noise.integers);
  const isFloat32 = type === TensorProto_DataType.FLOAT;
  const logits = isFloat32 ? options.logits : cast(builder, options.logits, "float32", "logits");
  const bounded = boundedRows(builder, logits, axis);
  const scaled = divided(builder, logits, axis, temperatureOf(builder, "temperature", options.temperature));
  const wholeShape = node("Shape", [scaled], "logits_shape");
  const survivors = topK === undefined ? undefined : largest(builder, scaled, wholeShape, topK);
  const shape = survivors === undefined ? wholeShape : node("Shape", [survivors.values], "survivors_shape");
  const given = survivors === undefined ? undefined : { indices: survivors.indices, wholeShape };
  const z = perturbed(builder, survivors?.values ?? scaled, noise, shape, given);
  // Whether anything is left to draw the largest logits tell.
  const usable =
    survivors === undefined
      ? bounded
      : node("Mul", [bounded, anyUnmasked(builder, survivors.values, axis)], "usable");
  const best =
    survivors === undefined
      ? bestIndex(builder, z, axis, bounded, kernels)
      : orMinusOne(builder, bestSurvivor(builder, z, survivors.indices), usable);
  const indices = node("Squeeze", [best, constant("int64", [axis])], "indices_int32");
  const batch = dims === undefined ? {} : { dims: dims.toSpliced(axis < 0 ? axis + dims.length : axis, 1) };
  builder.output(indicesAs(builder, indices, indexType), "indices", { type: indexType, ...batch });
  if (!options.soft) return;
  const temperature = temperatureOf(builder, "soft_temperature", options.softTemperature);
  const y = softmaxOf(builder, z, axis, temperature, bounded, kernels);
  const whole = survivors === undefined ? y : scattered(builder, y, survivors.indices, wholeShape, usable);
  builder.output(whole, "soft", { type: "float32", ...(dims === undefined ? {} : { dims }) });
}

function temperatureOf(builder: GraphBuilder, name: string, temperature: number | "input"): Temperature {
  return temperature === "input"
    ? inputTemperature(builder, builder.input(name, { type: "float32", dims: [] }))
    : constantTemperature(builder, temperature);
}

/** `logits/temperature` but for a constant of each row: with the maximum subtracted first, nothing overflows. */
function divided(builder: GraphBuilder, logits: Value, axis: number, { scale, divisor }: Temperature): Value {
  if (divisor === undefined) return logits;
  const { node, constant } = builder;
  return builder.scope("temperature", () => {
    const small = scale === undefined ? logits : node("Mul", [logits, scale], "scaled");
    const maximum = node("ReduceMax", [small, constant("int64", [axis])], "maximum", { keepdims: 1 });
    return node("Div", [node("Sub", [small, maximum], "below_maximum"), divisor], "divided");
  });
}

interface Largest {
  readonly values: Value;
  readonly indices: Value;
}

/** The k largest logits of each row, or all where there are fewer. */
function largest(builder: GraphBuilder, logits: Value, shape: Value, k: number): Largest {
  const { node, constant } = builder;
  return builder.scope("top_k", () => {
    const classes = node("Gather", [shape, constant("int64", [-1])], "classes");
    const count = node("Min", [classes, constant("int64", [k])], "count");
    const attributes = { axis: -1, largest: 1, sorted: 1 };
    const [, indices] = builder.manyOf("TopK", [logits, count], "largest", ["values", "indices"], attributes);
    return { indices, values: node("GatherElements", [logits, indices], "logits_of_largest", { axis: -1 }) };
  });
}

/** The category of the best survivor, the lowest on an exact tie: survivors are not in the order of their indices. */
function bestSurvivor(builder: GraphBuilder, z: Value, indices: Value): Value {
  const { node, constant } = builder;
  return builder.scope("best_survivor", () => {
    const last = constant("int64", [-1]);
    const maximum = node("ReduceMax", [z, last], "maximum", { keepdims: 1 });
    const isBest = node("Equal", [z, maximum], "is_best");
    const candidates = node("Where", [isBest, indices, constant("int64", NO_INDEX)], "candidates");
    return node("ReduceMin", [candidates, last], "best", { keepdims: 1 });
  });
}

/** Soft values in their places of the whole row, 0 elsewhere, NaN throughout a row that is not usable. */
function scattered(builder: GraphBuilder, y: Value, indices: Value, shape: Value, usable: Value): Value {
  const { node, constant } = builder;
  return builder.scope("scatter", () => {
    const zeros = node("Expand", [constant("float32", 0), shape], "zeros");
    const whole = node("ScatterElements", [zeros, indices, y], "scattered", { axis: -1 });
    return orNaN(builder, whole, usable);
  });
}
