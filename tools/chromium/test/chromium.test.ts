// What the tests of the packages rely on: a Chromium is found where it usually is, and Dawn finds its driver.
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { chromium } from "playwright-core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { chromiumCandidates, findChromium, launchArgs, useSwiftshader } from "../index.mjs";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("candidates", () => {
  test("Linux looks on PATH, Chromium before Chrome before Edge", () => {
    const names = chromiumCandidates("linux", {});
    const order = ["chromium", "google-chrome", "msedge"].map((name) => names.indexOf(name));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order[0]).toBe(0);
  });

  test("macOS looks in the system's and the user's applications", () => {
    const paths = chromiumCandidates("darwin", { HOME: "/Users/ada" });
    expect(paths).toContain("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
    expect(paths).toContain("/Users/ada/Applications/Chromium.app/Contents/MacOS/Chromium");
  });

  test("Windows looks in each program folder that the environment names", () => {
    const paths = chromiumCandidates("win32", { PROGRAMFILES: "C:\\Program Files" });
    expect(paths).toContain("C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe");
    expect(paths).toContain("C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe");
    expect(paths).toHaveLength(3);
  });
});

test("a CHROME_PATH that does not start is an error that names it", () => {
  vi.stubEnv("CHROME_PATH", "/no/such/browser");
  expect(() => findChromium()).toThrow(
    "CHROME_PATH must be a Chromium, Chrome or Edge that starts, got /no/such/browser",
  );
});

// A browser's first start on a busy machine takes longer than vitest's five seconds.
test("what is found launches with the flags and has a WebGPU adapter and WebGL2", {
  timeout: 60_000,
}, async () => {
  const executablePath = findChromium() ?? "";
  const browser = await chromium.launch({ executablePath, args: [...launchArgs] });
  try {
    const page = await browser.newPage();
    // WebGPU is there only in a secure context, which about:blank is not.
    await page.route("https://gumbel.test/", (route) => route.fulfill({ body: "" }));
    await page.goto("https://gumbel.test/");
    const found = await page.evaluate(async () => ({
      webgpu: (await navigator.gpu.requestAdapter()) !== null,
      webgl2: document.createElement("canvas").getContext("webgl2") !== null,
    }));
    expect(found).toEqual({ webgpu: true, webgl2: true });
  } finally {
    await browser.close();
  }
});

describe.runIf(process.platform === "linux")("SwiftShader for Dawn", () => {
  test("names a driver manifest whose library is there", () => {
    vi.stubEnv("VK_ICD_FILENAMES", undefined);
    useSwiftshader();
    const { VK_ICD_FILENAMES = "" } = process.env;
    const { ICD } = JSON.parse(readFileSync(VK_ICD_FILENAMES, "utf8"));
    expect(existsSync(join(dirname(VK_ICD_FILENAMES), ICD.library_path))).toBe(true);
  });

  test("leaves what is set", () => {
    vi.stubEnv("VK_ICD_FILENAMES", "/drivers/mine.json");
    useSwiftshader();
    expect(process.env.VK_ICD_FILENAMES).toBe("/drivers/mine.json");
  });

  test("has Vulkan's loader in the process, whether the system has one or not", () => {
    vi.stubEnv("VK_ICD_FILENAMES", undefined);
    useSwiftshader();
    const folder = dirname(process.env.VK_ICD_FILENAMES ?? "");
    const loaded = readFileSync("/proc/self/maps", "utf8");
    expect(loaded).toContain(join(realpathSync(folder), "libvulkan.so.1"));
  });
});
