// Gumbel noise of rows given the argmax of each: −log(E + p·E₁) with E = exp(−noise), p = softmax(logits/temperature) and E₁ that of the
// argmax, held below what the argmax reaches.
import { nmadd } from "./arithmetic";
import { expOf } from "./exp";
import { minusLogOf } from "./log";
import { storeUpTo } from "./partial-softmax";

/** 1 less CONDITIONAL_MARGIN of @gumbel/core: a category's scaled logit s takes so much of the limit. */
const SHARE: f32 = 1 - 1.9073486328125e-6;

/**
 * Replaces the noise of rows, or of one chunk of a row. With s = (logit − max)/temperature, `scalars` holds four float32 of each row:
 * max, the logarithm of Σ exp(s), the noise of the argmax, and the limit of s + noise elsewhere; a limit of NaN makes the row NaN.
 * What becomes of the argmax itself is of no use.
 */
export function conditionRows(
  noise: usize, logits: usize, rows: u32, categories: u32, scalars: usize, temperature: f64,
): void {
  const inverse = f32x4.splat(<f32>(1 / temperature));
  const bytes = (<usize>categories) << 2;
  for (let row: u32 = 0; row < rows; row++, scalars += 16, noise += bytes, logits += bytes) {
    const max = v128.load32_splat(scalars);
    const logSum = v128.load32_splat(scalars, 4);
    const first = expOf(f32x4.neg(v128.load32_splat(scalars, 8)));
    const limit = v128.load32_splat(scalars, 12);
    for (let i: usize = 0; i < bytes; i += 16) {
      // −∞ for a mask, whose noise stays as it is.
      const s = f32x4.mul(f32x4.sub(v128.load(logits + i), max), inverse);
      const own = expOf(f32x4.neg(v128.load(noise + i)));
      const sum = f32x4.add(own, f32x4.mul(expOf(f32x4.sub(s, logSum)), first));
      const most = nmadd(s, f32x4.splat(SHARE), limit);
      storeUpTo(noise + i, f32x4.pmin(most, minusLogOf(sum, f32x4.splat(0))), (bytes - i) >> 2);
    }
  }
}
