// Keys and how they are derived: exactly jax.random's, with jax_threefry_partitionable (its default).
import { must } from "../describe.ts";
import { threefry2x32 } from "./threefry.ts";

/** A random key: two uint32 words `[hi, lo]`, as in `jax.random.key_data`. Plain data: store it, send it, print it. */
export type Key = readonly [hi: number, lo: number];

/**
 * Makes a key from a seed, as `jax.random.key(seed)` does with 64-bit integers enabled. JAX's default, 32 bits, drops
 * the high word: `key(BigInt.asUintN(32, BigInt(seed)))`.
 *
 * @param seed a safe integer, or a bigint in [−2⁶³, 2⁶⁴); a negative seed is taken in two's complement
 * @throws TypeError when the seed is not an integer, RangeError when it does not fit in 64 bits
 * @example key(42) // [0, 42]
 */
export function key(seed: number | bigint): Key {
  return words64(seed, "seed", -(2n ** 63n));
}

/**
 * Derives `count` independent keys: child `i` is `threefry2x32(key, [hi(i), lo(i)])`, as in `jax.random.split`.
 *
 * @param parent the key, which is not used for anything else
 * @param count an integer in [0, 2³²)
 * @throws TypeError or RangeError for what is no key, RangeError for what is no count
 * @example const [first, second] = split(key(42))
 */
export function split(parent: Key, count = 2): Key[] {
  assertKey(parent);
  // As many as a list holds.
  if (!(Number.isInteger(count) && count >= 0 && count < 2 ** 32)) {
    throw new RangeError(must("count", "be an integer in [0, 2^32)", count));
  }
  return Array.from({ length: count }, (_, i) => child(parent, [0, i]));
}

/**
 * Derives the key that belongs to one number (a step, a layer, an element), as `jax.random.fold_in`.
 * `foldIn(key, i)` equals `split(key, n)[i]`.
 *
 * @param parent the key
 * @param data a non-negative safe integer, or a bigint in [0, 2⁶⁴)
 * @throws TypeError or RangeError for what is no key or number
 * @example const keyOfStep = foldIn(key(42), step)
 */
export function foldIn(parent: Key, data: number | bigint): Key {
  assertKey(parent);
  return child(parent, words64(data, "data", 0n));
}

/**
 * Checks that a value is a key.
 * @throws TypeError when it is not a pair of numbers, RangeError when a word is not a uint32
 */
export function assertKey(value: unknown, argument = "key"): asserts value is Key {
  const words = value as ArrayLike<unknown> | null | undefined;
  const isPair =
    (Array.isArray(words) || ArrayBuffer.isView(words)) && (words as ArrayLike<unknown>).length === 2;
  if (!isPair) {
    const hint = typeof value === "number" ? `: did you mean key(${value})?` : "";
    throw new TypeError(must(argument, "be a pair of uint32 words [hi, lo]", value) + hint);
  }
  for (const word of [words![0], words![1]]) {
    if (typeof word !== "number") {
      throw new TypeError(must(argument, "hold two numbers", value));
    }
    if (word !== word >>> 0) {
      throw new RangeError(must(`${argument} words`, "be integers in [0, 2^32)", value));
    }
  }
}

function child([k0, k1]: Key, [x0, x1]: Key): Key {
  return threefry2x32(k0, k1, x0, x1);
}

/** Splits an integer into its high and low 32 bits, checking that it lies in [minimum, 2⁶⁴). */
function words64(value: number | bigint, argument: string, minimum: bigint): Key {
  if (typeof value !== "bigint" && !Number.isInteger(value)) {
    throw new TypeError(must(argument, "be an integer", value));
  }
  const range = minimum < 0n ? "[-2^63, 2^64)" : "[0, 2^64)";
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw new RangeError(`${argument} must be a safe integer, or a bigint in ${range}, got ${value}`);
  }
  const big = BigInt(value);
  if (big < minimum || big >= 2n ** 64n) {
    throw new RangeError(`${argument} must be in ${range}, got ${value}`);
  }
  return [Number(BigInt.asUintN(32, big >> 32n)), Number(BigInt.asUintN(32, big))];
}
