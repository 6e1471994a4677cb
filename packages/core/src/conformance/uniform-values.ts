// The values of the reference's `uniform`, made at once: one by one, large tensors would take as long as what is tested on them.
import { fillBlocks } from "../random/fill-blocks.ts";
import { key } from "../random/key.ts";
import { uniformOf } from "../random/noise.ts";

/** `uniform([count], { key: key(seed) })`, in [0, 1). */
export function uniformValues(count: number, seed: number): Float32Array<ArrayBuffer> {
  const words = new Int32Array(count);
  fillBlocks(key(seed), { offset: 0, rowStride: count, columns: count }, 0, words, new Int32Array(count));
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = uniformOf(words[i]);
  return values;
}
