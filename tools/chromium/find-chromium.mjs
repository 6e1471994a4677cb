// Looks for a Chromium that starts. Installs nothing.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { chromium } from "playwright-core";
import { chromiumCandidates } from "./chromium-candidates.mjs";

/** @type {typeof import("./index.d.mts").findChromium} */
export const findChromium = () => {
  const chosen = process.env.CHROME_PATH;
  if (chosen !== undefined && chosen !== "") {
    if (!starts(chosen)) {
      throw new Error(`CHROME_PATH must be a Chromium, Chrome or Edge that starts, got ${chosen}`);
    }
    return chosen;
  }
  const candidates = chromiumCandidates(process.platform, process.env).flatMap(onPath);
  return [...candidates, chromium.executablePath()].find(starts);
};

/**
 * The paths that a candidate may stand for.
 * @param {string} candidate
 */
function onPath(candidate) {
  if (isAbsolute(candidate)) {
    return [candidate];
  }
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, candidate));
}

/**
 * On Linux a file may be there and not start: Ubuntu's chromium-browser only names a snap, and a download lacks its libraries.
 * Elsewhere `--version` opens a window, and neither happens.
 * @param {string} path
 */
function starts(path) {
  if (!existsSync(path)) {
    return false;
  }
  return (
    process.platform !== "linux" ||
    spawnSync(path, ["--version"], { stdio: "ignore", timeout: 30_000 }).status === 0
  );
}
