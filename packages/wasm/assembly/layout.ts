// Where things lie in the memory, whose size never changes. The host reads the exported places.

/** Elements whose blocks are computed at once: both arrays of them stay in the first-level cache. */
export const BLOCK: u32 = 1024;

/** Elements that a buffer of the host has room for; behind them there are 64 bytes that may be overwritten. */
export const ROOM: u32 = 262_144;

/** Results of a call: numbers that the host reads. */
export const RESULT: usize = 16_384;
/** Words and low words of a block. */
export const WORDS: usize = 20_480;
export const LOWS: usize = WORDS + (<usize>BLOCK << 2);
/** The host's two buffers. */
export const FIRST: usize = 65_536;
export const SECOND: usize = FIRST + (<usize>ROOM << 2) + 65_536;
