// Where the rows of a call stand in its tensors: index arithmetic that every backend shares. Knows no values.

/** Number of elements of a shape: 1 for a scalar, 0 when any dimension is empty. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/**
 * The rows of a call. Category `j` of row `(s, o, i)` stands at `((s·outer + o)·categories + j)·inner + i` in the noise
 * and in results that keep the axis, and at the same place without `s` in the logits.
 */
export interface RowLayout {
  /** Product of the sample shape. */
  readonly samples: number;
  /** Product of the logits' dimensions before the axis. */
  readonly outer: number;
  /** Length of the axis: the number of categories. */
  readonly categories: number;
  /** Product of the logits' dimensions after the axis: the distance between two categories of a row. */
  readonly inner: number;
}

/** Layout of logits of a shape along an axis that counts from the front. */
export function layoutOf(
  shape: readonly number[],
  axis: number,
  sampleShape: readonly number[] = [],
): RowLayout {
  let outer = 1;
  let inner = 1;
  for (let d = 0; d < axis; d++) outer *= shape[d];
  for (let d = axis + 1; d < shape.length; d++) inner *= shape[d];
  return { samples: sizeOf(sampleShape), outer, categories: shape[axis], inner };
}

/** Number of rows of the logits: of one sample. */
export function rowCountOf({ outer, inner }: RowLayout): number {
  return outer * inner;
}

/**
 * Index of the first element of a row in a tensor that keeps the axis; its other elements follow at distance `inner`.
 *
 * @param row row-major index of the row over `(sample, outer, inner)`, in a tensor of one sample over `(outer, inner)`
 * @param length of the axis there, where it is not the number of categories
 */
export function rowStartOf(
  { categories, inner }: RowLayout,
  row: number,
  length: number = categories,
): number {
  return Math.floor(row / inner) * length * inner + (row % inner);
}

/** The shape without its axis: that of a result with one element a row. */
export function shapeWithoutAxis(shape: readonly number[], axis: number): number[] {
  return [...shape.slice(0, axis), ...shape.slice(axis + 1)];
}

/** Whether two shapes are the same. */
export function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dimension, i) => dimension === b[i]);
}
