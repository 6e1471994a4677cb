// The model of categorical samples: argmax(logits/temperature + g), as argmax(logits − max + temperature·g).
import type { Dimension } from "../graph/graph-builder.ts";
import { argmaxIndex } from "../nodes/argmax.ts";
import type { Kernels } from "../nodes/kernels.ts";
import { type IndexType, shiftedRows } from "../nodes/rows.ts";
import { type GraphTemperature, temperatureOf } from "../nodes/temperature.ts";
import { dimsWithoutAxis, sampledDims } from "./declared-dims.ts";
import { floatInput } from "./float-input.ts";
import { type GraphNoise, noiseOf, perturbed, sampleAxisOf, samplesOf } from "./noise-inputs.ts";
import { samplingModel, shapeAround, whereNotEmpty } from "./sampling-model.ts";

/** A graph of `categorical`, resolved. */
export interface CategoricalGraph {
  readonly operation: "categorical";
  readonly axis: number;
  readonly sampleShape: readonly number[] | "input";
  /** 0 is the mode. */
  readonly temperature: GraphTemperature;
  /** undefined where the temperature is 0. */
  readonly noise: GraphNoise | undefined;
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

/** Inputs `logits`, those of the noise, the sample shape and the temperature; output `indices`. */
export function categoricalModel(graph: CategoricalGraph): Uint8Array<ArrayBuffer> {
  const { axis, sampleShape, temperature, noise, kernels, indexType, opset, shape: dims } = graph;
  const doc = "Categorical samples: argmax(logits/temperature + Gumbel noise).";
  return samplingModel({ doc, opset, graph }, (builder) => {
    const { node, constant } = builder;
    const logits = floatInput(builder, "logits", dims, graph.float16);
    const { samples, shape } = samplesOf(builder, sampleShape, logits, dims);
    const sampleAxis = sampleAxisOf(axis, sampleShape);
    const emptyShape = () => {
      const parts = [...(samples === undefined ? [] : [samples]), ...shapeAround(builder, logits, axis)];
      return node("Concat", parts, "indices_shape", { axis: 0 });
    };
    const sample = (noise: GraphNoise) => {
      const rows = shiftedRows(builder, logits, axis, kernels);
      const factor = temperatureOf(builder, temperature, 0);
      const z = perturbed(
        builder,
        rows.shifted,
        noiseOf(builder, noise, { shape, dims: sampledDims(dims, sampleShape) }),
        factor,
      );
      return argmaxIndex(builder, z, sampleAxis, rows, indexType, kernels);
    };
    // Of the logits themselves, whose order is exact.
    const mode = () => {
      const index = argmaxIndex(
        builder,
        logits,
        axis,
        shiftedRows(builder, logits, axis, kernels),
        indexType,
        kernels,
      );
      if (samples === undefined) return index;
      const parts = [samples, node("Shape", [index], "mode_shape")];
      return node("Expand", [index, node("Concat", parts, "modes_shape", { axis: 0 })], "modes");
    };
    const output = { name: "indices", type: indexType, empty: -1, shape: emptyShape };
    const [indices] = whereNotEmpty(builder, shape, graph.isGuarded, [output], () => {
      const index = noise === undefined ? mode() : sample(noise);
      return [node("Squeeze", [index, constant("int64", [sampleAxis])], "indices_without_axis")];
    });
    builder.output(indices, "indices", {
      type: indexType,
      dims: sampledDims(dimsWithoutAxis(dims, axis), sampleShape, dims),
    });
  });
}
