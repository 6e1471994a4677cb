// The spec's accuracy bounds as functions. Each cites its clause; none may be loosened for a backend.

/** NOISE-3: how far a Gumbel variate may lie from its exact value. */
export function noiseBound(g: number): number {
  return 2 ** -20 * Math.max(1, Math.abs(g));
}

/** GS-6: perturbed logits that are closer than this to the best may change places. */
export function nearTieBound(z: number): number {
  return 2 ** -18 * Math.max(1, Math.abs(z));
}

/** SM-1: how far a scaled logit may lie from its exact value where there is no noise. */
export function scaledLogitBound(x: number): number {
  return 2 ** -21 * Math.max(1, Math.abs(x));
}

/** TOPK-2: how far a perturbed logit may lie from its exact value: the noise's error, and float32's rounding. */
export function valueBound(logit: number, noise: number): number {
  return noiseBound(noise) + 2 ** -20 * Math.max(Math.abs(logit), Math.abs(logit + noise));
}

/** GS-4's float32 rounding of a soft value y, x being its perturbed logit less the largest, over the temperature. */
export function roundingBound(y: number, x: number): number {
  return 2 ** -20 * y * (1 + Math.min(Math.abs(x), Number.MAX_VALUE) / 2) + SMALLEST_NORMAL;
}

/** float32's smallest normal number: what is less may be flushed to zero, as GPUs do. */
export const SMALLEST_NORMAL: number = 2 ** -126;
