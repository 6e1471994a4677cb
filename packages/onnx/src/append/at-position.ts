// The logits of one position of each row's sequence.
import type { Dimension, GraphBuilder, Value } from "../graph/graph-builder.ts";

/** Logits of one position, or of all. */
export interface PositionedLogits {
  readonly logits: Value;
  /** Bool, with length 1 in place of the categories: whether the row has the position. undefined: every row has. */
  readonly isPosition: Value | undefined;
}

/**
 * Selects the position, and declares its input.
 *
 * @param logits `[…rows, sequence, categories]`, without an empty dimension
 * @param shape int64 vector: theirs
 */
export function atPosition(
  builder: GraphBuilder,
  logits: Value,
  position: "last" | "input" | undefined,
  shape: Value,
  rows: readonly Dimension[],
): PositionedLogits {
  const { node, constant } = builder;
  if (position === undefined) return { logits, isPosition: undefined };
  return builder.scope("position", () => {
    if (position === "last") {
      const last = node("Gather", [logits, constant("int64", -1)], "last", { axis: -2 });
      return { logits: last, isPosition: undefined };
    }
    const given = builder.input("position", { type: "int64", dims: rows });
    const length = node("Gather", [shape, constant("int64", -2)], "length");
    const zero = constant("int64", 0);
    const isNegative = node("Less", [given, zero], "is_negative");
    const fromStart = node(
      "Where",
      [isNegative, node("Add", [given, length], "from_end"), given],
      "from_start",
    );
    const last = node("Sub", [length, constant("int64", 1)], "last_position");
    const inRange = node("Min", [node("Max", [fromStart, zero], "from_0"), last], "in_range");
    const isPosition = node("Equal", [inRange, fromStart], "is_position");
    // Rows as one dimension: GatherND then selects a position of each.
    const flatShape = node(
      "Concat",
      [constant("int64", [-1]), node("Shape", [logits], "one_row", { start: -2 })],
      "flat_shape",
      { axis: 0 },
    );
    const flat = node("Reshape", [logits, flatShape], "flat");
    const column = node("Reshape", [inRange, constant("int64", [-1, 1])], "column");
    const selected = node("GatherND", [flat, column], "selected", { batch_dims: 1 });
    const categories = node("Shape", [logits], "categories", { start: -1 });
    const rowsShape = node(
      "Concat",
      [node("Shape", [logits], "rows", { end: -2 }), categories],
      "rows_shape",
      { axis: 0 },
    );
    return {
      logits: node("Reshape", [selected, rowsShape], "logits_at_position"),
      isPosition: node("Unsqueeze", [isPosition, constant("int64", [-1])], "is_position_of_row"),
    };
  });
}
