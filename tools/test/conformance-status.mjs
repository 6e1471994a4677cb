// What the conformance suite said of each backend, out of the reports of a test run. The documentation shows it beside the clauses.

/**
 * @typedef {object} Status of every case on every backend
 * @property {string} date ISO 8601, UTC
 * @property {string} commit
 * @property {string} machine system, processor architecture and Node version
 * @property {string[]} cases ids
 * @property {Record<string, string>} backends a letter for each case: passed, failed, skipped, or - where it was not run
 */

/** How vitest's binding of the suite names its groups. */
const GROUP = /^(.*) conforms to the sampling spec$/;
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
  /** @type {Set<string>} */
  const cases = new Set();
  for (const { name: step, report } of steps) {
    const place = step.includes("browser") ? "Chromium" : "Node";
    const tests = /** @type {Assertion[]} */ (
      (report?.testResults ?? []).flatMap(({ assertionResults }) => assertionResults)
    );
    for (const { ancestorTitles = [], title = "", status = "" } of tests) {
      const backend = ancestorTitles.at(-1)?.match(GROUP)?.[1];
      if (backend === undefined) continue;
      const id = title.slice(0, title.indexOf(":"));
      const name = /in (Node|Chromium|a browser)/.test(backend) ? backend : `${backend}, ${place}`;
      cases.add(id);
      if (!found.has(name)) found.set(name, new Map());
      found.get(name)?.set(id, LETTERS[/** @type {keyof typeof LETTERS} */ (status)] ?? "f");
    }
  }
  const ids = [...cases].sort();
  const backends = [...found]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, statuses]) => [name, ids.map((id) => statuses.get(id) ?? "-").join("")]);
  return { ...run, cases: ids, backends: Object.fromEntries(backends) };
}

/**
 * @typedef {object} Assertion what is used of a test in vitest's JSON report
 * @property {string[]} [ancestorTitles]
 * @property {string} [title]
 * @property {string} [status]
 */
