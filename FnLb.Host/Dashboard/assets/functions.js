import { $, make, setText } from "./dom.js";
import { count, share, time } from "./format.js";
import { Table } from "./table.js";

const RowsAtFirst = 100;
const RowsMax = 400;
const TypingMilliseconds = 250;

/** The table of functions. It lists the busiest; a search has the balancer look through all. */
export class FunctionTable {
  #table;
  #feed;
  #choose;
  #rowsMax = RowsAtFirst;
  #typing = 0;
  #snapshot = { functions: [], functionCount: 0, found: [], foundCount: 0 };

  /** choose(item): called when a function is picked. */
  constructor(feed, choose) {
    this.#feed = feed;
    this.#choose = choose;
    this.#table = new Table($("function-table"), [
      { title: "Function", value: (f) => f.function, draw: (cell, f) => this.#drawName(cell, f), main: true },
      { title: "Calls/s", width: 6.5, value: (f) => f.callsPerSecond, text: (f) => count(f.callsPerSecond), numeric: true },
      { title: "Mean time", width: 8, value: (f) => f.durationMean, text: (f) => time(f.durationMean), numeric: true },
      { title: "Mean wait", width: 8, value: (f) => f.waitMean, text: (f) => time(f.waitMean), numeric: true },
      { title: "Cold", width: 5.5, value: (f) => f.coldShare, text: (f) => share(f.coldShare), numeric: true },
      { title: "Spilled", width: 6.5, value: (f) => f.spilledShare, text: (f) => share(f.spilledShare), numeric: true },
      { title: "Errors/s", width: 6.5, value: (f) => f.errorsPerSecond, text: (f) => count(f.errorsPerSecond), numeric: true },
      { title: "Nodes", width: 5.5, value: (f) => f.nodeCount, text: (f) => count(f.nodeCount), numeric: true },
      { title: "Home", width: 11, value: (f) => f.home ?? "", text: (f) => f.home ?? "–" },
      { title: "Most calls to", width: 22, value: (f) => Object.keys(f.nodes)[0] ?? "", text: livesOn },
    ], (f) => f.function, 1, true);
    this.#table.onSort = () => this.#draw();
    $("function-search").addEventListener("input", () => this.#ask());
    $("more-functions").addEventListener("click", () => this.#showMore());
  }

  draw(snapshot) {
    this.#snapshot = snapshot;
    this.#draw();
  }

  // Until the answer to a search comes, what it finds among those that are here is shown.
  #ask() {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#feed.ask(this.#rowsMax, this.#sought()), TypingMilliseconds);
    this.#draw();
  }

  #sought() {
    return $("function-search").value.trim().toLowerCase();
  }

  #showMore() {
    this.#rowsMax = RowsMax;
    this.#ask();
  }

  #draw() {
    const sought = this.#sought();
    const { functions, functionCount, found, foundCount } = this.#snapshot;
    const isAnswered = sought !== "" && found.length > 0;
    const matching = (isAnswered ? found : functions).filter((f) => f.function.toLowerCase().includes(sought));
    const shown = matching.slice(0, this.#rowsMax);
    const all = sought === "" ? functionCount : isAnswered ? foundCount : matching.length;
    this.#table.draw(shown);
    setText($("function-count"), `${count(shown.length)} of ${count(all)}`);
    $("no-functions").hidden = shown.length > 0;
    setText($("no-functions"), sought === ""
      ? "No function was called in the last 10 seconds."
      : `No function that was called in the last 10 seconds has “${sought}” in its name.`);
    $("more-functions").hidden = shown.length >= all || this.#rowsMax === RowsMax;
  }

  #drawName(cell, item) {
    if (item.route === null) {
      setText(cell, item.function);
    } else if (!cell.firstChild) {
      const button = make("button", item.function, { type: "button", class: "link", title: item.function });
      button.addEventListener("click", () => this.#choose(item));
      cell.append(button);
    }
  }
}

function livesOn(item) {
  const nodes = Object.keys(item.nodes).slice(0, 2);
  return nodes.join(", ") + (item.nodeCount > nodes.length ? ` + ${item.nodeCount - nodes.length}` : "");
}
