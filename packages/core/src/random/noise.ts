// Standard Gumbel and logistic noise in float64 from one Threefry block: the definition that every backend is measured against.
// Pure arithmetic on the two words of a block; which element owns which block is decided in counter.ts.

/** How finely noise is drawn: `"full"` from 63 bits, `"jax"` from the 23 bits of `jax.random.gumbel`'s default. */
export type Precision = "full" | "jax";

/** `jnp.finfo(float32).tiny`: the smallest uniform that `jax.random.gumbel` lets through. */
const TINY = 2 ** -126;

/** The 32-bit random word of a block, as `jax.random.bits` folds it. */
export function wordOf(x0: number, x1: number): number {
  return (x0 ^ x1) >>> 0;
}

/** `jax.random.uniform` in [0, 1) from a word: its upper 23 bits. Exact in float32. */
export function uniformOf(word: number): number {
  return (word >>> 9) * 2 ** -23;
}

/**
 * The standard Gumbel variate of a block.
 *
 * @param word of the block, `x0 ^ x1`
 * @param x1 the block's second word
 */
export function gumbelOf(word: number, x1: number, precision: Precision): number {
  return precision === "jax" ? gumbelOfUniform(Math.max(TINY, uniformOf(word))) : gumbelOf63Bits(word, x1);
}

/** `−log(−log u)`, `jax.random.gumbel`'s formula in its default mode. */
function gumbelOfUniform(u: number): number {
  return -Math.log(-Math.log(u));
}

/**
 * The standard logistic variate of a block, `log u − log(1 − u)` of the same u as its Gumbel variate: at precision
 * `"jax"` that of `jax.random.logistic`. In [−44.37, 44.37].
 */
export function logisticOf(word: number, x1: number, precision: Precision): number {
  if (precision === "jax") {
    const u = Math.max(TINY, uniformOf(word));
    return Math.log(u) - Math.log1p(-u);
  }
  const { t, isUpperHalf } = uniformOf63Bits(word, x1);
  const distance = Math.log(t) - Math.log1p(-t);
  return isUpperHalf ? -distance : distance;
}

/**
 * `−log(−log u)` with `u = (N + ½)/2⁶³` and `N` the upper 63 bits of `word·2³² + x1`; finite, in [−3.79, 44.37].
 * Near u = 1 the winning tail lives: there `t = 1 − u` comes from the complemented bits, because subtracting
 * u from 1 would leave only the few bits of it that a float keeps.
 */
function gumbelOf63Bits(word: number, x1: number): number {
  const { t, isUpperHalf } = uniformOf63Bits(word, x1);
  const exponential = isUpperHalf ? -Math.log1p(-t) : -Math.log(t);
  return -Math.log(exponential);
}

/** `u = (N + ½)/2⁶³` as its distance t from the nearer end, with full relative precision. */
function uniformOf63Bits(word: number, x1: number): { t: number; isUpperHalf: boolean } {
  const isUpperHalf = word >= 2 ** 31;
  const high = isUpperHalf ? ~word >>> 0 : word;
  const low = (isUpperHalf ? ~x1 : x1) >>> 1;
  return { t: high * 2 ** -32 + (low + 0.5) * 2 ** -63, isUpperHalf };
}
