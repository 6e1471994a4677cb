// The filters page: sliders cut tokens live, draws follow, and what cannot be drawn from is said in words.
import { categorical, key } from "@gumbel/core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openSite, type Site } from "./site.ts";

let site: Site;
beforeAll(async () => {
  site = await openSite();
}, 120_000);
afterAll(() => site.close());

const summaryOf = (page: Page) => page.locator(".summary");
const rowOf = (page: Page, name: string) => page.getByRole("row", { name: new RegExp(`^${name}\\b`) });

it("each filter names what it cuts, counts add up to the draws, and the key's draw is that of @gumbel/core", {
  timeout: 60_000,
}, async () => {
  const { page, errors } = await site.open("filters.html");
  await page.getByLabel("Logits of").selectOption("own");
  await page.getByLabel("Your logits").fill("2, 1.5, 1, 0, -inf");
  await page.getByRole("button", { name: "All off" }).click();
  await summaryOf(page).getByText("No filter is on").waitFor();

  await page.getByLabel("topK").fill("3");
  await page.getByLabel("topP").fill("0.8");
  await page.getByLabel("Key", { exact: true }).fill("7");
  // Of three tokens with e², e^1.5 and e the first two hold 0.81.
  await summaryOf(page).getByText("2 of 5 tokens are left").waitFor();
  const rows = await page.getByRole("region", { name: "Tokens" }).locator("tbody tr").allInnerTexts();
  expect(rows.map((row) => /kept|cut by \w+|masked/.exec(row)?.[0])).toEqual([
    "kept",
    "kept",
    "cut by topP",
    "cut by topK",
    "masked",
  ]);
  const counts = rows.map((row) => Number(row.split("\t").at(-2)!.replace(",", "")));
  expect(counts.reduce((sum, count) => sum + count)).toBe(1000);
  expect(counts.slice(2)).toEqual([0, 0, 0]);

  const logits = { data: [2, 1.5, 1, 0, Number.NEGATIVE_INFINITY], shape: [5] };
  const { data } = categorical(logits, { key: key(7), topK: 3, topP: 0.8 });
  await summaryOf(page).getByText(`The key draws “token ${data[0]}”`).waitFor();
  expect(await page.locator("pre.call").textContent()).toBe(
    "sampler.categorical(logits, { key: key(7), topK: 3, topP: 0.8 })",
  );
  expect(errors).toEqual([]);
});

it("temperature 0 takes the mode, and rows, logits and keys that cannot be drawn say why", {
  timeout: 60_000,
}, async () => {
  const { page, errors } = await site.open("filters.html");
  await page.getByLabel("Temperature").fill("0");
  await summaryOf(page).getByText("At temperature 0 every key draws the most likely token").waitFor();

  await page.getByLabel("Logits of").selectOption("own");
  for (const [logits, message] of [
    ["NaN 1", /NaN.*categorical gives −1/],
    ["-inf", /nothing but −∞.*categorical gives −1/],
    ["1 two", /"two", the logit of token 1, is not a number/],
    ["", /at least one logit/],
  ] as const) {
    await page.getByLabel("Your logits").fill(logits);
    await page.getByRole("alert").getByText(message).waitFor();
    expect(await page.getByRole("region", { name: "Tokens" }).count()).toBe(0);
  }
  await page.getByLabel("Your logits").fill("0 1");
  await rowOf(page, "token 1").waitFor();
  await page.getByLabel("Key", { exact: true }).fill("-5.5");
  await page.getByRole("alert").getByText("-5.5").waitFor();
  expect(await page.getByRole("region", { name: "Tokens" }).count()).toBe(0);
  expect(errors).toEqual([]);
});
