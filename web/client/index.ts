/** The typed client of the API: paths, bodies and answers as the server describes them. */
import createClient, { type Client } from "openapi-fetch";

import type { components, paths } from "./schema.js";

/** A problem as the API answers it (RFC 9457): what is wrong and what to do. */
export type Problem = components["schemas"]["ProblemBody"];
/** The receipt of a report. */
export type Receipt = components["schemas"]["ReportedJson"];
/** One case as its reader may see it. */
export type Case = components["schemas"]["CaseJson"];

/**
 * A client of one installation.
 *
 * @param address such as `http://127.0.0.1:8311`, without a slash at its end
 * @param token of a signed-in person; without it the caller is anonymous
 */
export function doorstep(address: string, token?: string): Client<paths> {
  return createClient<paths>({ baseUrl: address, headers: token ? { Authorization: `Bearer ${token}` } : {} });
}
