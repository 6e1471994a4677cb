// `pnpm test`: says what it will run, runs every check whatever failed before, says what only `--full` runs, and ends with a count
// of the tests; the exit code is 1 when anything failed. Meant to be started by pnpm, which puts itself and the tools on PATH.
import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { arch, availableParallelism, platform, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readArguments, USAGE, UsageError } from "./arguments.mjs";
import { conformanceStatus } from "./conformance-status.mjs";
import { leftOut } from "./left-out.mjs";
import { announcement, plan } from "./plan.mjs";
import { tally } from "./tally.mjs";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
/**
 * Steps beside each other, on as few as two cores. Each waits now and then, for a browser, the software GPU or its last test file: two steps
 * left a quarter of two cores idle.
 */
const LANES = availableParallelism() === 1 ? 1 : 3;

const packages = packagesOfRepository();
const choice = choiceOf(process.argv.slice(2));
if (choice !== undefined) await check(choice);

/** @param {string[]} words */
function choiceOf(words) {
  try {
    const choice = readArguments(words, packages);
    if (!choice.help) return choice;
    console.log(USAGE);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    process.exitCode = 2;
  }
  return undefined;
}

/** @param {ReturnType<typeof readArguments>} choice */
async function check(choice) {
  const full = choice.full || process.env.GUMBEL_TEST_FULL === "1";
  const planned = plan({ ...choice, full }, vitestConfigs());
  console.log(announcement(planned, full, LANES));
  const environment = {
    ...process.env,
    GUMBEL_TEST_FULL: full ? "1" : "",
    TURBO_TELEMETRY_DISABLED: "1",
    // The dependencies are there: pnpm installed them before it started this.
    pnpm_config_verify_deps_before_run: "false",
  };
  const reports = mkdtempSync(join(tmpdir(), "gumbel-test-"));
  const steps = await runAll(planned, environment, reports);
  rmSync(reports, { recursive: true });
  if (choice.packages.length === 0) writeStatus(steps);

  console.log();
  for (const { name, ok, seconds } of steps) {
    console.log(`${ok ? "✓" : "✗"} ${name.padEnd(44)} ${seconds.toFixed(1).padStart(6)} s`);
  }
  const { failed, notRun, line } = tally(steps, testFiles(choice.packages));
  for (const file of notRun) console.log(`✗ no step ran ${file}`);
  if (!full) console.log(["", ...leftOut(steps)].join("\n"));
  console.log(`\n${line}`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/**
 * Runs the steps that have the machine to themselves one after the other, then the others beside each other, in their order, but that one
 * which waits for another lets those pass which do not.
 * @param {import("./plan.mjs").PlannedStep[]} planned
 * @param {NodeJS.ProcessEnv} environment
 * @param {string} reports folder for the reports of vitest
 */
async function runAll(planned, environment, reports) {
  /** @type {(import("./tally.mjs").Step & { seconds: number })[]} */
  const steps = [];
  /** By name, those that have begun. @type {Map<string, Promise<unknown>>} */
  const begun = new Map();
  /** Names of those that have ended. @type {Set<string>} */
  const ended = new Set();
  /** Takes steps from a list and runs them until it is empty. @param {import("./plan.mjs").PlannedStep[]} waiting */
  const lane = async (waiting) => {
    while (waiting.length > 0) {
      const ready = waiting.findIndex(({ after }) => after === undefined || ended.has(after));
      const [step] = waiting.splice(Math.max(0, ready), 1);
      if (step.after !== undefined) await begun.get(step.after);
      const index = planned.indexOf(step);
      const title = `${index + 1}/${planned.length} ${step.name}: ${step.command}`;
      const running = run(step, title, { environment, reports, quietly: !step.alone && LANES > 1 });
      begun.set(step.name, running);
      steps[index] = await running;
      ended.add(step.name);
    }
  };
  await lane(planned.filter(({ alone }) => alone));
  const others = planned.filter(({ alone }) => !alone);
  await Promise.all(Array.from({ length: LANES }, () => lane(others)));
  return steps;
}

/**
 * One vitest for each config, not one for all: vitest 4 ignores the `projects` of a config that another one refers to.
 * @param {import("./plan.mjs").PlannedStep} step
 * @param {string} title
 * @param {{ environment: NodeJS.ProcessEnv, reports: string, quietly: boolean }} how quietly: its output comes when it has ended,
 *   for another step runs beside it
 */
async function run({ name, command, folder, tests }, title, { environment, reports, quietly }) {
  const file = join(reports, `${name.replaceAll(/[/ ]/g, "-")}.json`);
  const reporters = tests ? ` --reporter=default --reporter=json --outputFile.json="${file}"` : "";
  console.log(quietly ? `\n… ${title}` : `\n━━ ${title}\n`);
  const start = performance.now();
  const child = spawn(command + reporters, {
    cwd: join(ROOT, folder),
    env: environment,
    shell: true,
    stdio: [
      "ignore",
      ...(quietly ? /** @type {const} */ (["pipe", "pipe"]) : /** @type {const} */ (["inherit", "inherit"])),
    ],
  });
  /** @type {Buffer[]} */
  const output = [];
  child.stdout?.on("data", (chunk) => output.push(chunk));
  child.stderr?.on("data", (chunk) => output.push(chunk));
  const code = await new Promise((done) => child.on("error", done).on("close", done));
  const seconds = (performance.now() - start) / 1000;
  if (quietly) console.log(`\n━━ ${title}\n\n${Buffer.concat(output).toString()}`);
  if (!tests) return { name, ok: code === 0, seconds };
  if (!existsSync(file)) return { name, ok: false, seconds };
  return { name, ok: code === 0, seconds, report: JSON.parse(readFileSync(file, "utf8")) };
}

/**
 * Writes what the conformance suite said of each backend: the documentation is built with it.
 * @param {import("./tally.mjs").Step[]} steps
 */
function writeStatus(steps) {
  const commit =
    spawnSync("git", ["rev-parse", "HEAD"], { cwd: ROOT, encoding: "utf8" }).stdout?.trim() ?? "";
  const machine = `${platform()} ${arch()}, Node ${process.version}`;
  const status = conformanceStatus(steps, { date: new Date().toISOString(), commit, machine });
  mkdirSync(join(ROOT, "out"), { recursive: true });
  writeFileSync(join(ROOT, "out/conformance.json"), `${JSON.stringify(status, undefined, 2)}\n`);
}

/** @returns {import("./arguments.mjs").Package[]} */
function packagesOfRepository() {
  const roots = ["packages", "examples", "apps", "tools"].filter((root) => existsSync(join(ROOT, root)));
  const folders = roots.flatMap((root) => readdirSync(join(ROOT, root)).map((name) => `${root}/${name}`));
  return [...folders, "bench"].flatMap((folder) => {
    const manifest = join(ROOT, folder, "package.json");
    return existsSync(manifest) ? [{ name: JSON.parse(readFileSync(manifest, "utf8")).name, folder }] : [];
  });
}

/** What there is to run: `vitest.config.ts`, and `vitest.browser.config.ts` and the like beside it, of each package. */
function vitestConfigs() {
  return packages.flatMap(({ folder }) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => /^vitest\.(\w+\.)?config\.ts$/.test(name))
      .sort((a, b) => b.localeCompare(a)) // vitest.config.ts first
      .map((config) => ({ folder, config })),
  );
}

/**
 * All test files that git knows or would: one that a config misses must not go unseen.
 * @param {import("./arguments.mjs").Package[]} chosen those of these packages; of all where there is none
 */
function testFiles(chosen) {
  const folders = chosen.map(({ folder }) => `${folder}/`);
  const list = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.test.ts"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  const files = (list.stdout ?? "").split("\n").filter((file) => file !== "" && existsSync(join(ROOT, file)));
  return [...new Set(files)]
    .filter((file) => folders.length === 0 || folders.some((folder) => file.startsWith(folder)))
    .map((file) => resolve(ROOT, file).replaceAll("\\", "/"));
}
