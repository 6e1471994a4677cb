// Which block an element owns: its flat row-major index in the noise shape, placed in a larger tensor on request.

import type { Key } from "./key.ts";
import { threefry2x32 } from "./threefry.ts";

/**
 * Maps element `i` of a noise shape whose last dimension is `columns` to its 64-bit counter
 * `offset + floor(i / columns)·rowStride + i mod columns`. Offset 0 and `rowStride = columns` give `i` itself.
 */
export interface CounterLayout {
  /** Counter of the first element, in [0, 2⁵³). */
  readonly offset: number;
  /** Counter distance between two rows of the last dimension, at least `columns`. */
  readonly rowStride: number;
  /** Length of the noise shape's last dimension. */
  readonly columns: number;
}

/** The block of element `index`: `threefry2x32(key, [hi(counter), lo(counter)])`. */
export function blockOf([k0, k1]: Key, layout: CounterLayout, index: number): [number, number] {
  const row = Math.floor(index / layout.columns);
  const counter = layout.offset + row * layout.rowStride + (index - row * layout.columns);
  return threefry2x32(k0, k1, Math.floor(counter / 2 ** 32), counter >>> 0);
}
