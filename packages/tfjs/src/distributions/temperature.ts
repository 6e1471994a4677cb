// Temperatures of relaxed distributions: a number, or a tensor that is learnt.
import { assertTemperature } from "@gumbel/core/adapter";
import type { TfTensor } from "../tensorflow.ts";
import { floatOf, type TfNamespace } from "./parameters.ts";

/**
 * τ: a number in [2⁻⁴⁰, 2⁴⁰]; or a tensor or variable of positive values, a scalar or one for each row, which is differentiable.
 * The values of a tensor are not read, and so not checked.
 */
export type Temperature<T> = number | T;

/**
 * Checks a temperature.
 *
 * @param shapes which ones a tensor may have beside a scalar's
 * @throws RangeError or TypeError for a bad number, or a tensor of another shape
 */
export function assertTemperatureOf(
  tf: TfNamespace,
  temperature: unknown,
  shape: readonly number[],
  what: string,
): void {
  if (!(temperature instanceof tf.Tensor)) {
    assertTemperature(temperature);
    return;
  }
  const given = (temperature as TfTensor).shape;
  if (given.length === 0 || (given.length === shape.length && given.every((n, i) => n === shape[i]))) return;
  throw new RangeError(`temperature must be a scalar or ${what}, of shape [${shape}], got shape [${given}]`);
}

/**
 * A temperature in one dimension, with others behind; a scalar stays one, because gradients of TensorFlow.js do not sum over
 * dimensions of 1 beside empty ones.
 */
export function flatOf(tf: TfNamespace, tau: TfTensor, behind: readonly number[] = []): TfTensor {
  const floats = floatOf(tf, tau);
  return tau.shape.length === 0 ? floats : tf.reshape(floats, [tau.size, ...behind]);
}
