/** People in front of the pages: each has a browser of their own, and everything their pages ask for is watched. */
import { type Browser, type BrowserContext, type BrowserContextOptions, type Page, chromium } from "playwright-core";

import { type House, house } from "./house.js";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const WAIT_MS_MAX = 20_000;
/** A small phone: nothing may be wider. */
export const PHONE = { width: 360, height: 740 };
/** A common desk. */
export const DESK = { width: 1366, height: 768 };

let running: House | undefined;
let browser: Browser | undefined;
const sessions = new Map<string, Awaited<ReturnType<BrowserContext["storageState"]>>>();

/** Requests that pages sent to any other host. */
export const foreign: string[] = [];
/** What the pages' consoles said of refused content, and errors of scripts. */
export const complaints: string[] = [];

/** Starts the server and the browser, once for all tests. */
export async function begin(): Promise<void> {
  running = await house();
  browser = await open();
}

/** Ends both. */
export async function end(): Promise<void> {
  await browser?.close();
  await running?.stop();
}

/** Starts Debian's Chromium. */
export function open(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
}

/** Where the server listens. */
export function address(): string {
  if (!running) throw new Error("the server is not running yet");
  return running.address;
}

/** How somebody looks at the pages. */
export interface Look {
  /** Service name as the accounts page has it, such as `钱书记`; without it, a resident without an account. */
  as?: string;
  /** `false`: a browser without JavaScript. */
  js?: boolean;
  /** Size of the window; a small phone when not said. */
  size?: { width: number; height: number };
  /** Colours of the device. */
  dark?: boolean;
  /** Large type, chosen on the page. */
  large?: boolean;
  /** English, chosen on the page. */
  english?: boolean;
}

/** A page of one person on the front door of Linping; close with `page.context().close()`. */
export async function somebody(look: Look = {}): Promise<Page> {
  if (!browser) throw new Error("the browser is not running yet");
  const options: BrowserContextOptions = {
    baseURL: address(),
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    viewport: look.size ?? PHONE,
    javaScriptEnabled: look.js ?? true,
    colorScheme: look.dark ? "dark" : "light",
  };
  const session = look.as ? await signed(browser, look.as) : undefined;
  if (session) options.storageState = session;
  const context = await browser.newContext(options);
  context.setDefaultTimeout(WAIT_MS_MAX);
  watch(context);
  const page = await context.newPage();
  await page.goto("/linping/");
  if (look.large) await page.goto("/linping/?size=large");
  if (look.english) await page.goto("/linping/?lang=en");
  return page;
}

/** Signs in once per person: sign-ins are limited per minute, as they should be. */
async function signed(from: Browser, name: string): Promise<Awaited<ReturnType<BrowserContext["storageState"]>>> {
  const known = sessions.get(name);
  if (known) return known;
  const context = await from.newContext({ baseURL: address(), locale: "zh-CN" });
  watch(context);
  const page = await context.newPage();
  await page.goto("/accounts");
  await page.getByRole("button", { name: `以${name}的身份进去看看`, exact: true }).first().click();
  await page.waitForURL(/\/work/);
  const state = await context.storageState();
  await context.close();
  sessions.set(name, state);
  return state;
}

function watch(context: BrowserContext): void {
  const home = new URL(address()).host;
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (/^(http|ws)s?:$/.test(url.protocol) && url.host !== home) foreign.push(request.url());
  });
  context.on("console", (message) => {
    if (/content security policy|refused to/i.test(message.text())) complaints.push(`${message.page()?.url()}: ${message.text()}`);
  });
  context.on("weberror", (error) => complaints.push(`${error.page()?.url()}: ${error.error().message}`));
}

/** A small picture as a camera would give it. */
export async function picture(of: Page): Promise<Buffer> {
  return of.screenshot({ type: "png", clip: { x: 0, y: 0, width: 200, height: 150 } });
}
