// Bits are exact; noise is finite and within its bound.
import type { NdData } from "../../nd-array.ts";
import type { CallOf } from "../call.ts";
import { ConformanceFailure } from "../failure.ts";
import { noiseBound } from "./bounds.ts";

/** An error this large is no matter of accuracy: the noise is another variate. */
const DIFFERENT_NOISE = 2 ** -8;

/** Checks words of `bits`, modulo 2³². */
export function checkWords(call: CallOf<"bits">, got: NdData, expected: NdData): void {
  for (let index = 0; index < expected.length; index++) {
    if (Number.isInteger(got[index]) && got[index] >>> 0 === expected[index]) continue;
    throw new ConformanceFailure("BITS-2", {
      note: `a word differs: got 0x${(got[index] >>> 0).toString(16)}, expected 0x${expected[index].toString(16)}`,
      call,
      index,
      shape: call.shape,
      got: got[index],
      expected: expected[index],
    });
  }
}

/** Checks Gumbel noise. */
export function checkNoise(call: CallOf<"gumbel">, got: NdData, expected: NdData): void {
  const definition = call.options.precision === "jax" ? "NOISE-2" : "NOISE-1";
  for (let index = 0; index < expected.length; index++) {
    const allowed = noiseBound(expected[index]);
    const error = Math.abs(got[index] - expected[index]);
    if (error <= allowed) continue;
    const details = { call, index, shape: call.shape, got: got[index], expected: expected[index], allowed };
    if (!Number.isFinite(got[index])) {
      throw new ConformanceFailure("NOISE-4", { ...details, note: "noise is not finite" });
    }
    const isOther = error > DIFFERENT_NOISE;
    throw new ConformanceFailure(isOther ? definition : "NOISE-3", {
      ...details,
      note: isOther ? "noise is another variate" : "noise is not accurate enough",
    });
  }
}
