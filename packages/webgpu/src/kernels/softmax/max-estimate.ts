// An estimate of a chunk's maximum, with which weights take one pass over the logits instead of two or three: the first
// logits that are not masked. It is good enough where the maximum exceeds it by no more than a tolerance.
import type { Params } from "../../shader/params.ts";

/**
 * How far weights may exceed 1, as exponents of e: 2²⁴ of them must stay below 2¹²⁷, and in an exponential race each is
 * divided by an E that may be 2⁻⁶⁴.
 */
const TOLERANCE = { race: 25, sum: 64 };
/** Colder samples are not worth an estimate: the noise alone would exceed it too often. */
const COLDEST = 0.5;
/** Short chunks are read twice sooner than estimated. */
const SHORTEST = 128;

/** How weights are computed. */
export interface Estimate {
  /** Whether an estimate of the maximum is tried. */
  readonly isEstimated: boolean;
  /** Whether weights are those of an exponential race, `exp(logit)/E` with `E = −log u`, which saves a logarithm: τ = 1. */
  readonly isRace: boolean;
  readonly params: Params;
}

/** Chooses how weights are computed. */
export function estimateFor(temperature: number, hasNoise: boolean, chunkLength: number): Estimate {
  const isEstimated = temperature >= COLDEST && chunkLength >= SHORTEST;
  const isRace = isEstimated && hasNoise && temperature === 1;
  const tolerance = ((isRace ? TOLERANCE.race : TOLERANCE.sum) * temperature) / 2;
  return { isEstimated, isRace, params: { tolerance } };
}
