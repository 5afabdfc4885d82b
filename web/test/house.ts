/** The real server under test: one demonstration on a free port, thrown away afterwards. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The one password of the demonstration's accounts. */
export const PASSWORD = "jiamenkou-2026";
const START_SECONDS_MAX = 180;
const END_SECONDS_MAX = 10;

/** A running demonstration. */
export interface House {
  /** `http://127.0.0.1:…`, without a slash at its end. */
  address: string;
  /** Ends the server and forgets its data. */
  stop(): Promise<void>;
}

function binary(): string {
  const target = process.env.CARGO_TARGET_DIR;
  const places = [process.env.DOORSTEP_BIN, target && resolve("..", target, "debug/doorstep"), resolve("../target/debug/doorstep")];
  const found = places.find((place) => place && existsSync(place));
  if (!found) throw new Error("doorstep is not built yet: run scripts/build.sh -p doorstep, or name the program in DOORSTEP_BIN");
  return found;
}

function ended(child: ChildProcess): Promise<void> {
  return child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise((done) => child.once("exit", () => done()));
}

/** Loads the demonstration and waits until it listens. */
export async function house(): Promise<House> {
  const data = await mkdtemp(join(tmpdir(), "doorstep-web-"));
  const child = spawn(binary(), ["demo", "--data", data, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), END_SECONDS_MAX * 1000);
    await ended(child);
    clearTimeout(late);
    await rm(data, { recursive: true, force: true });
  };
  const listening = new Promise<string>((done, fail) => {
    const late = setTimeout(() => fail(new Error(`the server did not listen within ${START_SECONDS_MAX} s:\n${said}`)), START_SECONDS_MAX * 1000);
    const hear = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-20_000);
      const found = /^listening (http:\/\/\S+)$/m.exec(said);
      if (found?.[1]) {
        clearTimeout(late);
        done(found[1].replace(/\/$/, ""));
      }
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("error", fail);
    child.once("exit", (code) => fail(new Error(`the server ended with ${code}:\n${said}`)));
  });
  try {
    return { address: await listening, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
