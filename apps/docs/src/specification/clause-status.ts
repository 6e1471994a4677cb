// Status of a clause on each backend, from the letter that a test run recorded for each case.
import recorded from "../../data/conformance.json" with { type: "json" };

/** What a test run recorded: a letter for each case on each backend. */
interface Recorded {
  readonly cases: readonly string[];
  readonly backends: Readonly<Record<string, string>>;
}

const WORDS = { p: "passed", f: "failed", s: "skipped", "-": "not run" } as const;
type Letter = keyof typeof WORDS;

/** Status of a clause. */
export interface ClauseStatus {
  /** One line over all backends. */
  readonly summary: string;
  readonly failed: boolean;
  readonly backends: readonly { readonly backend: string; readonly text: string }[];
}

/**
 * Summarises the results of some cases, on the backends where one of them was run. A case that is not in the run counts as not
 * run.
 */
export function statusOf(cases: readonly string[], run: Recorded = recorded): ClauseStatus {
  const { cases: ids, backends } = run;
  const rows = Object.entries(backends)
    .map(([backend, letters]) => {
      const found = cases.map((id) => (letters[ids.indexOf(id)] ?? "-") as Letter);
      return { backend, found };
    })
    .filter(({ found }) => found.some((letter) => letter !== "-"));
  const having = (is: (found: readonly Letter[]) => boolean) =>
    rows.flatMap(({ backend, found }) => (is(found) ? [backend] : []));
  const failed = having((found) => found.includes("f"));
  const passed = having((found) => found.includes("p") && !found.includes("f"));
  const all = passed.length === rows.length ? `all ${rows.length}` : `${passed.length} of ${rows.length}`;
  const summary = `Passed on ${all} backends${failed.length > 0 ? `, failed on ${failed.join("; ")}` : ""}`;
  return {
    summary: rows.length === 0 ? "Not run yet" : summary,
    failed: failed.length > 0,
    backends: rows.map(({ backend, found }) => ({ backend, text: textOf(found) })),
  };
}

function textOf(found: readonly Letter[]): string {
  return (Object.keys(WORDS) as Letter[])
    .map((letter) => [found.filter((one) => one === letter).length, WORDS[letter]] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(", ");
}
