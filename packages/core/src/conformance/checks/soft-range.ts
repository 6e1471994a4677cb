// GS-4 and SM-1 for one row: the float64 soft values, and how far a backend's may lie below and above them.
import { nearTieBound, roundingBound, scaledLogitBound } from "./bounds.ts";

/** Soft values of a row, with the bounds of GS-4. */
export interface SoftRange {
  readonly y: Float64Array;
  readonly below: Float64Array;
  readonly above: Float64Array;
}

/**
 * Softmax of z at a temperature, and `min(e, |σ(σ⁻¹(y) ± e) − y|)` with `e = d/temperature`. The log-odds come from z,
 * because a y that rounds to 1 has lost them, and are kept times `scale`, so that no temperature overflows them.
 *
 * @param isNoisy whether z holds noise, whose error is the larger one
 * @param least how far z may lie from its exact value at least
 */
export function softRange(z: Float64Array, temperature: number, isNoisy: boolean, least = 0): SoftRange {
  let best = 0;
  for (let j = 1; j < z.length; j++) if (z[j] > z[best]) best = j;
  const powers = new Float64Array(z.length);
  let total = 0;
  for (let j = 0; j < z.length; j++) {
    powers[j] = Math.exp((z[j] - z[best]) / temperature);
    total += powers[j];
  }
  const y = new Float64Array(z.length);
  for (let j = 0; j < z.length; j++) y[j] = powers[j] / total;
  const scale = Math.min(1, temperature);
  const [below, above] = [new Float64Array(z.length), new Float64Array(z.length)];
  for (let j = 0; j < z.length; j++) {
    if (z[j] === Number.NEGATIVE_INFINITY) continue;
    const d = isNoisy
      ? Math.max(nearTieBound(z[j]), nearTieBound(z[best]), least)
      : scaledLogitBound(z[j] - z[best]);
    // The best one's odds need the others' own maximum: beside it their powers vanish, or cancel.
    const odds =
      j === best
        ? -scaledLogSum(z, best, temperature, scale)
        : (z[j] - z[best]) * (scale / temperature) - scale * Math.log(total - powers[j]);
    const e = d * (scale / temperature);
    const rounding = roundingBound(y[j], (z[j] - z[best]) / temperature);
    below[j] = Math.min(d / temperature, y[j] - sigmoid((odds - e) / scale)) + rounding;
    above[j] = Math.min(d / temperature, sigmoid((odds + e) / scale) - y[j]) + rounding;
  }
  return { y, below, above };
}

/** `scale·log Σ exp((zⱼ − z[best])/temperature)` over all categories but the best; −∞ where none is left. */
function scaledLogSum(z: Float64Array, best: number, temperature: number, scale: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < z.length; j++) if (j !== best) most = Math.max(most, z[j]);
  if (most === Number.NEGATIVE_INFINITY) return most;
  let sum = 0;
  for (let j = 0; j < z.length; j++) if (j !== best) sum += Math.exp((z[j] - most) / temperature);
  return (most - z[best]) * (scale / temperature) + scale * Math.log(sum);
}

function sigmoid(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
