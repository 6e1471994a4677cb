// The models of the vector-Jacobian products of gumbelSoftmax and softmax.
import { partialSoftmax, softmaxVjp } from "../nodes/softmax.ts";
import { TEMPERATURE_RANGE, temperatureOf } from "../nodes/temperature.ts";
import { sampledDims } from "./declared-dims.ts";
import { floatInput } from "./float-input.ts";
import { sampleAxisOf, samplesOf } from "./noise-inputs.ts";
import { samplingModel, whereNotEmpty } from "./sampling-model.ts";
import { type SoftOptions, softmaxInput } from "./soft-model.ts";

/** A graph of `gumbelSoftmaxVjp` or `softmaxVjp`, resolved. */
export interface SoftVjpGraph extends SoftOptions {
  readonly operation: "gumbelSoftmaxVjp" | "softmaxVjp";
}

/** Inputs `logits`, `cotangent`, those of the noise, the sample shape and the temperature; output `gradient`. */
export function softVjpModel(graph: SoftVjpGraph): Uint8Array<ArrayBuffer> {
  const { axis, sampleShape, kernels, opset, isGuarded, shape: dims } = graph;
  const doc = "Gradient of soft samples with respect to the logits, straight-through for hard ones.";
  return samplingModel({ doc, opset, graph }, (builder) => {
    const { node, constant } = builder;
    const logits = floatInput(builder, "logits", dims, graph.float16);
    const cotangent = floatInput(builder, "cotangent", sampledDims(dims, sampleShape), graph.float16);
    const { samples, shape } = samplesOf(builder, sampleShape, logits, dims);
    const sampleAxis = sampleAxisOf(axis, sampleShape);
    const logitsShape = () => node("Shape", [logits], "gradient_shape");
    const output = { name: "gradient", type: "float32", empty: 0, shape: logitsShape } as const;
    const [gradient] = whereNotEmpty(builder, shape, isGuarded, [output], () => {
      const input = softmaxInput(builder, logits, shape, graph);
      const temperature = temperatureOf(builder, graph.temperature, TEMPERATURE_RANGE[0]);
      const partial = partialSoftmax(builder, input, sampleAxis, temperature, kernels);
      const product = softmaxVjp(builder, partial, cotangent, sampleAxis, temperature, kernels);
      if (samples === undefined) return [product];
      // All sample dimensions are summed as one.
      const count = node("ReduceProd", [samples], "sample_count", { keepdims: 1 });
      const flatShape = node("Concat", [count, logitsShape()], "flat_shape", { axis: 0 });
      const flat = node("Reshape", [product, flatShape], "products", { allowzero: 1 });
      return [node("ReduceSum", [flat, constant("int64", [0])], "sum_over_samples", { keepdims: 0 })];
    });
    builder.output(gradient, "gradient", { type: "float32", dims });
  });
}
