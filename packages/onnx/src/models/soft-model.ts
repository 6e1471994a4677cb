// The models of gumbelSoftmax and softmax: softmax((logits + g)/temperature), with and without noise.
import type { Dimension, GraphBuilder, Value } from "../graph/graph-builder.ts";
import { argmaxOneHot } from "../nodes/argmax.ts";
import type { Kernels } from "../nodes/kernels.ts";
import { shiftedRows } from "../nodes/rows.ts";
import { normalize, partialSoftmax, type SoftmaxInput, withoutNoise } from "../nodes/softmax.ts";
import { type GraphTemperature, TEMPERATURE_RANGE, temperatureOf } from "../nodes/temperature.ts";
import { sampledDims } from "./declared-dims.ts";
import { floatInput } from "./float-input.ts";
import { type GraphNoise, noiseOf, perturbed, sampleAxisOf, samplesOf } from "./noise-inputs.ts";
import { samplingModel, whereNotEmpty } from "./sampling-model.ts";

/** What the graphs of soft operations share, resolved. */
export interface SoftOptions {
  readonly axis: number;
  readonly sampleShape: readonly number[] | "input";
  readonly temperature: GraphTemperature;
  /** undefined: softmax, without noise. */
  readonly noise: GraphNoise | undefined;
  readonly kernels: Kernels;
  readonly opset: number;
  /** Whether tensors may come that have no elements. */
  readonly isGuarded: boolean;
  /** Dimensions that are stated for the logits; undefined: any. */
  readonly shape?: readonly Dimension[] | undefined;
  /** Names of inputs that come as float16. */
  readonly float16?: readonly string[] | undefined;
}

/** A graph of `gumbelSoftmax` or `softmax`, resolved. */
export interface SoftGraph extends SoftOptions {
  readonly operation: "gumbelSoftmax" | "softmax";
  readonly hard: boolean;
}

/** Inputs `logits`, those of the noise, the sample shape and the temperature; output `y`. */
export function softModel(graph: SoftGraph): Uint8Array<ArrayBuffer> {
  const { axis, sampleShape, noise, hard, kernels, opset, isGuarded } = graph;
  const doc = hard
    ? "One-hot samples: the one-hot of argmax(logits + Gumbel noise)."
    : "Gumbel-softmax samples: softmax((logits + Gumbel noise)/temperature).";
  return samplingModel({ doc, opset, graph }, (builder) => {
    const logits = floatInput(builder, "logits", graph.shape, graph.float16);
    const { shape } = samplesOf(builder, sampleShape, logits, graph.shape);
    const sampleAxis = sampleAxisOf(axis, sampleShape);
    const output = { name: "y", type: "float32", empty: 0, shape: () => shape } as const;
    const [y] = whereNotEmpty(builder, shape, isGuarded, [output], () => {
      // Raw logits, whose order is exact: differences of small ones may be flushed to 0.
      if (hard && noise === undefined) {
        return [argmaxOneHot(builder, logits, axis, shiftedRows(builder, logits, axis, kernels), kernels)];
      }
      const input = softmaxInput(builder, logits, shape, graph);
      if (hard) return [argmaxOneHot(builder, input.z, sampleAxis, input.rows, kernels)];
      const temperature = temperatureOf(builder, graph.temperature, TEMPERATURE_RANGE[0]);
      return [normalize(builder, partialSoftmax(builder, input, sampleAxis, temperature, kernels))];
    });
    builder.output(y, "y", { type: "float32", dims: sampledDims(graph.shape, sampleShape) });
  });
}

/** The logits less their maximum, with the noise where the graph has one. */
export function softmaxInput(
  builder: GraphBuilder,
  logits: Value,
  shape: Value,
  { axis, sampleShape, noise, kernels, shape: dims }: SoftOptions,
): SoftmaxInput {
  const rows = shiftedRows(builder, logits, axis, kernels);
  if (noise === undefined) return withoutNoise(rows);
  const z = perturbed(
    builder,
    rows.shifted,
    noiseOf(builder, noise, { shape, dims: sampledDims(dims, sampleShape) }),
  );
  return { z, rows, isShifted: false };
}
