// The playground works by keyboard, and every backend draws the same sample.
import { gumbelSoftmax, key } from "@gumbel/core";
import { isFullRun, shortened } from "@gumbel-tools/test";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openSite, type Site } from "./site.ts";

const PICTURE = ".picture canvas";
let site: Site;
beforeAll(async () => {
  site = await openSite();
}, 120_000);
afterAll(() => site.close());

/** The description of the picture, once it has changed. */
async function labelAfter(page: Page, last: string | null): Promise<string> {
  await page.waitForFunction(
    ([selector, before]) => {
      const label = document.querySelector(selector!)?.getAttribute("aria-label");
      return label?.startsWith("Sample") && label !== before;
    },
    [PICTURE, last],
  );
  return (await page.locator(PICTURE).getAttribute("aria-label"))!;
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

it("a key of the field is the key of @gumbel/core, a negative one too, and what is no key says why", {
  timeout: 60_000,
}, async () => {
  const { page, errors } = await site.open("playground.html");
  const first = await labelAfter(page, null);
  const field = page.getByLabel("Key", { exact: true });
  const percents = Array.from(
    gumbelSoftmax({ data: [1, 0.5, 0], shape: [3] }, { key: key(-7) }).data,
    (value, i) => `${"ABC"[i]} ${(100 * value).toFixed(1)} %`,
  );
  await field.fill("-7");
  const negative = await labelAfter(page, first);
  expect(negative).toBe(`Sample ${percents.join(", ")}`);
  // What is no key leaves no sample of another one, and says why.
  for (const [text, message] of [
    ["-5.5", /-5\.5/],
    ["", /empty field/],
  ] as const) {
    await field.fill(text);
    await page.getByRole("alert").getByText(message).waitFor();
    expect(await page.locator(PICTURE).getAttribute("aria-label")).not.toMatch(/^Sample/);
    expect(await page.locator(".playground table").count()).toBe(0);
  }
  await field.fill("-7");
  expect(await labelAfter(page, null)).toBe(negative);
  expect(errors).toEqual([]);
});

it("the sample is said once the hand rests, and temperatures at both ends work", {
  timeout: 60_000,
}, async () => {
  const { page, errors } = await site.open("playground.html");
  const first = await labelAfter(page, null);
  await page.getByLabel("Temperature").focus();
  await page.keyboard.press("Home");
  const sharp = await labelAfter(page, first);
  await page.getByRole("status").getByText(sharp).waitFor();
  await page.keyboard.press("End");
  const flat = await labelAfter(page, sharp);
  // 10 to the power 1.5: near the middle, whatever the logits.
  for (const [, share] of flat.matchAll(/([\d.]+) %/g))
    expect(Math.abs(Number(share) - 100 / 3)).toBeLessThan(6);
  expect(errors).toEqual([]);
});

it("on a phone a finger moves a slider while the picture is in sight", { timeout: 60_000 }, async () => {
  const { page, errors } = await site.open("playground.html", {
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
  });
  const first = await labelAfter(page, null);
  const slider = page.getByLabel("Temperature");
  await slider.evaluate((element) => element.scrollIntoView({ block: "end" }));
  const { x, y, width, height } = (await slider.boundingBox())!;
  await page.touchscreen.tap(x + 0.1 * width, y + height / 2);
  await labelAfter(page, first);
  const picture = (await page.locator(PICTURE).boundingBox())!;
  expect(picture.y).toBeGreaterThanOrEqual(0);
  expect(picture.y + picture.height).toBeLessThan(y);
  expect(errors).toEqual([]);
});

it("the picture is drawn, and drawn anew in the dark scheme", { timeout: 60_000 }, async () => {
  const { page } = await site.open("playground.html");
  await labelAfter(page, null);
  const pixels = () => page.locator(PICTURE).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const light = await pixels();
  expect(light.length).toBeGreaterThan(5000);
  await page.locator(".VPSwitchAppearance").first().click();
  await page.waitForFunction(
    ([selector, before]) => (document.querySelector(selector) as HTMLCanvasElement).toDataURL() !== before,
    [PICTURE, light] as const,
  );
});

it("more categories, and a density in place of points", { timeout: 60_000 }, async () => {
  const { page, errors } = await site.open("playground.html");
  const three = await labelAfter(page, null);
  await page.getByRole("button", { name: "Add a category" }).click();
  await page.getByRole("button", { name: "Add a category" }).click();
  await page.getByLabel("Logit of E").fill("5");
  await page.waitForFunction(
    (selector) => document.querySelector(selector)?.getAttribute("aria-label")?.includes("E "),
    PICTURE,
  );
  const five = await labelAfter(page, three);
  expect(five.match(/[A-E] [\d.]+ %/g)).toHaveLength(5);
  expect(await page.locator(".playground tbody tr").count()).toBe(5);
  const pixels = () => page.locator(PICTURE).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const points = await pixels();
  await page.getByLabel("Cloud").selectOption("density");
  await page.waitForFunction(
    ([selector, before]) => (document.querySelector(selector) as HTMLCanvasElement).toDataURL() !== before,
    [PICTURE, points] as const,
  );
  expect(errors).toEqual([]);
});

it("counts ties and upsets of a large vocabulary, and stops when told", { timeout: 60_000 }, async () => {
  const { page, errors } = await site.open("playground.html");
  await page.getByRole("button", { name: /^Draw 5,000 rows/ }).click();
  // Ties of 23 bits: about one row in 90 has one.
  await page.waitForFunction(
    () =>
      Number(document.querySelector("[data-precision=jax] td")?.textContent) >= 100 &&
      Number(document.querySelector("[data-precision=jax] td:nth-of-type(2)")?.textContent) > 0,
  );
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByRole("button", { name: /^Draw 5,000 rows/ }).waitFor();
  expect(await page.locator("[role=alert]").count()).toBe(0);
  expect(errors).toEqual([]);
});

it.each(isFullRun ? ["wasm", "tfjs-cpu", "tfjs-wasm", "onnx-wasm", "webgpu"] : ["wasm"])(
  shortened("%s draws the sample of the reference", "of the other backends one"),
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
