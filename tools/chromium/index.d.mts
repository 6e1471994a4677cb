// The types of index.mjs, written by hand because configs import it as it stands, on Nodes that cannot run TypeScript.
// Each function's file is checked against its line here.

/**
 * The path of a Chromium, Chrome or Edge that starts on this machine, `CHROME_PATH` first; undefined where there is none.
 * Throws when `CHROME_PATH` is set and does not start.
 */
export declare function findChromium(): string | undefined;

/**
 * As `findChromium`, but installs one where there is none: playwright's download, then (as root) Debian's package.
 * Progress goes to stderr. Throws, saying what to do, when neither works.
 */
export declare function ensureChromium(): string;

/** Where `findChromium` looks on a platform, best first: names without a folder are looked up on PATH. */
export declare function chromiumCandidates(
  platform: NodeJS.Platform,
  env: Record<string, string | undefined>,
): string[];

/** Flags that give WebGPU and WebGL2 without a GPU, on SwiftShader, and leave the network alone. */
export declare const launchArgs: readonly string[];

/**
 * Names of features of Dawn, separated by commas, that tests on SwiftShader switch off to compile sooner: for `disable-dawn-features=` of Dawn
 * for Node and `--disable-dawn-features=` of Chromium. What is measured runs with them.
 */
export declare const disabledDawnFeatures: string;

/**
 * Sees to it that Dawn for Node (the `webgpu` package) finds Chromium's SwiftShader in this process: names the driver in
 * the environment, and loads Vulkan's loader from beside it, which the system may not have. What is set already stays.
 * To be called before `create()`. Does nothing off Linux, where Dawn has a driver of the system.
 */
export declare function useSwiftshader(): void;
