// Numbers as people read them; times come in seconds, shares as parts of one.

export function count(value) {
  if (value === null || value === undefined) {
    return "–";
  }

  const digits = value !== 0 && value < 10 && !Number.isInteger(value) ? 1 : 0;
  return value.toLocaleString("en", { maximumFractionDigits: digits });
}

export function share(value) {
  return value === null || value === undefined ? "–" : `${(value * 100).toFixed(value < 0.1 ? 1 : 0)} %`;
}

export function time(seconds) {
  if (seconds === null || seconds === undefined) {
    return "–";
  }

  if (seconds < 0.001) {
    return `${Math.round(seconds * 1e6)} µs`;
  }

  return seconds < 1 ? `${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)} ms` : `${seconds.toFixed(2)} s`;
}
