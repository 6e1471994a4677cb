// Polynomial logarithms: WGSL promises only an absolute 2⁻²¹ for log near 1, and the winning tail lives there.
import { LN2_HIGH, LN2_LOW, LOG1P_COEFFICIENTS } from "@gumbel/core/adapter";
import { ONE, TWO, type Width } from "./width.ts";

function log1pCore({ suffix, f32 }: Width): string {
  const [first, second, ...rest] = LOG1P_COEFFICIENTS;
  const steps = rest.map((coefficient) => `q = fma(q, f, ${f32}(${coefficient}f));`);
  return /* wgsl */ `
fn log1p_core${suffix}(f: ${f32}) -> ${f32} {
  var q = fma(${f32}(${first}f), f, ${f32}(${second}f));
  ${steps.join("\n  ")}
  return fma(f * f, fma(q, f, ${f32}(-0.5f)), f);
}
`;
}

/** ln 2 in two parts, of which the first is exact for any exponent, by the unit of a float32's exponent bits. */
export const LN2_PER_BIT: { readonly high: string; readonly low: string } = {
  high: `${LN2_HIGH * 2 ** -23}f`,
  low: `${LN2_LOW * 2 ** -23}f`,
};

function logCore({ suffix, f32, u32, i32 }: Width): string {
  return /* wgsl */ `
fn log_core${suffix}(x: ${f32}) -> ${f32} {
  let bits = bitcast<${u32}>(x) - ${u32}(0x3f3504f3u);
  // The exponent where it stands, 2²³ times as large: SwiftShader shifts lane by lane.
  let e = ${f32}(bitcast<${i32}>(bits & ${u32}(0xff800000u)));
  let f = bitcast<${f32}>((bits & ${u32}(0x7fffffu)) + ${u32}(0x3f3504f3u)) - ${f32}(1f);
  return fma(e, ${f32}(${LN2_PER_BIT.high}), fma(e, ${f32}(${LN2_PER_BIT.low}), log1p_core${suffix}(f)));
}
`;
}

/**
 * `fn log1p_core(f: f32) -> f32`: log(1 + f) for f in [√½ − 1, √2 − 1] with full *relative* precision.
 * `f − f²/2 + f³·Q(f)`, Q of degree 7. Needs no other function.
 */
export const log1pCoreWgsl: string = log1pCore(ONE);

/** {@link log1pCoreWgsl} for two values: `log1p_core_of_2`. */
export const log1pCoreOf2Wgsl: string = log1pCore(TWO);

/**
 * `fn log_core(x: f32) -> f32`: log(x) for positive normal x. Near 1 it keeps its relative precision.
 * The bits of x are split at √½, so that `x = 2^e·(1 + f)` with f in [√½ − 1, √2 − 1]; ln 2 is split in two because
 * `e·0.693359375` is exact. Needs {@link log1pCoreWgsl}.
 */
export const logCoreWgsl: string = logCore(ONE);

/** {@link logCoreWgsl} for two values: `log_core_of_2`. */
export const logCoreOf2Wgsl: string = logCore(TWO);
