// Standard Gumbel noise as the logarithm of an exponential variate: g = −log E, E = −log u. Functions return log E, which
// callers subtract: that spares a negation. Follows NOISE-1 to NOISE-4. The logarithm is the provider's, which is accurate
// near 1 on the CPU and not on WebGPU, or accurateLog.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import { cast } from "./cast.ts";
import { accurateLog, accurateLogOfDistance } from "./log-core.ts";
import type { Blocks, Integers } from "./threefry-2x32.ts";

/**
 * A multiple of every vector width: 16 float32 with AVX-512. The vector code of a logarithm and the scalar code for the tail
 * of an array differ in the last bit, and which elements are the tail depends on the array's length.
 */
const PACKET = 16;

/**
 * Runs `make` on flat values padded to whole packets, so that an element's noise depends on nothing around it (BITS-3).
 *
 * @param flat vector of `size` values (an int64 vector of length 1)
 */
export function inWholePackets(
  builder: GraphBuilder,
  flat: Value,
  type: "int64" | "uint32" | "uint64",
  size: Value,
  make: (padded: Value) => Value,
): Value {
  const { node, constant } = builder;
  const [zero, packet] = [constant("int64", [0]), constant("int64", [PACKET])];
  const rest = node("Mod", [node("Neg", [size], "minus_size"), packet], "padding_size");
  const padding = node("Expand", [constant(type, 0), rest], "padding");
  const made = make(node("Concat", [flat, padding], "padded", { axis: 0 }));
  return node("Slice", [made, zero, size], "unpadded");
}

/** Which logarithm: the provider's Log, or {@link accurateLog}, which takes some 50 passes more. */
export type Logarithm = "provider" | "own";

/** float32's largest number below 1. */
const BELOW_1 = 1 - 2 ** -24;

/** The 64 random bits of each block as one int64, `word·2³² + x1`: its sign is the half that u lies in. */
export function signedBits(builder: GraphBuilder, integers: Integers, { word, x1 }: Blocks): Value {
  const { node, constant } = builder;
  return builder.scope("signed_bits", () => {
    if (integers === "uint64") {
      const high = node("Mul", [word, constant("uint64", 2 ** 32)], "high");
      return cast(builder, node("Add", [high, x1], "bits"), "int64", "int64");
    }
    // By way of int32, so that no product leaves int64's range.
    const signed = cast(builder, cast(builder, word, "int32", "int32"), "int64", "word");
    const high = node("Mul", [signed, constant("int64", 2 ** 32)], "high");
    return node("Add", [high, cast(builder, x1, "int64", "x1")], "bits");
  });
}

/**
 * `log(−log u)` with `u = (N + ½)/2⁶³`, N the upper 63 bits: precision `"full"`.
 *
 * With the last bit set, the bits J as a signed integer are 2N + 1 (u < ½) or 2N + 1 − 2⁶⁴: J/2⁶⁴ is the signed distance T
 * of u from the nearer end m of [0, 1], and converting J rounds once, so that T keeps its relative precision however
 * near the end is. `−log u = −log v · T/(v − m)` holds for `v = m + T` exactly, and for v rounded it stays right to the last
 * digits, because `−log(v)/(1 − v)` hardly changes near 1.
 *
 * @param bits int64: see {@link signedBits}
 */
export function logExponentialOfBits(builder: GraphBuilder, bits: Value, logarithm: Logarithm): Value {
  const { node, constant } = builder;
  return builder.scope("full", () => {
    const odd = node("BitwiseOr", [bits, constant("int64", 1)], "odd");
    const t = node(
      "Mul",
      [cast(builder, odd, "float32", "distance_scaled"), constant("float32", 2 ** -64)],
      "distance",
    );
    if (logarithm === "own") {
      const logU = accurateLogOfDistance(builder, t);
      return accurateLog(builder, node("Neg", [logU], "exponential"));
    }
    const isUpper = node("Less", [t, constant("float32", 0)], "is_upper_half");
    const end = cast(builder, isUpper, "float32", "nearer_end");
    const u = node("Add", [end, t], "u_rounded");
    const v = node("Min", [u, constant("float32", BELOW_1)], "u");
    const toEnd = node("Sub", [end, v], "to_end");
    const correction = node("Div", [t, toEnd], "correction");
    const exponential = node("Mul", [node("Log", [v], "log_u"), correction], "exponential");
    return node("Log", [exponential], "log_exponential");
  });
}

/**
 * `log(−log u)` with `u = max(2⁻¹²⁶, (word >>> 9)·2⁻²³)`: precision `"jax"`.
 *
 * @param word uint32, or uint64 below 2³²
 */
export function logExponentialOfWord(
  builder: GraphBuilder,
  word: Value,
  type: "uint32" | "uint64",
  logarithm: Logarithm,
): Value {
  const { node, constant } = builder;
  return builder.scope("jax", () => {
    const upper = node("BitShift", [word, constant(type, 9)], "upper_bits", { direction: "RIGHT" });
    const fraction = node(
      "Mul",
      [cast(builder, upper, "float32", "integer"), constant("float32", 2 ** -23)],
      "uniform",
    );
    const u = node("Max", [fraction, constant("float32", 2 ** -126)], "u");
    const log = (x: Value, name: string) =>
      logarithm === "own" ? accurateLog(builder, x) : node("Log", [x], name);
    return log(node("Neg", [log(u, "log_u")], "exponential"), "log_exponential");
  });
}
