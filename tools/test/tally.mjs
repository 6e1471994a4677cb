// Sums what the steps said into the last line of the test command. Runs nothing.

/**
 * @typedef {object} Report what is used of vitest's JSON report
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests skipped
 * @property {number} numTodoTests
 * @property {FileResult[]} testResults one for each test file of a project
 *
 * @typedef {object} FileResult
 * @property {string} name absolute path
 * @property {string} status passed or failed
 * @property {unknown[]} assertionResults its tests; none where the file did not load
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {boolean} ok
 * @property {Report} [report] of a step that runs tests; it lacks where vitest did not get to write one
 */

/**
 * Counts tests. A test file that did not load, or that no step ran, counts as one failed. So does a step that failed without
 * either: lint, build, or a test run with a stray rejection.
 * @param {Step[]} steps
 * @param {string[]} testFiles absolute paths of all test files of the repository, with forward slashes as in the reports
 * @returns {{ failed: number, notRun: string[], line: string }}
 */
export function tally(steps, testFiles) {
  const reports = steps.flatMap(({ report }) => report ?? []);
  const ran = new Set(reports.flatMap(({ testResults }) => testResults.map(({ name }) => name)));
  const notRun = testFiles.filter((file) => !ran.has(file));
  const passed = sum(reports, (report) => report.numPassedTests);
  const skipped = sum(reports, (report) => report.numPendingTests + report.numTodoTests);
  const failed = notRun.length + sum(steps, ({ ok, report }) => failuresOf(report) || (ok ? 0 : 1));
  const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
  return { failed, notRun, line };
}

/** @param {Report | undefined} report */
function failuresOf(report) {
  if (report === undefined) return 0;
  const isBroken = (/** @type {FileResult} */ file) =>
    file.status === "failed" && file.assertionResults.length === 0;
  return report.numFailedTests + report.testResults.filter(isBroken).length;
}

/**
 * @template T
 * @param {T[]} items
 * @param {(item: T) => number} count
 */
function sum(items, count) {
  return items.reduce((total, item) => total + count(item), 0);
}
