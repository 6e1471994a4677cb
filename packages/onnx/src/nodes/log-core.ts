// The natural logarithm as additions and multiplications, for providers whose Log is not accurate: error 2 ulp, relative
// near 1 too.
import { LN2_HIGH, LN2_LOW, LOG1P_COEFFICIENTS } from "@gumbel/core/adapter";
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";

/** The smallest and the largest exponent of the arguments: float32's normal range below, −log u above. */
const [LOWEST, HIGHEST] = [-126, 6];

/** `log x` of float32's normal numbers up to 2⁶·√2. */
export function accurateLog(builder: GraphBuilder, x: Value): Value {
  const { node } = builder;
  return builder.scope("log", () => {
    const exponents = Array.from({ length: HIGHEST - LOWEST + 1 }, (_, i) => LOWEST + i);
    const place = node("Sub", [nearestExponent(builder, x), builder.constant("float32", LOWEST)], "place");
    const of = lookup(builder, place, exponents.length - 1);
    const scaled = node(
      "Mul",
      [
        x,
        of(
          "scale",
          exponents.map((e) => 2 ** -e),
        ),
      ],
      "mantissa",
    );
    const f = node("Sub", [scaled, builder.constant("float32", 1)], "f");
    const [high, low] = [LN2_HIGH, LN2_LOW].map((part) => exponents.map((e) => e * part));
    return node(
      "Add",
      [of("exponent_high", high), node("Add", [of("exponent_low", low), log1p(builder, f)], "low_part")],
      "log",
    );
  });
}

/**
 * `log u` of a u in (0, 1) that is given by its signed distance T from the nearer end: u = T where T > 0, else 1 + T. The
 * 1 is never added: f comes from T by factors and terms that are exact.
 */
export function accurateLogOfDistance(builder: GraphBuilder, t: Value): Value {
  const { node, constant } = builder;
  return builder.scope("log_u", () => {
    // Below ½, T = f + 1 over a power of 2; above it f = T, and nearer to ½ than √½ is, f = 2T + 1 = 2u − 1.
    const powers = Array.from({ length: 65 }, (_, k) => k);
    const distance = node("Abs", [t], "distance");
    const below = node("Neg", [nearestExponent(builder, distance)], "places_below");
    const isFar = node("Less", [t, constant("float32", Math.SQRT1_2 - 1)], "is_below_root_half");
    const far = node("Cast", [isFar], "far", { to: 1 });
    const above = node("Add", [far, constant("float32", powers.length)], "places_above");
    const isUpper = node("Less", [t, constant("float32", 0)], "is_upper_half");
    const of = lookup(builder, node("Where", [isUpper, above, below], "place"), powers.length + 1);
    const f = node(
      "Add",
      [
        node("Mul", [t, of("factor", [...powers.map((k) => 2 ** k), 1, 2])], "scaled"),
        of("term", [...powers.map(() => -1), 0, 1]),
      ],
      "f",
    );
    const [high, low] = [LN2_HIGH, LN2_LOW].map((part) => [...powers.map((k) => -k * part), 0, -part]);
    const inner = node("Add", [of("exponent_low", low), log1p(builder, f)], "low_part");
    return node("Add", [of("exponent_high", high), inner], "log_u");
  });
}

/** The exponent that brings x nearest to 1: any logarithm will do for it. */
function nearestExponent({ node, constant }: GraphBuilder, x: Value): Value {
  const log2 = node("Mul", [node("Log", [x], "rough"), constant("float32", Math.LOG2E)], "log2");
  return node("Floor", [node("Add", [log2, constant("float32", 0.5)], "log2_and_half")], "exponent");
}

/** Tables by place, a float32 from 0 to `last`. */
function lookup(
  { node, constant }: GraphBuilder,
  place: Value,
  last: number,
): (name: string, values: readonly number[]) => Value {
  const bounds = [constant("float32", 0), constant("float32", last)];
  const index = node("Cast", [node("Clip", [place, ...bounds], "place_in_range")], "index", { to: 6 });
  return (name, values) => node("Gather", [constant("float32", values), index], name);
}

function log1p({ node, constant }: GraphBuilder, f: Value): Value {
  const [first, ...rest] = LOG1P_COEFFICIENTS;
  const polynomial = rest.reduce(
    (sum, coefficient, i) =>
      node("Add", [node("Mul", [sum, f], `power_${i}`), constant("float32", coefficient)], `q_${i}`),
    constant("float32", first),
  );
  const square = node("Mul", [f, f], "f_squared");
  const cubic = node("Mul", [node("Mul", [square, f], "f_cubed"), polynomial], "higher");
  const half = node("Mul", [square, constant("float32", -0.5)], "minus_half_square");
  return node("Add", [f, node("Add", [half, cubic], "beyond_linear")], "log1p");
}
