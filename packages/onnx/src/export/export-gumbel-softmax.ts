// Gumbel-softmax and its gradient as ONNX models.
import { kernelsFor } from "../nodes/kernels.ts";
import {
  assertBoolean,
  type ExportGumbelSoftmaxGradientOptions,
  type ExportGumbelSoftmaxOptions,
  resolveAxis,
  resolveExportNoise,
  resolveExportTemperature,
  resolveOpset,
  resolveSampleAxis,
  resolveSampleShape,
} from "./options.ts";
import { type SoftGraph, softGradientModel, softModel } from "./soft-graphs.ts";

/**
 * The graph of a Gumbel-softmax sample (Jang et al. 2017, Maddison et al. 2017): inputs `logits` (float32, any rank from
 * 1) and those of the noise, output `y` of shape `[...sampleShape, ...logits.shape]`. Rows, masks and accuracy are those
 * of the sampling spec; temperatures that come as an input are taken as the nearest in [2⁻¹²⁵, 3.4·10³⁸].
 *
 * @returns the bytes of an ONNX model
 * @throws RangeError or TypeError naming the option that is wrong
 */
export function exportGumbelSoftmax(options: ExportGumbelSoftmaxOptions = {}): Uint8Array<ArrayBuffer> {
  const { hard = false } = options;
  assertBoolean("hard", hard);
  return softModel({ ...resolve(options), hard });
}

/**
 * The graph of the gradient of {@link exportGumbelSoftmax}, soft or hard (straight-through), at the same options: inputs
 * `logits`, those of the noise and `cotangent` (of the samples' shape), output `gradient` of the logits' shape, summed
 * over the sample shape: `y∘(c − Σ c∘y)/temperature`.
 *
 * @returns the bytes of an ONNX model
 * @throws RangeError or TypeError naming the option that is wrong
 */
export function exportGumbelSoftmaxGradient(
  options: ExportGumbelSoftmaxGradientOptions = {},
): Uint8Array<ArrayBuffer> {
  if (options.noise === "native") {
    throw new RangeError(
      'noise must not be "native" for a gradient, which needs the noise of its sample again',
    );
  }
  return softGradientModel(resolve(options));
}

function resolve(options: ExportGumbelSoftmaxGradientOptions): SoftGraph {
  const axis = resolveAxis(options.axis);
  const sampleShape = resolveSampleShape(options.sampleShape);
  resolveSampleAxis(axis, sampleShape);
  const noise = resolveExportNoise(options);
  return {
    axis,
    temperature: resolveExportTemperature(options.temperature),
    sampleShape,
    opset: resolveOpset(options.opset),
    noise,
    kernels: kernelsFor(noise.integers),
  };
}
