// Runs a script in Deno, whose WebGPU is wgpu with the compiler naga, as Firefox's is. By default on Chromium's SwiftShader.
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { useSwiftshader } from "@gumbel-tools/chromium";

/**
 * Runs a script and returns what it prints. Imports of this repository's packages lead to their sources.
 * @throws Error with what it printed to standard error, where it fails or takes longer than half an hour
 */
export async function runDeno(script: URL, ...args: string[]): Promise<string> {
  useSwiftshader();
  const { VK_ICD_FILENAMES, LD_LIBRARY_PATH } = process.env;
  // Vulkan's loader is in Chromium's folder on machines that have no other.
  const libraries = [LD_LIBRARY_PATH, VK_ICD_FILENAMES && dirname(VK_ICD_FILENAMES)]
    .filter(Boolean)
    .join(":");
  const command = [
    createRequire(import.meta.url).resolve("deno-npm/bin.cjs"),
    "run",
    "--allow-all",
    "--no-lock",
    "--conditions=gumbel-source",
    fileURLToPath(script),
  ];
  const { stdout } = await promisify(execFile)(process.execPath, [...command, ...args], {
    env: { ...process.env, LD_LIBRARY_PATH: libraries, DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" },
    maxBuffer: 2 ** 26,
    timeout: 1_800_000,
  });
  return stdout;
}
