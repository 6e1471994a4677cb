// `node tools/chromium/install.mjs`: sees to it that there is a Chromium and prints its path.
import { ensureChromium } from "./ensure-chromium.mjs";

try {
  console.log(ensureChromium());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
