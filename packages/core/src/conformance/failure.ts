// A broken clause, with everything that is needed to understand it without reading the case.
import { clauseText } from "../spec/clauses.ts";
import { type Call, printCall } from "./call.ts";

/** What a failure can say beside the clause; every part is optional but the note. */
export interface FailureDetails {
  /** One sentence: what went wrong. */
  readonly note: string;
  /** The call whose result is wrong. */
  readonly call?: Call | undefined;
  /** Flat row-major index of the first element that differs. */
  readonly index?: number | undefined;
  /** Shape that the index is in. */
  readonly shape?: readonly number[] | undefined;
  /** What the backend gave there. */
  readonly got?: number | undefined;
  /** What the reference gives there. */
  readonly expected?: number | undefined;
  /** How far `got` may lie from `expected`. */
  readonly allowed?: number | undefined;
}

/** Thrown by a case when a backend breaks a clause. */
export class ConformanceFailure extends Error {
  /** Its class, which survives what minifiers do to names. */
  override readonly name = "ConformanceFailure";
  /** Where a property case found it: fast-check's seed and path, for a replay. */
  replay?: {
    /** Seed of the random inputs. */
    readonly seed: number;
    /** The counterexample among them. */
    readonly path: string;
  };
  /** Whether it broke what a case takes for granted: not the case's law, so that the report keeps its clause. */
  isOfPremise = false;

  constructor(
    /** The clause that is broken. */
    readonly clause: string,
    /** What happened. */
    readonly details: FailureDetails,
  ) {
    super(messageOf(clause, details));
  }

  /**
   * The same failure as one of a case: under its first clause, unless the case checks the broken one itself, or it is one of
   * the case's premise.
   */
  asOneOf(clauses: readonly string[]): ConformanceFailure {
    if (this.isOfPremise || clauses.includes(this.clause)) return this;
    const note = `${this.details.note} (${this.clause})`;
    const failure = new ConformanceFailure(clauses[0], { ...this.details, note });
    if (this.replay !== undefined) failure.replay = this.replay;
    return failure;
  }
}

function messageOf(clause: string, details: FailureDetails): string {
  const { note, call, index, shape, got, expected, allowed } = details;
  const lines = [`${clause}: ${note}`, `  clause    ${clauseText(clause)}`];
  if (call !== undefined) lines.push(`  call      ${printCall(call)}`);
  if (index !== undefined) {
    lines.push(`  at        flat index ${index}${shape === undefined ? "" : ` of [${shape.join(", ")}]`}`);
  }
  if (got !== undefined) lines.push(`  got       ${printNumber(got)}`);
  if (expected !== undefined) lines.push(`  expected  ${printNumber(expected)}`);
  if (got !== undefined && expected !== undefined && allowed !== undefined) {
    lines.push(`  differs   ${Math.abs(got - expected)} where ${allowed} is allowed`);
  }
  return lines.join("\n");
}

/** A number with the bits of its float32, which tell what its digits hide. */
function printNumber(value: number): string {
  const word = new Uint32Array(new Float32Array([value]).buffer)[0];
  return `${Object.is(value, -0) ? "-0" : value} (float32 0x${word.toString(16).padStart(8, "0")})`;
}
