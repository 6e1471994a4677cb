// Float inputs of a graph, which may come as float16. Everything is computed in float32.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import { cast } from "../nodes/cast.ts";
import type { Dims } from "./declared-dims.ts";

/** Declares a float input; it is converted where `float16` holds its name. */
export function floatInput(
  builder: GraphBuilder,
  name: "logits" | "cotangent",
  dims: Dims,
  float16: readonly string[] = [],
): Value {
  if (!float16.includes(name)) return builder.input(name, { type: "float32", dims });
  return cast(builder, builder.input(name, { type: "float16", dims }), "float32", `${name}_float32`);
}
