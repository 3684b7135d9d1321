import { $, make, setText } from "./dom.js";
import { count, share, time } from "./format.js";
import { Table } from "./table.js";

const FunctionsListed = 100;
const FunctionsMax = 10000;
const RowsMax = 100;

/** The table of functions. It lists the busiest; a search asks for all. */
export class FunctionTable {
  #table;
  #feed;
  #choose;
  #rowsMax = RowsMax;
  #snapshot = { functions: [], functionCount: 0 };

  /** choose(name): called when a function is picked. */
  constructor(feed, choose) {
    this.#feed = feed;
    this.#choose = choose;
    this.#table = new Table($("function-table"), [
      { title: "Function", value: (f) => f.function, draw: (cell, f) => this.#drawName(cell, f), wide: true },
      { title: "Calls/s", value: (f) => f.callsPerSecond, text: (f) => count(f.callsPerSecond), numeric: true },
      { title: "Takes", value: (f) => f.durationMean, text: (f) => time(f.durationMean), numeric: true },
      { title: "Wait", value: (f) => f.waitMean, text: (f) => time(f.waitMean), numeric: true },
      { title: "Cold", value: (f) => f.coldShare, text: (f) => share(f.coldShare), numeric: true },
      { title: "Spilled", value: (f) => f.spilledShare, text: (f) => share(f.spilledShare), numeric: true },
      { title: "Errors/s", value: (f) => f.errorsPerSecond, text: (f) => count(f.errorsPerSecond), numeric: true },
      { title: "Nodes", value: (f) => Object.keys(f.nodes).length, text: (f) => count(Object.keys(f.nodes).length), numeric: true },
      { title: "Lives on", value: (f) => Object.keys(f.nodes)[0] ?? "", text: livesOn, wide: true },
    ], (f) => f.function, 1, true);
    this.#table.onSort = () => this.#draw();
    $("function-search").addEventListener("input", () => this.#ask());
    $("more-functions").addEventListener("click", () => this.#showMore());
  }

  draw(snapshot) {
    this.#snapshot = snapshot;
    this.#draw();
  }

  #ask() {
    const isSearching = $("function-search").value.trim() !== "";
    this.#feed.ask(isSearching || this.#rowsMax > RowsMax ? FunctionsMax : FunctionsListed);
    this.#draw();
  }

  #showMore() {
    this.#rowsMax = this.#rowsMax * 4;
    this.#ask();
  }

  #draw() {
    const sought = $("function-search").value.trim().toLowerCase();
    const { functions, functionCount } = this.#snapshot;
    const found = functions.filter((f) => f.function.toLowerCase().includes(sought));
    const shown = found.slice(0, this.#rowsMax);
    this.#table.draw(shown);
    setText($("function-count"), `${count(shown.length)} of ${count(sought ? found.length : functionCount)}`);
    $("more-functions").hidden = shown.length >= (sought ? found.length : functionCount);
  }

  #drawName(cell, item) {
    if (!cell.firstChild) {
      const button = make("button", item.function, { type: "button", class: "link", title: item.function });
      button.addEventListener("click", () => this.#choose(item.function));
      cell.append(button);
    }
  }
}

function livesOn(item) {
  const nodes = Object.keys(item.nodes);
  return nodes.slice(0, 3).join(", ") + (nodes.length > 3 ? ` and ${nodes.length - 3} more` : "");
}
