import { $, make, setText } from "./dom.js";
import { count, share, time } from "./format.js";

const Tiles = [
  ["Calls a second", ({ calls }) => count(calls.perSecond), () => ""],
  ["In flight", ({ calls }) => count(calls.inFlight), ({ clients }) => `from ${count(clients)} connections`],
  ["Half below", ({ calls }) => time(calls.p50), ({ calls }) => `99 % below ${time(calls.p99)}`],
  ["Waited at nodes", ({ calls }) => time(calls.waitP50), ({ calls }) => `99 % below ${time(calls.waitP99)}`],
  ["Added by FnLb", ({ calls }) => time(calls.addedP50), ({ calls }) => `99 % below ${time(calls.addedP99)}`],
  ["Cold", ({ calls }) => share(calls.coldShare), () => "of the calls"],
  ["Spilled", ({ calls }) => share(calls.spilledShare), () => "of the calls"],
  ["Errors a second", ({ calls }) => count(calls.errorsPerSecond), ({ calls }) => `${count(calls.failedPerSecond)} of our own`],
  ["Nodes", ({ scale }) => count(scale.nodes), ({ scale }) => (scale.recommended === null ? "" : `${count(scale.recommended)} recommended`)],
  ["Used", ({ scale }) => share(scale.utilisation), ({ scale }) => `${count(scale.headroomCallsPerSecond)} calls/s to spare`],
];

/** The figures of this second. */
export class TileRow {
  #cells;

  constructor() {
    this.#cells = Tiles.map(([title]) => {
      const box = make("div");
      const value = make("dd");
      const note = make("small");
      box.append(make("dt", title), value, make("dd").appendChild(note).parentNode);
      $("tiles").append(box);
      return { value, note };
    });
  }

  draw(snapshot) {
    Tiles.forEach(([, value, note], i) => {
      setText(this.#cells[i].value, value(snapshot));
      setText(this.#cells[i].note, note(snapshot));
    });
    const { recommended, nodes, reason } = snapshot.scale;
    $("advice").className = (recommended ?? nodes) === nodes ? "advice" : "advice warn";
    setText($("advice"), reason);
  }
}
