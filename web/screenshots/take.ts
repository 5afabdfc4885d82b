/** The pictures of the README: the running demonstration, a phone of 360 px and a desk of 1366 px. */
import { mkdir, stat } from "node:fs/promises";
import type { Browser, BrowserContext, Page } from "playwright-core";

import { house } from "../test/house.js";
import { DESK, PHONE, open } from "../test/people.js";
import { openItem } from "../test/steps.js";

const FOLDER = "../docs/screenshots";
const BYTES_MAX = 300_000;
/** Pixels of a phone's picture per CSS pixel, so that Chinese letters stay sharp. */
const PHONE_SCALE = 2;

async function context(browser: Browser, address: string, size: typeof PHONE, scale: number): Promise<BrowserContext> {
  return browser.newContext({ baseURL: address, locale: "zh-CN", timezoneId: "Asia/Shanghai", viewport: size, deviceScaleFactor: scale });
}

async function take(page: Page, name: string, fullPage = false): Promise<void> {
  await page.mouse.move(0, 0);
  const path = `${FOLDER}/${name}.png`;
  await page.screenshot({ path, fullPage, animations: "disabled", caret: "hide" });
  const { size } = await stat(path);
  if (size > BYTES_MAX) throw new Error(`${path} has ${size} bytes, more than ${BYTES_MAX}`);
  console.log(`${path} ${Math.round(size / 1000)} kB`);
}

const running = await house();
const browser = await open();
try {
  await mkdir(FOLDER, { recursive: true });
  const phone = await (await context(browser, running.address, PHONE, PHONE_SCALE)).newPage();
  await phone.goto("/linping/");
  await take(phone, "front-door");
  await phone.goto("/linping/report");
  await phone.getByLabel("什么事").fill("三幢的单元门这两天关不上，风一吹砰砰响。");
  await phone.getByLabel("哪个网格").selectOption({ label: "一网格（悦贤里）" });
  await phone.getByLabel("在哪里").fill("悦贤里三幢一单元门口");
  await phone.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await phone.evaluate(() => window.scrollTo(0, 0));
  await take(phone, "report");
  await phone.goto("/linping/");
  await phone.getByRole("link", { name: /雨棚/ }).first().click();
  await take(phone, "case");

  const officer = await (await context(browser, running.address, PHONE, PHONE_SCALE)).newPage();
  await officer.goto("/accounts");
  await officer.getByRole("button", { name: "以周网格员的身份进去看看" }).click();
  await officer.goto("/linping/work/calls");
  // What the demonstration has just loaded is put down for somebody within a second or two.
  for (let tries = 0; tries < 20 && (await officer.locator(".call").count()) === 0; tries++) {
    await officer.waitForTimeout(500);
    await officer.reload();
  }
  await take(officer, "calls");

  const desk = await (await context(browser, running.address, DESK, 1)).newPage();
  await desk.goto("/accounts");
  await desk.getByRole("button", { name: "以钱书记的身份进去看看" }).click();
  await desk.goto("/linping/work?queue=all");
  await take(desk, "work-list");
  await openItem(desk, "三幢的单元门这两天关不上");
  await take(desk, "work-item");
} finally {
  await browser.close();
  await running.stop();
}
