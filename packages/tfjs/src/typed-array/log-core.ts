// The logarithm near 1 and the exponential near 0, as polynomials in float64: about half of what Math.log and
// Math.exp cost, and finer than the float32 results need. The callers reduce the range, since they know where numbers lie.

/** ln 2 */
export const LN2: number = Math.LN2;

/** `2^e` for e in [0, 150]; 2⁻¹⁵⁰ rounds to 0 in float32. */
export const POWERS: Float64Array = Float64Array.from({ length: 151 }, (_, e) => 2 ** e);

/** `2^−e` for e in [0, 150]. */
export const INVERSE_POWERS: Float64Array = POWERS.map((power) => 1 / power);

/**
 * `log(1 + f)` for f in [√½ − 1, √2 − 1], to a relative 6e-9: `f − f²/2 + f³·Q(f)`, Q minimax for the relative error.
 * Q is summed in pairs, which do not wait for one another: a fifth faster than one power after the other.
 */
export function log1pNearZero(f: number): number {
  const f2 = f * f;
  const q =
    0.3333331673 -
    0.250008104 * f +
    f2 * (0.2000228629 - 0.1662455413 * f) +
    f2 * f2 * (0.1418119153 - 0.1312875352 * f + f2 * (0.1288164996 - 0.07859618017 * f));
  return f + f2 * (f * q - 0.5);
}

/** `exp(r)` for |r| ≤ ln(2)/2, to a relative 3e-9: `1 + r + r²·R(r)`, R minimax. */
export function expNearZero(r: number): number {
  const r2 = r * r;
  const s = 0.5000000095 + 0.166665189 * r + r2 * (0.04166620599 + 0.00836888223 * r + r2 * 0.001395047889);
  return 1 + r + r2 * s;
}
