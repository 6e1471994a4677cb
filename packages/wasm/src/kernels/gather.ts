// Gathers rows whose elements lie `inner` apart, as in an array of the output's shape, into contiguous ones, and scatters them back.
import { type RowLayout, rowStartOf } from "@gumbel/core/adapter";

/** Categories of a block that are copied together: so many cache lines stay in the first-level cache. */
const TILE = 16;

/** Fills an array with the elements from one on, counted row by row. */
export function gather(target: Float32Array, source: Float32Array, element: number, layout: RowLayout): void {
  const { categories: width, inner } = layout;
  eachBlock(target.length, element, layout, (done, start, rows, categories) => {
    for (let tile = 0; tile < categories; tile += TILE) {
      const end = Math.min(categories, tile + TILE);
      for (let row = 0; row < rows; row++) {
        const to = done + row * width;
        const from = start + row;
        for (let j = tile; j < end; j++) target[to + j] = source[from + j * inner];
      }
    }
  });
}

/** The reverse: writes all of an array to the elements from one on, counted row by row. */
export function scatter(
  target: Float32Array,
  source: Float32Array,
  element: number,
  layout: RowLayout,
): void {
  const { categories: width, inner } = layout;
  eachBlock(source.length, element, layout, (done, start, rows, categories) => {
    for (let tile = 0; tile < categories; tile += TILE) {
      const end = Math.min(categories, tile + TILE);
      for (let row = 0; row < rows; row++) {
        const to = start + row;
        const from = done + row * width;
        for (let j = tile; j < end; j++) target[to + j * inner] = source[from + j];
      }
    }
  });
}

/**
 * Cuts elements, counted row by row, into blocks of neighbouring rows, or of a part of one row. `done` elements come before the
 * block; `start` is the index of its first element in an array of the output's shape.
 */
function eachBlock(
  length: number,
  element: number,
  layout: RowLayout,
  visit: (done: number, start: number, rows: number, categories: number) => void,
): void {
  const { categories, inner } = layout;
  for (let done = 0; done < length; ) {
    const row = Math.floor((element + done) / categories);
    const begin = element + done - row * categories;
    const whole = Math.floor((length - done) / categories);
    const rows = begin > 0 ? 1 : Math.max(1, Math.min(whole, inner - (row % inner)));
    const count = Math.min(length - done, categories - begin);
    visit(done, rowStartOf(layout, row) + begin * inner, rows, count);
    done += rows * count;
  }
}
