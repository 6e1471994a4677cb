// What `pnpm test` will run, in which order and beside what, and about how long it takes. Runs nothing.

/**
 * @typedef {object} PlannedStep
 * @property {string} name
 * @property {string} command
 * @property {string} folder where it runs, from the root
 * @property {"all" | "gpu" | "cpu"} uses what it occupies: the whole machine, the software GPU, or a core or two. One step that uses the
 *   GPU runs beside one that does not: neither keeps two cores busy all the time.
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
  "tests of packages/core": [117, 1400],
  "tests of packages/tfjs": [33, 335],
  "tests of packages/onnx": [78, 300],
  "tests of packages/wasm": [35, 140],
  "tests of packages/webgpu": [272, 1230],
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
  "packages/webgpu/vitest.browser.config.ts": [24, 250],
  "packages/llm/vitest.transformers3.config.ts": [5, 5],
  "apps/docs/vitest.browser.config.ts": [79, 300],
  "bench/vitest.browser.config.ts": [10, 10],
};
/** Of a step that the table above does not know. */
const UNKNOWN = /** @type {const} */ ([20, 20]);

/** Configs of vitest that use the software GPU. */
const ON_GPU = new Set([
  "packages/webgpu/vitest.config.ts",
  ...["packages/webgpu", "packages/tfjs", "packages/onnx", "apps/docs", "bench"].map(
    (folder) => `${folder}/vitest.browser.config.ts`,
  ),
]);

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
    step("chromium", "node tools/chromium/install.mjs", ".", { full }),
    step("lint", `pnpm exec biome check --error-on-warnings ${folders.join(" ") || "."}`, ".", { full }),
    ...(folders.length === 0 ? checksOfAll(full) : checksOf(packages, full)),
  ];
  const tests = chosen.map(({ folder, config }) => {
    const name = config === "vitest.config.ts" ? `tests of ${folder}` : `${folder}/${config}`;
    const uses = ON_GPU.has(`${folder}/${config}`) ? "gpu" : "cpu";
    const after = folder === "apps/docs" && folders.length === 0 ? "site" : undefined;
    return step(name, `pnpm exec vitest run --config ${config}`, folder, { full, uses, after, tests: true });
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
    step("unused code", "pnpm run unused", ".", { full }),
    step("build", `${TURBO} build --filter=!docs`, ".", { full }),
    step("site", `${TURBO} build --only --filter=docs`, ".", { full, uses: "cpu" }),
    step("types, packages", `${TURBO} typecheck check:package --only`, ".", { full, uses: "cpu" }),
  ];
}

/**
 * Checks of some packages: one process for three tasks, which share what they need and use every core.
 * @param {import("./arguments.mjs").Package[]} packages
 * @param {boolean} full
 */
function checksOf(packages, full) {
  const filters = packages.map(({ name }) => ` --filter=${name}`).join("");
  return [step("types, build, package", `${TURBO} typecheck build check:package${filters}`, ".", { full })];
}

/**
 * What is said before anything runs.
 * @param {PlannedStep[]} steps
 * @param {boolean} full
 * @param {number} cores
 */
export function announcement(steps, full, cores) {
  const lines = steps.map(
    ({ name, seconds, uses }) =>
      `  ${name.padEnd(44)} ${String(seconds).padStart(5)} s${uses !== "all" && cores > 1 ? ", beside another" : ""}`,
  );
  const what = full ? "everything, in full" : "--full runs more, as the last lines will say";
  return [
    `━━ ${steps.length} steps, about ${duration(expectedSeconds(steps, cores))} on two cores: ${what}`,
    "",
    ...lines,
  ].join("\n");
}

/**
 * As `run.mjs` does it: steps on the GPU one after the other, and beside them the others, each in the lane that is free first.
 * @param {PlannedStep[]} steps
 * @param {number} cores
 */
function expectedSeconds(steps, cores) {
  const sum = (/** @type {PlannedStep["uses"]} */ which) =>
    steps.reduce((total, { seconds, uses }) => total + (uses === which ? seconds : 0), 0);
  if (cores === 1) return sum("all") + sum("gpu") + sum("cpu");
  const lanes = [sum("gpu"), 0];
  for (const { seconds, uses } of steps) if (uses === "cpu") lanes[lanes[0] < lanes[1] ? 0 : 1] += seconds;
  return sum("all") + Math.max(...lanes);
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
 * @param {{ full: boolean, uses?: PlannedStep["uses"], after?: string | undefined, tests?: boolean }} how
 * @returns {PlannedStep}
 */
function step(name, command, folder, { full, uses = "all", after, tests = false }) {
  const seconds = (SECONDS[name] ?? UNKNOWN)[full ? 1 : 0];
  return { name, command, folder, uses, after, tests, seconds };
}
