import assert from "node:assert/strict";
import { test } from "node:test";

import { DESK, somebody } from "./people.js";
import { lookUp, main, move, moves, openItem, readable, report } from "./steps.js";

const TITLE = "三幢地下车库出口的照明灯坏了";

test("a matter goes round: reported, handed over, done, checked by another, rated, closed", async (t) => {
  let shown = "";
  const says = async (words: RegExp): Promise<void> => {
    const page = await somebody();
    await lookUp(page, shown);
    assert.match(await page.locator(".now").innerText(), words);
    await readable(page);
    await page.context().close();
  };

  await t.test("a resident reports", async () => {
    const page = await somebody();
    shown = await report(page, `${TITLE}，出来的车看不见人。`, { name: "何女士", phone: "199 0000 3001" });
    assert.doesNotMatch(await main(page).innerText(), /19900003001|199 0000 3001/, "the phone is shown masked");
    await page.context().close();
  });

  await t.test("钱书记 takes it on and hands it over", async () => {
    const page = await somebody({ as: "钱书记", size: DESK });
    await openItem(page, TITLE);
    assert.doesNotMatch(await main(page).innerText(), /19900003001|何女士/, "the secretary sees a masked asker");
    await move(page, "受理并交办", async (form) => {
      await form.getByLabel("事项").selectOption({ label: "路灯不亮" });
      await form.getByLabel("交给谁办").selectOption({ label: "悦贤里物业" });
    });
    await page.context().close();
    await says(/办理中[\s\S]*悦贤里物业/);
  });

  await t.test("王物业管家 takes it over and says it is done", async () => {
    const page = await somebody({ as: "王物业管家" });
    await openItem(page, TITLE);
    await move(page, "我们接手");
    await move(page, "办好了", (form) => form.getByLabel("答复").fill("出口的灯换了新的，晚上看得见人。"));
    assert.ok(!(await moves(page)).includes("核过，办好了"), "who did it does not check it");
    await page.context().close();
    await says(/核验中/);
  });

  await t.test("an officer who had no hand in it checks", async () => {
    const page = await somebody({ as: "周网格员" });
    await openItem(page, TITLE);
    await move(page, "核过，办好了", (form) => form.getByLabel("依据").fill("晚上到出口看过，灯亮着。"));
    await page.context().close();
    await says(/待您评价/);
  });

  await t.test("the resident rates by code, without an account and without JavaScript", async () => {
    const page = await somebody({ js: false });
    await lookUp(page, shown);
    await page.getByRole("link", { name: "解决了", exact: true }).click();
    const word = page.locator("#say-yes");
    await word.getByLabel("满意", { exact: true }).check();
    await word.getByRole("button", { name: "就这样说" }).click();
    await page.locator(".flash").waitFor();
    assert.match(await page.locator(".now").innerText(), /已办结/);
    await page.context().close();
    await says(/已办结/);
  });

  await t.test("the page tells the whole story", async () => {
    const page = await somebody();
    await lookUp(page, shown);
    const story = await page.locator("ol.steps").innerText();
    for (const words of ["悦贤里物业", "晚上到出口看过，灯亮着"]) assert.ok(story.includes(words), words);
    assert.match(await main(page).innerText(), /出口的灯换了新的/);
    assert.ok(await page.getByRole("button", { name: "没解决" }).isVisible(), "not solved after all stays one press away");
    await page.context().close();
  });
});

test("not solved is one tap, and somebody else checks again", async () => {
  const title = "二幢垃圾桶满了没有人清";
  const resident = await somebody();
  const shown = await report(resident, `${title}。`);
  const secretary = await somebody({ as: "钱书记", size: DESK });
  await openItem(secretary, title);
  await move(secretary, "受理并交办", (form) => form.getByLabel("交给谁办").selectOption({ label: "悦贤里物业" }));
  const handler = await somebody({ as: "王物业管家" });
  await openItem(handler, title);
  await move(handler, "办好了", (form) => form.getByLabel("答复").fill("已经清走了。"));
  const officer = await somebody({ as: "周网格员" });
  await openItem(officer, title);
  await move(officer, "核过，办好了", (form) => form.getByLabel("依据").fill("看过了。"));
  await lookUp(resident, shown);
  await resident.getByRole("link", { name: "没解决" }).click();
  const word = resident.locator("#say-no");
  await readable(resident);
  await word.getByLabel("哪里没解决").fill("又满了。");
  await word.getByLabel("不满意").check();
  await word.getByRole("button", { name: "就这样说" }).click();
  await resident.locator(".flash").waitFor();
  assert.match(await resident.locator(".now").innerText(), /办理中/);
  for (const page of [resident, secretary, handler, officer]) await page.context().close();
});

test("of two who press at once the second sees what changed and loses nothing", async () => {
  const title = "三幢楼顶的水箱盖被风吹开";
  const resident = await somebody();
  await report(resident, `${title}。`);
  const first = await somebody({ as: "钱书记", size: DESK });
  const second = await somebody({ as: "周网格员", size: DESK });
  await openItem(first, title);
  await openItem(second, title);
  await move(first, "接下来");
  const folded = second.locator("details.move", { has: second.locator("summary", { hasText: /^当场答复$/ }) }).first();
  await folded.locator("summary").click();
  await folded.getByLabel("答复").fill("已经请人盖上了。");
  await folded.getByRole("button", { name: "当场答复" }).click();
  await second.getByRole("heading", { name: "这件事刚刚有变化" }).waitFor();
  await readable(second);
  assert.match(await main(second).innerText(), /钱书记[\s\S]*这件事归我们管/);
  for (const page of [resident, first, second]) await page.context().close();
});

test("somebody downstairs writes it down for another and hands over the slip", async () => {
  const page = await somebody({ as: "周网格员" });
  await page.goto("/linping/intake");
  await page.getByLabel("他怎么说").fill("七十多了，不会用手机，楼道的灯不亮，帮我说一声。");
  await page.getByLabel("哪个网格").selectOption({ label: "一网格（悦贤里）" });
  await page.getByLabel("怎么称呼").fill("孙阿姨");
  const echo = page.getByRole("group", { name: "办好怎么告诉他" });
  await echo.getByLabel("送纸条").check();
  await page.getByRole("button", { name: "记下", exact: true }).click();
  await page.waitForURL(/\/receipt/);
  await page.getByRole("link", { name: "打印纸条，交给他" }).click();
  const slip = await page.locator(".slip").innerText();
  assert.match(slip, /周网格员代您记下/);
  const shown = (await page.locator(".slip .big").innerText()).trim();
  const neighbour = await somebody();
  await lookUp(neighbour, shown);
  assert.match(await neighbour.locator("h1").innerText(), /楼道的灯不亮|七十多了/);
  for (const each of [page, neighbour]) await each.context().close();
});

test("an intake without words shows its fault and keeps what was chosen", async () => {
  const page = await somebody({ as: "周网格员", js: false });
  await page.goto("/linping/intake");
  await page.getByLabel("打电话").first().check();
  await page.getByLabel("怎么称呼").fill("孙阿姨");
  await page.getByRole("button", { name: "记下", exact: true }).click();
  assert.match(await page.getByRole("alert").innerText(), /还没有写是什么事/);
  assert.equal(await page.getByLabel("怎么称呼").inputValue(), "孙阿姨");
  assert.ok(await page.getByRole("group", { name: "怎么来的" }).getByLabel("打电话").isChecked());
  await page.context().close();
});
