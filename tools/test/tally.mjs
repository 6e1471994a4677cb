// Sums what the steps said into the last line of the test command. Runs nothing.

/**
 * @typedef {object} Report what is used of vitest's JSON report
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests skipped
 * @property {number} numTodoTests
 * @property {{ name: string }[]} testResults one for each test file of a project, named by its absolute path
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {boolean} ok
 * @property {Report} [report] of a step that runs tests; it lacks where vitest did not get to write one
 */

/**
 * Counts tests. A step that failed without a failed test counts as a failed one: lint, build, or a test run that could not load
 * a file. So does each test file that no step ran.
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
  const failed = notRun.length + sum(steps, ({ ok, report }) => report?.numFailedTests || (ok ? 0 : 1));
  const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
  return { failed, notRun, line };
}

/**
 * @template T
 * @param {T[]} items
 * @param {(item: T) => number} count
 */
function sum(items, count) {
  return items.reduce((total, item) => total + count(item), 0);
}
