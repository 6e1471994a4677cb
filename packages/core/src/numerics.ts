// Constants of float32 and of the polynomials behind the noise, once for every backend. Highest power first.

/** The largest finite float32. */
export const FLT_MAX: number = (2 - 2 ** -23) * 2 ** 127;

/** The smallest normal float32; what is less may be flushed to 0. */
export const FLT_MIN: number = 2 ** -126;

/** The split point of a logarithm's mantissa, √½, as float32 bits. */
export const SQRT_HALF_BITS = 0x3f3504f3;

/** ln 2 in two parts, the first exact when multiplied by a float32's exponent (Cody and Waite). */
export const LN2_HIGH = 0.693359375;
/** What {@link LN2_HIGH} leaves of ln 2. */
export const LN2_LOW: number = -2.1219444e-4;

/** Q in `log1p(f) = f − f²/2 + f³·Q(f)`: minimax, relative error 5.9e-9 on [√½ − 1, √2 − 1]. */
export const LOG1P_COEFFICIENTS: readonly number[] = [
  -0.07859618017, 0.1288164996, -0.1312875352, 0.1418119153, -0.1662455413, 0.2000228629, -0.250008104,
  0.3333331673,
];

/** R in `exp(r) = 1 + r + r²·R(r)`: minimax, relative error 3e-9 for |r| ≤ ln 2/2. */
export const EXP_COEFFICIENTS: readonly number[] = [
  0.001395047889, 0.00836888223, 0.04166620599, 0.166665189, 0.5000000095,
];

/**
 * How far conditional noise holds the other categories below the given one, relative to the largest perturbed logit z and to a
 * category's scaled logit: well above the error of z in float32, so that no rounding lets one draw level.
 */
export const CONDITIONAL_MARGIN: number = 2 ** -19;

/** How far conditional noise lifts the given category, relative to its scaled logit: above the rounding of noise as large as that. */
export const CONDITIONAL_PUSH: number = 2 ** -20;
