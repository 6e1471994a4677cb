// A sabotaged backend: one plausible fault, and the clauses that a report may name for it.
import type { Fault } from "./float-backend.ts";

/** One fault of a backend, as somebody would make it. */
export interface Sabotage {
  /** What is wrong, in a few words; peers that ship it are named in brackets. */
  readonly name: string;
  readonly fault: Fault;
  /** The clauses that this breaks: the first failure of the suite must name one of them. */
  readonly breaks: readonly string[];
  /** A quick run cannot see it: it takes a full one. */
  readonly thorough?: boolean;
  /** A quick run sees it after several seconds of large tensors: it is tried with `--full`. */
  readonly slow?: boolean;
}
