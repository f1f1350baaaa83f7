// The sequence chart of a step: who said what to whom, in the order of time, with the real times beside it.

const sequence_size = { row: 26, gutter: 150, head: 30, lane: 104, most_lanes: 40, gap: 100e6 };

/** What belongs to a step: messages in its time that one of its participants sent or was sent. */
function messages_of_step(run, step) {
  const { messages } = run;
  const named = new Set(step.verdicts.map((one) => run.by_name.get(one.who)?.index).filter((one) => one !== undefined));
  const buses = new Set([...named].map((one) => run.participants[one].bus));
  const takes_part = (who) => who >= 0 && (named.has(who) || run.participants[who].kind === "unknown" ||
    (run.participants[who].kind === "all" && buses.has(run.participants[who].bus)));
  const found = [];
  for (let i = 0; i < messages.count; ++i) {
    // What begins when a step ends belongs to the next one.
    const over = step.ended > step.began ? messages.begin[i] >= step.ended : messages.begin[i] > step.ended;
    if (over || messages.end[i] < step.began) continue;
    if (named.size === 0 || takes_part(messages.from[i]) || takes_part(messages.to[i])) found.push(i);
  }
  return found;
}

/** The message with which somebody reacted in a step; -1 if there was none. */
function reaction_of(run, verdict) {
  const { messages } = run;
  const who = run.by_name.get(verdict.who)?.index;
  if (who === undefined) return -1;
  return messages_of_step(run, verdict.step).find((i) => messages.from[i] === who) ?? -1;
}

class Sequence {
  constructor(on_message) {
    this.on_message = on_message;
    this.rows = [];
    this.box = by_id("sequence-rows");
    this.all = element("div", "all");
    this.box.append(this.all);
    this.svg = d3.select(this.all).append("svg");
    this.head = d3.select("#sequence-lanes").append("svg");
    this.box.addEventListener("scroll", () => this.draw());
    by_id("sequence-frames").addEventListener("change", () => this.layout());
    new ResizeObserver(() => this.draw()).observe(this.box);
  }

  show(run, step, verdict) {
    const same = this.run === run && this.step === step;
    Object.assign(this, { run, step, verdict });
    if (!same) this.chosen = -1;
    by_id("sequence-title").textContent = step ? `${step.path}  ${step.name}` : "No step";
    this.layout();
    if (!same) this.box.scrollTop = 0;
  }

  /** Scrolls to a message and marks it. */
  reveal(message) {
    this.chosen = message;
    const place = this.rows.findIndex((row) => message >= 0 ? row.message === message
                                                            : row.what === "absence" && row.name === this.verdict?.who);
    if (place >= 0) this.box.scrollTop = place * sequence_size.row - this.box.clientHeight / 2;
    this.draw();
  }

  layout() {
    if (!this.step) return this.clear();
    const { run, step } = this;
    const found = messages_of_step(run, step);
    this.failed = new Map(step.verdicts.filter((one) => one.failed).map((one) => [one.who, one]));
    this.choose_lanes(found);
    const has_lane = (who) => who < 0 || this.place.has(who) || run.participants[who].kind === "all";
    const shown = found.filter((i) => has_lane(run.messages.from[i]) && has_lane(run.messages.to[i]));
    const request = found.find((i) => run.messages.data[i] >= 0 && step.request !== "" &&
      run.texts[run.messages.data[i]].startsWith(step.request.slice(0, 140)));
    this.zero = request === undefined ? step.began : run.messages.end[request];
    this.rows = this.with_gaps(this.entries(shown));
    const left_out = this.lanes_wanted - this.lanes.length;
    by_id("sequence-note").textContent =
      `times from ${request === undefined ? "the begin of the step" : "the end of the request"} at ${s_text(this.zero)}` +
      (left_out > 0 ? `; ${left_out} others are left out, choose one in the table to see it` : "");
    this.draw();
  }

  clear() {
    this.rows = [];
    this.lanes = [];
    by_id("sequence-note").textContent = "";
    this.draw();
  }

  /** Testers first, then who failed, then the others; the one of the chosen verdict always. */
  choose_lanes(found) {
    const { run } = this;
    const seen = new Set();
    for (const i of found) for (const who of [run.messages.from[i], run.messages.to[i]]) if (who >= 0) seen.add(who);
    for (const name of this.failed.keys()) if (run.by_name.has(name)) seen.add(run.by_name.get(name).index);
    const chosen = run.by_name.get(this.verdict?.who)?.index ?? -1;
    if (chosen >= 0) seen.add(chosen);
    const rank = (who) => {
      const one = run.participants[who];
      if (one.kind === "tester") return 0;
      if (who === chosen) return 1;
      return this.failed.has(one.name) ? 2 : 3;
    };
    const wanted = [...seen].filter((who) => run.participants[who].kind !== "all");
    this.lanes_wanted = wanted.length;
    wanted.sort((a, b) => rank(a) - rank(b) || a - b);
    const kept = wanted.slice(0, sequence_size.most_lanes);
    // As in the file, where all have room.
    if (wanted.length <= sequence_size.most_lanes)
      kept.sort((a, b) => Math.min(rank(a), 1) - Math.min(rank(b), 1) || a - b);
    this.lanes = kept;
    this.place = new Map(kept.map((who, i) => [who, i]));
  }

  entries(found) {
    const { messages, frames, remarks } = this.run;
    const rows = found.map((i) => ({ what: "message", message: i, begin: messages.begin[i], end: messages.end[i] }));
    if (by_id("sequence-frames").checked) rows.push(...this.frame_entries(new Set(found)));
    for (const one of remarks)
      if (one.at >= this.step.began && one.at <= this.step.ended)
        rows.push({ what: "remark", text: one.text, begin: one.at, end: one.at });
    rows.sort((a, b) => a.begin - b.begin || (a.what === "message" ? -1 : 1));
    // What failed without a message is said where the step ended.
    const { run } = this;
    for (const [name, one] of this.failed)
      if (one.reacted === null) {
        const who = run.by_name.get(name)?.index ?? -1;
        rows.push({ what: "absence", who, name, text: `${name ? name + ": " : ""}${one.words}`,
                    begin: this.step.ended, end: this.step.ended });
      }
    return rows;
  }

  /** The frames of segmented messages, and flow controls, which belong to none. */
  frame_entries(found) {
    const { messages, frames } = this.run;
    const rows = [];
    for (let f = first_not_before(frames.end, this.step.began); f < frames.count; ++f) {
      if (frames.start(f) > this.step.ended) break;
      const i = frames.message[f];
      const shown = i >= 0 ? found.has(i) && messages.first[i] !== messages.last[i]
                           : frames.text[f] !== 0 && this.place.has(frames.from[f]) && this.place.has(frames.to[f]);
      if (shown) rows.push({ what: "frame", message: i, frame: f, begin: frames.start(f), end: frames.end[f] });
    }
    return rows;
  }

  with_gaps(rows) {
    const result = [];
    let end = null;
    for (const row of rows) {
      if (end !== null && row.begin - end > sequence_size.gap)
        result.push({ what: "gap", begin: end, end: row.begin });
      result.push(row);
      end = Math.max(end ?? row.end, row.end);
    }
    return result;
  }

  x(lane) { return sequence_size.gutter + (lane + 0.5) * this.lane_width; }

  draw() {
    if (!this.lanes || this.box.clientHeight === 0) return;
    const { row, gutter, head, lane } = sequence_size;
    const room = this.box.clientWidth - gutter - 12;
    this.lane_width = Math.max(lane, Math.min(240, room / Math.max(1, this.lanes.length)));
    const width = Math.max(this.box.clientWidth, gutter + this.lane_width * this.lanes.length + 12);
    const height = Math.max(0, this.box.clientHeight - (width > this.box.clientWidth ? 16 : 0));
    this.all.style.height = `${Math.max(this.rows.length * row + 10, height)}px`;
    this.all.style.width = `${width}px`;
    this.head.attr("width", width).attr("height", head).style("transform", `translateX(${-this.box.scrollLeft}px)`);
    this.svg.attr("width", width).attr("height", height);
    this.draw_lanes(height);
    const first = Math.floor(this.box.scrollTop / row);
    const seen = this.rows.slice(first, first + Math.ceil(height / row) + 1);
    const groups = this.svg.selectAll("g.entry").data(seen).join("g").attr("class", "entry")
      .attr("transform", (_, i) => `translate(0,${(first + i) * row - this.box.scrollTop})`);
    groups.selectAll("*").remove();
    const chart = this;
    groups.each(function (entry) { chart.draw_entry(d3.select(this), entry); });
    this.draw_empty();
  }

  draw_empty() {
    this.svg.selectAll("text.nothing").data(this.rows.length === 0 ? [0] : []).join("text")
      .attr("class", "nothing muted").attr("x", 24).attr("y", 30)
      .text(this.step ? "Nothing was heard of this step's participants while it lasted." : "");
  }

  draw_lanes(height) {
    const { run } = this;
    const chosen = run.by_name.get(this.verdict?.who)?.index ?? -1;
    const style = (who) => `${this.failed.has(run.participants[who].name) ? "bad" : ""} ${who === chosen ? "chosen" : ""}`;
    this.svg.selectAll("line.lifeline").data(this.lanes).join("line")
      .attr("class", (who) => `lifeline ${style(who)}`).attr("x1", (_, i) => this.x(i)).attr("x2", (_, i) => this.x(i))
      .attr("y1", 0).attr("y2", height);
    const heads = this.head.selectAll("g").data(this.lanes).join("g").attr("class", style)
      .attr("transform", (_, i) => `translate(${this.x(i)},4)`);
    heads.selectAll("*").remove();
    heads.append("rect").attr("x", -this.lane_width / 2 + 6).attr("width", this.lane_width - 12).attr("height", 21)
      .attr("rx", 3);
    heads.append("text").attr("y", 15).attr("text-anchor", "middle")
      .text((who) => cut_text(run.participants[who].name, this.lane_width - 20))
      .append("title").text((who) => run.participants[who].name);
  }

  draw_entry(group, entry) {
    const { row, gutter } = sequence_size;
    const width = this.svg.attr("width");
    if (entry.what === "gap") {
      group.append("text").attr("class", "muted").attr("x", gutter - 14).attr("y", 17).attr("text-anchor", "end")
        .text(`${time_text(entry.end - entry.begin)}`);
      group.append("line").attr("x1", gutter).attr("x2", width).attr("y1", row / 2).attr("y2", row / 2)
        .style("stroke", "var(--line)").style("stroke-dasharray", "2 4");
      return;
    }
    group.attr("class", "entry arrow");
    group.append("rect").attr("class", "hit").attr("width", width).attr("height", row);
    group.append("text").attr("class", "when").attr("x", gutter - 14).attr("y", 17).attr("text-anchor", "end")
      .text(this.when(entry));
    if (entry.what === "remark" || entry.what === "absence") return this.draw_remark(group, entry);
    this.draw_message(group, entry);
  }

  when(entry) {
    const at = (time) => ((time - this.zero) / 1e6).toFixed(3);
    if (entry.what !== "message" || this.run.messages.first[entry.message] === this.run.messages.last[entry.message])
      return `${at(entry.end)} ms`;
    return `${at(this.run.messages.began[entry.message])} .. ${at(entry.end)} ms`;
  }

  draw_remark(group, entry) {
    const lane = this.place.get(entry.who);
    const x = lane === undefined ? sequence_size.gutter : this.x(lane);
    group.classed("failed", true);
    group.append("text").attr("x", x).attr("y", 17).attr("text-anchor", lane === undefined ? "start" : "middle")
      .text(`${entry.what === "remark" ? "▲" : "✗"} ${entry.text}`);
  }

  draw_message(group, entry) {
    const { run } = this;
    const { messages, frames } = run;
    const i = entry.message;
    const is_frame = entry.what === "frame";
    const [from, to] = is_frame ? [frames.from[entry.frame], frames.to[entry.frame]] : [messages.from[i], messages.to[i]];
    const failed = i >= 0 && this.failed.has(name_of(run, from));
    group.classed(i < 0 ? "other" : message_kinds[messages.kind[i]], true).classed("failed", failed)
      .classed("chosen", i >= 0 && i === this.chosen);
    group.on("click", () => {
      if (i < 0) return;
      this.chosen = i;
      this.on_message(i);
      this.draw();
    });
    const said = is_frame ? run.texts[frames.text[entry.frame]] : run.texts[messages.text[i]];
    const data = is_frame ? frame_bytes(run, entry.frame) : run.texts[messages.data[i]];
    group.append("title").text(`${ends_text(run, from, to)}\n${data}\n${said}`);
    const y = 20;
    const to_all = to >= 0 && run.participants[to].kind === "all";
    const start = this.place.has(from) ? this.x(this.place.get(from)) : sequence_size.gutter;
    // Everybody hears it: an arrow to each lane.
    const ends = to_all ? this.lanes.filter((who) => who !== from).map((who) => this.x(this.place.get(who)))
                        : [this.place.has(to) ? this.x(this.place.get(to)) : this.answer_end(start)];
    const [left, right] = d3.extent([start, ...ends]);
    const line = group.append("line").attr("x1", left).attr("x2", right).attr("y1", y).attr("y2", y);
    const broken = !is_frame && !messages.whole[i];
    if (is_frame) line.style("stroke-width", 0.8);
    else if (messages.first[i] !== messages.last[i]) line.style("stroke-width", 2.6);
    if (broken) line.style("stroke-dasharray", "5 4");
    for (const end of ends) {
      const sign = end > start ? -1 : 1;
      group.append("path").attr("class", "head").attr("d", `M${end},${y}l${7 * sign},-3.5v7z`);
    }
    if (broken)
      group.append("text").attr("x", ends[0] + (ends[0] > start ? -16 : 10)).attr("y", y + 4).text("✗");
    const space = Math.max(right - left, this.lane_width) - 16;
    const label = is_frame ? said : `${data}  ${said}`;
    group.append("text").attr("x", left + 9).attr("y", y - 5).text(cut_text(label, space));
  }

  /** Where an arrow goes whose receiver has no lane: a little way to the tester. */
  answer_end(start) { return Math.max(sequence_size.gutter, start - this.lane_width * 0.8); }
}

/** About as much of a text as has room; an average letter of 11 px is 6 px wide. */
function cut_text(text, room) {
  const most = Math.max(3, Math.floor(room / 6));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
