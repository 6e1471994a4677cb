// Where elements of rows stand, in WGSL, and how the invocations share them out.

/** `fn row_start(row: i32) -> i32`: flat index of a row's first element. */
export const rowStartWgsl: string = /* wgsl */ `
fn row_start(row: i32) -> i32 {
  let front = row / uniforms.inner;
  return front * uniforms.classes * uniforms.inner + (row - front * uniforms.inner);
}
`;

/** Sums by blocks of 16, so that rounding grows with the number of blocks and not of summands. */
export function blockSum(summand: string, length: string): string {
  return `var total = 0f;
  var j = chunk;
  while (j < ${length}) {
    var part = 0f;
    for (var n = 0; n < 16 && j < ${length}; n++) {
      part += ${summand};
      j += uniforms.chunks;
    }
    total += part;
  }`;
}

/** Elements of a row that one invocation takes, so that what all of them need is looked up once. */
const SPAN_LENGTH = 8;

/** Invocations that take a span each, of an output of `size` elements in rows of `classes`. */
export function spansOf(size: number, classes: number): number {
  return (size / classes) * Math.ceil(classes / SPAN_LENGTH);
}

/**
 * Statements that make `row`, its `start`, and `spans` of an invocation's `index`. Its first element is `index - row * spans`; the
 * next ones lie `spans` apart, so that neighbours touch neighbours. Needs {@link rowStartWgsl}.
 */
export const spanWgsl: string = /* wgsl */ `let spans = (uniforms.classes + ${SPAN_LENGTH - 1}) / ${SPAN_LENGTH};
  let row = index / spans;
  if (row >= uniforms.size / uniforms.classes) { return; }
  let start = row_start(row);`;
