// The conformance page runs the suite in a worker and says what came of it.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openSite, type Site } from "./site.ts";

let site: Site;
beforeAll(async () => {
  site = await openSite();
}, 120_000);
afterAll(() => site.close());

it("a quick run on the reference goes green, and its report can be downloaded", {
  timeout: 180_000,
}, async () => {
  const { page, errors, scripts } = await site.open("conformance.html");
  const before = scripts.size;
  for (const row of await page.locator("[data-backend]").all()) {
    const box = row.getByRole("checkbox");
    const wanted = (await row.getAttribute("data-backend")) === "reference";
    if ((await box.isEnabled()) && (await box.isChecked()) !== wanted) await box.click();
  }
  await page.getByRole("button", { name: "Run the suite here" }).click();
  const row = page.locator('[data-backend="reference"]');
  await row.locator('xpath=self::*[@data-state="done"]').waitFor({ timeout: 150_000 });
  expect(await row.locator(".verdict").textContent()).toMatch(/^conforms: \d{3} passed/);

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download JSON" }).click(),
  ]);
  const { reports } = JSON.parse(readFileSync(await download.path(), "utf8"));
  expect(reports).toHaveLength(1);
  expect(reports[0]).toMatchObject({ backend: "reference", conforms: true, quick: true });

  // One run of the reference loads no TensorFlow.js and no ONNX Runtime.
  expect(before).toBeGreaterThan(0);
  expect([...scripts.keys()].filter((url) => /tfjs|onnx|ort-/.test(url))).toEqual([]);
  expect(errors).toEqual([]);
});

it("a run can be stopped", { timeout: 60_000 }, async () => {
  const { page, errors } = await site.open("conformance.html");
  await page.getByRole("button", { name: "Run the suite here" }).click();
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByRole("button", { name: "Run the suite here" }).waitFor();
  expect(await page.locator('[data-state="running"]').count()).toBe(0);
  expect(errors).toEqual([]);
});
