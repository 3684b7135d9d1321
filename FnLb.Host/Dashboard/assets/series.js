// What the charts draw: the last minutes, a value for each second.

const SecondsKept = 600;
const LinesMax = 8;
const LinesNear = 12;
const ItemsKept = 50;

/** Values by second, oldest first, whatever the order they come in. */
class Seconds {
  #values = new Map();

  get last() {
    return this.#last;
  }

  #last = -Infinity;

  set(second, value) {
    this.#values.set(second, value);
    if (second < this.#last) {
      this.#values = new Map([...this.#values].sort((a, b) => a[0] - b[0]));
    }

    this.#last = Math.max(this.#last, second);
    for (const kept of this.#values.keys()) {
      if (kept > this.#last - SecondsKept) {
        break;
      }

      this.#values.delete(kept);
    }
  }

  /** The last second there is: what is later has come from a clock that was set back since. */
  endWith(second) {
    if (second < this.#last) {
      this.keys().filter((kept) => kept > second).forEach((kept) => this.#values.delete(kept));
      this.#last = second;
    }
  }

  has(second) {
    return this.#values.has(second);
  }

  get(second) {
    return this.#values.get(second);
  }

  keys() {
    return [...this.#values.keys()];
  }

  values() {
    return [...this.#values.values()];
  }
}

/** A row for each second. */
export class Series {
  #rows = new Seconds();

  /** rows: oldest first, up to the second that ended last. */
  add(rows) {
    this.#rows.endWith(rows.at(-1)?.second);
    rows.forEach((row) => this.#rows.set(row.second, row));
  }

  /** lines: functions from a row to a value or null. */
  data(lines) {
    const rows = this.#rows.values();
    return [this.#rows.keys(), ...lines.map((line) => rows.map(line))];
  }
}

/** For each second the busiest nodes or functions, by name. */
export class SplitSeries {
  #seconds = new Seconds();
  #names = [];

  /** second: that ended last; items: { callsPerSecond, waitMean }. */
  add(second, items, nameOf) {
    const busiest = [...items].sort((a, b) => b.callsPerSecond - a.callsPerSecond).slice(0, ItemsKept);
    this.#seconds.endWith(second);
    this.#seconds.set(second, new Map(busiest.map((item) => [nameOf(item), item])));
  }

  /** lines: { name, callsPerSecond, waitMean }, the two being lists that end with the second. */
  fill(second, lines) {
    const length = lines[0]?.callsPerSecond.length ?? 0;
    if (length > 0) {
      this.#seconds.endWith(second);
    }

    for (let i = 0; i < length; i++) {
      const at = second - length + 1 + i;
      if (!this.#seconds.has(at)) {
        this.#seconds.set(at, new Map(lines.map((line) => [
          line.name, { callsPerSecond: line.callsPerSecond[i], waitMean: line.waitMean[i] }])));
      }
    }
  }

  /** The names with the most calls now. One keeps its place, and so its colour, while it is near them. */
  names() {
    const now = this.#seconds.get(this.#seconds.last) ?? new Map();
    const busiest = [...now.keys()].slice(0, LinesNear);
    const length = Math.min(LinesMax, busiest.length);
    this.#names = this.#names.slice(0, length);
    const fresh = busiest.filter((name) => !this.#names.includes(name));
    for (let i = 0; i < length; i++) {
      if (!busiest.includes(this.#names[i])) {
        this.#names[i] = fresh.shift();
      }
    }

    return this.#names;
  }

  data(names, measure) {
    const seconds = this.#seconds.values();
    return [this.#seconds.keys(), ...names.map((name) => seconds.map((items) => items.get(name)?.[measure] ?? null))];
  }
}
