import { Advice } from "./advice.js";
import { token } from "./api.js";
import { Chart } from "./chart.js";
import { $, setText } from "./dom.js";
import { Feed } from "./feed.js";
import { Units } from "./format.js";
import { FunctionTable } from "./functions.js";
import { NodeTable } from "./nodes.js";
import { Place } from "./place.js";
import { Series, SplitSeries } from "./series.js";
import { TileRow } from "./tiles.js";

const SplitLines = 8;
const States = { live: ["live", "good"], lost: ["connection lost", "bad"], locked: ["token needed", "warn"] };
const SplitUnits = { callsPerSecond: Units.count, waitMean: Units.time };

const advice = new Advice();
const tiles = new TileRow();
const nodes = new NodeTable();
const place = new Place();
const all = new Series();
const split = { nodes: new SplitSeries(), functions: new SplitSeries() };
const charts = {
  calls: new Chart($("chart-calls"), { lines: 2, unit: Units.count }),
  time: new Chart($("chart-time"), { lines: 3, unit: Units.time, isLogarithmic: true }),
  cold: new Chart($("chart-cold"), { lines: 2, unit: Units.share }),
  split: new Chart($("chart-split"), { lines: SplitLines, unit: Units.count }),
};
let state = "";
let updates = 0;

const feed = new Feed({
  history: (rows) => all.add(rows),
  busiest: (lines) => {
    split.nodes.fill(lines.second, lines.nodes);
    split.functions.fill(lines.second, lines.functions);
  },
  snapshot: show,
  state: showState,
});
const functions = new FunctionTable(feed, (item) => place.show(item));

["split-by", "split-measure"].forEach((id) => $(id).addEventListener("change", drawSplit));
$("set-token").addEventListener("click", askToken);
// No button that submits: Enter in the field presses the first of these.
$("token-cancel").addEventListener("click", () => $("token-dialog").close());

function show(snapshot) {
  if (snapshot.row) {
    all.add([snapshot.row]);
  }

  split.nodes.add(snapshot.second, snapshot.nodes, (node) => node.node);
  split.functions.add(snapshot.second, snapshot.functions, (item) => item.function);
  setText($("version"), snapshot.version);
  advice.draw(snapshot);
  tiles.draw(snapshot);
  nodes.draw(snapshot);
  functions.draw(snapshot);
  warn("panic", snapshot.panic ? "So many nodes are out that failing ones are used too." : "");
  warn("exposure", snapshot.openAt ? `Everybody who reaches ${snapshot.openAt} may change the node list: set `
    + "-admin-token-file or -admin-tls-client-ca, or -mgmt-listen to 127.0.0.1." : "");
  drawCharts();
  document.body.dataset.updates = ++updates;
}

function drawCharts() {
  const withCalls = (part) => (row) => row.calls > 0 ? part(row) : null;
  charts.calls.draw(["calls", "errors"], all.data([
    (row) => row.calls + row.failed, (row) => row.errors + row.failed]));
  charts.time.draw(["p50", "p99", "mean wait"], all.data([
    withCalls((row) => row.p50), withCalls((row) => row.p99), (row) => row.waitMean]));
  charts.cold.draw(["cold", "spilled"], all.data([
    (row) => row.waits > 0 ? row.cold / row.waits : null, withCalls((row) => row.spilled / row.calls)]));
  drawSplit();
}

function drawSplit() {
  const series = split[$("split-by").value];
  const names = series.names();
  const measure = $("split-measure").value;
  charts.split.draw(names, series.data(names, measure), SplitUnits[measure]);
}

function showState(next, why) {
  const [text, tone] = States[next];
  setText($("connection"), text);
  $("connection").className = `badge ${tone}`;
  document.body.classList.toggle("stale", next !== "live");
  warn("trouble", next === "live" ? "" : `Nothing here is new: ${why}.`);
  if (next === "locked" && state !== "locked" && !$("token-dialog").open) {
    askToken();
  }

  state = next;
}

function warn(id, text) {
  setText($(id), text);
  if ($(id).hidden !== (text === "")) {
    $(id).hidden = text === "";
  }
}

function askToken() {
  const dialog = $("token-dialog");
  $("token").value = "";
  dialog.returnValue = "";
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "yes") {
      state = "";
      token.set($("token").value);
      feed.restart();
    }
  }, { once: true });
  dialog.showModal();
}
