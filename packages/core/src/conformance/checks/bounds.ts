// The spec's accuracy bounds as functions. Each cites its clause; none may be loosened for a backend.

/** NOISE-3: how far a Gumbel variate may lie from its exact value. */
export function noiseBound(g: number): number {
  return 2 ** -20 * Math.max(1, Math.abs(g));
}

/** GS-6: perturbed logits that are closer than this to the best may change places; also TOPK-2's bound on values. */
export function nearTieBound(z: number): number {
  return 2 ** -18 * Math.max(1, Math.abs(z));
}

/** GS-4's float32 rounding, an absolute allowance. */
export const ROUNDING: number = 2 ** -20;

/** float32's smallest normal number: what is less may be flushed to zero, as GPUs do. */
export const SMALLEST_NORMAL: number = 2 ** -126;
