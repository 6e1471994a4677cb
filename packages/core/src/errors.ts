// The typed errors of the spec. Bad arguments are plain RangeError and TypeError; these two carry more.

/** Thrown (or rejected with) when a backend is asked for something that its capabilities say it lacks. */
export class UnsupportedError extends Error {
  /** Its class, which survives what minifiers do to names. */
  override readonly name = "UnsupportedError";
  /** @param what the operation or option that is missing, as the caller named it */
  constructor(what: string, backend: string) {
    super(`${what} is not supported by ${backend}`);
    this.what = what;
  }

  /** The operation or option that is missing. */
  readonly what: string;
}

/** Thrown by `assertLogits` when a row of logits holds NaN or +∞, or nothing but −∞. */
export class DegenerateRowError extends RangeError {
  /** Its class, which survives what minifiers do to names. */
  override readonly name = "DegenerateRowError";
  /** @param row flat row-major index over the batch dimensions, that is, over the shape without its axis */
  constructor(row: number, reason: string) {
    super(`logits row ${row} is degenerate: it holds ${reason}`);
    this.row = row;
  }

  /** Flat row-major index of the row over the batch dimensions. */
  readonly row: number;
}
