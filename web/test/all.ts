/** One process, one server, one browser for everything. The pages come last: they look back at all that was asked. */
import { after, before } from "node:test";

import "./client.test.js";
import "./resident.test.js";
import "./loop.test.js";
import "./calls.test.js";
import "./pages.test.js";
import { begin, end } from "./people.js";

before(begin);
after(end);
