// Chromium's flags for the tests.

/** @type {typeof import("./index.d.mts").launchArgs} */
export const launchArgs = [
  "--no-sandbox", // containers run as root, where Chromium's sandbox does not start
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--enable-unsafe-webgpu", // Linux
  "--use-webgpu-adapter=swiftshader",
];
