import { call } from "./api.js";
import { $, setText } from "./dom.js";
import { count } from "./format.js";
import { Table } from "./table.js";

const Radius = 80;
const LabelDistance = 12;
const NodeRadiusMax = 8;
const LabelsMax = 3;
const RefreshMilliseconds = 2000;
const Svg = "http://www.w3.org/2000/svg";

/** Where one function lives: the nodes around a ring, its home marked, a line to each node that holds it warm. */
export class Place {
  #table;
  #route = null;
  #timer = 0;
  #opener = null;
  #answer = null;

  constructor() {
    this.#table = new Table($("rank-table"), [
      { title: "Node", value: (n) => n.node, text: (n) => n.node + (n.taken ? "  ← next call" : ""), main: true },
      { title: "Rank", width: 6.2, value: (n) => n.rank, text: (n) => n.rank === 0 ? "home" : `${n.rank}`, numeric: true },
      { title: "Warm", width: 5.5, value: (n) => n.warmContainers, text: (n) => count(n.warmContainers), numeric: true },
      { title: "Its calls", width: 6.5, value: (n) => n.functionCalls, text: (n) => count(n.functionCalls), numeric: true },
      { title: "All calls", width: 6.5, value: (n) => n.inFlight, text: (n) => count(n.inFlight), numeric: true },
      { title: "Limit", width: 5.5, value: (n) => n.limit, text: (n) => count(n.limit && Math.round(n.limit)), numeric: true },
      { title: "State", width: 14, value: (n) => n.state, text: (n) => n.why || n.state },
    ], (n) => n.node, 1, false);
    this.#table.onSort = () => this.#draw();
    $("close-place").addEventListener("click", () => this.close());
  }

  /** item: a function of a snapshot, which has a route. */
  show(item) {
    if (this.#route !== item.route) {
      this.#route = item.route;
      this.#answer = null;
      this.#draw();
      setText($("place-why"), "");
    }

    this.#opener = document.activeElement;
    $("place").hidden = false;
    setText($("place-title"), `Where ${item.function} lives`);
    $("place-title").focus();
    $("place").scrollIntoView({ block: "nearest" });
    this.#refresh();
  }

  close() {
    this.#route = null;
    clearTimeout(this.#timer);
    $("place").hidden = true;
    this.#opener?.focus();
  }

  async #refresh() {
    clearTimeout(this.#timer);
    const route = this.#route;
    let why = "";
    try {
      const answer = await call("GET", `route?route=${route}`);
      if (route === this.#route) {
        this.#answer = answer;
        this.#draw();
      }
    } catch (error) {
      why = error.message;
    }

    // Another function was chosen meanwhile, or none.
    if (route !== this.#route) {
      return;
    }

    setText($("place-why"), why || this.#answer.why);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#refresh(), RefreshMilliseconds);
  }

  #draw() {
    const nodes = this.#answer?.nodes ?? [];
    this.#table.draw(nodes);
    drawRing(nodes);
  }
}

function drawRing(nodes) {
  const parts = [shape("circle", { class: "orbit", r: Radius })];
  const size = Math.min(NodeRadiusMax, 220 / nodes.length);
  [...nodes].sort((a, b) => a.node.localeCompare(b.node, "en", { numeric: true })).forEach((node, i) => {
    const angle = (2 * Math.PI * i / nodes.length) - (Math.PI / 2);
    const [x, y] = [Radius * Math.cos(angle), Radius * Math.sin(angle)];
    if (node.warmContainers > 0) {
      parts.push(shape("line", { class: "call", x2: x, y2: y, "stroke-width": Math.min(6, 1 + node.warmContainers / 2) }));
    }

    const isOut = node.state !== "online" || node.administrative !== "active";
    const looks = [node.warmContainers > 0 ? "warm" : "node", isOut ? "out" : "", node.rank === 0 ? "home" : ""].join(" ");
    const dot = shape("circle", { class: looks, cx: x, cy: y, r: size });
    dot.append(shape("title", {}, `${node.node}: rank ${node.rank}, ${node.warmContainers} warm`));
    parts.push(dot);
    if (node.rank < LabelsMax) {
      parts.push(label(angle, Radius + size + LabelDistance, node.rank === 0 ? "home" : `${node.rank}`));
    }
  });
  $("ring").replaceChildren(...parts);
}

// Away from the ring on every side, so that it never covers its node.
function label(angle, distance, text) {
  const [x, y] = [Math.cos(angle), Math.sin(angle)];
  const side = Math.abs(x) < 0.3 ? "middle" : x > 0 ? "start" : "end";
  const inward = side === "middle" ? 0 : LabelDistance * 0.6;
  return shape("text", { x: (distance - inward) * x, y: (distance * y) + 3, "text-anchor": side }, text);
}

function shape(tag, fields, text = "") {
  const element = document.createElementNS(Svg, tag);
  element.textContent = text;
  Object.entries(fields).forEach(([name, value]) => element.setAttribute(name, value));
  return element;
}
