import assert from "node:assert/strict";
import { test } from "node:test";

import { picture, somebody } from "./people.js";
import { code, lookUp, main, readable, report, wider } from "./steps.js";

test("a resident reports without JavaScript and without an account, and follows it by its code", async () => {
  const page = await somebody({ js: false });
  await page.getByRole("link", { name: /我要反映/ }).click();
  await page.getByLabel("什么事").fill("四幢二单元的感应灯不亮，晚上看不见台阶。");
  await page.getByLabel("哪个网格").selectOption({ label: "一网格（悦贤里）" });
  await page.getByLabel("在哪里").fill("悦贤里四幢二单元");
  await page.getByRole("button", { name: "说好了，交上去" }).click();
  await page.waitForURL(/\/receipt$/);
  const shown = await code(page);
  assert.match(await main(page).innerText(), /您没有留电话/);

  await page.getByRole("link", { name: "看这件事的进展" }).click();
  assert.match(await page.locator(".now").innerText(), /已收到[\s\S]*下一步/);
  assert.match(await page.locator("h1").innerText(), /四幢二单元的感应灯不亮/);

  const later = await somebody({ js: false });
  await lookUp(later, shown.replace("-", "").toLowerCase());
  assert.match(await later.locator(".crumb").innerText(), new RegExp(shown));
  await page.context().close();
  await later.context().close();
});

test("a slip prints on one sheet: the code large, a picture to scan, nothing of the page around it", async () => {
  const page = await somebody();
  const shown = await report(page, "六幢门口的信报箱锁坏了。", { name: "何女士" });
  await page.getByRole("link", { name: "打印纸条" }).click();
  assert.equal((await page.locator(".slip .big").innerText()).trim(), shown);
  assert.ok(await page.locator(".slip .qr svg").isVisible());
  assert.ok(await page.getByText("用浏览器的“打印”").isVisible());
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.getByText("用浏览器的“打印”").isVisible(), false);
  assert.equal(await page.locator("header.top").isVisible(), false);
  const sheet = (await page.pdf({ format: "A5" })).toString("latin1");
  assert.equal(sheet.match(/\/Type\s*\/Page\b/g)?.length, 1);
  await page.context().close();
});

test("a wrong code says so and keeps what was typed", async () => {
  const page = await somebody();
  for (const [typed, says] of [["7K3M", /少了或多了几位/], ["7K3M-2Q9D", /没有找到这个码/]] as const) {
    await page.goto("/linping/lookup");
    await page.getByLabel("回执码").fill(typed);
    await page.getByRole("button", { name: "查", exact: true }).click();
    assert.match(await page.getByRole("alert").innerText(), says);
    assert.equal(await page.getByLabel("回执码").inputValue(), typed);
    assert.equal(await page.getByLabel("回执码").getAttribute("aria-invalid"), "true");
  }
  await page.context().close();
});

test("a form that is not right shows each fault at its field and keeps what was typed", async () => {
  const page = await somebody({ js: false });
  await page.goto("/linping/report");
  await page.getByLabel("在哪里").fill("悦贤里五幢");
  await page.getByLabel("您的电话").fill("12345");
  await page.getByLabel("怎么称呼您").fill("何女士");
  await page.getByRole("button", { name: "说好了，交上去" }).click();
  const faults = page.getByRole("alert");
  assert.match(await faults.innerText(), /还没有写是什么事[\s\S]*电话好像不对/);
  for (const label of ["什么事", "您的电话"]) {
    const field = page.getByLabel(label);
    assert.equal(await field.getAttribute("aria-invalid"), "true", label);
    const fault = (await field.getAttribute("aria-describedby"))?.split(" ").find((id) => id.endsWith("-fault"));
    assert.ok(fault, `${label}: its fault is named to a screen reader`);
    assert.ok(await page.locator(`#${fault}`).isVisible());
  }
  assert.equal(await page.getByLabel("在哪里").inputValue(), "悦贤里五幢");
  assert.equal(await page.getByLabel("您的电话").inputValue(), "12345");
  assert.equal(await page.getByLabel("怎么称呼您").inputValue(), "何女士");
  await page.getByLabel("什么事").fill("消防通道停了车。");
  await page.getByLabel("哪个网格").selectOption({ label: "一网格（悦贤里）" });
  await page.getByLabel("您的电话").fill("");
  await page.getByRole("button", { name: "说好了，交上去" }).click();
  await page.waitForURL(/\/receipt$/);
  await page.context().close();
});

test("what was typed survives a lost page, and is gone after the receipt", async () => {
  const page = await somebody();
  await page.goto("/linping/report");
  await page.getByLabel("什么事").fill("儿童滑梯的扶手松了。");
  await page.getByLabel("怎么称呼您").fill("何女士");
  await page.goto("/linping/");
  await page.goto("/linping/report");
  assert.equal(await page.getByLabel("什么事").inputValue(), "儿童滑梯的扶手松了。");
  assert.equal(await page.getByLabel("怎么称呼您").inputValue(), "", "a name is never kept on the device");
  await page.getByLabel("哪个网格").selectOption({ label: "一网格（悦贤里）" });
  await page.getByRole("button", { name: "说好了，交上去" }).click();
  await page.waitForURL(/\/receipt$/);
  await page.goto("/linping/report");
  assert.equal(await page.getByLabel("什么事").inputValue(), "");
  await page.context().close();
});

test("a report can be written and sent with the keyboard alone", async () => {
  const page = await somebody();
  const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "跳到正文", "the first stop leads past the frame");
  for (let i = 0; i < 30 && !(await focused()).startsWith("我要反映"); i++) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/report$/);
  const at = (id: string): Promise<boolean> => page.evaluate((wanted) => document.activeElement?.id === wanted, id);
  for (let i = 0; i < 20 && !(await at("f-text")); i++) await page.keyboard.press("Tab");
  await page.keyboard.type("七幢楼梯扶手松了。");
  await page.keyboard.press("Tab");
  assert.ok(await at("f-place"), "the grid follows the words");
  await page.keyboard.press("ArrowDown");
  for (let i = 0; i < 20 && (await focused()) !== "说好了，交上去"; i++) {
    await page.keyboard.press("Tab");
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle);
    assert.notEqual(outline, "none", "where the keyboard stands is seen");
  }
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/receipt$/);
  await code(page);
  await page.context().close();
});

test("English and large type are one press away and stay", async () => {
  const page = await somebody();
  const before = await page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize));
  await page.getByRole("link", { name: "长辈版" }).click();
  await page.goto("/linping/report");
  const large = await page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize));
  assert.ok(large >= before * 1.3, `${large} px after ${before} px`);
  assert.deepEqual(await wider(page), []);
  await page.getByRole("link", { name: "English" }).click();
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await page.goto("/linping/lookup");
  await page.getByRole("heading", { name: "See how far it is" }).waitFor();
  assert.equal(await page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize)), large);
  await page.getByRole("link", { name: "中文" }).click();
  await page.getByRole("link", { name: "普通版" }).click();
  assert.equal(await page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize)), before);
  await page.context().close();
});

test("who does not know the grid describes the spot, and it is taken in", async () => {
  const page = await somebody({ js: false });
  await page.goto("/linping/report");
  await page.getByLabel("什么事").fill("路口的窨井盖不见了，很危险。");
  await page.getByLabel("在哪里").fill("崇贤街道菜场东门往南一百米");
  await page.getByRole("button", { name: "说好了，交上去" }).click();
  assert.deepEqual(await page.locator(".fault").allInnerTexts(), []);
  await code(page);
  await page.context().close();
});

test("a photo goes along and is shown with the matter", async () => {
  const page = await somebody();
  await page.goto("/linping/report");
  await page.getByLabel("什么事").fill("八幢墙皮掉下来了。");
  await page.getByLabel("哪个网格").selectOption({ label: "一网格（悦贤里）" });
  await page.getByLabel("照片").setInputFiles({ name: "wall.png", mimeType: "image/png", buffer: await picture(page) });
  await page.getByRole("button", { name: "说好了，交上去" }).click();
  await page.waitForURL(/\/receipt$/);
  await page.getByRole("link", { name: "看这件事的进展" }).click();
  await page.getByText("原话和编号").click();
  const shown = page.locator("details.fold img");
  await shown.waitFor();
  await shown.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => (document.querySelector("details.fold img") as HTMLImageElement | null)?.naturalWidth);
  await page.context().close();
});

test("what is no photo, or one too many, is said at the field", async () => {
  const page = await somebody({ js: false });
  const shot = await picture(page);
  const sent: [{ name: string; mimeType: string; buffer: Buffer }[], RegExp][] = [
    [[{ name: "a.png", mimeType: "image/png", buffer: Buffer.from("this is a letter, not a picture") }], /照片|JPG/],
    [["a", "b", "c", "d"].map((name) => ({ name: `${name}.png`, mimeType: "image/png", buffer: shot })), /照片太多了，最多 3 张/],
  ];
  for (const [files, says] of sent) {
    await page.goto("/linping/report");
    await page.getByLabel("什么事").fill("八幢墙皮掉下来了。");
    await page.getByLabel("哪个网格").selectOption({ label: "一网格（悦贤里）" });
    await page.getByLabel("照片").setInputFiles(files);
    await page.getByRole("button", { name: "说好了，交上去" }).click();
    assert.match(await main(page).innerText(), says);
    assert.ok(await page.locator("#f-photo-fault").isVisible());
    assert.equal(await page.getByLabel("什么事").inputValue(), "八幢墙皮掉下来了。");
  }
  await page.context().close();
});

test("a form with faults can be read by everybody", async () => {
  for (const look of [{}, { large: true }, { dark: true }, { english: true, large: true }]) {
    const page = await somebody(look);
    await page.goto("/linping/report");
    await page.locator("#f-phone").fill("12345");
    await page.locator("form[data-draft] button.main").click();
    await page.locator("#f-phone-fault").waitFor();
    await readable(page);
    await page.context().close();
  }
});
