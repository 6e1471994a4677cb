// Cast to a type by its name.
import { ELEMENT_TYPES, type ElementType } from "../graph/element-type.ts";
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";

/** Adds a Cast. Integers are cut to the type's bits. */
export function cast(builder: GraphBuilder, value: Value, type: ElementType, name: string): Value {
  return builder.node("Cast", [value], name, { to: ELEMENT_TYPES[type] });
}
