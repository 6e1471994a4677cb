// A polynomial exponential: WGSL promises only 3 + 2|x| ulp for exp.
import { ONE, TWO, type Width } from "./width.ts";

function expCore({ suffix, f32, u32, i32 }: Width): string {
  return /* wgsl */ `
fn exp_core${suffix}(x: ${f32}) -> ${f32} {
  let clamped = max(x, ${f32}(-88f));
  let n = round(clamped * 1.442695041f);
  let r = fma(n, ${f32}(2.12194440e-4f), fma(n, ${f32}(-0.693359375f), clamped));
  var p = fma(${f32}(0.001395047889f), r, ${f32}(0.00836888223f));
  p = fma(p, r, ${f32}(0.04166620599f));
  p = fma(p, r, ${f32}(0.166665189f));
  p = fma(p, r, ${f32}(0.5000000095f));
  // 2^n from its exponent bits; n = −127 gives a factor of 0.
  return fma(p, r * r, r + 1f) * bitcast<${f32}>((${i32}(n) + ${i32}(127i)) << ${u32}(23u));
}
`;
}

/**
 * `fn exp_core(x: f32) -> f32`: e^x for x ≤ 0, to about 2 ulp; 0 where that is below float32's normal range.
 * `x = n·ln 2 + r`, `e^r = 1 + r + r²·R(r)`, R of degree 4, minimax for relative error 3e-9 on |r| ≤ ln2/2; ln 2 is
 * split in two because `n·0.693359375` is exact. Needs no other function.
 */
export const expCoreWgsl: string = expCore(ONE);

/** {@link expCoreWgsl} for two values: `exp_core_of_2`. Needs no other function. */
export const expCoreOf2Wgsl: string = expCore(TWO);
