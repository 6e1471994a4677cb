// The conformance page runs the suite in a worker and shows its results.
import { readFileSync } from "node:fs";
import { describeInFull, isFullRun, shortened } from "@gumbel-tools/test";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openSite, type Site } from "./site.ts";

let site: Site;
beforeAll(async () => {
  site = await openSite();
}, 120_000);
afterAll(() => site.close());

/** Starts a run on one backend alone and returns its row of the page. */
async function runOn(page: Page, backend: string): Promise<Locator> {
  for (const row of await page.locator("[data-backend]").all()) {
    const box = row.getByRole("checkbox");
    const wanted = (await row.getAttribute("data-backend")) === backend;
    if ((await box.isEnabled()) && (await box.isChecked()) !== wanted) await box.click();
  }
  await page.getByRole("button", { name: "Run the suite here" }).click();
  return page.locator(`[data-backend="${backend}"]`);
}

/** Waits for the end of a run that goes green. */
async function conforms(row: Locator): Promise<void> {
  await row.locator('xpath=self::*[@data-state="done"]').waitFor({ timeout: 150_000 });
  expect(await row.locator(".verdict").textContent()).toMatch(/^conforms: \d{3} passed/);
}

it(shortened(
  "the suite runs on the reference, loads no other backend, and can be stopped or goes green",
  "its first cases",
), { timeout: 180_000 }, async () => {
  const { page, errors, scripts } = await site.open("conformance.html");
  const before = scripts.size;
  const row = await runOn(page, "reference");
  await row.getByText(/\b[1-9]\d* of \d{3}\b/).waitFor();
  if (isFullRun) await conforms(row);
  else await page.getByRole("button", { name: "Stop" }).click();
  await page.getByRole("button", { name: "Run the suite here" }).waitFor();
  expect(await page.locator('[data-state="running"]').count()).toBe(0);
  // One run of the reference loads no TensorFlow.js and no ONNX Runtime.
  expect(before).toBeGreaterThan(0);
  expect([...scripts.keys()].filter((url) => /tfjs|onnx|ort-/.test(url))).toEqual([]);
  expect(errors).toEqual([]);
});

describeInFull("another backend", () => {
  it("the SIMD engine goes green too", { timeout: 180_000 }, async () => {
    const { page, errors } = await site.open("conformance.html");
    await conforms(await runOn(page, "wasm"));
    expect(errors).toEqual([]);
  });
});

/** A worker that posts the report of a backend that passes one case. */
const GREEN = `self.onmessage = () => {
  const result = { id: "soft/hard", kind: "exact", title: "a law", clauses: ["GS-2"], milliseconds: 1, status: "passed" };
  self.postMessage({ type: "result", result, done: 1, total: 1 });
  const counts = { passed: 1, failed: 0, skipped: 0, "known-failure": 0, "unexpected-pass": 0 };
  const report = { backend: "reference", quick: true, seed: 7, milliseconds: 2, counts, conforms: true, results: [result] };
  self.postMessage({ type: "report", report, pretty: "reference conforms to the sampling spec" });
};`;

it("a report can be copied and downloaded, and is announced", { timeout: 60_000 }, async () => {
  const { page, errors } = await site.open("conformance.html");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.route(/suite\.worker/, (route) =>
    route.fulfill({ contentType: "text/javascript", body: GREEN }),
  );
  const row = await runOn(page, "reference");
  await row.locator('xpath=self::*[@data-state="done"]').waitFor();
  expect(await page.getByRole("status").textContent()).toMatch(/^Reference conforms/);

  await page.getByRole("button", { name: "Copy the report" }).click();
  await page.getByText("The report is on the clipboard.").waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
    /reference conforms to the sampling spec/,
  );

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download JSON" }).click(),
  ]);
  const { reports } = JSON.parse(readFileSync(await download.path(), "utf8"));
  expect(reports).toHaveLength(1);
  expect(reports[0]).toMatchObject({ backend: "reference", conforms: true, quick: true });
  expect(errors).toEqual([]);
});

/** A worker that posts the report of a broken backend. */
const BROKEN = `self.onmessage = () => {
  const failure = { clause: "GS-2", message: "gumbelSoftmax: element 3 is 0.99999994, expected 1", replay: "--case soft/hard --seed 7" };
  const about = { kind: "exact", title: "a law", clauses: ["GS-2"], milliseconds: 1 };
  const results = [
    { ...about, id: "soft/hard", status: "failed", failure },
    { ...about, id: "soft/known", status: "known-failure", reason: "its driver rounds", failure },
  ];
  results.forEach((result, i) => self.postMessage({ type: "result", result, done: i + 1, total: 2 }));
  const counts = { passed: 0, failed: 1, skipped: 0, "known-failure": 1, "unexpected-pass": 0 };
  const report = { backend: "broken", quick: true, seed: 7, milliseconds: 2, counts, conforms: false, results };
  self.postMessage({ type: "report", report, pretty: "broken does not conform" });
};`;

it("a failure shows its clause, its message and how to replay it; a known one its reason", {
  timeout: 60_000,
}, async () => {
  const { page, errors } = await site.open("conformance.html");
  await page.route(/suite\.worker/, (route) =>
    route.fulfill({ contentType: "text/javascript", body: BROKEN }),
  );
  const row = await runOn(page, "reference");
  await row.locator('xpath=self::*[@data-state="done"]').waitFor();
  expect(await row.locator(".verdict").textContent()).toMatch(
    /^does not conform: 0 passed, 1 failed, 1 known to fail/,
  );
  const [failure, known] = await row.locator(".failure").all();
  expect(await failure!.getByRole("link", { name: "GS-2" }).getAttribute("href")).toMatch(
    /specification\.html#GS-2$/,
  );
  expect(await failure!.textContent()).toMatch(
    /soft\/hard.*element 3 is 0\.99999994.*--case soft\/hard --seed 7/s,
  );
  expect(await known!.textContent()).toContain("its driver rounds");
  expect(errors).toEqual([]);
});

it("a backend that does not start says why, and the next one runs", { timeout: 60_000 }, async () => {
  const { page } = await site.open("conformance.html");
  const body = "self.onmessage = () => self.postMessage({ type: 'error', message: 'no memory' });";
  await page.route(/suite\.worker/, (route) => route.fulfill({ contentType: "text/javascript", body }));
  await page.getByRole("button", { name: "Run the suite here" }).click();
  await page.getByRole("button", { name: "Run the suite here" }).waitFor();
  const chosen = page.locator("[data-backend]").filter({ has: page.locator("input:checked") });
  expect(await chosen.count()).toBeGreaterThan(5);
  for (const row of await chosen.all()) {
    expect(await row.locator(".verdict").textContent()).toBe("did not run: no memory");
  }
});
