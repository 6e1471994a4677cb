// A polynomial exponential: WGSL promises only 3 + 2|x| ulp for exp.
import { EXP_COEFFICIENTS, LN2_HIGH, LN2_LOW } from "@gumbel/core/adapter";
import { ONE, TWO, type Width } from "./width.ts";

/** 1.5·2²³: a float32 of that size ends in the unit, so that adding it rounds to the nearest integer. */
export const ROUNDING = "12582912f";
/** Its bits; those of the sum exceed them by the integer. */
export const ROUNDING_BITS = "0x4b400000i";

function expCore({ suffix, f32, u32, i32 }: Width): string {
  const [first, second, ...rest] = EXP_COEFFICIENTS;
  const steps = rest.map((coefficient) => `p = fma(p, r, ${f32}(${coefficient}f));`);
  return /* wgsl */ `
fn exp_core${suffix}(x: ${f32}) -> ${f32} {
  let clamped = max(x, ${f32}(-88f));
  // The integer is taken from the bits: a compiler may undo the addition where it is subtracted again.
  let sum = fma(clamped, ${f32}(1.442695041f), ${f32}(${ROUNDING}));
  let exponent = bitcast<${i32}>(sum) - ${i32}(${ROUNDING_BITS});
  let n = ${f32}(exponent);
  let r = fma(n, ${f32}(${-LN2_LOW}f), fma(n, ${f32}(${-LN2_HIGH}f), clamped));
  var p = fma(${f32}(${first}f), r, ${f32}(${second}f));
  ${steps.join("\n  ")}
  // 2^n from its exponent bits; n = −127 gives a factor of 0. The product is a shift, which SwiftShader does lane by lane.
  let scale = bitcast<${f32}>(bitcast<${u32}>(exponent + ${i32}(127i)) * ${u32}(0x800000u));
  return fma(p, r * r, r + 1f) * scale;
}
`;
}

/**
 * `fn exp_core(x: f32) -> f32`: e^x for x ≤ 88, to about 2 ulp; 0 where that is below float32's normal range.
 * `x = n·ln 2 + r`, `e^r = 1 + r + r²·R(r)`, R of degree 4, minimax for relative error 3e-9 on |r| ≤ ln2/2; ln 2 is
 * split in two because `n·0.693359375` is exact. Needs no other function.
 */
export const expCoreWgsl: string = expCore(ONE);

/** {@link expCoreWgsl} for two values: `exp_core_of_2`. Needs no other function. */
export const expCoreOf2Wgsl: string = expCore(TWO);
