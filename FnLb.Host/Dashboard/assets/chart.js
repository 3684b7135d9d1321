/* global uPlot */

import { make, setText, whenSeen } from "./dom.js";

const Height = 170;
const SecondsMin = 60;
const DecimalPlacesMax = 12;

// Of a logarithmic scale: below 10 µs nothing is told apart.
const LowestDecade = -5;

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const clock = (second) => new Date(second * 1000).toLocaleTimeString("en-GB");

/**
 * A line chart over time that follows the width of its place and the colours of the page. Its legend, in the caption,
 * tells the last values, or those under the pointer.
 */
export class Chart {
  #place;
  #unit;
  #isLogarithmic;
  #lines;
  #legend;
  #plot = null;
  #data;
  #isSeen = false;

  /** lines: how many at most; unit: of the values, see format.js; isLogarithmic: for what differs by powers of ten. */
  constructor(place, { lines, unit, isLogarithmic = false }) {
    this.#place = place;
    this.#unit = unit;
    this.#isLogarithmic = isLogarithmic;
    this.#data = Array.from({ length: lines + 1 }, () => []);
    this.#lines = lines;
    const legend = place.closest("figure").querySelector(".legend");
    this.#legend = Array.from({ length: lines }, (_, i) => {
      const entry = { box: make("li", "", { class: `line s${i}` }), name: make("span"), value: make("b") };
      entry.box.append(entry.name, " ", entry.value);
      legend.append(entry.box);
      return entry;
    });
    new ResizeObserver(() => this.#plot?.setSize({ width: place.clientWidth, height: Height })).observe(place);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#build());
    whenSeen(place, (isSeen) => {
      this.#isSeen = isSeen;
      this.#update();
    });
  }

  /** names: one for each line, or undefined for one that is not used; data: seconds, then a list for each line. */
  draw(names, data, unit = this.#unit) {
    this.#unit = unit;
    this.#data = Array.from({ length: this.#lines + 1 }, (_, i) => data[i] ?? data[0].map(() => null));
    this.#legend.forEach((entry, i) => {
      entry.box.hidden = names[i] === undefined;
      setText(entry.name, names[i] ?? "");
    });
    this.#update();
  }

  #update() {
    if (!this.#isSeen || document.hidden) {
      return;
    }

    if (this.#plot === null) {
      this.#build();
    } else {
      this.#plot.setData(this.#data);
    }

    this.#place.classList.toggle("empty", !this.#data.slice(1).some((line) => line.some((value) => value !== null)));
    this.#tell(this.#plot.cursor.idx);
  }

  #tell(index) {
    this.#legend.forEach((entry, i) => {
      const line = this.#data[i + 1];
      setText(entry.value, this.#unit.text(line[index ?? line.length - 1]));
    });
  }

  // At least a minute, so that the picture does not jump while the first seconds come in.
  #timeRange() {
    const [seconds] = this.#data;
    const end = seconds.at(-1) ?? Date.now() / 1000;
    return [Math.min(seconds[0] ?? end, end - SecondsMin), end];
  }

  #build() {
    this.#plot?.destroy();
    const axis = {
      stroke: color("--dim"), grid: { stroke: color("--line"), width: 1 }, ticks: { show: false }, font: "11px system-ui",
    };
    const scale = this.#isLogarithmic
      ? { y: { distr: 3, range: (_, min, max) => decades(min, max) }, splits: { splits: (_, __, min, max) => powers(min, max), filter: (_, values) => values } }
      : { y: { range: (_, __, max) => [0, Math.max(this.#unit.least, (max ?? 0) * 1.1)] }, splits: {} };
    this.#plot = new uPlot({
      width: this.#place.clientWidth,
      height: Height,
      padding: [8, 8, 0, 0],
      cursor: { points: { size: 5 } },
      legend: { show: false },
      scales: { x: { range: () => this.#timeRange() }, y: scale.y },
      axes: [
        { ...axis, size: 26, space: 70, values: (_, seconds) => seconds.map(clock) },
        { ...axis, ...scale.splits, size: 54, space: 30, values: (_, values) => values.map((value) => axisText(this.#unit, value)) },
      ],
      hooks: { setCursor: [(plot) => this.#tell(plot.cursor.idx)] },
      series: [{}, ...this.#legend.map((_, i) => ({ stroke: color(`--s${i}`), width: 1.6, spanGaps: false }))],
    }, this.#data, this.#place);
  }
}

const axisText = (unit, value) => unit.text(value).replace(/\.0+(?= )/, "");

function decades(min, max) {
  const low = Math.max(LowestDecade, Math.floor(Math.log10(min ?? 0.001)));
  return [10 ** low, 10 ** Math.max(low + 1, Math.ceil(Math.log10(max ?? 1)))];
}

function powers(min, max) {
  const steps = Math.round(Math.log10(max / min));
  return Array.from({ length: steps + 1 }, (_, i) => Number((min * (10 ** i)).toFixed(DecimalPlacesMax)));
}
