// Copies of inputs that live as long as a call. They are used again: fresh memory costs more than the copy.

/** Arrays that hold copies. */
export interface Copies {
  /** A copy of some values. */
  take(values: Float32Array): Float32Array<ArrayBuffer>;
  /** Takes a copy back, for other values. */
  giveBack(copy: Float32Array<ArrayBuffer>): void;
}

/** Bytes that are kept at most. */
const MOST_KEPT = 2 ** 25;

/** Starts with no memory. */
export function createCopies(): Copies {
  const kept: ArrayBuffer[] = [];
  let bytes = 0;
  return {
    take(values) {
      const found = kept.findIndex(
        ({ byteLength }) => byteLength >= values.byteLength && byteLength <= 2 * values.byteLength,
      );
      if (found < 0) return new Float32Array(values);
      const [buffer] = kept.splice(found, 1);
      bytes -= buffer.byteLength;
      const copy = new Float32Array(buffer, 0, values.length);
      copy.set(values);
      return copy;
    },
    giveBack({ buffer }) {
      kept.push(buffer);
      bytes += buffer.byteLength;
      // The oldest go first: they have served no call for longest.
      while (bytes > MOST_KEPT) bytes -= kept.shift()!.byteLength;
    },
  };
}
