// The sum of a row, accurate for long rows too.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import type { Kernels } from "./kernels.ts";

/**
 * Longest block. On the CPU about the square root of a vocabulary: neither the sums of blocks nor the sum of these has many
 * terms. On a GPU each block is a workgroup, and few are better; a CPU that runs such a graph adds 2048 terms to 10⁻⁶.
 */
const BLOCKS = { cpu: 256, gpu: 2048 } as const;

/**
 * Sums along the axis, which is kept with length 1. By blocks: one float32 sum over 150,000 values is wrong by 2·10⁻⁵
 * where a kernel adds one after the other, as the CPU's do.
 */
export function rowSum(builder: GraphBuilder, values: Value, axis: number, kernels: Kernels): Value {
  const { node, constant } = builder;
  return builder.scope("row_sum", () => {
    const before = node("Shape", [values], "before", { start: 0, end: axis });
    const length = node(
      "Shape",
      [values],
      "length",
      axis === -1 ? { start: axis } : { start: axis, end: axis + 1 },
    );
    const after = axis === -1 ? [] : [node("Shape", [values], "after", { start: axis + 1 })];
    // Blocks of equal length: a short row is one block, with nothing padded.
    const atLeast1 = node("Max", [length, constant("int64", [1])], "length_or_1");
    const count = ceilDiv(builder, atLeast1, constant("int64", [BLOCKS[kernels]]), "block_count");
    const block = ceilDiv(builder, length, count, "block_length");
    const rest = node("Sub", [node("Mul", [count, block], "padded_length"), length], "padding_length");
    const paddingShape = node("Concat", [before, rest, ...after], "padding_shape", { axis: 0 });
    const padding = node("Expand", [constant("float32", 0), paddingShape], "padding");
    const padded = node("Concat", [values, padding], "padded", { axis });
    const blocksShape = node("Concat", [before, count, block, ...after], "blocks_shape", { axis: 0 });
    const blocks = node("Reshape", [padded, blocksShape], "blocks", { allowzero: 1 });
    const inBlocks = axis < 0 ? axis : axis + 1;
    const sums = node("ReduceSum", [blocks, constant("int64", [inBlocks])], "block_sums", { keepdims: 0 });
    return node("ReduceSum", [sums, constant("int64", [axis])], "sum", { keepdims: 1 });
  });
}

/** `⌈a/b⌉` of positive integers. */
function ceilDiv({ node, constant }: GraphBuilder, a: Value, b: Value, name: string): Value {
  const [plus, sum] = [node("Add", [a, b], `${name}/sum`), `${name}/rounded`];
  return node("Div", [node("Sub", [plus, constant("int64", [1])], sum), b], name);
}
