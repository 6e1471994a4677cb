// Vector-Jacobian products of softmax, from its result y and the cotangent c: y∘(c − Σ c∘y)/temperature.
// In float64, because cotangents may have any size.
import { CHUNK, RESULT } from "./memory-layout";

/** y·c, or 0 where y is 0, even if c is NaN or infinite. */
@inline
function products(y: v128, c: v128): v128 {
  return v128.andnot(f64x2.mul(y, c), f64x2.eq(y, f64x2.splat(0)));
}

/** Two float32 values as float64. */
@inline
function loadTwo(values: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(values));
}

/** Σ c∘y. */
function dot(y: usize, cotangent: usize, count: u32): f64 {
  let sums = f64x2.splat(0);
  const whole = (<usize>(count & ~1)) << 2;
  for (let i: usize = 0; i < whole; i += 8) {
    sums = f64x2.add(sums, products(loadTwo(y + i), loadTwo(cotangent + i)));
  }
  let total = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  if (count & 1) {
    const last = <f64>load<f32>(y + whole);
    if (last != 0) total += last * <f64>load<f32>(cotangent + whole);
  }
  return total;
}

/** Σ c∘y of one chunk of a row. Result: `dot`. */
export function dotChunk(y: usize, cotangent: usize, count: u32): void {
  store<f64>(RESULT, dot(y, cotangent, count), 8);
}

/** Replaces y by y∘(c − mean)/temperature, where mean is Σ c∘y of the whole row; exactly 0 where y is 0. */
export function softmaxVjpChunk(y: usize, cotangent: usize, count: u32, mean: f64, temperature: f64): void {
  const means = f64x2.splat(mean);
  const temperatures = f64x2.splat(temperature);
  const zero = f64x2.splat(0);
  const whole = (<usize>(count & ~1)) << 2;
  for (let i: usize = 0; i < whole; i += 8) {
    const p = loadTwo(y + i);
    const value = f64x2.div(f64x2.mul(p, f64x2.sub(loadTwo(cotangent + i), means)), temperatures);
    const kept = v128.andnot(value, f64x2.eq(p, zero));
    v128.store64_lane(y + i, f32x4.demote_f64x2_zero(kept), 0);
  }
  if (count & 1) {
    const p = <f64>load<f32>(y + whole);
    const value = (p * (<f64>load<f32>(cotangent + whole) - mean)) / temperature;
    store<f32>(y + whole, p == 0 ? 0 : <f32>value);
  }
}

/** Replaces rows of probabilities y by y∘(c − Σ c∘y)/temperature. The sum goes chunk by chunk, as {@link dotChunk} takes it. */
export function softmaxVjpRows(
  y: usize, cotangent: usize, rows: u32, categories: u32, temperature: f64,
): void {
  const bytes = (<usize>categories) << 2;
  for (let row: u32 = 0; row < rows; row++, y += bytes, cotangent += bytes) {
    let mean: f64 = 0;
    for (let begin: u32 = 0; begin < categories; begin += CHUNK) {
      const offset = (<usize>begin) << 2;
      mean += dot(y + offset, cotangent + offset, min(CHUNK, categories - begin));
    }
    softmaxVjpChunk(y, cotangent, categories, mean, temperature);
  }
}
