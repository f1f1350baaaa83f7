// A list of any length: only the rows that are seen exist.

class Rows {
  /** `fill(row, index)` puts an entry into an empty element; `chosen(index)` is called for a click or Enter. */
  constructor(name, height, fill, chosen) {
    this.box = by_id(name);
    this.height = height;
    this.fill = fill;
    this.chosen = chosen;
    this.count = 0;
    this.marked = -1;
    this.all = element("div", "all");
    this.box.append(this.all);
    this.box.addEventListener("scroll", () => this.draw());
    this.box.addEventListener("keydown", (event) => this.on_key(event));
    new ResizeObserver(() => this.draw()).observe(this.box);
  }

  set(count, empty_text) {
    this.count = count;
    this.all.style.height = `${count * this.height}px`;
    this.empty_text = empty_text;
    this.draw();
  }

  mark(index) {
    this.marked = index;
    const top = index * this.height;
    const { scrollTop, clientHeight } = this.box;
    if (index >= 0 && (top < scrollTop || top + this.height > scrollTop + clientHeight))
      this.box.scrollTop = top - clientHeight / 3;
    this.draw();
  }

  draw() {
    if (this.box.clientHeight === 0) return;
    const first = Math.max(0, Math.floor(this.box.scrollTop / this.height) - 2);
    const last = Math.min(this.count, Math.ceil((this.box.scrollTop + this.box.clientHeight) / this.height) + 2);
    const rows = [];
    for (let i = first; i < last; ++i) {
      const row = element("div", i === this.marked ? "row chosen" : "row");
      row.style.top = `${i * this.height}px`;
      row.style.height = `${this.height}px`;
      row.addEventListener("click", () => this.choose(i));
      this.fill(row, i);
      rows.push(row);
    }
    if (this.count === 0 && this.empty_text) rows.push(element("div", "empty", this.empty_text));
    this.all.replaceChildren(...rows);
  }

  choose(index) {
    this.mark(index);
    this.chosen(index);
  }

  on_key(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
    if (!(event.key in moves) || this.count === 0) return;
    event.preventDefault();
    this.choose(Math.max(0, Math.min(this.count - 1, this.marked + moves[event.key])));
  }
}
