// argmax(z) of rows: the mode.
import { select } from "./arithmetic";
import { RESULT } from "./memory-layout";

const INFINITY: f32 = f32.MAX_VALUE * 2;

/**
 * argmax(z) of rows, the lowest index on a tie; −1 if the row holds NaN or +∞, or nothing but −∞. Results, as of
 * `categoricalRows`: the largest value of the last row (−∞ if all is masked, NaN if one is NaN or +∞) and 0.
 */
export function argmaxRows(z: usize, rows: u32, categories: u32, indices: usize): void {
  const bytes = (<usize>categories) << 2;
  const whole = (<usize>(categories & ~3)) << 2;
  for (let row: u32 = 0; row < rows; row++, z += bytes) {
    let maxima = f32x4.splat(-INFINITY);
    let maximaAt = i32x4.splat(-1);
    let isBelowInfinity = i32x4.splat(-1);
    let at = i32x4(0, 1, 2, 3);
    for (let i: usize = 0; i < whole; i += 16) {
      const value = v128.load(z + i);
      const isGreater = f32x4.gt(value, maxima);
      maxima = select(value, maxima, isGreater);
      maximaAt = select(at, maximaAt, isGreater);
      isBelowInfinity = v128.and(isBelowInfinity, f32x4.lt(value, f32x4.splat(INFINITY)));
      at = i32x4.add(at, i32x4.splat(4));
    }
    let largest = -INFINITY;
    let index = -1;
    let isProper = i32x4.all_true(isBelowInfinity);
    store<v128>(RESULT, maxima);
    store<v128>(RESULT, maximaAt, 16);
    for (let lane: usize = 0; lane < 4; lane++) {
      const value = load<f32>(RESULT + (lane << 2));
      const valueAt = load<i32>(RESULT + (lane << 2), 16);
      if (value > largest || (value == largest && <u32>valueAt < <u32>index)) {
        largest = value;
        index = valueAt;
      }
    }
    for (let i = whole; i < bytes; i += 4) {
      const value = load<f32>(z + i);
      isProper = isProper && value < INFINITY;
      if (value > largest) {
        largest = value;
        index = <i32>(i >> 2);
      }
    }
    store<i32>(indices + ((<usize>row) << 2), isProper ? index : -1);
    store<f32>(RESULT, isProper ? largest : NaN);
    store<f64>(RESULT, 0, 8);
  }
}
