// The mask of rows: logits with −∞ for a category that is not allowed, whatever its logit.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import type { Dims } from "../models/declared-dims.ts";
import { cast } from "./cast.ts";

/** Declares the input `mask`, bool: true for an allowed category. Its shape broadcasts to the logits'. */
export function maskedByFlags(builder: GraphBuilder, logits: Value, dims: Dims): Value {
  return builder.scope("mask", () => masked(builder, logits, builder.input("mask", { type: "bool", dims })));
}

/**
 * Declares the input `mask`: words of 32 categories along the last dimension, category `v` being allowed where bit `v mod 32` of word
 * `⌊v/32⌋` is 1. Its other dimensions broadcast to the logits', of which the last holds the categories.
 */
export function maskedByWords(
  builder: GraphBuilder,
  logits: Value,
  type: "int32" | "uint32",
  dims: Dims,
): Value {
  const { node, constant } = builder;
  return builder.scope("mask", () => {
    const given = builder.input("mask", { type, dims });
    const words = type === "uint32" ? given : cast(builder, given, "uint32", "words");
    const column = node("Unsqueeze", [words, constant("int64", [-1])], "column");
    const places = constant(
      "uint32",
      Array.from({ length: 32 }, (_, bit) => bit),
    );
    const shifted = node("BitShift", [column, places], "shifted", { direction: "RIGHT" });
    const bits = node("BitwiseAnd", [shifted, constant("uint32", 1)], "bits");
    const rows = node("Shape", [words], "mask_rows", { start: 0, end: -1 });
    const flatShape = node("Concat", [rows, constant("int64", [-1])], "flat_shape", { axis: 0 });
    const flat = node("Reshape", [cast(builder, bits, "float32", "flags"), flatShape], "flat");
    const end = node("Shape", [logits], "categories", { start: -1 });
    const own = node("Slice", [flat, constant("int64", [0]), end, constant("int64", [-1])], "of_categories");
    return masked(builder, logits, node("Greater", [own, constant("float32", 0.5)], "is_allowed"));
  });
}

function masked({ node, constant }: GraphBuilder, logits: Value, isAllowed: Value): Value {
  return node("Where", [isAllowed, logits, constant("float32", Number.NEGATIVE_INFINITY)], "masked");
}
