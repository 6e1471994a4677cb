// Where the elements of rows stand, in GLSL. Rows are `(sample, outer, inner)`; element j of a row stands at
// `rowStart + j·inner`.

/** `int rowStart(int row)`: flat index of a row's first element. `int rowOf(int element)`. Needs no other function. */
export const rowsGlsl: string = /* glsl */ `
int rowStart(int row) {
  int front = row / inner;
  return front * categories * inner + (row - front * inner);
}
int rowOf(int element) {
  int upper = element / inner;
  return upper / categories * inner + (element - upper * inner);
}
`;

/** Sums by blocks of 16, so that rounding grows with the number of blocks and not of summands. */
export function blockSumGlsl(summand: string, length: string): string {
  return `float total = 0.0;
  for (int j = chunk; j < ${length};) {
    float part = 0.0;
    for (int n = 0; n < 16 && j < ${length}; n++) {
      part += ${summand};
      j += chunks;
    }
    total += part;
  }`;
}
