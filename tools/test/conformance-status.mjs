// What the conformance suite said of each backend, out of the reports of a test run. The documentation shows it beside the clauses.

/**
 * @typedef {object} Status of every case on every backend
 * @property {string} date ISO 8601, UTC
 * @property {string} commit
 * @property {string} machine system, processor architecture and Node version
 * @property {string[]} cases ids
 * @property {string[]} quick the backends on which cases ran with fewer inputs and smaller tensors
 * @property {Record<string, string>} backends a letter for each case: passed, failed, skipped, or - where it was not run
 */

/** How vitest's binding of the suite names its groups: the backend, and how much of the suite ran. */
const GROUP = /^(.*) conforms to the sampling spec(, quick)?(, in part)?$/;
const LETTERS = { passed: "p", failed: "f", skipped: "s", pending: "s", todo: "s" };

/**
 * Collects the status of each case on each backend. A backend that runs in Node and in a browser is there twice.
 * @param {import("./tally.mjs").Step[]} steps
 * @param {Pick<Status, "date" | "commit" | "machine">} run
 * @returns {Status}
 */
export function conformanceStatus(steps, run) {
  /** @type {Map<string, Map<string, string>>} */
  const found = new Map();
  const groups = conformanceGroups(steps);
  for (const { name, id, letter } of groups) {
    if (!found.has(name)) found.set(name, new Map());
    found.get(name)?.set(id, letter);
  }
  const cases = [...new Set(groups.map(({ id }) => id))].sort();
  const backends = [...found]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, statuses]) => [name, cases.map((id) => statuses.get(id) ?? "-").join("")]);
  const quick = [...new Set(groups.filter(({ extent }) => extent !== "full").map(({ name }) => name))].sort();
  return { ...run, cases, quick, backends: Object.fromEntries(backends) };
}

/**
 * What each case of the suite came to, wherever it ran.
 * @param {import("./tally.mjs").Step[]} steps
 * @returns {{ name: string, extent: "full" | "quick" | "part", id: string, letter: string }[]}
 */
export function conformanceGroups(steps) {
  return steps.flatMap(({ name: step, report }) => {
    const place = step.includes("browser") ? "Chromium" : "Node";
    const tests = /** @type {Assertion[]} */ (
      (report?.testResults ?? []).flatMap(({ assertionResults }) => assertionResults)
    );
    return tests.flatMap(({ ancestorTitles = [], title = "", status = "" }) => {
      const match = ancestorTitles.at(-1)?.match(GROUP);
      if (!match || ancestorTitles.some((group) => group.endsWith(": only with --full"))) return [];
      const [, backend, quick, part] = match;
      const name = /in (Node|Chromium|Deno|a browser)/.test(backend) ? backend : `${backend}, ${place}`;
      const extent = part ? "part" : quick ? "quick" : "full";
      const letter = LETTERS[/** @type {keyof typeof LETTERS} */ (status)] ?? "f";
      return [{ name, extent, id: title.slice(0, title.indexOf(":")), letter }];
    });
  });
}

/**
 * @typedef {object} Assertion what is used of a test in vitest's JSON report
 * @property {string[]} [ancestorTitles]
 * @property {string} [title]
 * @property {string} [status]
 */
