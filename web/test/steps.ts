/** What people do on the pages, as often as tests need it. */
import assert from "node:assert/strict";
import axe from "axe-core";
import type { Locator, Page } from "playwright-core";

const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The main part of a page. */
export const main = (page: Page): Locator => page.locator("main");

/** Fills and sends a report; answers the look-up code of its receipt. */
export async function report(page: Page, text: string, person: { name?: string; phone?: string } = {}): Promise<string> {
  await page.goto("/linping/report");
  await page.getByLabel("什么事").fill(text);
  await page.getByLabel("哪个网格").selectOption({ label: "一网格（悦贤里）" });
  await page.getByLabel("您的电话").fill(person.phone ?? "");
  await page.getByLabel("怎么称呼您").fill(person.name ?? "");
  await page.getByRole("button", { name: "说好了，交上去" }).click();
  await page.waitForURL(/\/receipt$/);
  return code(page);
}

/** The look-up code that a receipt shows. */
export async function code(page: Page): Promise<string> {
  const shown = (await page.locator(".code b").innerText()).trim();
  assert.match(shown, /^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  return shown;
}

/** Opens an item from the list of the person's matters by the words of its title. */
export async function openItem(page: Page, title: string): Promise<void> {
  await page.goto("/linping/work?queue=all");
  await page.getByRole("link", { name: title }).first().click();
  await page.locator("article.item").waitFor();
}

/** Makes a move on an open item; `fill` gets the unfolded form. */
export async function move(page: Page, label: string, fill?: (form: Locator) => Promise<unknown>): Promise<void> {
  const folded = page.locator("details.move", { has: page.locator("summary", { hasText: new RegExp(`^${label}$`) }) }).first();
  if (await folded.count()) {
    if ((await folded.getAttribute("open")) === null) await folded.locator("summary").click();
    await fill?.(folded);
    await folded.getByRole("button", { name: label, exact: true }).click();
  } else {
    await page.locator("form.move.one").getByRole("button", { name: label, exact: true }).first().click();
  }
  await page.locator(".flash[role=status]").waitFor();
  assert.match(await page.locator(".flash[role=status]").innerText(), /^记下了/);
}

/** The labels of the moves that the item offers. */
export async function moves(page: Page): Promise<string[]> {
  const labels = await page.locator("article.item details.move > summary, article.item form.move.one button").allInnerTexts();
  return labels.map((label) => label.trim());
}

/** The page of a case, found by its look-up code as anybody would. */
export async function lookUp(page: Page, shown: string): Promise<void> {
  await page.goto("/linping/lookup");
  await page.getByLabel("回执码").fill(shown);
  await page.getByRole("button", { name: "查", exact: true }).click();
  await page.waitForURL(/\/c\//);
}

/** Nothing may be wider than the window: answers what is. */
export async function wider(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const far = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > width + 1);
    return [`page ${document.documentElement.scrollWidth} px in ${width}`, ...far.slice(0, 5).map((e) => e.outerHTML.slice(0, 160))];
  });
}

/** Faults that axe finds, one line each. */
export async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async (tags) => {
    const found = await (window as unknown as { axe: typeof axe }).axe.run(document, { runOnly: tags });
    return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id} at ${n.target.join(" ")}: ${n.failureSummary?.split("\n")[1]?.trim() ?? v.help}`));
  }, AXE_TAGS);
}

/** The page as it stands, all that folds unfolded, has no fault that axe finds and is no wider than its window. */
export async function readable(page: Page): Promise<void> {
  await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => (fold.open = true)));
  assert.deepEqual(await faults(page), []);
  assert.deepEqual(await wider(page), [], "wider than the window");
}
