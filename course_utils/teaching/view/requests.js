// Asking for pictures: at most two requests are under way, the latest values win, stale answers are dropped.
import { BUSY_MS } from "./gone.js";

export const MOST_UNDER_WAY = 2;

// send(request with its id), show(answer, latest), busy(milliseconds without an answer, 0 when one has come)
export function makeRequests({ send, show, busy, clock = globalThis }) {
  // Two views of one model hear each other's answers: each counts from a place of its own.
  let last = Math.floor(Math.random() * 2 ** 30) * 2 ** 20, newest = 0;
  let waiting = null, timer = null, since = 0;
  const underWay = new Set();

  function pump() {
    while (waiting && underWay.size < MOST_UNDER_WAY) {
      const request = waiting;
      waiting = null;
      underWay.add(++last);
      send({ ...request, id: last });
    }
    if (timer === null && underWay.size > 0) watch(0);
  }
  function watch(waited) {
    since = waited;
    timer = clock.setTimeout(() => { busy(since + BUSY_MS); if (timer !== null) watch(since + BUSY_MS); }, BUSY_MS);
  }
  function settle() {
    clock.clearTimeout(timer);
    timer = null;
    if (since > 0) busy(0);
    since = 0;
  }

  return {
    ask(request) {
      waiting = request;
      pump();
    },
    heard(answer) {
      if (!underWay.delete(answer.id)) return;
      for (const id of underWay) if (id < answer.id) underWay.delete(id); // overtaken: never to be shown
      settle(); // an answer has come: the wait begins anew
      pump();
      if (answer.id < newest) return;
      newest = answer.id;
      show(answer, underWay.size === 0 && waiting === null);
    },
    idle: () => underWay.size === 0 && waiting === null,
    stop() {
      waiting = null;
      underWay.clear();
      settle();
    },
  };
}
