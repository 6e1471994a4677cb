// The 64-bit counter of each element of a noise shape, as high and low words. Follows BITS-2 and BITS-4.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import { cast } from "./cast.ts";
import type { Integers } from "./threefry-2x32.ts";

/** Position of a shard in a larger tensor: int64 scalars. */
export interface Shard {
  readonly offset: Value;
  readonly rowStride: Value;
}

const TWO_32 = 2 ** 32;

/**
 * Flat counters of all elements of a shape.
 *
 * @param shape int64 vector
 * @param shard left out, the counters are 0, 1, 2, …, fewer than 2³¹ of them
 */
export function counters(
  builder: GraphBuilder,
  integers: Integers,
  shape: Value,
  shard?: Shard,
): { high: Value; low: Value } {
  return builder.scope("counters", () => {
    const { node, constant } = builder;
    const size = node("ReduceProd", [shape], "size", { keepdims: 0 });
    const range = (end: Value, name: string) =>
      node("Range", [constant("int64", 0), end, constant("int64", 1)], name);
    if (shard === undefined) {
      // WebGPU has a kernel for a Range of int32; what is pinned to the CPU must not start on the GPU.
      const positions =
        integers === "uint64"
          ? range(size, "positions")
          : node(
              "Range",
              [constant("int32", 0), cast(builder, size, "int32", "end"), constant("int32", 1)],
              "positions",
            );
      return { high: constant(integers, 0), low: cast(builder, positions, integers, "low") };
    }
    // The product over the last dimension alone is 1 where there is none.
    const last = node("Slice", [shape, constant("int64", [-1]), constant("int64", [2 ** 31])], "last");
    const columns = node("ReduceProd", [last], "columns", { keepdims: 0 });
    const atLeastOne = node("Max", [columns, constant("int64", 1)], "columns_or_1");
    const rows = node("Div", [size, atLeastOne], "rows");
    const starts = node("Mul", [range(rows, "row"), shard.rowStride], "row_starts");
    const placed = node("Add", [starts, shard.offset], "placed_rows");
    const column = node("Unsqueeze", [placed, constant("int64", [1])], "row_column");
    const all = node("Add", [column, range(columns, "column")], "all");
    const flat = node("Reshape", [all, constant("int64", [-1])], "flat", { allowzero: 1 });
    return wordsOf(builder, integers, flat);
  });
}

/** Both words of int64 counters, which are not negative. */
function wordsOf(builder: GraphBuilder, integers: Integers, counters: Value): { high: Value; low: Value } {
  const { node, constant } = builder;
  const high = node("Div", [counters, constant("int64", TWO_32)], "high_part");
  const low = node(
    "Sub",
    [counters, node("Mul", [high, constant("int64", TWO_32)], "whole_part")],
    "low_part",
  );
  return { high: cast(builder, high, integers, "high"), low: cast(builder, low, integers, "low") };
}

/**
 * Counters of some elements of each row of a shape, flat: `row·columns + index`. A shape with samples may have more than 2³² elements
 * of which few are made.
 *
 * @param indices int64, along the last dimension, of the same shape but for that one
 * @param wholeShape int64 vector of at least one dimension
 */
export function countersOf(
  builder: GraphBuilder,
  integers: Integers,
  { indices, wholeShape }: { readonly indices: Value; readonly wholeShape: Value },
): { high: Value; low: Value } {
  return builder.scope("counters", () => {
    const { node, constant } = builder;
    const columns = node("Gather", [wholeShape, constant("int64", -1)], "columns");
    const places = rowsOfIndices(builder, indices);
    const rows = node("Squeeze", [node("Shape", [places], "row_count", { start: 0, end: 1 })], "rows");
    const row = node("Range", [constant("int64", 0), rows, constant("int64", 1)], "row");
    const start = node(
      "Unsqueeze",
      [node("Mul", [row, columns], "row_start"), constant("int64", [1])],
      "start",
    );
    const flat = node("Reshape", [node("Add", [start, places], "all"), constant("int64", [-1])], "flat");
    return wordsOf(builder, integers, flat);
  });
}

/**
 * Counters of some elements of rows that each start at 0, in every sample: `[rows, survivors of a row]`, with samples `[rows,
 * samples·survivors of a row]` and `sample·columns + index`.
 *
 * @param samples int64 vector: the sample dimensions; undefined: none
 */
export function countersInRow(
  builder: GraphBuilder,
  integers: Integers,
  { indices, wholeShape }: { readonly indices: Value; readonly wholeShape: Value },
  samples?: Value,
): { high: Value; low: Value } {
  return builder.scope("counters", () => {
    const { node, constant } = builder;
    const places = rowsOfIndices(builder, indices);
    if (samples === undefined) {
      return { high: constant(integers, 0), low: cast(builder, places, integers, "low") };
    }
    const count = node("ReduceProd", [samples], "samples", { keepdims: 0 });
    const sample = node("Range", [constant("int64", 0), count, constant("int64", 1)], "sample");
    const columns = node("Gather", [wholeShape, constant("int64", -1)], "columns");
    const axis = constant("int64", [1]);
    const start = node("Unsqueeze", [node("Mul", [sample, columns], "sample_start"), axis], "start");
    const all = node("Add", [node("Unsqueeze", [places, axis], "place"), start], "all");
    return wordsOf(builder, integers, node("Reshape", [all, constant("int64", [0, -1])], "flat"));
  });
}

/** Indices as `[rows, survivors of a row]`. */
function rowsOfIndices({ node, constant }: GraphBuilder, indices: Value): Value {
  const width = node("Shape", [indices], "width", { start: -1 });
  const table = node("Concat", [constant("int64", [-1]), width], "table_shape", { axis: 0 });
  return node("Reshape", [indices, table], "places");
}
