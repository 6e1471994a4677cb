// Installs a Chromium where there is none.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { findChromium } from "./find-chromium.mjs";

/** @type {typeof import("./index.d.mts").ensureChromium} */
export const ensureChromium = () => {
  for (const install of [() => {}, downloadWithPlaywright, downloadLibraries, installDebianPackage]) {
    install();
    const path = findChromium();
    if (path !== undefined) {
      return path;
    }
  }
  throw new Error(
    "the tests need Chromium and none could be installed: install Chromium, Chrome or Edge " +
      "(on Debian: apt-get install chromium), or set CHROME_PATH to its executable",
  );
};

const isLinuxRoot = process.platform === "linux" && process.getuid?.() === 0;

function downloadWithPlaywright() {
  playwright("install", "--no-shell", "chromium");
}

/** A download does not bring the system libraries that it needs. */
function downloadLibraries() {
  if (isLinuxRoot && existsSync(chromium.executablePath())) {
    playwright("install-deps", "chromium");
  }
}

function installDebianPackage() {
  if (isLinuxRoot) {
    run("apt-get", ["update"]);
    run("apt-get", ["install", "-y", "--no-install-recommends", "chromium"]);
  }
}

/** @param {string[]} args */
function playwright(...args) {
  const manifest = createRequire(import.meta.url).resolve("playwright-core/package.json");
  run(process.execPath, [join(manifest, "..", "cli.js"), ...args]);
}

/**
 * Runs a step whose failure shows only in there being no Chromium after it. Stdout stays free for the path.
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args) {
  process.stderr.write(`$ ${[command, ...args].join(" ")}\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync(command, args, { stdio: ["ignore", 2, 2], env, timeout: 15 * 60_000 });
}
