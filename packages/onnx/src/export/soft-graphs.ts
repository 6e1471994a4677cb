// The graphs of gumbelSoftmax and softmax with their vector-Jacobian products, from checked options.
import type { GraphBuilder, Value } from "../graph/graph-builder.ts";
import { bestOneHot } from "../nodes/best.ts";
import type { Kernels } from "../nodes/kernels.ts";
import { boundedRows } from "../nodes/rows.ts";
import { softmaxGradient, softmaxOf } from "../nodes/softmax.ts";
import { type ResolvedExportNoise, resolveSampleAxis } from "./options.ts";
import { exportModel, type GraphTemperature, perturbed, samplesOf, temperatureOf } from "./sampling-graph.ts";

/** What a soft graph is made from. */
export interface SoftGraph {
  readonly axis: number;
  readonly temperature: GraphTemperature;
  readonly sampleShape: readonly number[] | "input";
  readonly opset: number;
  readonly kernels: Kernels;
  /** Left out, there is no noise: softmax. */
  readonly noise?: ResolvedExportNoise;
}

/** Forward: inputs `logits`, those of the noise and the temperature; output `y`. */
export function softModel({ hard, ...soft }: SoftGraph & { hard: boolean }): Uint8Array<ArrayBuffer> {
  const { axis, noise, opset, kernels, ...details } = soft;
  const facts = {
    operation: noise === undefined ? "softmax" : "gumbelSoftmax",
    doc: hard
      ? "One-hot samples: the one-hot of argmax(logits + Gumbel noise)."
      : "Gumbel-softmax samples: softmax((logits + Gumbel noise)/temperature).",
    opset,
    details: { axis, hard, ...details, ...noise },
  };
  return exportModel(facts, (builder) => {
    const logits = builder.input("logits", { type: "float32" });
    const { z, sampleAxis } = perturbedBy(builder, logits, soft);
    const bounded = boundedRows(builder, logits, axis);
    const y = hard
      ? bestOneHot(builder, z, sampleAxis, bounded, kernels)
      : softmaxOf(builder, z, sampleAxis, temperatureOf(builder, soft.temperature), bounded, kernels);
    builder.output(y, "y", { type: "float32" });
  });
}

/** Backward: inputs `logits`, `cotangent` and those of the noise and the temperature; output `gradient`. */
export function softGradientModel(soft: SoftGraph): Uint8Array<ArrayBuffer> {
  const { noise, opset, kernels, ...details } = soft;
  const facts = {
    operation: noise === undefined ? "softmaxVjp" : "gumbelSoftmaxVjp",
    doc: "Gradient of soft samples with respect to the logits, straight-through for hard ones.",
    opset,
    details: { ...details, ...noise },
  };
  return exportModel(facts, (builder) => {
    const { node, constant } = builder;
    const logits = builder.input("logits", { type: "float32" });
    const { z, sampleAxis, samples } = perturbedBy(builder, logits, soft);
    const cotangent = builder.input("cotangent", { type: "float32" });
    const temperature = temperatureOf(builder, soft.temperature);
    const bounded = boundedRows(builder, logits, soft.axis);
    const y = softmaxOf(builder, z, sampleAxis, temperature, bounded, kernels);
    const product = softmaxGradient(builder, y, cotangent, sampleAxis, temperature, kernels);
    if (samples === undefined) return builder.output(product, "gradient", { type: "float32" });
    // However many sample dimensions there are, they are summed as one.
    const count = node("ReduceProd", [samples], "sample_count", { keepdims: 1 });
    const logitsShape = node("Shape", [logits], "gradient_shape");
    const flatShape = node("Concat", [count, logitsShape], "flat_shape", { axis: 0 });
    const flat = node("Reshape", [product, flatShape], "products", { allowzero: 1 });
    const sum = node("ReduceSum", [flat, constant("int64", [0])], "sum_over_samples", { keepdims: 0 });
    builder.output(sum, "gradient", { type: "float32" });
  });
}

/** `z = logits + g`, and where its axis and its samples are. */
function perturbedBy(
  builder: GraphBuilder,
  logits: Value,
  { axis, sampleShape, noise }: SoftGraph,
): { z: Value; sampleAxis: number; samples: Value | undefined } {
  if (noise === undefined) return { z: logits, sampleAxis: axis, samples: undefined };
  const { samples, shape } = samplesOf(builder, sampleShape, logits);
  const z = perturbed(builder, logits, noise, shape);
  return { z, sampleAxis: resolveSampleAxis(axis, sampleShape), samples };
}
