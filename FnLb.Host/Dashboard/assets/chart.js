/* global uPlot */

const Height = 155;
const SecondsMin = 60;

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const clock = (second) => new Date(second * 1000).toLocaleTimeString("en-GB");

// At least a minute, so that the picture does not jump while the first seconds come in.
function timeRange(_, first, last) {
  const end = last ?? Date.now() / 1000;
  return [Math.min(first ?? end, end - SecondsMin), end];
}

/** A line chart over time that follows the width of its place and the colours of the page. */
export class Chart {
  #place;
  #plot = null;
  #names = [];
  #data = [[]];

  constructor(place) {
    this.#place = place;
    new ResizeObserver(() => this.#plot?.setSize({ width: place.clientWidth, height: Height })).observe(place);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#build());
  }

  draw(names, data) {
    this.#data = data;
    if (this.#plot === null || names.join("\n") !== this.#names.join("\n")) {
      this.#names = names;
      this.#build();
    } else {
      this.#plot.setData(data);
    }
  }

  #build() {
    this.#plot?.destroy();
    const axis = { stroke: color("--dim"), grid: { stroke: color("--line"), width: 1 }, ticks: { show: false } };
    this.#plot = new uPlot({
      width: this.#place.clientWidth,
      height: Height,
      cursor: { points: { size: 5 } },
      legend: { live: false },
      scales: {
        x: { range: timeRange },
        y: { range: (_, min, max) => [Math.min(0, min ?? 0), Math.max(1, (max ?? 1) * 1.1)] },
      },
      axes: [{ ...axis, space: 70, values: (_, seconds) => seconds.map(clock) }, { ...axis, size: 44 }],
      series: [{}, ...this.#names.map((label, i) => ({ label, stroke: color(`--s${i % 8}`), width: 1.5, spanGaps: false }))],
    }, this.#data, this.#place);
  }
}
