// Whether somebody is there to answer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { kernelOf } from "../../course_utils/teaching/view/jupyter.js";

class Base { _handle_comm_msg() {} }
class Model extends Base {}
class Real extends Model { comm = { on_msg() {} }; }

async function alive(kernel) {
  const model = { get() {}, on() {}, off() {}, widget_manager: { kernel, get_model: async () => new Real() } };
  const found = kernelOf(model);
  await new Promise((done) => setTimeout(done));
  return found.alive();
}

test("a kernel whose server is gone for good does not answer, one that is being looked for may", async () => {
  assert.ok(await alive({ status: "busy", connectionStatus: "connected" }));
  assert.ok(await alive({ status: "unknown", connectionStatus: "connecting" }));
  assert.ok(!await alive({ status: "unknown", connectionStatus: "disconnected" }));
  assert.ok(!await alive({ status: "dead", connectionStatus: "connected" }));
  assert.ok(!await alive(null));
});
