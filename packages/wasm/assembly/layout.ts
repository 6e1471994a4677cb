// Where things lie in the memory, whose size never changes. The host reads the exported places.

/** Elements whose blocks are computed at once: both arrays of them stay in the first-level cache. */
export const BLOCK: u32 = 1024;

/** Elements that a buffer of the host has room for; behind them there are 64 bytes that may be overwritten. */
export const ROOM: u32 = 262_144;

/** Elements of a row that are weighed against one maximum. Whoever weighs the parts, the sum is the same to the last bit. */
export const PART: u32 = 16_384;

/** Results of a call: numbers that the host reads. */
export const RESULT: usize = 16_384;
/** Masses of a row's parts: a float32 top and, 8 bytes on, a float64 sum; {@link MASS} bytes each. */
export const MASSES: usize = 16_640;
export const MASS: usize = 16;
/** Words and low words of a block. */
export const WORDS: usize = 20_480;
export const LOWS: usize = WORDS + (<usize>BLOCK << 2);
/** The host's two buffers. */
export const FIRST: usize = 65_536;
export const SECOND: usize = FIRST + (<usize>ROOM << 2) + 65_536;
