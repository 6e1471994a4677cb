// Finds or installs the Chromium that the tests run on, and its software GPU. Knows nothing of the packages.
export { chromiumCandidates } from "./chromium-candidates.mjs";
export { disabledDawnFeatures } from "./disabled-dawn-features.mjs";
export { ensureChromium } from "./ensure-chromium.mjs";
export { findChromium } from "./find-chromium.mjs";
export { launchArgs } from "./launch-args.mjs";
export { useSwiftshader } from "./use-swiftshader.mjs";
