// softmax(z/temperature) of rows.
import { CHUNK, PARTIAL_BYTES, PARTIALS } from "./memory-layout";
import { normalize, softmaxChunkTo } from "./partial-softmax";

/** Replaces rows of z by softmax(z/temperature), degenerate rows by NaN. */
export function softmaxRows(z: usize, rows: u32, categories: u32, temperature: f64): void {
  const inverse = <f32>(1 / temperature);
  for (let row: u32 = 0; row < rows; row++, z += (<usize>categories) << 2) {
    for (let begin: u32 = 0, partial = PARTIALS; begin < categories; begin += CHUNK, partial += PARTIAL_BYTES) {
      softmaxChunkTo(partial, z + ((<usize>begin) << 2), min(CHUNK, categories - begin), inverse);
    }
    normalize(z, categories, inverse);
  }
}
