// Where the elements of rows stand, in WGSL, and how the invocations share them out. Rows are `(sample, outer, inner)`;
// element j of a row stands at `row_start + j·inner`.

/** `fn row_start(row: i32) -> i32`: flat index of a row's first element. Needs no other function. */
export const rowStartWgsl: string = /* wgsl */ `
fn row_start(row: i32) -> i32 {
  let front = row / uniforms.inner;
  return front * uniforms.categories * uniforms.inner + (row - front * uniforms.inner);
}
`;

/** Sums by blocks of 16, so that rounding grows with the number of blocks and not of summands. */
export function blockSumWgsl(summand: string, length: string): string {
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

/** Invocations that take a span each, of an output of `size` elements in rows of `categories`. */
export function spansOf(size: number, categories: number): number {
  return (size / categories) * Math.ceil(categories / SPAN_LENGTH);
}

/**
 * Statements that make `row`, its `start`, and `spans` of an invocation's `index`. Its first element is
 * `index - row * spans`; the next ones lie `spans` apart, so that neighbours touch neighbours. Needs {@link rowStartWgsl}.
 */
export const spanWgsl: string = /* wgsl */ `let spans = (uniforms.categories + ${SPAN_LENGTH - 1}) / ${SPAN_LENGTH};
  let row = index / spans;
  if (row >= uniforms.size / uniforms.categories) { return; }
  let start = row_start(row);`;

/** Invocations that take two neighbours each. */
export function pairsOf(size: number): number {
  return Math.ceil(size / 2);
}

/** Statements that store two neighbours, `at` and the next. */
export function storePairWgsl(values: string, setter: string): string {
  return `if (at < uniforms.size) { ${setter}(at, ${values}.x); }
  if (at + 1 < uniforms.size) { ${setter}(at + 1, ${values}.y); }`;
}
