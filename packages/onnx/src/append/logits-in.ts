// Finds the logits that a sampler is to be appended to, and checks that they may be logits.
import { type GraphProto, TensorProto_DataType } from "onnx-buf";
import type { Dimension } from "../graph/graph-builder.ts";
import { ModelError } from "../graph/model-error.ts";
import { type Producers, producersIn } from "./model-values.ts";
import type { ResolvedAppend } from "./options.ts";
import { probabilitiesMaker } from "./probabilities.ts";
import { describeType, type KnownType, type ValueTypes, valueTypesOf } from "./value-types.ts";

/** Element types that logits may have, by their names; others than float32 are converted. */
const FLOATS: Readonly<Record<NonNullable<ResolvedAppend["type"]>, TensorProto_DataType>> = {
  float32: TensorProto_DataType.FLOAT,
  float16: TensorProto_DataType.FLOAT16,
  float64: TensorProto_DataType.DOUBLE,
  bfloat16: TensorProto_DataType.BFLOAT16,
};

/** Whether a type is one of logits. */
export function isFloat(type: KnownType["type"]): boolean {
  return Object.values(FLOATS).some((float) => float === type);
}

/** Logits of a model. */
export interface Logits {
  readonly type: TensorProto_DataType;
  readonly dims: readonly Dimension[];
  /** −1 where it is the last. */
  readonly axis: number;
}

/** A graph's values, each list of which is made once. */
export interface GraphValues {
  readonly types: ValueTypes;
  readonly producers: Producers;
  readonly inputs: ReadonlySet<string>;
  readonly initializers: ReadonlySet<string>;
  readonly outputs: readonly string[];
}

/** Lists the values of a graph. */
export function graphValuesOf(graph: GraphProto): GraphValues {
  return {
    types: valueTypesOf(graph),
    producers: producersIn(graph),
    inputs: new Set(graph.input.map(({ name }) => name)),
    initializers: new Set(graph.initializer.map(({ name }) => name)),
    outputs: graph.output.map(({ name }) => name),
  };
}

/** @throws ModelError saying why a value of the model cannot be sampled from; RangeError naming an option that does not suit it */
export function logitsIn(values: GraphValues, options: ResolvedAppend): Logits {
  const { logits } = options;
  const quoted = JSON.stringify(logits);
  const { types, producers, inputs, initializers } = values;
  if (initializers.has(logits)) {
    throw new ModelError(`logits must not be constant, and ${quoted} is an initializer`);
  }
  if (!producers.has(logits) && !inputs.has(logits)) {
    const outputs = values.outputs.map((name) => JSON.stringify(name)).join(", ");
    throw new ModelError(`the model has no value named ${quoted}; its outputs: ${outputs || "none"}`);
  }
  const maker = probabilitiesMaker(producers, logits);
  if (maker !== undefined) {
    const { what, logits: input } = maker;
    const use = input === undefined ? "" : `. Its input, ${JSON.stringify(input)}, is what to sample from`;
    throw new ModelError(`${quoted} is the result of a ${what}: probabilities, no logits${use}`);
  }
  const known = types(logits);
  const type = typeOf(quoted, known, options.type);
  const dims = dimsOf(quoted, known.dims, options.shape);
  return { type, dims, axis: axisIn(quoted, dims, options) };
}

function typeOf(quoted: string, known: KnownType, given: ResolvedAppend["type"]): TensorProto_DataType {
  const stated = given == null ? undefined : FLOATS[given];
  const type = known.type ?? stated;
  if (type === undefined) {
    throw new ModelError(
      `the model does not state of which type ${quoted} is: state it by the option type, or run ONNX's shape inference on it`,
    );
  }
  if (type === "not a tensor" || !isFloat(type)) {
    throw new ModelError(
      `logits must be of a float type, and ${quoted} is ${describeType({ ...known, type })}`,
    );
  }
  if (stated !== undefined && stated !== type) {
    throw new RangeError(`type must be that of ${quoted}, which is ${describeType({ type })}, got ${given}`);
  }
  return type;
}

/** The shape that the model states, with the sizes that it leaves open as the option has them. */
function dimsOf(
  quoted: string,
  known: KnownType["dims"],
  given: ResolvedAppend["shape"],
): readonly Dimension[] {
  const dims = known ?? given;
  if (dims === undefined) {
    throw new ModelError(
      `the model does not state of which rank ${quoted} is: state it by the option shape, or run ONNX's shape inference on it`,
    );
  }
  if (dims.length === 0) throw new ModelError(`logits must have a dimension, and ${quoted} is a scalar`);
  if (given === undefined) return dims;
  const isOther = (size: Dimension, d: number) =>
    typeof size === "number" && typeof given[d] === "number" && size !== given[d];
  if (given.length !== dims.length || dims.some(isOther)) {
    const shapes = `[${dims.join(", ")}], got [${given.join(", ")}]`;
    throw new RangeError(`shape must be that of ${quoted}, ${shapes}`);
  }
  return dims.map((size, d) => (typeof size === "number" ? size : given[d]));
}

/** The axis, from the end where it is the last, and whether the options suit it and its size. */
function axisIn(quoted: string, dims: readonly Dimension[], options: ResolvedAppend): number {
  const { axis, position, decoding, mask, hasRowKeys } = options;
  const shape = `[${dims.join(", ")}]`;
  if (axis < -dims.length || axis >= dims.length) {
    const range = `[${-dims.length}, ${dims.length - 1}]`;
    throw new RangeError(`axis must be an integer in ${range} for ${quoted} of shape ${shape}, got ${axis}`);
  }
  const categories = dims.at(axis);
  if (categories === 0) {
    throw new ModelError(`logits must hold a category, and ${quoted} is of shape ${shape}`);
  }
  const { topK, topP } = decoding;
  if (axis === -1 || axis === dims.length - 1) {
    if (position === undefined || dims.length > 1) return -1;
    throw new RangeError(
      `position needs logits of at least two dimensions, and ${quoted} is of shape ${shape}`,
    );
  }
  const packed = mask === "packed" ? mask : undefined;
  const needing = Object.entries({
    topK,
    topP,
    position,
    key: hasRowKeys || undefined,
    'mask "packed"': packed,
  });
  const [option] = needing.find(([, value]) => value !== undefined) ?? [];
  if (option !== undefined)
    throw new RangeError(`axis must be the last with ${option}, got ${axis} for ${quoted} of shape ${shape}`);
  return axis;
}
