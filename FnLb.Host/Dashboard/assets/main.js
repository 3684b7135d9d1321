import { token } from "./api.js";
import { Chart } from "./chart.js";
import { $, setText } from "./dom.js";
import { Feed } from "./feed.js";
import { FunctionTable } from "./functions.js";
import { NodeTable } from "./nodes.js";
import { Place } from "./place.js";
import { Series, SplitSeries } from "./series.js";
import { TileRow } from "./tiles.js";

const Percent = 100;
const Milliseconds = 1000;
const Tone = { live: "good", lost: "bad", locked: "warn" };

const tiles = new TileRow();
const nodes = new NodeTable();
const place = new Place();
const all = new Series();
const split = { nodes: new SplitSeries(), functions: new SplitSeries() };
const charts = {
  calls: new Chart($("chart-calls")),
  time: new Chart($("chart-time")),
  cold: new Chart($("chart-cold")),
  split: new Chart($("chart-split")),
};

const feed = new Feed({
  history: (rows) => rows.forEach((row) => all.add(row)),
  snapshot: show,
  state: showState,
});
const functions = new FunctionTable(feed, (name) => place.show(name));

["split-by", "split-measure"].forEach((id) => $(id).addEventListener("change", drawSplit));
$("set-token").addEventListener("click", askToken);

function show(snapshot) {
  if (snapshot.row) {
    all.add(snapshot.row);
  }

  split.nodes.add(snapshot.second, snapshot.nodes, (node) => node.node);
  split.functions.add(snapshot.second, snapshot.functions.slice(0, 50), (item) => item.function);
  setText($("version"), snapshot.version);
  tiles.draw(snapshot);
  nodes.draw(snapshot);
  functions.draw(snapshot);
  warn(snapshot.panic ? "So many nodes are out that failing ones are used too." : "");
  drawCharts();
}

function drawCharts() {
  const partOf = (part) => (row) => row.calls > 0 ? Percent * part(row) / row.calls : null;
  const inMilliseconds = (value) => value === null || value === undefined ? null : value * Milliseconds;
  charts.calls.draw(["calls", "errors"], all.data([(row) => row.calls, (row) => row.errors]));
  charts.time.draw(["takes", "waits"], all.data([
    (row) => row.calls > 0 ? inMilliseconds(row.durationMean) : null,
    (row) => inMilliseconds(row.waitMean),
  ]));
  charts.cold.draw(["cold", "spilled"], all.data([partOf((row) => row.cold), partOf((row) => row.spilled)]));
  drawSplit();
}

function drawSplit() {
  const series = split[$("split-by").value];
  const measure = $("split-measure").value;
  const names = series.names();
  charts.split.draw(names, series.data(names, measure, measure === "waitMean" ? Milliseconds : 1));
}

function showState(state, why) {
  setText($("connection"), state);
  $("connection").className = `badge ${Tone[state]}`;
  $("connection").title = why;
  if (state === "locked" && !$("token-dialog").open) {
    askToken();
  }
}

function warn(text) {
  $("warning").hidden = text === "";
  setText($("warning"), text);
}

function askToken() {
  const dialog = $("token-dialog");
  $("token").value = "";
  dialog.returnValue = "";
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "yes") {
      token.set($("token").value);
      feed.restart();
    }
  }, { once: true });
  dialog.showModal();
}
