import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";

import { doorstep, type Receipt } from "../client/index.js";
import { PASSWORD } from "./house.js";
import { address } from "./people.js";

test("the typed client is the one that the server describes", async () => {
  await promisify(execFile)(process.execPath, ["scripts/client.mjs", "--check"]);
});

test("the typed client reports, signs in and reads the case", async () => {
  const anonymous = doorstep(address());
  const path = { district: "linping" };
  const reported = await anonymous.POST("/api/v1/{district}/cases", {
    params: { path },
    body: { text: "一幢门口的井盖松了，踩上去会响。", place: "龙腾社区一网格" },
  });
  assert.equal(reported.response.status, 201);
  const receipt: Receipt | undefined = reported.data;
  assert.ok(receipt);
  assert.equal(receipt.state, "reported");

  const session = await anonymous.POST("/api/v1/sessions", { body: { account: "lp-qian", password: PASSWORD } });
  assert.ok(session.data);
  const secretary = doorstep(address(), session.data.token);
  const read = await secretary.GET("/api/v1/{district}/cases/{id}", { params: { path: { ...path, id: receipt.id } } });
  assert.equal(read.data?.number, receipt.number);
  assert.equal(read.data?.text, "一幢门口的井盖松了，踩上去会响。");

  const refused = await anonymous.GET("/api/v1/{district}/cases/{id}", { params: { path: { ...path, id: receipt.id } } });
  assert.ok(refused.error);
  assert.notEqual(refused.response.status, 200);
  assert.ok(refused.error.action.length > 0, "a refusal says what to do");
});
