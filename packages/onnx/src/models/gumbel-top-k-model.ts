// The model of sampling without replacement: the k largest of logits/temperature + g.
import { FLT_MAX } from "@gumbel/core/adapter";
import type { Dimension, Value } from "../graph/graph-builder.ts";
import { cast } from "../nodes/cast.ts";
import type { Kernels } from "../nodes/kernels.ts";
import { both, type IndexType, orMinusOne, orNaN, shiftedRows } from "../nodes/rows.ts";
import { type GraphTemperature, TEMPERATURE_RANGE, temperatureOf } from "../nodes/temperature.ts";
import { dimsWithAxis, unusedName } from "./declared-dims.ts";
import { floatInput } from "./float-input.ts";
import { type GraphNoise, noiseOf, perturbed, samplesOf } from "./noise-inputs.ts";
import { samplingModel, shapeAround, whereNotEmpty } from "./sampling-model.ts";

/** A graph of `gumbelTopK`, resolved. */
export interface GumbelTopKGraph {
  readonly operation: "gumbelTopK";
  readonly axis: number;
  readonly k: number | "input";
  readonly temperature: GraphTemperature;
  readonly noise: GraphNoise;
  readonly kernels: Kernels;
  readonly indexType: IndexType;
  readonly opset: number;
  /** Whether tensors may come that have no elements. */
  readonly isGuarded: boolean;
  /** Dimensions that are stated for the logits; undefined: any. */
  readonly shape?: readonly Dimension[] | undefined;
  /** Names of inputs that come as float16. */
  readonly float16?: readonly string[] | undefined;
}

/** Less than every score of an unmasked category, more than −FLT_MAX, which WebGPU's TopK gives for −∞. */
const MASKED_BELOW = -2e38;

/** Inputs `logits`, `k` unless it is constant, those of the noise and the temperature; outputs `values`, `indices`. */
export function gumbelTopKModel(graph: GumbelTopKGraph): Uint8Array<ArrayBuffer> {
  const { axis, k, noise, kernels, indexType, opset, shape: dims } = graph;
  const doc = "Samples without replacement: the k largest of logits/temperature + Gumbel noise.";
  return samplingModel({ doc, opset, graph }, (builder) => {
    const { node, constant } = builder;
    const logits = floatInput(builder, "logits", dims, graph.float16);
    const count = k === "input" ? builder.input("k", { type: "int64", dims: [1] }) : constant("int64", [k]);
    const { shape } = samplesOf(builder, [], logits, dims);
    const emptyShape = () => {
      const [before, ...after] = shapeAround(builder, logits, axis);
      return node("Concat", [before, count, ...after], "result_shape", { axis: 0 });
    };
    // The first place is masked where every category is.
    const firstOf = (isUnmasked: Value) => {
      const [zero, one] = [constant("int64", [0]), constant("int64", [1])];
      const flags = cast(builder, isUnmasked, "float32", "unmasked");
      return node("Slice", [flags, zero, one, constant("int64", [axis])], "any_unmasked");
    };
    const outputs = [
      { name: "values", type: "float32", empty: Number.NaN, shape: emptyShape },
      { name: "indices", type: indexType, empty: -1, shape: emptyShape },
    ] as const;
    const results = whereNotEmpty(builder, shape, graph.isGuarded, outputs, () => {
      // Scores (logits − max)/4 + temperature/4·g order as the perturbed logits do, and never overflow.
      const quarter = constant("float32", 0.25);
      const quarters = node("Mul", [logits, quarter], "quarter_logits");
      const rows = shiftedRows(builder, quarters, axis, kernels);
      const temperature = temperatureOf(builder, graph.temperature, TEMPERATURE_RANGE[0]);
      const factor =
        temperature === undefined ? quarter : node("Mul", [temperature, quarter], "quarter_temperature");
      const g = noiseOf(builder, noise, { shape, dims });
      const scores = perturbed(builder, rows.shifted, g, factor);
      const attributes = { axis, largest: 1, sorted: 1 };
      const [top, index] = builder.manyOf("TopK", [scores, count], "top", ["scores", "index"], attributes);
      const isUnmasked = node("Greater", [top, constant("float32", MASKED_BELOW)], "is_unmasked");
      const isUsable = kernels === "cpu" ? rows.isUsable() : rows.isUsable(firstOf(isUnmasked));
      const picked = (value: Value, name: string) => node("GatherElements", [value, index], name, { axis });
      const own = picked(logits, "logits_of_top");
      const divided = temperature === undefined ? own : node("Div", [own, temperature], "divided");
      const sum = perturbed(builder, divided, { ...g, value: picked(g.value, "noise_of_top") });
      const ends = [-FLT_MAX, FLT_MAX].map((end) => constant("float32", end));
      const finite = node("Clip", [sum, ...ends], "finite");
      const values = node(
        "Where",
        [isUnmasked, finite, constant("float32", Number.NEGATIVE_INFINITY)],
        "or_masked",
      );
      return [
        orNaN(builder, values, isUsable),
        orMinusOne(builder, index, both(builder, isUnmasked, isUsable, kernels), indexType, kernels),
      ];
    });
    const resultDims = dimsWithAxis(dims, axis, k === "input" ? unusedName("k", dims) : k);
    builder.output(results[0], "values", { type: "float32", dims: resultDims });
    builder.output(results[1], "indices", { type: indexType, dims: resultDims });
  });
}
