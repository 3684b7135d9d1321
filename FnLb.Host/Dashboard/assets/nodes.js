import { call } from "./api.js";
import { $, make, setText } from "./dom.js";
import { count, share, time } from "./format.js";
import { Table } from "./table.js";

const stateOf = (node) => node.administrative === "draining" ? "draining" : node.state;
const toneOf = (state) => state === "online" ? "good" : state === "draining" ? "warn" : "bad";

/** The table of nodes, with what an operator does to them. */
export class NodeTable {
  #table;
  #snapshot = { nodes: [], calls: { perSecond: 0 } };
  #callsPerSecond = 0;

  constructor() {
    this.#table = new Table($("node-table"), [
      { title: "Node", value: (n) => n.node, text: (n) => n.node },
      { title: "State", value: stateOf, draw: drawState },
      { title: "In flight", value: (n) => n.inFlight, draw: drawLoad, numeric: true },
      { title: "Calls/s", value: (n) => n.callsPerSecond, text: (n) => count(n.callsPerSecond), numeric: true },
      { title: "Share", value: (n) => n.callsPerSecond, text: (n) => share(this.#shareOf(n)), numeric: true },
      { title: "Errors/s", value: (n) => n.errorsPerSecond, text: (n) => count(n.errorsPerSecond), numeric: true },
      { title: "p50", value: (n) => n.p50, text: (n) => time(n.p50), numeric: true },
      { title: "p99", value: (n) => n.p99, text: (n) => time(n.p99), numeric: true },
      { title: "Wait", value: (n) => n.waitMean, text: (n) => time(n.waitMean), numeric: true },
      { title: "Warm", value: (n) => n.warmContainers, text: (n) => count(n.warmContainers), numeric: true },
      { title: "Weight", value: (n) => n.weight, text: (n) => count(n.weight), numeric: true },
      { title: "", draw: (cell, node) => this.#drawActions(cell, node) },
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
    this.#table.draw(nodes.filter((n) => `${n.node} ${stateOf(n)}`.toLowerCase().includes(sought)));
    const online = nodes.filter((node) => stateOf(node) === "online").length;
    setText($("node-count"), `${online} of ${nodes.length} take calls`);
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
    drain.dataset.state = isDraining ? "active" : "draining";
    setText(drain, isDraining ? "Activate" : "Drain");
    drain.setAttribute("aria-label", `${drain.textContent} ${node.node}`);
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
        + `${share(forecast.trafficShare)} of the calls move, with about ${count(forecast.coldStarts)} cold starts`;
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
  const badge = cell.firstChild ?? cell.appendChild(make("span"));
  const state = stateOf(node);
  badge.className = `badge ${toneOf(state)}`;
  setText(badge, state);
  cell.title = node.why;
}

// Against the learned limit; a limit that was never reached is only a lower bound.
function drawLoad(cell, node) {
  if (!cell.firstChild) {
    cell.append(make("meter"), make("span"));
  }

  const [meter, text] = cell.children;
  const limit = node.limit ?? Math.max(node.inFlight, 1);
  meter.max = limit;
  meter.high = limit * 0.8;
  meter.value = Math.min(node.inFlight, limit);
  setText(text, ` ${count(node.inFlight)} / ${node.isLimitKnown ? "" : "≥ "}${count(Math.round(limit))}`);
}

function confirm(text) {
  $("confirm-text").textContent = text;
  $("confirm").returnValue = "";
  $("confirm").showModal();
  return new Promise((resolve) => {
    $("confirm").addEventListener("close", () => resolve($("confirm").returnValue === "yes"), { once: true });
  });
}
