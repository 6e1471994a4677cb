// Elements of rows at the indices of several samples, which share the rows.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";

/**
 * Gathers an element of each row for each sample, in the shape of the indices. The rows are not copied for each sample.
 *
 * @param indices int64, not empty: the sample dimensions, then the values' shape with length 1 along the axis
 * @param axis of the values
 * @param ranks of the values, and the number of sample dimensions
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
    // The samples go where the axis is, because GatherElements needs equal ranks.
    const own = (axis < 0 ? axis + ranks.values : axis) + 1;
    const perm = Array.from({ length: ranks.values + 1 }, (_, d) => (d === 0 ? own : d === own ? 0 : d));
    const first = constant("int64", [0]);
    const oneSample = node("Shape", [indices], "one_sample", { start: ranks.samples });
    const flatShape = node("Concat", [constant("int64", [-1]), oneSample], "flat_shape", { axis: 0 });
    const flat = node("Reshape", [indices, flatShape], "flat");
    const along = node(
      "Squeeze",
      [node("Transpose", [flat], "samples_last", { perm }), first],
      "samples_along_axis",
    );
    const gathered = node("GatherElements", [values, along], "gathered", { axis });
    const back = node("Transpose", [node("Unsqueeze", [gathered, first], "unsqueezed")], "samples_first", {
      perm,
    });
    return node("Reshape", [back, node("Shape", [indices], "indices_shape")], "shaped");
  });
}
