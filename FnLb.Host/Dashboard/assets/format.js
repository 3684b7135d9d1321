// Numbers as people read them; times come in seconds, shares as parts of one.

// One for all: each call of toLocaleString with options would make its own, which is most of what a table costs.
const Whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const Tenths = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

const isMissing = (value) => value === null || value === undefined;

export function count(value) {
  return isMissing(value) ? "–" : (value < 10 ? Tenths : Whole).format(value);
}

/** A number and what it counts: "1 node", "2 nodes". */
export function several(value, thing) {
  return `${count(value)} ${thing}${value === 1 ? "" : "s"}`;
}

export function share(value) {
  return isMissing(value) ? "–" : `${(value * 100).toFixed(value > 0 && value < 0.1 ? 1 : 0)} %`;
}

export function time(seconds) {
  if (isMissing(seconds)) {
    return "–";
  }

  if (seconds < 0.001) {
    return `${Math.round(seconds * 1e6)} µs`;
  }

  return seconds < 1
    ? `${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)} ms`
    : `${seconds.toFixed(seconds < 10 ? 2 : 0)} s`;
}

/** What a chart shows: its text, and what its scale reaches to at the least. */
export const Units = {
  count: { text: count, least: 1 },
  share: { text: share, least: 0.05 },
  time: { text: time, least: 0.001 },
};
