// Parameters of a draw that a graph has as a constant, or is fed: one for all rows, or one for each.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import type { Dims } from "../models/declared-dims.ts";
import { cast } from "./cast.ts";

/** A constant, an input that holds one value for all rows, or an input that holds one for each row. */
export type RowParameter = number | "input" | "per-row";

/** Where the rows of a call are. */
export interface RowPlace {
  /** Dimensions of the rows, those of the logits without the axis; undefined: any. */
  readonly dims: Dims;
  /** The axis of the categories in the logits. */
  readonly axis: number;
}

/** A parameter in a graph. */
export interface RowValue {
  /** A scalar, or of the logits' shape with length 1 along the axis. */
  readonly value: Value;
  /** Bool of the same shape: false where a NaN was fed. undefined: never. */
  readonly isNumber?: Value | undefined;
}

/** Declares the input of a float32 parameter, which is clamped to a range. */
export function floatParameter(
  builder: GraphBuilder,
  name: string,
  parameter: RowParameter,
  [least, most]: readonly [number, number],
  rows: RowPlace,
): RowValue {
  const { node, constant } = builder;
  if (typeof parameter === "number") return { value: constant("float32", parameter) };
  const given = parameterInput(builder, name, parameter, "float32", rows);
  const bounds = [constant("float32", least), constant("float32", most)];
  return {
    value: node("Clip", [given, ...bounds], `${name}_in_range`),
    isNumber: isNumber(builder, given, name),
  };
}

/** Declares the input of a parameter; values of rows are given length 1 along the axis. */
export function parameterInput(
  builder: GraphBuilder,
  name: string,
  parameter: "input" | "per-row",
  type: "float32" | "int64",
  { dims, axis }: RowPlace,
): Value {
  if (parameter === "input") return builder.input(name, { type, dims: [] });
  const given = builder.input(name, { type, dims });
  return builder.node("Unsqueeze", [given, builder.constant("int64", [axis])], `${name}_of_row`);
}

/** Two comparisons of which one holds, unless the value is NaN: GPUs may take `x = x` for true. */
function isNumber(builder: GraphBuilder, value: Value, name: string): Value {
  const { node, constant } = builder;
  const zero = constant("float32", 0);
  const flags = (["GreaterOrEqual", "Less"] as const).map((opType) =>
    cast(builder, node(opType, [value, zero], `${name}_${opType}`), "float32", `${name}_${opType}_flag`),
  );
  return node(
    "Greater",
    [node("Add", flags, `${name}_flags`), constant("float32", 0.5)],
    `${name}_is_number`,
  );
}
