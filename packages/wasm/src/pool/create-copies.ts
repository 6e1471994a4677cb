// Copies of inputs that live as long as an operation. They are kept and used again: fresh memory costs the system more than the copy.

/** Arrays that hold copies. */
export interface Copies {
  /** A copy of the values, in an array that may be longer. */
  take(values: Float32Array): Float32Array;
  /** Gives a copy back, for other values. */
  giveBack(copy: Float32Array): void;
}

/** Elements that are kept: 32 MiB. */
const MOST_KEPT = 2 ** 23;

/** Starts with no memory. */
export function createCopies(): Copies {
  const kept: Float32Array[] = [];
  let keptLength = 0;
  return {
    take(values) {
      const found = kept.findIndex(({ length }) => length >= values.length && length <= 2 * values.length);
      if (found < 0) return new Float32Array(values);
      const [copy] = kept.splice(found, 1);
      keptLength -= copy.length;
      copy.set(values);
      return copy;
    },
    giveBack(copy) {
      if (copy.length > MOST_KEPT) return;
      kept.push(copy);
      keptLength += copy.length;
      // The oldest go first: they have served no call for longest.
      while (keptLength > MOST_KEPT) keptLength -= kept.shift()!.length;
    },
  };
}
