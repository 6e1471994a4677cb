// `pnpm test`: every check of the repository, one after another, whatever failed before. The last line counts the tests;
// the exit code is 1 when anything failed. Meant to be started by pnpm, which puts the tools on PATH.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { tally } from "./tally.mjs";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const reports = mkdtempSync(join(tmpdir(), "gumbel-test-"));
const reportFile = join(reports, "vitest.json");

const STEPS = [
  { name: "chromium", command: "node tools/chromium/install.mjs" },
  { name: "lint", command: "pnpm run lint" },
  { name: "types", command: "pnpm run typecheck" },
  { name: "build", command: "pnpm run build" },
  { name: "unused code", command: "pnpm run unused" },
  { name: "packages", command: "pnpm run check:packages" },
  {
    name: "tests",
    command: `pnpm exec vitest run --reporter=default --reporter=json --outputFile.json="${reportFile}"`,
  },
];

const steps = STEPS.map(({ name, command }, index) => {
  console.log(`\n━━ ${index + 1}/${STEPS.length} ${name}: ${command}\n`);
  const start = performance.now();
  // The dependencies are there: this command was started through pnpm, which installed them.
  const env = {
    ...process.env,
    pnpm_config_verify_deps_before_run: "false",
    TURBO_TELEMETRY_DISABLED: "1",
  };
  const { status } = spawnSync(command, {
    cwd: ROOT,
    env,
    shell: true,
    stdio: ["ignore", "inherit", "inherit"],
  });
  return { name, ok: status === 0, seconds: (performance.now() - start) / 1000 };
});

console.log();
for (const { name, ok, seconds } of steps) {
  console.log(`${ok ? "✓" : "✗"} ${name.padEnd(12)} ${seconds.toFixed(1).padStart(6)} s`);
}
const { failed, notRun, line } = tally(steps, readReport(), testFiles());
for (const file of notRun) {
  console.log(`✗ no project ran ${file}`);
}
console.log(`\n${line}`);
process.exitCode = failed > 0 ? 1 : 0;

/** @returns {import("./tally.mjs").Report | undefined} */
function readReport() {
  try {
    return JSON.parse(readFileSync(reportFile, "utf8"));
  } catch {
    return undefined; // vitest broke before its end, which its step says
  } finally {
    rmSync(reports, { recursive: true });
  }
}

/** All test files that git knows or would: a config that misses one must not go unseen. */
function testFiles() {
  const list = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.test.ts"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  const files = (list.stdout ?? "").split("\n").filter((file) => file !== "");
  return [...new Set(files)].map((file) => resolve(ROOT, file).replaceAll("\\", "/"));
}
