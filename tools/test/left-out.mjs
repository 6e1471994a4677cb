// What a run left to `pnpm test --full`, out of its reports. Runs nothing.
import { conformanceGroups } from "./conformance-status.mjs";

/**
 * Lines for the end of a run that was not full; none where `--full` would add nothing.
 * @param {import("./tally.mjs").Step[]} steps
 * @returns {string[]}
 */
export function leftOut(steps) {
  const groups = conformanceGroups(steps);
  const names = (/** @type {string} */ which) =>
    [...new Set(groups.filter(({ extent }) => extent === which).map(({ name }) => name))].join("; ");
  const lines = [
    ["the conformance suite in full, quick here, on", names("quick")],
    ["the conformance suite, quick in part here, on", names("part")],
    // Of steps without a report.
    [
      "the published types by",
      steps.some(({ name }) => name.startsWith("types")) ? "TypeScript 5.6 and 5.9" : "",
    ],
    ...titlesWithFull(steps).map(([title, count]) => [count === 1 ? "a test" : `${count} tests`, title]),
  ];
  const said = lines.filter(([, what]) => what !== "").map(([lead, what]) => `  ${lead}: ${what}`);
  return said.length === 0 ? [] : ["Only `pnpm test --full` runs:", ...said];
}

/**
 * Titles of tests and groups that say that they run, or run whole, with `--full`, and their numbers of tests.
 * @param {import("./tally.mjs").Step[]} steps
 */
function titlesWithFull(steps) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  const tests = /** @type {import("./conformance-status.mjs").Assertion[]} */ (
    steps.flatMap(({ report }) => (report?.testResults ?? []).flatMap((file) => file.assertionResults))
  );
  for (const { ancestorTitles = [], title: own = "" } of tests) {
    const title = [...ancestorTitles, own].find((each) => each.endsWith(" with --full"));
    if (title !== undefined) counts.set(title, (counts.get(title) ?? 0) + 1);
  }
  return [...counts];
}
