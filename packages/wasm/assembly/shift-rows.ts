// Subtracts the largest logit of rows whose elements lie `inner` apart, for noise that is added in the order of the memory:
// (logits − max)/temperature, in place. A degenerate row stays one: NaN is never the larger one, and +∞ − ∞ is NaN.

const INFINITY: f32 = f32.MAX_VALUE * 2;

/** Of blocks of `inner` neighbouring rows each. */
export function shiftRows(z: usize, blocks: u32, categories: u32, inner: u32, temperature: f64): void {
  const inverse = <f32>(1 / temperature);
  const stride = (<usize>inner) << 2;
  const bytes = stride * categories;
  for (let block: u32 = 0; block < blocks; block++, z += bytes) {
    const end = z + bytes;
    let i: usize = 0;
    // 16 rows at a time take whole cache lines.
    for (; i + 64 <= stride; i += 64) shiftSixteen(z + i, end, stride, inverse);
    for (; i + 16 <= stride; i += 16) shiftFour(z + i, end, stride, inverse);
    for (; i < stride; i += 4) shiftOne(z + i, end, stride, inverse);
  }
}

function shiftSixteen(z: usize, end: usize, stride: usize, inverse: f32): void {
  let max0 = f32x4.splat(-INFINITY);
  let max1 = max0;
  let max2 = max0;
  let max3 = max0;
  for (let at = z; at < end; at += stride) {
    max0 = f32x4.pmax(max0, v128.load(at));
    max1 = f32x4.pmax(max1, v128.load(at, 16));
    max2 = f32x4.pmax(max2, v128.load(at, 32));
    max3 = f32x4.pmax(max3, v128.load(at, 48));
  }
  const inverses = f32x4.splat(inverse);
  for (let at = z; at < end; at += stride) {
    v128.store(at, f32x4.mul(f32x4.sub(v128.load(at), max0), inverses));
    v128.store(at, f32x4.mul(f32x4.sub(v128.load(at, 16), max1), inverses), 16);
    v128.store(at, f32x4.mul(f32x4.sub(v128.load(at, 32), max2), inverses), 32);
    v128.store(at, f32x4.mul(f32x4.sub(v128.load(at, 48), max3), inverses), 48);
  }
}

function shiftFour(z: usize, end: usize, stride: usize, inverse: f32): void {
  let maxima = f32x4.splat(-INFINITY);
  for (let at = z; at < end; at += stride) maxima = f32x4.pmax(maxima, v128.load(at));
  const inverses = f32x4.splat(inverse);
  for (let at = z; at < end; at += stride) {
    v128.store(at, f32x4.mul(f32x4.sub(v128.load(at), maxima), inverses));
  }
}

function shiftOne(z: usize, end: usize, stride: usize, inverse: f32): void {
  let max = -INFINITY;
  for (let at = z; at < end; at += stride) {
    const value = load<f32>(at);
    if (value > max) max = value;
  }
  for (let at = z; at < end; at += stride) store<f32>(at, (load<f32>(at) - max) * inverse);
}
