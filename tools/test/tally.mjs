// Sums what the steps and vitest said into the last line of the test command. Runs nothing.

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {boolean} ok
 *
 * @typedef {object} Report what is used of vitest's JSON report
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests skipped
 * @property {number} numTodoTests
 * @property {{ name: string }[]} testResults one for each test file of a project, named by its absolute path
 */

/**
 * Counts tests; each failed step, and each test file that no project ran, counts as a failed one. The step `tests` is the run
 * of vitest: it counts for itself only where it failed without a failed test, so in loading a file or in a stray rejection.
 * @param {Step[]} steps
 * @param {Report | undefined} report undefined when vitest did not get to write one
 * @param {string[]} testFiles absolute paths of all test files of the repository, with forward slashes as in the report
 * @returns {{ passed: number, failed: number, skipped: number, notRun: string[], line: string }}
 */
export function tally(steps, report, testFiles) {
  const ran = new Set(report?.testResults.map(({ name }) => name));
  const notRun = testFiles.filter((file) => !ran.has(file));
  const failedTests = report?.numFailedTests ?? 0;
  const failedSteps = steps.filter(({ name, ok }) => !ok && !(name === "tests" && failedTests > 0)).length;
  const passed = report?.numPassedTests ?? 0;
  const failed = failedTests + failedSteps + notRun.length;
  const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
  return { passed, failed, skipped, notRun, line };
}
