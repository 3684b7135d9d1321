// Server-sent events by fetch: EventSource cannot send the admin token.

import { failure, send } from "./api.js";

const RetrySeconds = 2;

// A snapshot comes each second. A path that died, or an event loop that is stuck, ends no connection.
const SilenceSecondsMax = 5;

export class Feed {
  #handlers;
  #functions = 100;
  #search = "";
  #abort = new AbortController();
  #heard = Infinity;

  /** handlers: history(rows), busiest(lines), snapshot(data), state("live" | "lost" | "locked", why). */
  constructor(handlers) {
    this.#handlers = handlers;
    setInterval(() => this.#endSilence(), 1000);
    this.#run();
  }

  /** How many functions a snapshot lists, and a text that those it finds have in their names. */
  ask(functions, search) {
    if (functions !== this.#functions || search !== this.#search) {
      this.#functions = functions;
      this.#search = search;
      this.restart();
    }
  }

  /** Connects anew, at once: with another token or another list. */
  restart() {
    this.#abort.abort();
  }

  #endSilence() {
    if (Date.now() - this.#heard > SilenceSecondsMax * 1000) {
      this.#handlers.state("lost", `the balancer has told nothing new for ${SilenceSecondsMax} s`);
      this.restart();
    }
  }

  async #run() {
    for (;;) {
      this.#abort = new AbortController();
      let retrySeconds = RetrySeconds;
      try {
        await this.#listen(this.#abort.signal);
        this.#handlers.state("lost", "the balancer closed the connection");
      } catch (error) {
        if (this.#abort.signal.aborted) {
          continue;
        }

        const isLocked = error.status === 401;
        retrySeconds = isLocked ? Infinity : error.retrySeconds || RetrySeconds;
        this.#handlers.state(isLocked ? "locked" : "lost", error.message);
      }

      this.#heard = Infinity;
      await this.#pause(retrySeconds);
    }
  }

  // Ends early when the token or the list changes; an endless one ends with that alone.
  #pause(seconds) {
    return new Promise((resolve) => {
      const timer = seconds === Infinity ? 0 : setTimeout(resolve, seconds * 1000);
      this.#abort.signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async #listen(signal) {
    this.#heard = Date.now();
    const query = new URLSearchParams({ functions: this.#functions, search: this.#search });
    const response = await send("GET", `events?${query}`, undefined, signal);
    if (!response.ok) {
      const answer = await response.json().catch(() => ({}));
      throw failure(
        answer.msg ?? `answered ${response.status}`, response.status, Number(response.headers.get("Retry-After")));
    }

    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    try {
      await this.#read(reader);
    } finally {
      // A handler that throws would leave the stream open beside the next one. Cancelling one that broke fails.
      reader.cancel().catch(() => {});
    }
  }

  async #read(reader) {
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) {
        return;
      }

      text += value;
      const messages = text.split("\n\n");
      text = messages.pop();
      messages.forEach((message) => this.#take(message));
    }
  }

  #take(message) {
    const fields = Object.fromEntries(message.split("\n").map((line) => {
      const colon = line.indexOf(": ");
      return [line.slice(0, colon), line.slice(colon + 2)];
    }));
    if (fields.event === "snapshot") {
      this.#heard = Date.now();
      this.#handlers.state("live", "");
    }

    this.#handlers[fields.event]?.(JSON.parse(fields.data));
  }
}
