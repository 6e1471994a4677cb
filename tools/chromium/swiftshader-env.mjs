// Lets Dawn for Node use the software Vulkan driver that comes with Chromium.
import { existsSync, mkdirSync, realpathSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { findChromium } from "./find-chromium.mjs";

/** Where distributions keep Chromium's libraries when its command is a script elsewhere. */
const LIBRARY_FOLDERS = [
  "/usr/lib/chromium",
  "/usr/lib64/chromium",
  "/usr/lib/chromium-browser",
  "/usr/lib64/chromium-browser",
  "/snap/chromium/current/usr/lib/chromium-browser",
];

/** @type {typeof import("./index.d.mts").swiftshaderEnv} */
export const swiftshaderEnv = () => {
  if (process.platform !== "linux") {
    return {};
  }
  return {
    XDG_RUNTIME_DIR: runtimeFolder(),
    VK_ICD_FILENAMES: process.env.VK_ICD_FILENAMES ?? driverManifest(),
  };
};

function driverManifest() {
  const chromium = findChromium();
  const beside = chromium === undefined ? [] : [dirname(realpathSync(chromium))];
  const manifests = [...beside, ...LIBRARY_FOLDERS].map((folder) => join(folder, "vk_swiftshader_icd.json"));
  const found = manifests.find(existsSync);
  if (found === undefined) {
    throw new Error(
      `no Vulkan driver for Dawn: looked for ${manifests.join(", ")}; ` +
        "run `node tools/chromium/install.mjs`, or set VK_ICD_FILENAMES to a driver's manifest",
    );
  }
  return found;
}

/** Vulkan's loader warns, and some drivers fail, where there is no such folder of the user's own. */
function runtimeFolder() {
  const folder = process.env.XDG_RUNTIME_DIR ?? join(tmpdir(), `gumbel-runtime-${userInfo().uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
