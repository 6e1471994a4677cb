// Threefry-2x32 with 20 rounds: the block function behind every key and every random bit.
// Must stay a pure function of (key, counter); it knows nothing of shapes.

/** Rotation distances of Threefry-2x32 (Salmon et al. 2011, table 2), rounds 0–7; they repeat. */
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;

/** Key-schedule parity constant of Threefish for 32-bit words (Random123, `SKEIN_KS_PARITY32`). */
export const PARITY = 0x1bd11bda;

/**
 * One block of Threefry-2x32-20: encrypts the 64-bit counter `[x0, x1]` under the 64-bit key `[k0, k1]`.
 *
 * @param k0 high key word, uint32
 * @param k1 low key word, uint32
 * @param x0 high counter word, uint32
 * @param x1 low counter word, uint32
 * @returns two uint32 words
 * @see Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3" (SC 2011)
 */
export function threefry2x32(k0: number, k1: number, x0: number, x1: number): [number, number] {
  const schedule = [k0, k1, k0 ^ k1 ^ PARITY];
  let a = (x0 + k0) | 0;
  let b = (x1 + k1) | 0;
  for (let round = 0; round < 20; round++) {
    const r = ROTATIONS[round % 8];
    a = (a + b) | 0;
    b = ((b << r) | (b >>> (32 - r))) ^ a;
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      a = (a + schedule[injection % 3]) | 0;
      b = (b + schedule[(injection + 1) % 3] + injection) | 0;
    }
  }
  return [a >>> 0, b >>> 0];
}
