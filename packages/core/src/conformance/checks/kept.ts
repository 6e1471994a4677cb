// What the filters of a row must keep and may keep: the definition, and what float32 leaves in doubt at the cut-offs.
import { type NumericFilter, type ResolvedDecoding, valueOfRow } from "../../filters.ts";
import { type Doubt, filterOfRow, keptOf, NO_FILTERS, type RowFilter } from "../../reference/filter-row.ts";
import type { Row } from "../../reference/rows.ts";

/** DEC-10: how far a mass may lie from its cut-off and be in doubt, and a logit from its bound. */
const DOUBT: Doubt = { mass: 2 ** -18, logit: 2 ** -18 };

/** The same beyond and short of a cut-off, in all combinations: one filter's doubt changes what the next one sees. */
const DOUBTS: readonly Doubt[] = [1, -1].flatMap((mass) =>
  [1, -1].map((logit) => ({ mass: mass * DOUBT.mass, logit: logit * DOUBT.logit })),
);

/** Categories of a row that filters keep. */
export interface Kept {
  /** Those that must be kept. */
  readonly certain: ReadonlySet<number>;
  /** Those that may be, the certain ones among them. */
  readonly possible: ReadonlySet<number>;
}

/** What the filters of a row that is not degenerate keep. */
export function keptOfRow(row: Row, decoding: ResolvedDecoding): Kept {
  const filter = filterOfRow(decoding, row.rowOfLogits);
  const exact = keptOf(row.logits, filter);
  if (!isDoubtful(filter)) return { certain: new Set(exact), possible: new Set(exact) };
  const certain = new Set(exact);
  const possible = new Set(exact);
  for (const doubt of DOUBTS) {
    const kept = new Set(keptOf(row.logits, filter, doubt));
    for (const j of certain) if (!kept.has(j)) certain.delete(j);
    for (const j of kept) possible.add(j);
  }
  return { certain, possible };
}

/** Whether a filter but `topK`, which is exact, is on. */
function isDoubtful({ topNSigma, topP, minP, typicalP, epsilonCutoff, etaCutoff }: RowFilter): boolean {
  return topNSigma > 0 || topP < 1 || minP > 0 || typicalP < 1 || epsilonCutoff > 0 || etaCutoff > 0;
}

const CLAUSE_OF: Readonly<Record<NumericFilter, string>> = {
  topNSigma: "DEC-5",
  topK: "DEC-3",
  topP: "DEC-4",
  minP: "DEC-5",
  typicalP: "DEC-6",
  epsilonCutoff: "DEC-5",
  etaCutoff: "DEC-5",
};

/** The clause that a wrong result of a row with filters breaks: that of its filter, of their order, or of rows. */
export function clauseOfRow(row: Row, decoding: ResolvedDecoding): string {
  const names = Object.keys(CLAUSE_OF) as NumericFilter[];
  const clauses = names
    .filter((name) => valueOfRow(decoding[name], row.rowOfLogits) !== NO_FILTERS[name])
    .map((name) => CLAUSE_OF[name]);
  if (decoding.mask !== undefined) clauses.push("DEC-7");
  if (clauses.length > 1) return "DEC-1";
  return clauses[0] ?? (decoding.keys === undefined ? "DEC-8" : "DEC-9");
}
