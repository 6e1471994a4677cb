// The model of categorical samples with filters, or with values and keys that differ from row to row, for sessions. Rows are
// brought together as a matrix, whatever the axis; counters stay those of the logits.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import { argmaxIndex, argmaxOfSurvivors } from "../nodes/argmax.ts";
import type { Kernels } from "../nodes/kernels.ts";
import { maskedByWords } from "../nodes/mask.ts";
import { type IndexType, orMinusOne } from "../nodes/rows.ts";
import { type Decoding, keptRows } from "./decoding.ts";
import { floatInput } from "./float-input.ts";
import { type GraphNoise, type NoiseValue, noiseOf, perturbed } from "./noise-inputs.ts";
import { samplingModel } from "./sampling-model.ts";

/** A graph of `categorical` with what its rows have of their own, resolved. */
export interface DecodingGraph {
  readonly operation: "decoding";
  readonly decoding: Decoding;
  /** Whether there is an input `mask`. */
  readonly hasMask: boolean;
  /** Whether each row has a key of its own. */
  readonly hasRowKeys: boolean;
  /** Whether the categories are not the last dimension. */
  readonly isStrided: boolean;
  readonly noise: GraphNoise;
  readonly kernels: Kernels;
  readonly indexType: IndexType;
  readonly opset: number;
  /** Names of inputs that come as float16. */
  readonly float16?: readonly string[] | undefined;
}

/**
 * Inputs, beside the logits, the noise and the parameters: `layout`, int64 `[outer, categories, inner]`; `noise_shape`, that of
 * the noise, or of a row alone under its key; `noise_layout`, `[samples, outer, categories, inner]`, or with a key for each row
 * `[samples, rows, categories]`; `indices_shape`; `mask`, uint32 words `[1 or rows, words]`. Output `indices`. No tensor
 * may be empty.
 */
export function decodingModel(graph: DecodingGraph): Uint8Array<ArrayBuffer> {
  const { decoding, hasMask, isStrided, kernels, indexType, opset } = graph;
  const doc = "Categorical samples among the categories that filters keep.";
  return samplingModel({ doc, opset, graph }, (builder) => {
    const { node } = builder;
    const given = floatInput(builder, "logits", undefined, graph.float16);
    const layout = builder.input("layout", { type: "int64", dims: [3] });
    const matrix = rowsOf(builder, node("Reshape", [given, layout], "in_layout"), isStrided, [-1]);
    const logits = hasMask ? maskedByWords(builder, matrix, "uint32", ["mask_rows", "words"]) : matrix;
    const shape = node("Shape", [logits], "logits_shape");
    const kept = keptRows(builder, logits, shape, decoding, { dims: ["rows"], axis: -1 }, kernels);
    const noise = partOf(builder, noiseByRows(builder, graph), kept.indices);
    const z = perturbed(builder, kept.scores, noise, kept.temperature);
    const index =
      kept.indices === undefined
        ? argmaxIndex(builder, z, -1, kept.rows, indexType, kernels)
        : orMinusOne(
            builder,
            argmaxOfSurvivors(builder, z, kept.indices),
            kept.rows.isUsable(),
            indexType,
            kernels,
          );
    const indicesShape = builder.input("indices_shape", { type: "int64", dims: ["batch_rank"] });
    builder.output(node("Reshape", [index, indicesShape], "shaped"), "indices", { type: indexType });
  });

  /** The noise as [samples, rows, categories]. */
  function noiseByRows(builder: GraphBuilder, { noise, hasRowKeys }: DecodingGraph): NoiseValue {
    const { node } = builder;
    const noiseShape = builder.input("noise_shape", { type: "int64", dims: ["noise_rank"] });
    const layout = builder.input("noise_layout", { type: "int64", dims: ["layout_rank"] });
    if (!hasRowKeys) {
      const made = noiseOf(builder, noise, { shape: noiseShape });
      const inLayout = node("Reshape", [made.value, layout], "noise_in_layout");
      return { ...made, value: rowsOf(builder, inLayout, isStrided, [0, -1]) };
    }
    if (noise.noise !== "threefry") return noiseOf(builder, noise, { shape: layout });
    const [samples, rows, categories] = [0, 1, 2].map((d) =>
      node("Slice", [layout, builder.constant("int64", [d]), builder.constant("int64", [d + 1])], "size"),
    );
    const shape = node("Concat", [rows, samples, categories], "rows_first", { axis: 0 });
    const made = noiseOf(builder, noise, { shape, keys: { dims: ["rows"], rowShape: noiseShape } });
    return { ...made, value: node("Transpose", [made.value], "samples_first", { perm: [1, 0, 2] }) };
  }
}

/** `[…, outer, categories, inner]` as `[…, rows, categories]`. */
function rowsOf(
  { node, constant }: GraphBuilder,
  values: Value,
  isStrided: boolean,
  leading: readonly number[],
): Value {
  // [outer, categories, inner], after samples.
  const perm = leading.length === 1 ? [0, 2, 1] : [0, 1, 3, 2];
  const ordered = isStrided ? node("Transpose", [values], "categories_last", { perm }) : values;
  const categories = node(
    "Shape",
    [ordered],
    "categories",
    isStrided ? { start: -1 } : { start: -2, end: -1 },
  );
  const shape = node("Concat", [constant("int64", leading), categories], "rows_shape", { axis: 0 });
  return node("Reshape", [ordered, shape], "rows");
}

/** The noise of some categories of each row, in every sample. */
function partOf({ node }: GraphBuilder, noise: NoiseValue, indices: Value | undefined): NoiseValue {
  if (indices === undefined) return noise;
  const samples = node("Shape", [noise.value], "samples", { start: 0, end: 1 });
  const shape = node("Concat", [samples, node("Shape", [indices], "kept_shape")], "part_shape", { axis: 0 });
  const places = node("Expand", [indices, shape], "places");
  return { ...noise, value: node("GatherElements", [noise.value, places], "noise_of_kept", { axis: -1 }) };
}
