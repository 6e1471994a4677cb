// The bench in the page: times come for each backend that the browser has.
import { isFullRun, shortened } from "@gumbel-tools/test";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSite, type Site } from "./site.ts";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

test(shortened("a short bench of [64, 10] gives times of every backend, and no error", "it starts"), {
  timeout: 180_000,
}, async () => {
  const { page, errors } = await site.open("benchmarks.html");
  const bench = page.getByRole("region", { name: "A short bench on this device" });
  await bench.getByRole("combobox").selectOption({ label: "[64, 10]" });
  await page.getByRole("button", { name: "Measure here" }).click();
  await page
    .getByRole("status")
    .getByText(/^categorical: /)
    .waitFor();
  expect(errors).toEqual([]);
  if (!isFullRun) return;
  await page.getByRole("status").getByText("done").waitFor({ timeout: 150_000 });
  const table = page.getByRole("region", { name: "Times on this device" });
  const rows = await table.locator("tbody tr").allInnerTexts();
  expect(rows.length).toBeGreaterThanOrEqual(4);
  for (const name of ["@gumbel/wasm", "@gumbel/core"]) {
    // Two times.
    expect(rows.find((row) => row.includes(name))).toMatch(/(\s\d[\d.]*){2}$/);
  }
  expect(errors).toEqual([]);
});
