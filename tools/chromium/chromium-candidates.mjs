// Where browsers that can run the tests usually are. Touches no file.
import { posix, win32 } from "node:path";

/** @type {typeof import("./index.d.mts").chromiumCandidates} */
export const chromiumCandidates = (platform, env) => {
  if (platform === "win32") {
    const roots = [env.PROGRAMFILES, env["PROGRAMFILES(X86)"], env.LOCALAPPDATA];
    const browsers = ["Google/Chrome/Application/chrome.exe", "Chromium/Application/chrome.exe"];
    const edge = "Microsoft/Edge/Application/msedge.exe";
    return [...browsers, edge].flatMap((browser) =>
      roots.filter((root) => root !== undefined).map((root) => win32.join(root, browser)),
    );
  }
  if (platform === "darwin") {
    const roots = [
      "/Applications",
      ...(env.HOME === undefined ? [] : [posix.join(env.HOME, "Applications")]),
    ];
    return ["Google Chrome", "Chromium", "Microsoft Edge"].flatMap((name) =>
      roots.map((root) => posix.join(root, `${name}.app/Contents/MacOS/${name}`)),
    );
  }
  return [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
  ];
};
