// The playground answers to the keyboard, and every backend draws the same sample.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openSite, type Site } from "./site.ts";

let site: Site;
beforeAll(async () => {
  site = await openSite();
}, 120_000);
afterAll(() => site.close());

/** What the picture says of itself, once it differs from what it said. */
async function labelAfter(page: Page, last: string | null): Promise<string> {
  const picture = page.locator(".triangle canvas");
  await page.waitForFunction(
    ([selector, before]) => {
      const label = document.querySelector(selector!)?.getAttribute("aria-label");
      return label?.startsWith("Sample") && label !== before;
    },
    [".triangle canvas", last],
  );
  return (await picture.getAttribute("aria-label"))!;
}

it("sliders, key and hard change the sample, by keyboard alone", { timeout: 60_000 }, async () => {
  const { page, errors } = await site.open("playground.html");
  const first = await labelAfter(page, null);
  await page.getByLabel("Logit of C").focus();
  await page.keyboard.press("End");
  const second = await labelAfter(page, first);
  await page.getByRole("button", { name: "Next key" }).focus();
  await page.keyboard.press("Enter");
  const third = await labelAfter(page, second);
  await page.getByLabel("Hard").focus();
  await page.keyboard.press("Space");
  expect(await labelAfter(page, third)).toMatch(/100\.0 %/);
  expect(errors).toEqual([]);
});

it("the picture is drawn, and drawn anew in the dark scheme", { timeout: 60_000 }, async () => {
  const { page } = await site.open("playground.html");
  await labelAfter(page, null);
  const pixels = () =>
    page.locator(".triangle canvas").evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const light = await pixels();
  expect(light.length).toBeGreaterThan(5000);
  await page.locator(".VPSwitchAppearance").first().click();
  await page.waitForFunction(
    (before) => (document.querySelector(".triangle canvas") as HTMLCanvasElement).toDataURL() !== before,
    light,
  );
});

it.each(["wasm", "tfjs-cpu", "tfjs-wasm", "onnx-wasm", "webgpu"])(
  "%s draws the sample of the reference",
  { timeout: 120_000 },
  async (backend) => {
    const { page, errors } = await site.open("playground.html");
    const reference = await labelAfter(page, null);
    await page.getByLabel("Backend").selectOption(backend);
    // Another key and back: the last picture can only be the chosen backend's.
    await page.getByLabel("Key", { exact: true }).fill("43");
    const other = await labelAfter(page, reference);
    await page.getByLabel("Key", { exact: true }).fill("42");
    expect(await labelAfter(page, other)).toBe(reference);
    expect(await page.locator("[role=alert]").count()).toBe(0);
    expect(errors).toEqual([]);
  },
);
