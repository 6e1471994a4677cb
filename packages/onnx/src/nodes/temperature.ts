// Temperatures as float32 scalars of a graph.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";

/** Smallest and largest temperature that divides logits. */
export const TEMPERATURE_RANGE: readonly [least: number, most: number] = [2 ** -40, 2 ** 40];

/** A temperature of a graph: a constant, or a float32 scalar input. */
export type GraphTemperature = number | "input";

/**
 * Declares a temperature: undefined where it is 1, and where nothing is to be multiplied or divided. An input is clamped.
 *
 * @param least smallest value of an input: 0 where a product with it is taken, 2⁻⁴⁰ where a quotient is
 */
export function temperatureOf(
  builder: GraphBuilder,
  temperature: GraphTemperature,
  least: number,
  name = "temperature",
): Value | undefined {
  const { node, constant } = builder;
  if (temperature === 1) return undefined;
  if (temperature !== "input") return constant("float32", temperature);
  const value = builder.input(name, { type: "float32", dims: [] });
  const bounds = [least, TEMPERATURE_RANGE[1]].map((bound) => constant("float32", bound));
  return node("Clip", [value, ...bounds], `${name}_in_range`);
}
