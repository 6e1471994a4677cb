// The mask of a row: categories whose bit is 0 are left out.
import { select } from "./arithmetic";
import { storeUpTo } from "./partial-softmax";

const INFINITY: f32 = f32.MAX_VALUE * 2;

/** Sets the logits to −∞ whose bit is 0: of category v bit v mod 32 of the word ⌊v/32⌋. */
export function maskRow(row: usize, count: u32, words: usize): void {
  const lowest = f32x4.splat(-INFINITY);
  const end = row + (<usize>count << 2);
  for (; row < end; row += 128, words += 4) {
    const word = load<u32>(words);
    // All are allowed.
    if (word == u32.MAX_VALUE) continue;
    let bits = i32x4(1, 2, 4, 8);
    for (let at = row, stop = min(row + 128, end); at < stop; at += 16) {
      const isMasked = i32x4.eq(v128.and(i32x4.splat(word), bits), i32x4.splat(0));
      storeUpTo(at, select(lowest, v128.load(at), isMasked), (stop - at) >> 2);
      bits = i32x4.shl(bits, 4);
    }
  }
}
