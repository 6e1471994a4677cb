// What the test command will run, and what it says of it beforehand.
import { expect, test } from "vitest";
import { announcement, plan } from "../plan.mjs";

const configs = [
  { folder: "packages/core", config: "vitest.config.ts" },
  { folder: "packages/core", config: "vitest.browser.config.ts" },
  { folder: "packages/tfjs", config: "vitest.browser.config.ts" },
  { folder: "apps/docs", config: "vitest.config.ts" },
  { folder: "packages/webgpu", config: "vitest.config.ts" },
  { folder: "bench", config: "vitest.config.ts" },
];
const core = { name: "@gumbel/core", folder: "packages/core" };

test("runs every config once, and before them what they need with the machine to itself", () => {
  const steps = plan({ full: false, packages: [] }, configs);
  const tests = steps.filter(({ tests }) => tests);
  expect(tests.map(({ folder, command }) => `${folder} ${command.split(" ").at(-1)}`).sort()).toEqual(
    configs.map(({ folder, config }) => `${folder} ${config}`).sort(),
  );
  expect(steps.map(({ tests }) => tests)).toEqual(steps.map((_, i) => i >= steps.length - configs.length));
  const alone = steps.filter(({ alone }) => alone).map(({ name }) => name);
  expect(alone).toEqual(["chromium", "lint", "unused code", "build"]);
  for (const { after, name } of steps) {
    expect(after, name).toBe(/apps\/docs|^types/.test(name) ? "site" : undefined);
  }
});

test("runs the tests and the checks of a chosen package alone", () => {
  const steps = plan({ full: false, packages: [core] }, configs);
  expect(steps.filter(({ tests }) => tests).map(({ folder }) => folder)).toEqual([core.folder, core.folder]);
  const commands = steps.filter(({ tests }) => !tests).map(({ command }) => command);
  expect(commands).toContainEqual(expect.stringMatching(/^pnpm exec biome check .* packages\/core$/));
  expect(commands).toContainEqual(expect.stringMatching(/^pnpm exec turbo run .* --filter=@gumbel\/core$/));
  expect(commands).not.toContain("pnpm run unused");
});

test("names each step beforehand, how long it takes, and --full where that is more", () => {
  const steps = plan({ full: false, packages: [core] }, configs);
  const text = announcement(steps, false, 2);
  for (const { name, seconds } of steps) expect(text).toMatch(new RegExp(`${name} +${seconds} s`));
  expect(text).toMatch(/^━━ \d+ steps, about (a minute|\d+ minutes) on two cores: .*--full/);
  expect(announcement(steps, true, 2)).not.toContain("--full");
});
