// Temperatures in float32: a double may be far outside its range, and the difference of two finite logits too.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";

/** What logits are multiplied with before and divided by after the maximum is subtracted; left out where it is 1. */
export interface Temperature {
  readonly scale?: Value | undefined;
  readonly divisor?: Value | undefined;
}

/** From here on the quotient of float32's largest difference and the temperature may matter: exp(−104) is 0 in float32. */
const WIDE = 120;

/**
 * A temperature as a scale, a power of 2, and a divisor that float32 holds: `divisor/scale` is the temperature, or
 * float32's smallest normal number where that is larger. Above 2¹²⁰ the scale makes room for the difference of any two
 * finite logits, and for temperatures past float32's range.
 */
export function scaledTemperature(temperature: number): { scale: number; divisor: number } {
  const exponent = Math.ceil(Math.log2(temperature));
  const scale = exponent <= WIDE ? 1 : 2 ** -Math.min(Math.max(exponent - 126, 1), 126);
  return { scale, divisor: Math.min(Math.max(temperature * scale, 2 ** -126), 3.4e38) };
}

/** A temperature that is known when the graph is made. */
export function constantTemperature({ constant }: GraphBuilder, temperature: number): Temperature {
  const { scale, divisor } = scaledTemperature(temperature);
  return {
    scale: scale === 1 ? undefined : constant("float32", scale),
    divisor: divisor === 1 ? undefined : constant("float32", divisor),
  };
}

/** A temperature that comes in as one float32 scalar: as the nearest in [2⁻¹²⁵, 3.4·10³⁸]. */
export function inputTemperature({ node, constant }: GraphBuilder, value: Value): Temperature {
  const [low, high, half] = [2 ** -125, 3.4e38, 0.5].map((bound) => constant("float32", bound));
  const clipped = node("Clip", [value, low, high], "temperature_in_range");
  return { scale: half, divisor: node("Mul", [clipped, half], "half_temperature") };
}
