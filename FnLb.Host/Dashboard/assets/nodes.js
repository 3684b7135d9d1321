import { call } from "./api.js";
import { $, make, setText } from "./dom.js";
import { count, several, share, time } from "./format.js";
import { Table } from "./table.js";

const stateOf = (node) => node.administrative === "draining" ? "draining" : node.state;
// Answers of 5xx, and calls that it left unanswered.
const errorsOf = (node) => node.errorsPerSecond + node.failuresPerSecond;
const toneOf = (state) => state === "online" ? "good" : state === "draining" ? "warn" : "bad";

/** The table of nodes, with what an operator does to them. */
export class NodeTable {
  #table;
  #snapshot = { nodes: [], calls: { perSecond: 0 } };
  #callsPerSecond = 0;

  constructor() {
    this.#table = new Table($("node-table"), [
      { title: "Node", value: (n) => n.node, text: (n) => n.node, main: true },
      { title: "State", width: 8.5, value: stateOf, draw: drawState },
      { title: "In flight", width: 11, value: (n) => n.inFlight, draw: drawLoad, numeric: true },
      { title: "Calls/s", width: 5.5, value: (n) => n.callsPerSecond, text: (n) => count(n.callsPerSecond), numeric: true },
      { title: "Share", width: 4.8, value: (n) => n.callsPerSecond, text: (n) => share(this.#shareOf(n)), numeric: true },
      { title: "Errors/s", width: 5.8, value: errorsOf, text: (n) => count(errorsOf(n)), numeric: true },
      { title: "p50", width: 5.5, value: (n) => n.p50, text: (n) => time(n.p50 || null), numeric: true },
      { title: "p99", width: 5.5, value: (n) => n.p99, text: (n) => time(n.p99 || null), numeric: true },
      { title: "Wait", width: 5.5, value: (n) => n.waitMean, text: (n) => time(n.waitMean), numeric: true },
      { title: "Warm", width: 4.8, value: (n) => n.warmContainers, text: (n) => count(n.warmContainers), numeric: true },
      { title: "Weight", width: 5.2, value: (n) => n.weight, text: (n) => count(n.weight), numeric: true },
      { title: "", name: "Actions", width: 13, draw: (cell, node) => this.#drawActions(cell, node) },
    ], (node) => node.node, 0, false);
    this.#table.onSort = () => this.#draw();
    $("node-search").addEventListener("input", () => this.#draw());
    $("add-node").addEventListener("submit", (event) => this.#add(event));
  }

  draw(snapshot) {
    this.#snapshot = snapshot;
    this.#callsPerSecond = snapshot.nodes.reduce((sum, { callsPerSecond }) => sum + callsPerSecond, 0);
    this.#draw();
  }

  #draw() {
    const sought = $("node-search").value.trim().toLowerCase();
    const { nodes } = this.#snapshot;
    const shown = nodes.filter((n) => `${n.node} ${stateOf(n)}`.toLowerCase().includes(sought));
    this.#table.draw(shown);
    const online = nodes.filter((node) => stateOf(node) === "online").length;
    setText($("node-count"), `${online} of ${nodes.length} ${nodes.length === 1 ? "takes" : "take"} calls`);
    $("no-nodes").hidden = shown.length > 0;
    setText($("no-nodes"), nodes.length === 0
      ? "No node yet: calls are answered with 503. Add the address of a function server above."
      : `No node has “${sought}” in its address or state.`);
  }

  #shareOf(node) {
    return this.#callsPerSecond > 0 ? node.callsPerSecond / this.#callsPerSecond : null;
  }

  #drawActions(cell, node) {
    if (!cell.firstChild) {
      const drain = make("button", "", { type: "button", class: "quiet" });
      const remove = make("button", "Remove", { type: "button", class: "quiet", "aria-label": `Remove ${node.node}` });
      drain.addEventListener("click", () => this.#change(node.node, drain.dataset.state));
      remove.addEventListener("click", () => this.#remove(node.node));
      cell.append(drain, remove);
    }

    const drain = cell.firstChild;
    const isDraining = node.administrative === "draining";
    const next = isDraining ? "active" : "draining";
    if (drain.dataset.state !== next) {
      drain.dataset.state = next;
      drain.textContent = isDraining ? "Activate" : "Drain";
      drain.setAttribute("aria-label", `${drain.textContent} ${node.node}`);
    }
  }

  async #add(event) {
    event.preventDefault();
    const address = $("node-address").value.trim();
    await this.#tell(async () => {
      const answer = await call("PUT", "nodes", { node: address });
      $("node-address").value = "";
      return `${address}: ${answer.msg}`;
    });
  }

  #change(node, state) {
    return this.#tell(async () => `${node}: ${(await call("PUT", "nodes", { node, state })).msg}`);
  }

  async #remove(node) {
    await this.#tell(async () => {
      const forecast = await call("DELETE", "nodes?dry-run=true", { node });
      const moved = `${count(forecast.functionsMoved)} of ${count(forecast.functionsKnown)} functions and `
        + `${share(forecast.trafficShare)} of the calls move, with about ${several(forecast.coldStarts, "cold start")}`;
      if (!await confirm(`Remove ${node}? ${moved}. Its running calls end first, for up to 30 s.`)) {
        return "";
      }

      return `${node}: ${(await call("DELETE", "nodes?drain=30s", { node })).msg}`;
    });
  }

  async #tell(action) {
    try {
      $("node-message").className = "message";
      setText($("node-message"), await action());
    } catch (error) {
      $("node-message").className = "message bad";
      setText($("node-message"), error.status === 401 ? "This needs the admin token." : error.message);
    }
  }
}

function drawState(cell, node) {
  if (!cell.firstChild) {
    cell.append(make("span"), make("small"));
  }

  const [badge, why] = cell.children;
  const state = stateOf(node);
  if (badge.textContent !== state) {
    badge.className = `badge ${toneOf(state)}`;
    badge.textContent = state;
  }

  setText(why, node.why);
}

// Against the learned limit; a limit that was never reached is only a lower bound.
function drawLoad(cell, node) {
  if (!cell.firstChild) {
    cell.append(make("meter", "", { "aria-label": `In flight at ${node.node}` }), make("span"));
  }

  const [meter, text] = cell.children;
  const limit = Math.max(Math.round(node.limit), 1);
  const shown = ` ${count(node.inFlight)} / ${node.isLimitKnown ? "" : "≥ "}${count(limit)}`;
  if (text.textContent !== shown) {
    text.textContent = shown;
    meter.max = limit;
    meter.high = limit * 0.8;
    meter.value = Math.min(node.inFlight, limit);
  }
}

function confirm(text) {
  $("confirm-text").textContent = text;
  $("confirm").returnValue = "";
  $("confirm").showModal();
  return new Promise((resolve) => {
    $("confirm").addEventListener("close", () => resolve($("confirm").returnValue === "yes"), { once: true });
  });
}
