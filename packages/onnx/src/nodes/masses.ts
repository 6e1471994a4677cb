// Masses of rows, summed in an order that depends on nothing beside a row: its kept categories are the same to the last bit,
// whatever rows and however many categories stand beside them in a tensor.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";

/** Values of a block, within which sums are sequential. A multiple of every vector width, so that all blocks are aligned alike. */
const BLOCK = 256;

/** Cumulated masses along the last dimension. */
export interface Masses {
  /** For each weight the sum of those before it. */
  readonly before: Value;
  /** The sum of a row; the last dimension kept with length 1. */
  readonly total: Value;
}

/** Sums weights in their order, by blocks: weights of 0 behind a row's last one change no bit. */
export function massesOf(builder: GraphBuilder, weights: Value): Masses {
  const { node, constant } = builder;
  return builder.scope("masses", () => {
    const { blocks, rows, length } = inBlocks(builder, weights);
    const within = node("CumSum", [blocks, constant("int64", -1)], "within_block", { exclusive: 1 });
    const sums = node("Add", [lastOf(builder, within, -1), lastOf(builder, blocks, -1)], "block_sums");
    const starts = node("CumSum", [sums, constant("int64", -2)], "before_block", { exclusive: 1 });
    const flatShape = node("Concat", [rows, constant("int64", [-1])], "flat_shape", { axis: 0 });
    const flat = node(
      "Reshape",
      [node("Add", [within, starts], "before_in_blocks"), flatShape],
      "before_padded",
    );
    const before = node("Slice", [flat, constant("int64", [0]), length, constant("int64", [-1])], "before");
    const total = node("Add", [lastOf(builder, starts, -2), lastOf(builder, sums, -2)], "total_of_blocks");
    return { before, total: node("Squeeze", [total, constant("int64", [-1])], "total") };
  });
}

/** The sum of each row alone, which is faster; the last dimension kept with length 1. Along another axis, in any order. */
export function massOf(builder: GraphBuilder, weights: Value, axis = -1): Value {
  const { node, constant } = builder;
  if (axis !== -1) return node("ReduceSum", [weights, constant("int64", [axis])], "mass", { keepdims: 1 });
  return builder.scope("mass", () => {
    const { blocks } = inBlocks(builder, weights);
    const last = constant("int64", [-1]);
    const sums = node("ReduceSum", [blocks, last], "block_sums", { keepdims: 0 });
    const before = node("CumSum", [sums, constant("int64", -1)], "before_block", { exclusive: 1 });
    return node("Add", [lastOf(builder, before, -1), lastOf(builder, sums, -1)], "total");
  });
}

/** Weights padded with zeros, as `[..., blocks, BLOCK]`. */
function inBlocks(builder: GraphBuilder, weights: Value): { blocks: Value; rows: Value; length: Value } {
  const { node, constant } = builder;
  const rows = node("Shape", [weights], "rows", { start: 0, end: -1 });
  const length = node("Shape", [weights], "length", { start: -1 });
  const rest = node(
    "Mod",
    [node("Neg", [length], "minus_length"), constant("int64", [BLOCK])],
    "padding_length",
  );
  const padding = node(
    "Expand",
    [constant("float32", 0), node("Concat", [rows, rest], "padding_shape", { axis: 0 })],
    "padding",
  );
  const padded = node("Concat", [weights, padding], "padded", { axis: -1 });
  const shape = node("Concat", [rows, constant("int64", [-1, BLOCK])], "blocks_shape", { axis: 0 });
  return { blocks: node("Reshape", [padded, shape], "blocks"), rows, length };
}

/** The last slice along an axis, kept with length 1. */
function lastOf({ node, constant }: GraphBuilder, values: Value, axis: number): Value {
  const ends = [constant("int64", [-1]), constant("int64", [2 ** 31 - 1]), constant("int64", [axis])];
  return node("Slice", [values, ...ends], "last");
}
