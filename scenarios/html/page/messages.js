// Every message in words, or every frame.

class Messages {
  constructor(on_message) {
    this.on_message = on_message;
    this.rows = new Rows("message-rows", 24, (row, i) => this.fill(row, this.shown[i]), (i) => this.choose(this.shown[i]));
    by_id("message-filter").addEventListener("input", () => this.filter());
    by_id("message-frames").addEventListener("change", () => this.filter());
  }

  show(run) {
    this.run = run;
    by_id("message-filter").value = "";
    this.filter();
  }

  filter() {
    const { run } = this;
    const wanted = by_id("message-filter").value.trim().toLowerCase();
    const frames = by_id("message-frames").checked;
    this.table = frames ? run.frames : run.messages;
    this.is_frames = frames;
    // Texts are few and entries many: each text is looked at once.
    const fits = run.texts.map((text) => text.toLowerCase().includes(wanted));
    const names = run.participants.map((one) => one.name.toLowerCase().includes(wanted));
    const name_fits = (who) => who >= 0 && names[who];
    const { text, data, from, to } = this.table;
    const shown = [];
    for (let i = 0; i < this.table.count; ++i)
      if (wanted === "" || fits[text[i]] || name_fits(from[i]) || name_fits(to[i]) ||
          (frames ? `${id_text(run.frames.id[i])} ${frame_bytes(run, i)}`.toLowerCase().includes(wanted) : fits[data[i]]))
        shown.push(i);
    this.shown = shown;
    by_id("message-count").textContent = counted(shown.length, frames ? "frame" : "message");
    this.rows.marked = -1;
    this.rows.set(shown.length, this.table.count === 0 ? "Nothing was heard." : "Nothing fits the filter.");
  }

  fill(row, i) {
    const { run, table } = this;
    const cell = (width, style, text) => {
      const made = element("span", style, text);
      if (width) made.style.width = `${width}px`;
      row.append(made);
    };
    const message = this.is_frames ? table.message[i] : i;
    const kind = message < 0 ? "other" : message_kinds[run.messages.kind[message]];
    cell(96, "number mono", s_text((this.is_frames ? table.end : table.began)[i]));
    cell(76, "muted", run.buses[run.frames.bus[this.is_frames ? i : table.first[i]]].name);
    cell(170, kind, ends_text(run, table.from[i], table.to[i]) || id_text(table.id[i]));
    if (this.is_frames) cell(70, "mono", id_text(table.id[i]));
    cell(200, "mono", this.is_frames ? `${frame_bytes(run, i)} ${flags_text(table.flags[i])}` : run.texts[table.data[i]]);
    cell(0, `rest ${!this.is_frames && !table.whole[i] ? "bad" : ""}`, run.texts[table.text[i]]);
    row.title = run.texts[table.text[i]];
  }

  choose(i) {
    const message = this.is_frames ? this.run.frames.message[i] : i;
    if (message >= 0) this.on_message(message);
  }
}

/** ECUs with how many of their verdicts failed, the worst first. */
class Ecus {
  constructor(on_ecu) {
    this.on_ecu = on_ecu;
    this.rows = new Rows("ecu-rows", 26, (row, i) => this.fill(row, this.all[i]), (i) => this.on_ecu(this.all[i].who));
  }

  show(run) {
    const found = new Map();
    for (const one of run.verdicts) {
      if (one.who === "") continue;
      if (!found.has(one.who)) found.set(one.who, { who: one.who, verdicts: 0, failed: 0, kinds: new Map() });
      const its = found.get(one.who);
      ++its.verdicts;
      if (!one.failed) continue;
      ++its.failed;
      its.kinds.set(one.words, (its.kinds.get(one.words) ?? 0) + 1);
    }
    this.all = [...found.values()].sort((a, b) => b.failed - a.failed);
    this.rows.marked = -1;
    this.rows.set(this.all.length, "No step was judged.");
  }

  fill(row, one) {
    row.append(element("span", one.failed > 0 ? "bad" : "good", one.failed > 0 ? "✗" : "✓"));
    const name = element("strong", "", one.who);
    name.style.width = "200px";
    const count = element("span", "number", one.failed > 0 ? `${one.failed} of ${one.verdicts} failed` : counted(one.verdicts, "verdict"));
    count.style.width = "130px";
    row.append(name, count, element("span", "rest muted", [...one.kinds].map(([words, times]) => `${times} ${words}`).join(", ")));
  }
}
