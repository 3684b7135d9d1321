import { forgetSeen, make, setText, whenSeen } from "./dom.js";

// One for all comparisons: each call of localeCompare would make its own.
const Alphabet = new Intl.Collator("en", { numeric: true });

// So many rows that are out of sight are brought up to date at a time; they take turns.
const OutOfSightMax = 30;

// Of a column without a width of its own, which takes what is left, in em.
const MainWidth = 12;

const HasPointer = matchMedia("(hover: hover)");

/**
 * A table that is sorted by a click on a title and redrawn in place: a row keeps its elements while its key is there.
 * While the pointer or the focus is on a row the order stands still, so that nobody presses the button of another.
 */
export class Table {
  #table;
  #columns;
  #keyOf;
  #rows = new Map();
  #sortedBy;
  #isDescending;
  #body;
  #turn = 0;

  /**
   * columns: { title, width in em, value(item) for sorting, text(item) or draw(cell, item), numeric, main }.
   * A title that is empty has a name, for those who do not see the page.
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
    // Said, because the narrow look takes it from them.
    table.setAttribute("role", "table");
    table.tHead.setAttribute("role", "rowgroup");
    this.#body.setAttribute("role", "rowgroup");
  }

  onSort = () => {};

  draw(items) {
    const found = new Map(items.map((item) => [this.#keyOf(item), item]));
    [...this.#rows].filter(([key]) => !found.has(key)).forEach(([key, row]) => this.#remove(key, row));
    let place = this.#body.firstElementChild;
    for (const key of this.#isHeld() ? this.#heldOrder(found) : this.#order(found)) {
      const row = this.#rows.get(key) ?? this.#makeRow(key);
      row.item = found.get(key);
      if (row.element === place) {
        place = place.nextElementSibling;
      } else {
        move(this.#body, row.element, place);
      }
    }

    this.#drawRows([...this.#rows.values()]);
  }

  #drawRows(rows) {
    const hidden = rows.filter((row) => !row.isSeen && row.isDrawn);
    const due = new Set(Array.from(
      { length: Math.min(OutOfSightMax, hidden.length) }, (_, i) => hidden[(this.#turn + i) % hidden.length]));
    this.#turn += due.size;
    rows.filter((row) => row.isSeen || !row.isDrawn || due.has(row)).forEach((row) => this.#drawRow(row));
  }

  #drawRow(row) {
    row.isDrawn = true;
    this.#columns.forEach((column, i) => column.draw
      ? column.draw(row.cells[i], row.item)
      : setText(row.cells[i], column.text(row.item)));
  }

  #isHeld() {
    return this.#body.contains(document.activeElement) || (HasPointer.matches && this.#body.matches(":hover"));
  }

  #order(found) {
    const { value } = this.#columns[this.#sortedBy];
    const sign = this.#isDescending ? -1 : 1;
    return [...found]
      .map(([key, item]) => ({ key, value: value(item) }))
      .sort((a, b) => sign * compare(a.value, b.value) || compare(a.key, b.key))
      .map(({ key }) => key);
  }

  #heldOrder(found) {
    const held = [...this.#body.rows].map((row) => row.dataset.key);
    return [...held, ...this.#order(found).filter((key) => !this.#rows.has(key))];
  }

  #makeRow(key) {
    const element = make("tr", "", { role: "row" });
    element.dataset.key = key;
    const cells = this.#columns.map((column) => make("td", "", {
      role: "cell", class: column.numeric ? "number" : column.main ? "main" : "", "data-title": column.title }));
    element.append(...cells);
    const row = { element, cells, item: null, isSeen: true, isDrawn: false };
    this.#rows.set(key, row);
    whenSeen(element, (isSeen) => {
      if (isSeen && !row.isSeen) {
        this.#drawRow(row);
      }

      row.isSeen = isSeen;
    });
    return row;
  }

  #remove(key, row) {
    const hadFocus = row.element.contains(document.activeElement);
    forgetSeen(row.element);
    row.element.remove();
    this.#rows.delete(key);
    if (hadFocus) {
      this.#table.parentElement.focus();
    }
  }

  #makeHead() {
    const row = this.#table.createTHead().insertRow();
    row.setAttribute("role", "row");
    const group = this.#table.insertBefore(make("colgroup"), this.#table.tHead);
    this.#table.style.minWidth = `${this.#columns.reduce((sum, { width = MainWidth }) => sum + width, 0)}em`;
    this.#columns.forEach((column, i) => {
      const shape = group.appendChild(make("col"));
      if (column.width) {
        shape.style.width = `${column.width}em`;
      }

      const title = make("th", "", { scope: "col", role: "columnheader", class: column.numeric ? "number" : "" });
      if (column.value) {
        const button = make("button", column.title, { type: "button" });
        button.addEventListener("click", () => this.#sortBy(i));
        title.append(button);
      } else {
        title.append(make("span", column.name, { class: "unseen" }));
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

// Where it can be, without taking the row from the page: what is in it would lose the focus.
function move(body, row, place) {
  if (row.isConnected && body.moveBefore) {
    body.moveBefore(row, place);
  } else {
    body.insertBefore(row, place);
  }
}

function compare(a, b) {
  if (typeof a === "number" || typeof b === "number") {
    return (a ?? -Infinity) - (b ?? -Infinity) || 0;
  }

  return Alphabet.compare(String(a), String(b));
}
