import assert from "node:assert/strict";
import { test } from "node:test";

import { DESK, somebody } from "./people.js";
import { lookUp, main, move, openItem, readable } from "./steps.js";

const TITLE = "九幢的扶手松了";

test("who has no phone page is called: the number opens for the call, and the person sees who looked", async () => {
  const officer = await somebody({ as: "周网格员" });
  await officer.goto("/linping/intake");
  await officer.getByLabel("他怎么说").fill(`${TITLE}，老人下楼没处扶。`);
  await officer.getByLabel("哪个网格").selectOption({ label: "一网格（悦贤里）" });
  await officer.getByLabel("怎么称呼").fill("周奶奶");
  await officer.locator("#f-phone").fill("199 0000 3009");
  await officer.getByRole("group", { name: "办好怎么告诉他" }).getByLabel("打电话").check();
  await officer.getByRole("button", { name: "记下", exact: true }).click();
  await officer.waitForURL(/\/receipt/);
  const shown = (await officer.locator(".code b").innerText()).trim();

  const caller = await somebody({ as: "吴网格员" });
  const row = caller.locator(".call", { has: caller.getByRole("link", { name: new RegExp(TITLE) }) });
  // What was written a moment ago is put down for somebody within a second or two.
  for (let tries = 0; tries < 20 && (await row.count()) === 0; tries++) {
    await caller.waitForTimeout(500);
    await caller.goto("/linping/work/calls");
  }
  assert.match(await row.innerText(), /周\*+（199\*\*\*\*3009）[\s\S]*要说的[\s\S]*您说的事已收到/);
  await readable(caller);
  assert.doesNotMatch(await main(caller).innerText(), /199 0000 3009|19900003009/);
  await row.getByRole("button", { name: "看电话号码" }).click();
  await row.getByRole("link", { name: "打给 199 0000 3009" }).waitFor();
  assert.equal(await caller.locator(".call").first().getByRole("link", { name: new RegExp(TITLE) }).count(), 1, "it stands on top");
  await readable(caller);
  // `readable` has unfolded what folds.
  await row.getByLabel("没人接").check();
  await row.getByRole("button", { name: "记下" }).click();
  assert.match(await caller.locator(".flash").innerText(), /排到了最后/);
  assert.match(await row.innerText(), /吴网格员：没人接/);
  await row.getByRole("button", { name: "已告知" }).click();
  assert.match(await caller.locator(".flash").innerText(), /已经告诉本人/);
  assert.equal(await row.count(), 0);

  const grandson = await somebody();
  await lookUp(grandson, shown);
  await grandson.getByText("原话和编号").click();
  assert.match(await main(grandson).innerText(), /谁看过您的电话[\s\S]*吴网格员，打电话告诉您进展/);
  for (const page of [officer, caller, grandson]) await page.context().close();
});

test("what became somebody's stands in the messages until it is read", async () => {
  const title = "九幢门口的灯不亮";
  const resident = await somebody();
  await resident.goto("/linping/report");
  await resident.getByLabel("什么事").fill(`${title}。`);
  await resident.getByLabel("哪个网格").selectOption({ label: "一网格（悦贤里）" });
  await resident.getByRole("button", { name: "说好了，交上去" }).click();
  await resident.waitForURL(/\/receipt$/);
  const secretary = await somebody({ as: "钱书记", size: DESK });
  await openItem(secretary, title);
  await move(secretary, "受理并交办", (form) => form.getByLabel("交给谁办").selectOption({ label: "悦贤里物业" }));
  const handler = await somebody({ as: "王物业管家" });
  await handler.getByRole("link", { name: /^消息/ }).click();
  await readable(handler);
  const unread = handler.locator(".notices .unread");
  const before = await unread.count();
  assert.ok(before > 0, "the body's handler is told");
  await unread.first().getByRole("button").click();
  await handler.locator("article.item").waitFor();
  assert.match(await handler.locator("article.item h1").innerText(), new RegExp(title));
  await handler.goto("/linping/work/messages");
  assert.equal(await unread.count(), before - 1);
  if (before > 1) await handler.getByRole("button", { name: "都看过了" }).click();
  assert.equal(await unread.count(), 0);
  assert.equal(await handler.locator(".bell .unseen").count(), 0, "nothing is counted any more");
  for (const page of [resident, secretary, handler]) await page.context().close();
});
