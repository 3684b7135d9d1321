"use strict";

const ChartHeight = 280;
const NinesMax = 5;

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Equal room for 90, 99, 99.9 and so on: what lies above p99 is what such a chart is looked at for.
const toNines = (percentile) => percentile >= 100 ? NinesMax : Math.min(-Math.log10(1 - percentile / 100), NinesMax);

const number = (value) => value == null ? "" : String(Number(value.toPrecision(4)));

const atNine = (nines) => nines === 0 ? "0" : nines >= NinesMax ? "max" : nines === 1 ? "p90" : nines === 2 ? "p99" : `p99.${"9".repeat(nines - 2)}`;

function xAxis(chart) {
  switch (chart.xKind) {
    case "percentile":
      return { splits: () => [0, 1, 2, 3, 4, 5], values: (_, splits) => splits.map(atNine) };
    case "words":
      return { splits: () => chart.xLabels.map((_, i) => i), values: (_, splits) => splits.map((i) => chart.xLabels[i]) };
    default:
      return {};
  }
}

function draw(chart, place) {
  const figure = document.createElement("figure");
  const caption = document.createElement("figcaption");
  caption.textContent = chart.title;
  figure.append(caption);
  place.append(figure);
  const axis = { stroke: color("--dim"), grid: { stroke: color("--line"), width: 1 }, ticks: { show: false } };
  const x = chart.xKind === "percentile" ? chart.x.map(toNines) : chart.x;
  const isWords = chart.xKind === "words";
  const plot = new uPlot({
    width: figure.clientWidth - 20,
    height: ChartHeight,
    scales: {
      x: { time: false, range: isWords ? [-0.5, chart.xLabels.length - 0.5] : undefined },
      y: chart.isLogarithmic ? { distr: 3 } : { range: (_, min, max) => [Math.min(0, min ?? 0), max > 0 ? max * 1.1 : 1] },
    },
    axes: [{ ...axis, ...xAxis(chart), label: chart.xTitle }, { ...axis, size: 60, label: chart.yTitle }],
    series: [
      { label: chart.xTitle, value: (_, at) => at == null ? "" : isWords ? chart.xLabels[at] : number(at) },
      ...chart.series.map((series, i) => ({
        label: series.label,
        stroke: color(`--s${i % 8}`),
        width: 1.5,
        points: { show: isWords || chart.x.length < 40 },
        paths: isWords ? () => null : undefined,
        value: (_, at) => number(at),
      })),
    ],
  }, [x, ...chart.series.map((series) => series.y)], figure);
  new ResizeObserver(() => plot.setSize({ width: figure.clientWidth - 20, height: ChartHeight })).observe(figure);
}

const place = document.getElementById("charts");
JSON.parse(document.getElementById("data").textContent).forEach((chart) => draw(chart, place));
