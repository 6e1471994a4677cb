// How a reduction along the axis is cut into chunks that run side by side. Pure arithmetic, the same on both backends.

/** Threads that a first stage should have at least, so that a large GPU is busy even with one row. */
const ENOUGH_THREADS = 16_384;
/** Below this a chunk is not worth a thread of its own. */
const SHORTEST_CHUNK = 32;
/** Above this one thread would run long enough to trip a GPU's watchdog, and float32 sums lose accuracy. */
const LONGEST_CHUNK = 512;

/**
 * Number of chunks for rows of `length` elements; 1 means that the row is not cut. Chunk `c` holds the elements
 * `c, c + chunks, c + 2·chunks, …`, so that neighbouring threads read neighbouring elements.
 */
export function chunksOf(rows: number, length: number): number {
  const fair = Math.ceil((rows * length) / ENOUGH_THREADS);
  const chunk = Math.min(Math.max(fair, SHORTEST_CHUNK), LONGEST_CHUNK);
  return Math.max(1, Math.ceil(length / chunk));
}
