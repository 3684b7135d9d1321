// What the charts draw: the last minutes, a value for each second.

const SecondsKept = 600;
const SplitSecondsKept = 300;
const LinesMax = 8;

/** One list of seconds and one of values for each line. */
export class Series {
  #rows = new Map();

  add(row) {
    this.#rows.set(row.second, row);
    for (const second of this.#rows.keys()) {
      if (second > row.second - SecondsKept) {
        break;
      }

      this.#rows.delete(second);
    }
  }

  /** lines: functions from a row to a value or null. */
  data(lines) {
    const rows = [...this.#rows.values()];
    return [rows.map((row) => row.second), ...lines.map((line) => rows.map(line))];
  }
}

/** The same for each node or function by name. */
export class SplitSeries {
  #seconds = [];

  add(second, items, nameOf) {
    this.#seconds.push({
      second,
      items: new Map(items.map((item) => [nameOf(item), { callsPerSecond: item.callsPerSecond, waitMean: item.waitMean }])),
    });
    if (this.#seconds.length > SplitSecondsKept) {
      this.#seconds.shift();
    }
  }

  /** The names with the most calls now. */
  names() {
    const last = this.#seconds.at(-1)?.items ?? new Map();
    return [...last].sort((a, b) => b[1].callsPerSecond - a[1].callsPerSecond).slice(0, LinesMax).map(([name]) => name).sort();
  }

  data(names, measure, factor) {
    const valueOf = (items, name) => {
      const value = items.get(name)?.[measure];
      return value === undefined || value === null ? null : value * factor;
    };
    return [
      this.#seconds.map((entry) => entry.second),
      ...names.map((name) => this.#seconds.map((entry) => valueOf(entry.items, name))),
    ];
  }
}
