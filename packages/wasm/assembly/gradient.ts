// Vector-Jacobian products from soft samples, in float64: cotangents and temperatures have no bounds.
import { PART, RESULT } from "./layout";

/** Products that count: where the probability is 0 the cotangent is not looked at. */
@inline
function products(y: v128, c: v128): v128 {
  return v128.andnot(f64x2.mul(y, c), f64x2.eq(y, f64x2.splat(0)));
}

@inline
function low(values: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(values));
}

/** Σ c∘y over the elements whose y is not 0. */
function dotOf(y: usize, cotangent: usize, count: u32): f64 {
  let sums = f64x2.splat(0);
  const whole = (<usize>(count & ~1)) << 2;
  for (let i: usize = 0; i < whole; i += 8) sums = f64x2.add(sums, products(low(y + i), low(cotangent + i)));
  let total = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  if (count & 1) {
    const last = <f64>load<f32>(y + whole);
    if (last != 0) total += last * <f64>load<f32>(cotangent + whole);
  }
  return total;
}

/** Σ c∘y of a part of a row. Result: the sum. */
export function dot(y: usize, cotangent: usize, count: u32): void {
  store<f64>(RESULT, dotOf(y, cotangent, count), 8);
}

/** Replaces y by y∘(c − mean)/temperature; exactly 0 where y is. */
export function gradient(y: usize, cotangent: usize, count: u32, mean: f64, temperature: f64): void {
  const means = f64x2.splat(mean);
  const temperatures = f64x2.splat(temperature);
  const zero = f64x2.splat(0);
  const whole = (<usize>(count & ~1)) << 2;
  for (let i: usize = 0; i < whole; i += 8) {
    const p = low(y + i);
    const value = f64x2.div(f64x2.mul(p, f64x2.sub(low(cotangent + i), means)), temperatures);
    const kept = v128.andnot(value, f64x2.eq(p, zero));
    v128.store64_lane(y + i, f32x4.demote_f64x2_zero(kept), 0);
  }
  if (count & 1) {
    const p = <f64>load<f32>(y + whole);
    const value = (p * (<f64>load<f32>(cotangent + whole) - mean)) / temperature;
    store<f32>(y + whole, p == 0 ? 0 : <f32>value);
  }
}

/** Replaces rows of probabilities y by y∘(c − Σ c∘y)/temperature; summed in parts, as {@link dot} does it. */
export function gradientOfRows(y: usize, cotangent: usize, rows: u32, classes: u32, temperature: f64): void {
  const bytes = (<usize>classes) << 2;
  for (let row: u32 = 0; row < rows; row++, y += bytes, cotangent += bytes) {
    let mean: f64 = 0;
    for (let begin: u32 = 0; begin < classes; begin += PART) {
      const place = (<usize>begin) << 2;
      mean += dotOf(y + place, cotangent + place, min(PART, classes - begin));
    }
    gradient(y, cotangent, classes, mean, temperature);
  }
}
