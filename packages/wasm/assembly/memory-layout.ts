// Memory layout of the engine: fixed addresses. The host reads the exported ones, and says where a filtered row has its lists.

/** Elements whose noise is computed at a time: {@link WORDS} and {@link X1} of them stay in the first-level cache. */
export const TILE: u32 = 1024;

/** Elements that each buffer of the host holds; the 64 bytes behind them may be overwritten. */
export const ROOM: u32 = 262_144;

/**
 * Elements of a row that one partial softmax covers. Longer rows are summed chunk by chunk, so that the result is the same to
 * the last bit whether one instance computes all chunks or several instances share them.
 */
export const CHUNK: u32 = 16_384;

/** Results that the host reads after a call: two float32 and, 8 bytes on, a float64; also scratch within a call. */
export const RESULT: usize = 16_384;
/** Partial softmaxes of a row's chunks: `max`, `shift` (float32) and `sumExp` (float64), {@link PARTIAL_BYTES} each. */
export const PARTIALS: usize = 16_640;
export const PARTIAL_BYTES: usize = 16;
/** Scratch of a tile: the random words, and x1, the second word of each Threefry block. */
export const WORDS: usize = 20_480;
export const X1: usize = WORDS + (<usize>TILE << 2);
/** Of a row whose categories are filtered: the maxima of its chunks, a sample of its weights, and the weights of the maxima. */
export const MAXIMA: usize = 28_672;
export const SAMPLE: usize = 32_768;
export const MAXIMA_WEIGHTS: usize = 53_248;
/** The most chunks that a filtered row has. */
export const MOST_CHUNKS: u32 = 1024;
/** The two buffers of the host. */
export const FIRST: usize = 65_536;
export const SECOND: usize = FIRST + (<usize>ROOM << 2) + 65_536;
