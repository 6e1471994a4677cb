// Lets Dawn for Node use the software Vulkan driver that comes with Chromium.
import { existsSync, mkdirSync, realpathSync } from "node:fs";
import { constants, tmpdir, userInfo } from "node:os";
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

/** The flag of dlopen(3) that keeps a library in the process for good. Linux's value; Node does not name it. */
const RTLD_NODELETE = 0x1000;

/** @type {typeof import("./index.d.mts").useSwiftshader} */
export const useSwiftshader = () => {
  if (process.platform !== "linux") {
    return;
  }
  process.env.XDG_RUNTIME_DIR = runtimeFolder();
  process.env.VK_ICD_FILENAMES ??= driverManifest();
  const loader = join(dirname(process.env.VK_ICD_FILENAMES), "libvulkan.so.1");
  if (existsSync(loader)) {
    keepLibrary(loader);
  }
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

/**
 * Loads a library, so that Dawn, which asks the system for it by its name alone, is given this one: many machines have
 * Vulkan's loader in Chromium's folder only.
 * @param {string} path
 */
function keepLibrary(path) {
  try {
    process.dlopen({ exports: {} }, path, constants.dlopen.RTLD_NOW | RTLD_NODELETE);
  } catch (error) {
    // Node takes it for an addon, and says what it is not once it is loaded.
    if (!(error instanceof Error && error.message.includes("did not self-register"))) throw error;
  }
}

/** Vulkan's loader warns, and some drivers fail, where there is no such folder of the user's own. */
function runtimeFolder() {
  const folder = process.env.XDG_RUNTIME_DIR ?? join(tmpdir(), `gumbel-runtime-${userInfo().uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
