// Server-sent events by fetch: EventSource cannot send the admin token.

import { send } from "./api.js";

const RetryMilliseconds = 2000;

export class Feed {
  #handlers;
  #functions = 100;
  #search = "";
  #abort = new AbortController();

  /** handlers: history(rows), snapshot(data), state("live" | "lost" | "locked", why). */
  constructor(handlers) {
    this.#handlers = handlers;
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

  restart() {
    this.#abort.abort();
  }

  async #run() {
    for (;;) {
      this.#abort = new AbortController();
      try {
        await this.#listen(this.#abort.signal);
        this.#handlers.state("lost", "the balancer closed the connection");
      } catch (error) {
        if (this.#abort.signal.aborted) {
          continue;
        }

        this.#handlers.state(error.status === 401 ? "locked" : "lost", error.message);
      }

      await this.#pause();
    }
  }

  // Ends early when the token or the list changes.
  #pause() {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, RetryMilliseconds);
      this.#abort.signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async #listen(signal) {
    const query = new URLSearchParams({ functions: this.#functions, search: this.#search });
    const response = await send("GET", `events?${query}`, undefined, signal);
    if (!response.ok) {
      const answer = await response.json().catch(() => ({}));
      throw Object.assign(new Error(answer.msg ?? `answered ${response.status}`), { status: response.status });
    }

    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
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
    const data = JSON.parse(fields.data);
    if (fields.event === "history") {
      this.#handlers.history(data);
    } else if (fields.event === "snapshot") {
      this.#handlers.state("live", "");
      this.#handlers.snapshot(data);
    }
  }
}
