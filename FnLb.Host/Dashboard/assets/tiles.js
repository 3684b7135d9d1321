import { $, make, setText } from "./dom.js";
import { count, several, share, time } from "./format.js";

const p99 = (value) => `p99 ${time(value || null)}`;

// Nodes' answers of 5xx, and our own for want of one.
const errors = ({ errorsPerSecond, failedPerSecond }) => errorsPerSecond + failedPerSecond;

const Tiles = [
  ["Calls a second", ({ calls }) => count(calls.perSecond + calls.failedPerSecond), ({ functionCount }) => several(functionCount, "function")],
  ["In flight", ({ calls }) => count(calls.inFlight), ({ clients }) => several(clients, "connection")],
  ["Time a call, p50", ({ calls }) => time(calls.p50 || null), ({ calls }) => p99(calls.p99)],
  ["Wait at nodes, p50", ({ calls }) => time(calls.waitP50 || null), ({ calls }) => p99(calls.waitP99)],
  ["Added by FnLb, p50", ({ calls }) => time(calls.addedP50 || null), ({ calls }) => p99(calls.addedP99)],
  ["Cold starts", ({ calls }) => share(calls.coldShare), () => "of known waits"],
  ["Spilled", ({ calls }) => share(calls.spilledShare), () => "of the calls"],
  ["Errors a second", ({ calls }) => count(errors(calls)), ({ calls }) => `${count(calls.failedPerSecond)} of our own`],
];

/** The figures of this second. */
export class TileRow {
  #cells;

  constructor() {
    this.#cells = Tiles.map(([title]) => {
      const box = make("div");
      const value = make("dd");
      const note = make("dd", "", { class: "note" });
      box.append(make("dt", title), value, note);
      $("tiles").append(box);
      return { box, value, note };
    });
  }

  draw(snapshot) {
    Tiles.forEach(([, value, note], i) => {
      setText(this.#cells[i].value, value(snapshot));
      setText(this.#cells[i].note, note(snapshot));
    });
    this.#cells.at(-1).box.classList.toggle("alarm", errors(snapshot.calls) > 0);
  }
}
