// A report as a person reads it: a line a case, then each failure whole, then the counts. Plain text, colours on request.
import type { CaseResult, CaseStatus, ConformanceReport } from "../run.ts";

/** Colours and weights that a terminal can give to a piece of text. */
export type Paint = (style: "green" | "red" | "yellow" | "dim" | "bold", text: string) => string;

/** How a report is printed. */
export interface PrettyOptions {
  /** Default: no colours. */
  readonly paint?: Paint;
  /** What stands before the options of a replay line, e.g. `npx -p @gumbel/core gumbel-conformance ./backend.js`. */
  readonly command?: string;
}

const MARKS: Readonly<Record<CaseStatus, [Parameters<Paint>[0], string]>> = {
  passed: ["green", "✓"],
  failed: ["red", "✗"],
  skipped: ["yellow", "–"],
  "known-failure": ["yellow", "✗"],
  "unexpected-pass": ["red", "✓"],
};

/** Counts in the order and the words of the last line. */
const COUNTS: readonly [CaseStatus, string][] = [
  ["passed", "passed"],
  ["failed", "failed"],
  ["unexpected-pass", "known to fail but passed"],
  ["known-failure", "known to fail"],
  ["skipped", "skipped"],
];

const plain: Paint = (_style, text) => text;

/** One line: the outcome of a case, its id, its law, the reason of a skip. */
export function formatResult(result: CaseResult, { paint = plain }: PrettyOptions = {}): string {
  const { id, title, status, reason, milliseconds } = result;
  const [style, mark] = MARKS[status];
  const why = reason === undefined ? "" : paint("yellow", ` (${reason})`);
  return `${paint(style, mark)} ${id}  ${paint("dim", title)}${why}${paint("dim", `  ${milliseconds} ms`)}`;
}

/** A failure whole: clause, call, place, values, and the line that replays it. Empty for a case that did not fail. */
export function formatFailure(result: CaseResult, options: PrettyOptions = {}): string {
  const { paint = plain, command = "npx -p @gumbel/core gumbel-conformance <module>" } = options;
  const { id, status, reason, failure } = result;
  if (status === "unexpected-pass") {
    return `${paint("red", `✗ ${id}`)}\n  ${reason}; it passes now: take it off the list of known failures`;
  }
  if (status !== "failed" || failure === undefined) return "";
  const message = failure.message.replaceAll("\n", "\n  ");
  return `${paint("red", `✗ ${id}`)}\n  ${message}\n    replay    ${command} ${failure.replay}`;
}

/** What follows the cases: failures, the clauses that are broken, the counts. */
export function formatSummary(report: ConformanceReport, options: PrettyOptions = {}): string {
  const { paint = plain } = options;
  const { backend, quick, counts, conforms, results, milliseconds } = report;
  const failures = results.map((result) => formatFailure(result, options)).filter((text) => text !== "");
  const broken = new Set(
    results.flatMap(({ status, failure }) => (status === "failed" ? failure!.clause : [])),
  );
  const numbers = COUNTS.filter(
    ([status]) => counts[status] > 0 || status === "passed" || status === "failed",
  )
    .map(([status, words]) => `${counts[status]} ${words}`)
    .join(", ");
  const verdict = conforms
    ? paint("green", `${backend} conforms to the sampling spec`)
    : paint("red", `${backend} does not conform to the sampling spec`);
  const reasons = new Map<string, number>();
  for (const { status, reason = "" } of results) {
    if (status === "skipped") reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return [
    ...failures.map((text) => `${text}\n`),
    paint("bold", verdict),
    ...Array.from(reasons, ([reason, count]) => paint("yellow", `${count} skipped: ${reason}`)),
    ...(broken.size > 0 ? [`Broken clauses: ${[...broken].join(", ")}`] : []),
    `${numbers} in ${(milliseconds / 1000).toFixed(1)} s${quick ? " (quick run)" : ""}`,
  ].join("\n");
}

/** The whole report as text. */
export function formatPretty(report: ConformanceReport, options: PrettyOptions = {}): string {
  const lines = report.results.map((result) => formatResult(result, options));
  return `${[...lines, "", formatSummary(report, options)].join("\n")}\n`;
}
