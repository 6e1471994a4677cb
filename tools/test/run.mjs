// `pnpm test`: every check of the repository, one after another, whatever failed before. The last line counts the tests;
// the exit code is 1 when anything failed. Meant to be started by pnpm, which puts itself and the tools on PATH.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { arch, platform, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { conformanceStatus } from "./conformance-status.mjs";
import { tally } from "./tally.mjs";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const CHECKS = [
  ["chromium", "node tools/chromium/install.mjs"],
  ["lint", "pnpm run lint"],
  ["types", "pnpm run typecheck"],
  ["build", "pnpm run build"],
  ["unused code", "pnpm run unused"],
  ["packages", "pnpm run check:packages"],
];
const ENVIRONMENT = {
  ...process.env,
  TURBO_TELEMETRY_DISABLED: "1",
  // The dependencies are there: pnpm installed them before it started this.
  pnpm_config_verify_deps_before_run: "false",
};

const reports = mkdtempSync(join(tmpdir(), "gumbel-test-"));
const configs = vitestConfigs();
const count = CHECKS.length + configs.length;
const steps = [
  ...CHECKS.map(([name, command], index) => ({
    name,
    ...run(`${index + 1}/${count} ${name}`, command, ROOT),
  })),
  ...configs.map(({ folder, config }, index) =>
    runTests(`${CHECKS.length + index + 1}/${count}`, folder, config),
  ),
];
rmSync(reports, { recursive: true });

writeStatus();

console.log();
for (const { name, ok, seconds } of steps) {
  console.log(`${ok ? "✓" : "✗"} ${name.padEnd(44)} ${seconds.toFixed(1).padStart(6)} s`);
}
const { failed, notRun, line } = tally(steps, testFiles());
for (const file of notRun) {
  console.log(`✗ no step ran ${file}`);
}
console.log(`\n${line}`);
process.exitCode = failed > 0 ? 1 : 0;

/**
 * @param {string} title
 * @param {string} command
 * @param {string} cwd
 */
function run(title, command, cwd) {
  console.log(`\n━━ ${title}: ${command}\n`);
  const start = performance.now();
  const { status } = spawnSync(command, {
    cwd,
    env: ENVIRONMENT,
    shell: true,
    stdio: ["ignore", "inherit", "inherit"],
  });
  return { ok: status === 0, seconds: (performance.now() - start) / 1000 };
}

/**
 * One vitest for each config, not one for all: vitest 4 ignores the `projects` of a config that another one refers to, and tests
 * on the software GPU are slow beside others.
 * @param {string} place
 * @param {string} folder
 * @param {string} config
 */
function runTests(place, folder, config) {
  const name = config === "vitest.config.ts" ? `tests of ${folder}` : `${folder}/${config}`;
  const file = join(reports, `${name.replaceAll(/[/ ]/g, "-")}.json`);
  const reporters = `--reporter=default --reporter=json --outputFile.json="${file}"`;
  const command = `pnpm exec vitest run --config ${config} ${reporters}`;
  const { ok, seconds } = run(`${place} ${name}`, command, join(ROOT, folder));
  if (!existsSync(file)) {
    return { name, ok: false, seconds };
  }
  return { name, ok, seconds, report: JSON.parse(readFileSync(file, "utf8")) };
}

/** Writes what the conformance suite said of each backend: the documentation is built with it. */
function writeStatus() {
  const commit =
    spawnSync("git", ["rev-parse", "HEAD"], { cwd: ROOT, encoding: "utf8" }).stdout?.trim() ?? "";
  const machine = `${platform()} ${arch()}, Node ${process.version}`;
  const status = conformanceStatus(steps, { date: new Date().toISOString(), commit, machine });
  mkdirSync(join(ROOT, "out"), { recursive: true });
  writeFileSync(join(ROOT, "out/conformance.json"), `${JSON.stringify(status, undefined, 2)}\n`);
}

/** What there is to run: `vitest.config.ts`, and `vitest.browser.config.ts` and the like beside it, of each folder. */
function vitestConfigs() {
  const roots = ["tools", "packages", "examples", "apps"].filter((root) => existsSync(join(ROOT, root)));
  const folders = [
    ...roots.flatMap((root) => readdirSync(join(ROOT, root)).map((name) => `${root}/${name}`)),
    "bench",
  ];
  const packages = folders.filter((folder) => existsSync(join(ROOT, folder, "package.json")));
  return packages.flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => /^vitest\.(\w+\.)?config\.ts$/.test(name))
      .sort((a, b) => b.localeCompare(a)) // vitest.config.ts first
      .map((config) => ({ folder, config })),
  );
}

/** All test files that git knows or would: one that a config misses must not go unseen. */
function testFiles() {
  const list = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.test.ts"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  const files = (list.stdout ?? "").split("\n").filter((file) => file !== "" && existsSync(join(ROOT, file)));
  return [...new Set(files)].map((file) => resolve(ROOT, file).replaceAll("\\", "/"));
}
