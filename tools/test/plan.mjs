// What `pnpm test` will run, in which order and beside what, and about how long it takes. Runs nothing.

/**
 * @typedef {object} PlannedStep
 * @property {string} name
 * @property {string} command
 * @property {string} folder where it runs, from the root
 * @property {boolean} alone whether it has the machine to itself; others run beside each other
 * @property {string | undefined} after name of a step that it waits for
 * @property {boolean} tests whether vitest runs in it, and writes a report
 * @property {number} seconds about how long it takes on two cores
 */

/**
 * Seconds that steps take on two cores of a virtual machine, beside each other, by default and with `--full`: only to say beforehand
 * how long it takes.
 * @type {Record<string, readonly [number, number]>}
 */
const SECONDS = {
  chromium: [2, 2],
  lint: [4, 4],
  "unused code": [7, 7],
  build: [10, 10],
  site: [90, 90],
  "types, packages": [45, 60],
  "types, build, package": [30, 40],
  "tests of packages/core": [102, 1250],
  "tests of packages/tfjs": [33, 335],
  "tests of packages/onnx": [78, 300],
  "tests of packages/wasm": [35, 140],
  "tests of packages/webgpu": [190, 860],
  "tests of apps/docs": [35, 47],
  "tests of bench": [13, 14],
  "tests of examples/digits-vae": [27, 27],
  "tests of examples/next-token": [15, 15],
  "tests of examples/browser": [12, 12],
  "tests of packages/llm": [16, 16],
  "tests of tools/tiny-decoder": [5, 5],
  "tests of tools/chromium": [5, 5],
  "tests of tools/test": [4, 4],
  "packages/core/vitest.browser.config.ts": [6, 30],
  "packages/tfjs/vitest.browser.config.ts": [135, 600],
  "packages/onnx/vitest.browser.config.ts": [60, 1050],
  "packages/wasm/vitest.browser.config.ts": [20, 60],
  "packages/webgpu/vitest.browser.config.ts": [18, 190],
  "packages/llm/vitest.transformers3.config.ts": [5, 5],
  "apps/docs/vitest.browser.config.ts": [79, 300],
  "bench/vitest.browser.config.ts": [10, 10],
};
/** Of a step that the table above does not know. */
const UNKNOWN = /** @type {const} */ ([20, 20]);

/** Part of their seconds for which steps beside each other keep a core busy: the rest they wait, for a browser or a software GPU. */
const BUSY = 0.95;

const TURBO = "pnpm exec turbo run --continue --output-logs=errors-only";

/**
 * @param {object} choice
 * @param {boolean} choice.full
 * @param {import("./arguments.mjs").Package[]} choice.packages to check; none for the whole repository
 * @param {{ folder: string, config: string }[]} configs vitest's, of all packages
 * @returns {PlannedStep[]}
 */
export function plan({ full, packages }, configs) {
  const folders = packages.map(({ folder }) => folder);
  const isChosen = (/** @type {string} */ folder) => folders.length === 0 || folders.includes(folder);
  const chosen = configs.filter(({ folder }) => isChosen(folder));
  const steps = [
    step("chromium", "node tools/chromium/install.mjs", ".", { full, alone: true }),
    step("lint", `pnpm exec biome check --error-on-warnings ${folders.join(" ") || "."}`, ".", {
      full,
      alone: true,
    }),
    ...(folders.length === 0 ? checksOfAll(full) : checksOf(packages, full)),
  ];
  const tests = chosen.map(({ folder, config }) => {
    const name = config === "vitest.config.ts" ? `tests of ${folder}` : `${folder}/${config}`;
    const after = folder === "apps/docs" && folders.length === 0 ? "site" : undefined;
    return step(name, `pnpm exec vitest run --config ${config}`, folder, { full, after, tests: true });
  });
  // The longest first, so that the last ones end together.
  return [...steps, ...tests.sort((a, b) => b.seconds - a.seconds)];
}

/**
 * Checks of the whole repository. Only the build has the machine to itself: the tests need what it makes. `--only`, because turbo
 * would put the same build in its place again, under the tests that read it.
 * @param {boolean} full
 */
function checksOfAll(full) {
  return [
    step("unused code", "pnpm run unused", ".", { full, alone: true }),
    step("build", `${TURBO} build --filter=!docs`, ".", { full, alone: true }),
    step("site", `${TURBO} build --only --filter=docs`, ".", { full }),
    // The site's types are those of files that its build writes, too.
    step("types, packages", `${TURBO} typecheck check:package --only`, ".", { full, after: "site" }),
  ];
}

/**
 * Checks of some packages: one process for three tasks, which share what they need and use every core.
 * @param {import("./arguments.mjs").Package[]} packages
 * @param {boolean} full
 */
function checksOf(packages, full) {
  const filters = packages.map(({ name }) => ` --filter=${name}`).join("");
  return [
    step("types, build, package", `${TURBO} typecheck build check:package${filters}`, ".", {
      full,
      alone: true,
    }),
  ];
}

/**
 * What is said before anything runs.
 * @param {PlannedStep[]} steps
 * @param {boolean} full
 * @param {number} cores
 */
export function announcement(steps, full, cores) {
  const lines = steps.map(
    ({ name, seconds, alone }) =>
      `  ${name.padEnd(44)} ${String(seconds).padStart(5)} s${!alone && cores > 1 ? ", beside others" : ""}`,
  );
  const what = full ? "everything, in full" : "--full runs more, as the last lines will say";
  return [
    `━━ ${steps.length} steps, about ${duration(expectedSeconds(steps, cores))} on two cores: ${what}`,
    "",
    ...lines,
  ].join("\n");
}

/**
 * As `run.mjs` does it: the steps that are alone one after the other, then the others, which keep two cores busy.
 * @param {PlannedStep[]} steps
 * @param {number} cores
 */
function expectedSeconds(steps, cores) {
  const sum = (/** @type {boolean} */ which) =>
    steps.reduce((total, { seconds, alone }) => total + (alone === which ? seconds : 0), 0);
  if (cores === 1) return sum(true) + sum(false);
  const longest = Math.max(0, ...steps.map(({ seconds, alone }) => (alone ? 0 : seconds)));
  return sum(true) + Math.max(longest, (BUSY * sum(false)) / 2);
}

/** @param {number} seconds */
function duration(seconds) {
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? "a minute" : `${minutes} minutes`;
}

/**
 * @param {string} name
 * @param {string} command
 * @param {string} folder
 * @param {{ full: boolean, alone?: boolean, after?: string | undefined, tests?: boolean }} how
 * @returns {PlannedStep}
 */
function step(name, command, folder, { full, alone = false, after, tests = false }) {
  const seconds = (SECONDS[name] ?? UNKNOWN)[full ? 1 : 0];
  return { name, command, folder, alone, after, tests, seconds };
}
