import { call } from "./api.js";
import { $, setText } from "./dom.js";
import { count } from "./format.js";
import { Table } from "./table.js";

const Radius = 90;
const RefreshMilliseconds = 2000;
const Svg = "http://www.w3.org/2000/svg";

/** Where one function lives: the nodes around a ring, its home marked, a line to each node that holds it warm. */
export class Place {
  #table;
  #path = null;
  #timer = 0;
  #answer = null;

  constructor() {
    this.#table = new Table($("rank-table"), [
      { title: "Rank", value: (n) => n.rank, text: (n) => n.rank === 0 ? "home" : `${n.rank}`, numeric: true },
      { title: "Node", value: (n) => n.node, text: (n) => n.node + (n.taken ? "  ← next call" : "") },
      { title: "Warm", value: (n) => n.warmContainers, text: (n) => count(n.warmContainers), numeric: true },
      { title: "Its calls", value: (n) => n.functionCalls, text: (n) => count(n.functionCalls), numeric: true },
      { title: "All calls", value: (n) => n.inFlight, text: (n) => count(n.inFlight), numeric: true },
      { title: "Limit", value: (n) => n.limit, text: (n) => count(n.limit && Math.round(n.limit)), numeric: true },
      { title: "State", value: (n) => n.state, text: (n) => n.why || n.state },
    ], (n) => n.node, 0, false);
    this.#table.onSort = () => this.#draw();
    $("close-place").addEventListener("click", () => this.close());
  }

  show(path) {
    this.#path = path;
    $("place").hidden = false;
    setText($("place-title"), `Where ${path} lives`);
    $("place-title").focus();
    $("place").scrollIntoView({ block: "nearest" });
    this.#refresh();
  }

  close() {
    this.#path = null;
    clearTimeout(this.#timer);
    $("place").hidden = true;
  }

  async #refresh() {
    clearTimeout(this.#timer);
    const path = this.#path;
    try {
      const answer = await call("GET", `route?path=${encodeURIComponent(path)}`);
      if (path !== this.#path) {
        return;
      }

      this.#answer = answer;
      this.#draw();
    } catch (error) {
      setText($("place-why"), error.message);
    }

    this.#timer = setTimeout(() => this.#refresh(), RefreshMilliseconds);
  }

  #draw() {
    setText($("place-why"), this.#answer.why);
    this.#table.draw(this.#answer.nodes);
    drawRing(this.#answer.nodes);
  }
}

function drawRing(nodes) {
  const parts = [shape("circle", { class: "orbit", r: Radius })];
  const size = Math.min(9, 250 / nodes.length);
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
    if (node.rank < 3) {
      parts.push(shape("text", { x: x * 1.2, y: (y * 1.2) + 2 }, node.rank === 0 ? "home" : `${node.rank}`));
    }
  });
  $("ring").replaceChildren(...parts);
}

function shape(tag, fields, text = "") {
  const element = document.createElementNS(Svg, tag);
  element.textContent = text;
  Object.entries(fields).forEach(([name, value]) => element.setAttribute(name, value));
  return element;
}
