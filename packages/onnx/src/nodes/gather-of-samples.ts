// The elements that samples point to, of rows that all samples share.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";

/**
 * An element of each row for each sample, as the indices are shaped. The rows are not repeated for each sample.
 *
 * @param axis of the values
 * @param indices int64, `[...samples, ...]` before the values' shape with length 1 along the axis; not empty
 * @param ranks of the values, and of the sample dimensions
 */
export function gatherOfSamples(
  builder: GraphBuilder,
  values: Value,
  indices: Value,
  axis: number,
  ranks: { readonly values: number; readonly samples: number },
): Value {
  const { node, constant } = builder;
  if (ranks.samples === 0) return node("GatherElements", [values, indices], "gathered", { axis });
  return builder.scope("gather_of_samples", () => {
    // Samples change places with the axis: GatherElements wants equal ranks.
    const own = (axis < 0 ? axis + ranks.values : axis) + 1;
    const perm = Array.from({ length: ranks.values + 1 }, (_, d) => (d === 0 ? own : d === own ? 0 : d));
    const first = constant("int64", [0]);
    const oneSample = node("Shape", [indices], "one_sample", { start: ranks.samples });
    const flatShape = node("Concat", [constant("int64", [-1]), oneSample], "flat_shape", { axis: 0 });
    const flat = node("Reshape", [indices, flatShape], "flat");
    const along = node("Squeeze", [node("Transpose", [flat], "last", { perm }), first], "samples_along_axis");
    const gathered = node("GatherElements", [values, along], "gathered", { axis });
    const back = node("Transpose", [node("Unsqueeze", [gathered, first], "unsqueezed")], "samples_first", {
      perm,
    });
    return node("Reshape", [back, node("Shape", [indices], "indices_shape")], "shaped");
  });
}
