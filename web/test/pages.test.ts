/** Every page, looked at in each way: nothing hard to read, nothing wider than a small phone. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";

import { DESK, type Look, PHONE, complaints, foreign, somebody } from "./people.js";
import { readable, report } from "./steps.js";

const WAYS: [string, Look][] = [
  ["normal", {}],
  ["large type", { large: true }],
  ["dark", { dark: true }],
  ["English", { english: true }],
  ["English in large type", { english: true, large: true }],
];

interface Stop {
  name: string;
  path: string;
  as?: string;
  status?: number;
}

/** The first links of a list by a piece of their address. */
async function links(page: Page, list: string, part: string): Promise<string[]> {
  await page.goto(list);
  const all = await page.$$eval("main a[href]", (found) => found.map((a) => a.getAttribute("href") ?? ""));
  return [...new Set(all.filter((href) => href.includes(part)))];
}

async function stops(): Promise<Stop[]> {
  const resident = await somebody();
  const secretary = await somebody({ as: "钱书记", size: DESK });
  const code = await report(resident, "四幢电梯按钮不灵，要按好几下。", { phone: "19900003002" });
  const listed: Stop[] = [
    { name: "front door", path: "/" },
    { name: "front door of a district", path: "/linping/" },
    { name: "report", path: "/linping/report" },
    { name: "look-up", path: "/linping/lookup" },
    { name: "look-up with a wrong code", path: "/linping/lookup?code=7K3M", status: 422 },
    { name: "receipt", path: `/linping/c/${code}/receipt` },
    { name: "slip", path: `/linping/c/${code}/slip` },
    { name: "duty", path: "/linping/duty" },
    { name: "duty of a grid", path: "/linping/duty?place=330113007007001" },
    { name: "meetings", path: "/linping/meetings" },
    { name: "login", path: "/login" },
    { name: "accounts", path: "/accounts" },
    { name: "nothing here", path: "/linping/no-such-page", status: 404 },
    { name: "meeting form", path: "/linping/meetings/new", as: "钱书记" },
    { name: "work list", path: "/linping/work", as: "钱书记" },
    { name: "work list, all", path: "/linping/work?queue=all", as: "钱书记" },
    { name: "work list, empty", path: "/linping/work?queue=mine", as: "王物业管家" },
    { name: "work list, nothing found", path: "/linping/work?queue=all&q=xyzxyz", as: "钱书记" },
    { name: "intake", path: "/linping/intake", as: "周网格员" },
    { name: "visits", path: "/linping/visits", as: "周网格员" },
    { name: "who is to be told", path: "/linping/work/calls", as: "周网格员" },
    { name: "who is to be told, nobody", path: "/linping/work/calls?after=99999999999999.01932d6e-0000-7000-8000-000000000001", as: "吴网格员" },
    { name: "messages", path: "/linping/work/messages", as: "李点长" },
    { name: "messages, none", path: "/linping/work/messages", as: "许管理员" },
  ];
  for (const href of await links(secretary, "/linping/kpi/on_time_rate", "/kpi/")) {
    if (!href.includes("?") && listed.filter((s) => s.name.startsWith("figure")).length < 2) listed.push({ name: `figure ${href}`, path: href, as: "钱书记" });
  }
  for (const href of (await links(resident, "/linping/meetings", "/meetings/")).filter((h) => !h.endsWith("/new")).slice(0, 1)) {
    listed.push({ name: "meeting", path: href }, { name: "meeting, as its secretary", path: href, as: "钱书记" });
  }
  const states = new Set<string>();
  for (const front of ["/linping/", "/fuyang/", "/shangcheng/", "/qiantang/"]) {
    for (const href of await links(resident, front, "/c/")) {
      await resident.goto(href);
      const state = (await resident.locator(".now > b").innerText()).trim();
      if (!states.has(state)) listed.push({ name: `case, ${state}`, path: href });
      states.add(state);
    }
  }
  const seen = new Set<string>();
  for (const href of await links(secretary, "/linping/work?queue=all", "/work/0")) {
    await secretary.goto(href);
    const state = (await secretary.locator("article.item .chip").first().innerText()).trim();
    const seal = await secretary.getByRole("link", { name: "居民看到的样子" }).getAttribute("href").catch(() => null);
    if (!seen.has(state)) listed.push({ name: `item, ${state}`, path: href, as: "钱书记" });
    if (!states.has(state) && seal) listed.push({ name: `case, ${state}`, path: seal });
    seen.add(state);
    states.add(state);
  }
  assert.ok(states.size >= 4, `cases in several states: ${[...states].join(" ")}`);
  for (const page of [resident, secretary]) await page.context().close();
  return listed;
}

test("every page can be read by everybody", async (t) => {
  const listed = await stops();
  for (const [way, look] of WAYS) {
    const pages = new Map<string, Page>();
    for (const stop of listed) {
      const key = stop.as ?? "";
      const page = pages.get(key) ?? (await somebody(stop.as ? { ...look, as: stop.as } : look));
      pages.set(key, page);
      await t.test(`${way}: ${stop.name}`, async () => {
        const answer = await page.goto(stop.path);
        assert.equal(answer?.status(), stop.status ?? 200);
        await readable(page);
        if (!stop.as) return;
        await page.setViewportSize(DESK);
        await readable(page).finally(() => page.setViewportSize(PHONE));
      });
    }
    for (const page of pages.values()) await page.context().close();
  }
});

test("no page asks any other host", () => assert.deepEqual(foreign, []));

test("no page breaks its own content policy, and no script fails", () => assert.deepEqual(complaints, []));
