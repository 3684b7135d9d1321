import { make, setText } from "./dom.js";

// One for all comparisons: each call of localeCompare would make its own.
const Alphabet = new Intl.Collator("en", { numeric: true });

/**
 * A table that is sorted by a click on a title and redrawn in place: a row keeps its elements while its key is there, so
 * that focus and selection survive.
 */
export class Table {
  #table;
  #columns;
  #keyOf;
  #rows = new Map();
  #sortedBy;
  #isDescending;
  #body;

  /**
   * columns: { title, value(item) for sorting, text(item), or draw(cell, item), numeric }.
   * sortedBy: index of the column at the start.
   */
  constructor(table, columns, keyOf, sortedBy, isDescending) {
    this.#table = table;
    this.#columns = columns;
    this.#keyOf = keyOf;
    this.#sortedBy = sortedBy;
    this.#isDescending = isDescending;
    this.#makeHead();
    this.#body = table.createTBody();
  }

  onSort = () => {};

  draw(items) {
    const { value } = this.#columns[this.#sortedBy];
    const sign = this.#isDescending ? -1 : 1;
    const sorted = [...items].sort((a, b) => sign * compare(value(a), value(b)) || compare(this.#keyOf(a), this.#keyOf(b)));
    const seen = new Set();
    sorted.forEach((item, index) => {
      const key = this.#keyOf(item);
      seen.add(key);
      const row = this.#rows.get(key) ?? this.#makeRow(key);
      this.#columns.forEach((column, i) => column.draw
        ? column.draw(row.cells[i], item)
        : setText(row.cells[i], column.text(item)));
      if (this.#body.rows[index] !== row) {
        this.#body.insertBefore(row, this.#body.rows[index] ?? null);
      }
    });
    for (const [key, row] of this.#rows) {
      if (!seen.has(key)) {
        row.remove();
        this.#rows.delete(key);
      }
    }
  }

  #makeRow(key) {
    const row = make("tr");
    row.dataset.key = key;
    this.#columns.forEach((column) => row.append(make("td", "", { class: column.numeric ? "number" : column.wide ? "wide" : "" })));
    this.#rows.set(key, row);
    return row;
  }

  #makeHead() {
    const row = this.#table.createTHead().insertRow();
    this.#columns.forEach((column, i) => {
      const title = make("th", "", { scope: "col", class: column.numeric ? "number" : "" });
      if (column.value) {
        const button = make("button", column.title, { type: "button" });
        button.addEventListener("click", () => this.#sortBy(i));
        title.append(button);
      } else {
        title.textContent = column.title;
      }

      row.append(title);
    });
    this.#markSort();
  }

  #sortBy(index) {
    this.#isDescending = index === this.#sortedBy ? !this.#isDescending : Boolean(this.#columns[index].numeric);
    this.#sortedBy = index;
    this.#markSort();
    this.onSort();
  }

  #markSort() {
    [...this.#table.tHead.rows[0].cells].forEach((cell, i) => {
      if (i === this.#sortedBy) {
        cell.setAttribute("aria-sort", this.#isDescending ? "descending" : "ascending");
      } else {
        cell.removeAttribute("aria-sort");
      }
    });
  }
}

function compare(a, b) {
  if (typeof a === "number" || typeof b === "number") {
    return (a ?? -Infinity) - (b ?? -Infinity) || 0;
  }

  return Alphabet.compare(String(a), String(b));
}
