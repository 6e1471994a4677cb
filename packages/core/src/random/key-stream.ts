// A stream of keys for programs that do not want to thread keys by hand, and the default stream behind a left-out key.
import { foldIn, type Key, key } from "./key.ts";

/** An endless sequence of independent keys: the `i`-th is `foldIn(root, i)`. */
export interface KeyStream {
  /** How many keys have been drawn since the stream was seeded. Set it to draw some again, or to leave some out. */
  drawn: number;
  /** The next key of the stream. */
  next(): Key;
  /** Starts the stream over from a seed. */
  seed(seed: number | bigint): void;
}

/**
 * Creates a stream of keys.
 *
 * @param seed as for {@link key}; when left out, 64 bits of `crypto.getRandomValues`
 * @throws TypeError or RangeError for what is no seed
 * @example createKeyStream(42).next()
 */
export function createKeyStream(seed?: number | bigint): KeyStream {
  let root: Key | undefined = seed === undefined ? undefined : key(seed);
  const stream: KeyStream = {
    drawn: 0,
    next() {
      root ??= freshRoot();
      return foldIn(root, stream.drawn++);
    },
    seed(newSeed) {
      root = key(newSeed);
      stream.drawn = 0;
    },
  };
  return stream;
}

/** The stream that supplies a key wherever an operation is called without one. */
export const defaultStream: KeyStream = /* @__PURE__ */ createKeyStream();

/**
 * Makes every later call without a key reproducible: the default stream starts over from this seed.
 *
 * @param value as for {@link key}
 * @throws TypeError or RangeError for what is no seed
 * @example seed(42)
 */
export function seed(value: number | bigint): void {
  defaultStream.seed(value);
}

/**
 * Draws the next key of the default stream.
 *
 * @example const k = nextKey() // to note it, where a call without a key would not tell
 */
export function nextKey(): Key {
  return defaultStream.next();
}

/** Entropy is read at the first draw, not at import: the module stays free of side effects. */
function freshRoot(): Key {
  const [hi, lo] = crypto.getRandomValues(new Uint32Array(2));
  return [hi, lo];
}
