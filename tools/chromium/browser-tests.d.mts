// The types of browser-tests.mjs, written by hand as those of index.mjs.
import type { ViteUserConfig } from "vitest/config";

/**
 * The config of a `vitest.browser.config.ts`: runs `test/browser/**` against the sources, one page at a time.
 *
 * @param name of the vitest project
 * @param dependencies that are bundled before the first test: one found later would reload the page under it
 */
export declare function browserTests(name: string, dependencies?: readonly string[]): ViteUserConfig;
