// Frames and transfers of everybody over time, on a canvas: a lane for each bus and each participant.

const lane_size = { height: 18, axis: 22, steps: 18 };
const step_colours = { passed: "good", failed: "bad", not_run: "warn", interrupted: "warn" };

class Timeline {
  constructor(on_message, on_step) {
    Object.assign(this, { on_message, on_step });
    this.scale = new TimeScale();
    this.load = new Load(this.scale);
    this.box = by_id("lanes");
    this.canvas = by_id("lanes-canvas");
    this.overview = d3.select("#overview").append("svg").attr("height", 34);
    this.scale.listeners.push(() => this.redraw());
    this.box.addEventListener("scroll", () => this.draw_lanes());
    this.zoom = d3.zoom().scaleExtent([1, 1e9]).filter(() => !d3.event.shiftKey && !d3.event.button)
      .on("zoom", () => this.on_zoom());
    d3.select(this.canvas).call(this.zoom).on("dblclick.zoom", null)
      .on("mousemove", () => this.tell(d3.event)).on("mouseleave", () => show_tip(null, ""))
      .on("click", () => this.on_click(d3.event));
    by_id("timeline-all").addEventListener("click", () => this.scale.look_at(0, this.run.length));
    this.box.addEventListener("keydown", (event) => this.on_key(event));
    new ResizeObserver(() => this.resize()).observe(this.box);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
  }

  show(run) {
    this.run = run;
    this.load.show(run);
    this.lanes = [];
    const lane_of = (label, bus, who) => this.lanes.push({ label, bus, who });
    run.buses.forEach((bus, index) => lane_of(bus.name, index, -1));
    const order = { tester: 0, ecu: 1, endpoint: 1, unknown: 2 };
    run.participants.filter((one) => one.kind !== "all")
      .sort((a, b) => order[a.kind] - order[b.kind] || a.index - b.index)
      .forEach((one) => lane_of(one.name, one.bus, one.index));
    this.lane_of = new Map(this.lanes.map((lane, i) => [lane.who, i]));
    this.chosen = null;
    by_id("lanes-height").style.height = `${this.lanes.length * lane_size.height + lane_size.axis + lane_size.steps + 8}px`;
    const kept = run.frames.count;
    by_id("timeline-note").textContent = kept < run.heard
      ? `the first ${kept.toLocaleString("en")} of ${counted(run.heard, "frame")}, until ${s_text(run.frames.end[kept - 1] ?? 0)}; --trace keeps all`
      : `${counted(kept, "frame")}, ${counted(run.messages.count, "message")}`;
    this.scale.set(run.length, this.box.clientWidth, false);
    this.resize();
  }

  /** Shows a part of the run, and marks a time and whose it is. */
  look_at(from, to, who, message) {
    this.chosen = { who, message, from, to };
    const lane = this.lane_of.get(who);
    if (lane !== undefined) {
      const top = lane * lane_size.height;
      const room = this.box.clientHeight - lane_size.axis - lane_size.steps;
      if (top < this.box.scrollTop || top + lane_size.height > this.box.scrollTop + room) this.box.scrollTop = top - room / 2;
    }
    const margin = (to - from) * 0.08 + 2e4;
    this.scale.look_at(from - margin, to + margin);
  }

  resize() {
    if (!this.run || this.box.clientWidth === 0) return;
    this.width = this.box.clientWidth;
    const height = this.box.clientHeight;
    const dense = window.devicePixelRatio || 1;
    this.canvas.width = this.width * dense;
    this.canvas.height = height * dense;
    this.canvas.style.width = `${this.width}px`;
    this.canvas.style.height = `${height}px`;
    by_id("lanes-height").style.marginTop = `${-height}px`;
    this.scale.set(this.run.length, this.width, true);
    this.zoom.extent([[timeline_margin.left, 0], [this.width - timeline_margin.right, height]])
      .translateExtent([[timeline_margin.left, -1e9], [this.width - timeline_margin.right, 1e9]]);
    this.draw_overview();
    this.redraw();
  }

  /** The zoom's own state follows from what is seen: both can change it. */
  sync_zoom() {
    const [from, to] = this.scale.seen.domain();
    const [left] = this.scale.whole.range();
    const k = this.run.length / (to - from);
    const x = left - k * this.scale.whole(from);
    this.canvas.__zoom = d3.zoomIdentity.translate(x, this.canvas.__zoom?.y ?? 0).scale(k);
  }

  on_zoom() {
    // What is told by the program itself is known already.
    if (!d3.event.sourceEvent) return;
    const { transform } = d3.event;
    const seen = transform.rescaleX(this.scale.whole).domain();
    if (d3.event.sourceEvent.type === "mousemove") this.box.scrollTop -= transform.y - (this.last_y ?? transform.y);
    this.last_y = transform.y;
    this.scale.look_at(seen[0], seen[1]);
  }

  on_key(event) {
    const [from, to] = this.scale.seen.domain();
    const span = to - from;
    const moves = { "+": [0.2, -0.2], "-": [-0.3, 0.3], ArrowLeft: [-0.2, -0.2], ArrowRight: [0.2, 0.2] };
    if (!(event.key in moves)) return;
    event.preventDefault();
    const [left, right] = moves[event.key];
    this.scale.look_at(from + left * span, to + right * span);
  }

  redraw() {
    if (!this.width) return;
    this.sync_zoom();
    this.load.draw(this.width);
    this.move_brush();
    this.draw_lanes();
  }

  draw_overview() {
    const { run, scale } = this;
    const [left, right] = scale.whole.range();
    const bins = Math.floor((right - left) / 2);
    const loads = load_of(run, 0, run.length, bins);
    const highest = Array.from({ length: bins }, (_, bin) => d3.max(this.load.buses, (bus) => loads[bus][bin]) || 0);
    const y = d3.scaleLinear().domain([0, d3.max(highest) || 1]).range([30, 6]);
    this.overview.attr("width", this.width);
    this.overview.selectAll("text").data(["whole run"]).join("text").attr("class", "muted").attr("x", 12).attr("y", 22)
      .text((text) => text);
    const area = d3.area().x((_, i) => left + i * 2).y0(30).y1((value) => y(value));
    this.overview.selectAll("path.all").data([highest]).join("path").attr("class", "all").attr("d", area)
      .style("fill", "var(--frame)").style("fill-opacity", 0.35);
    const failed = run.steps.filter((step) => step.status === "failed");
    this.overview.selectAll("rect.failed").data(failed).join("rect").attr("class", "failed")
      .attr("x", (step) => scale.whole(step.began)).attr("y", 1).attr("height", 4)
      .attr("width", (step) => Math.max(2, scale.whole(step.ended) - scale.whole(step.began))).style("fill", "var(--bad)");
    this.brush = d3.brushX().extent([[left, 0], [right, 33]]).on("brush end", () => {
      if (this.moving_brush || !d3.event.sourceEvent) return;
      if (!d3.event.selection) return this.scale.look_at(0, run.length);
      const [from, to] = d3.event.selection.map(scale.whole.invert);
      this.scale.look_at(from, to);
    });
    this.overview.selectAll("g.brush").data([0]).join("g").attr("class", "brush").call(this.brush);
  }

  /** Also within an event of the zoom, which the brush would take for one of its own. */
  move_brush() {
    this.moving_brush = true;
    this.overview.select("g.brush").call(this.brush.move, this.scale.seen.domain().map(this.scale.whole));
    this.moving_brush = false;
  }

  // ---- The canvas

  lane_top(lane) { return lane_size.axis + lane_size.steps + lane * lane_size.height - this.box.scrollTop; }

  draw_lanes() {
    if (!this.width) return;
    const dense = window.devicePixelRatio || 1;
    const to = this.canvas.getContext("2d");
    to.setTransform(dense, 0, 0, dense, 0, 0);
    to.clearRect(0, 0, this.width, this.box.clientHeight);
    to.font = "11px system-ui, sans-serif";
    to.textBaseline = "middle";
    this.paint = {};
    for (const name of ["paper", "ink", "muted", "line", "faint", "chosen", "accent", "good", "bad", "warn", "request",
                        "positive", "negative", "pending", "frame"]) this.paint[name] = colour(name);
    this.draw_grid(to);
    this.draw_messages(to);
    this.draw_frames(to);
    this.draw_labels(to);
    this.draw_axis(to);
  }

  visible_lanes() {
    const first = Math.max(0, Math.floor(this.box.scrollTop / lane_size.height));
    const count = Math.ceil((this.box.clientHeight - lane_size.axis - lane_size.steps) / lane_size.height) + 1;
    return [first, Math.min(this.lanes.length, first + count)];
  }

  draw_grid(to) {
    const { paint, width } = this;
    const [first, last] = this.visible_lanes();
    const chosen = this.chosen ? this.lane_of.get(this.chosen.who) : undefined;
    for (let lane = first; lane < last; ++lane) {
      if (lane === chosen) {
        to.fillStyle = paint.chosen;
        to.fillRect(0, this.lane_top(lane), width, lane_size.height);
      }
      to.fillStyle = paint.faint;
      to.fillRect(0, this.lane_top(lane) + lane_size.height - 1, width, 1);
    }
    to.fillStyle = paint.faint;
    for (const { at } of this.scale.axis(10)) to.fillRect(Math.round(this.scale.seen(at)), 0, 1, this.box.clientHeight);
  }

  draw_messages(to) {
    const { messages } = this.run;
    const { seen } = this.scale;
    const [from, until] = seen.domain();
    for (let i = 0; i < messages.count; ++i) {
      if (messages.end[i] < from || messages.begin[i] > until) continue;
      const lane = this.lane_of.get(messages.from[i]);
      if (lane === undefined) continue;
      const y = this.lane_top(lane);
      if (y < 0 || y > this.box.clientHeight) continue;
      const x = Math.max(timeline_margin.left, seen(messages.begin[i]));
      const width = Math.max(2, Math.min(this.width, seen(messages.end[i])) - x);
      to.globalAlpha = messages.whole[i] ? 0.45 : 0.2;
      to.fillStyle = this.paint[message_kinds[messages.kind[i]]] ?? this.paint.muted;
      to.fillRect(x, y + 3, width, lane_size.height - 7);
      if (!messages.whole[i]) {
        // Where it broke off.
        to.globalAlpha = 1;
        to.fillStyle = this.paint.bad;
        to.fillRect(x + width - 2, y + 2, 2, lane_size.height - 5);
      }
      if (this.chosen?.message === i) {
        to.globalAlpha = 1;
        to.strokeStyle = this.paint.accent;
        to.lineWidth = 2;
        to.strokeRect(x - 2, y + 1, width + 4, lane_size.height - 3);
      }
    }
    to.globalAlpha = 1;
  }

  draw_frames(to) {
    const { frames, messages } = this.run;
    const { seen } = this.scale;
    const [from, until] = seen.domain();
    const last_x = new Int32Array(this.lanes.length).fill(-1);
    const bar = (lane, x, width, kind) => {
      // What would be painted on the same pixel as the one before is left out.
      if (lane === undefined || (width < 1 && last_x[lane] === Math.floor(x))) return;
      last_x[lane] = Math.floor(x);
      const y = this.lane_top(lane);
      if (y < 0 || y > this.box.clientHeight) return;
      to.fillStyle = kind;
      to.fillRect(x, y + 5, Math.max(1, width - (width > 4 ? 1 : 0)), lane_size.height - 11);
    };
    const last = Math.min(frames.count, first_not_before(frames.end, until + frames.longest) + 1);
    for (let i = first_not_before(frames.end, from); i < last; ++i) {
      const x = Math.max(timeline_margin.left, seen(frames.start(i)));
      const width = seen(frames.end[i]) - x;
      const message = frames.message[i];
      const kind = frames.flags[i] & 16 ? this.paint.bad
        : message < 0 ? this.paint.frame : this.paint[message_kinds[messages.kind[message]]] ?? this.paint.muted;
      bar(frames.bus[i], x, width, this.paint.frame);
      if (frames.from[i] >= 0) bar(this.lane_of.get(frames.from[i]), x, width, kind);
    }
  }

  draw_labels(to) {
    const [first, last] = this.visible_lanes();
    to.fillStyle = this.paint.paper;
    to.fillRect(0, 0, timeline_margin.left - 6, this.box.clientHeight);
    for (let lane = first; lane < last; ++lane) {
      const { label, who } = this.lanes[lane];
      to.fillStyle = who < 0 ? this.paint.muted : this.paint.ink;
      to.fillText(cut_text(who < 0 ? `bus ${label}` : label, timeline_margin.left - 24), 12,
                  this.lane_top(lane) + lane_size.height / 2);
    }
  }

  draw_axis(to) {
    const { paint, width, run } = this;
    const { seen } = this.scale;
    const { axis, steps } = lane_size;
    to.fillStyle = paint.paper;
    to.fillRect(0, 0, width, axis + steps);
    to.fillStyle = paint.muted;
    to.textAlign = "center";
    for (const { at, text } of this.scale.axis(Math.max(3, Math.floor(width / 140)))) to.fillText(text, seen(at), 10);
    to.textAlign = "left";
    to.fillText("steps", 12, axis + steps / 2);
    const [from, until] = seen.domain();
    const visible = run.steps.filter((step) => step.ended >= from && step.began <= until);
    // Steps at the same time overlap: what failed lies on top.
    for (const step of [...visible].sort((a, b) => (a.status === "failed") - (b.status === "failed"))) {
      const x = Math.max(timeline_margin.left, seen(step.began));
      const wide = Math.max(2, Math.min(width - timeline_margin.right, seen(step.ended)) - x);
      to.globalAlpha = 0.3;
      to.fillStyle = paint[step_colours[step.status]];
      to.fillRect(x, axis + 2, wide - (wide > 3 ? 1 : 0), steps - 5);
      to.globalAlpha = 1;
      to.fillStyle = paint.ink;
      if (wide > 30) to.fillText(cut_text(`${step.path} ${step.name}`, wide - 6), x + 4, axis + steps / 2);
    }
    for (const one of run.remarks) {
      if (one.at < from || one.at > until) continue;
      const x = seen(one.at);
      to.fillStyle = paint.bad;
      to.fillRect(x, axis, 1, this.box.clientHeight);
      to.beginPath();
      to.moveTo(x - 5, axis - 6);
      to.lineTo(x + 5, axis - 6);
      to.lineTo(x, axis + 2);
      to.fill();
    }
    to.fillStyle = paint.line;
    to.fillRect(0, axis + steps - 1, width, 1);
  }

  // ---- What is under the pointer

  under(event) {
    const { run } = this;
    const time = this.scale.seen.invert(event.offsetX);
    const near = 4 * (this.scale.seen.invert(1) - this.scale.seen.invert(0));
    if (event.offsetX < timeline_margin.left) return {};
    const remark = run.remarks.find((one) => Math.abs(one.at - time) < near);
    if (event.offsetY < lane_size.axis) return { remark };
    if (event.offsetY < lane_size.axis + lane_size.steps) {
      const steps = run.steps.filter((step) => step.began - near <= time && step.ended + near >= time);
      return { remark, step: steps.find((step) => step.status === "failed") ?? steps[steps.length - 1] };
    }
    const place = Math.floor((event.offsetY - lane_size.axis - lane_size.steps + this.box.scrollTop) / lane_size.height);
    const lane = this.lanes[place];
    if (!lane) return {};
    const { frames } = run;
    let best = -1;
    let distance = near;
    const last = Math.min(frames.count, first_not_before(frames.end, time + near + frames.longest) + 1);
    for (let i = first_not_before(frames.end, time - near); i < last; ++i) {
      if (lane.who < 0 ? frames.bus[i] !== lane.bus : frames.from[i] !== lane.who) continue;
      const away = Math.max(0, frames.start(i) - time, time - frames.end[i]);
      if (away <= distance) [best, distance] = [i, away];
    }
    return { lane, frame: best, message: best >= 0 ? frames.message[best] : this.message_at(lane, time) };
  }

  message_at(lane, time) {
    const { messages } = this.run;
    if (lane.who < 0) return -1;
    for (let i = 0; i < messages.count; ++i)
      if (messages.from[i] === lane.who && messages.begin[i] <= time && messages.end[i] >= time) return i;
    return -1;
  }

  tell(event) {
    const { run } = this;
    const { remark, step, frame = -1, message = -1 } = this.under(event);
    const lines = [];
    if (remark) lines.push(`${s_text(remark.at)}  ${remark.text}`);
    if (step) lines.push(`${step.path}  ${step.name}: ${step.status.replace("_", " ")}`, step.request_text);
    if (frame >= 0) {
      const { frames } = run;
      lines.push(`${s_text(frames.end[frame])}  ${ends_text(run, frames.from[frame], frames.to[frame])}`,
                 `${id_text(frames.id[frame])}  ${frame_bytes(run, frame)}  ${flags_text(frames.flags[frame])}`,
                 run.texts[frames.text[frame]]);
    }
    if (message >= 0 && run.messages.first[message] !== run.messages.last[message])
      lines.push(run.texts[run.messages.text[message]]);
    show_tip(event, lines.filter((line) => line.trim() !== "").join("\n"));
  }

  on_click(event) {
    const { step, message = -1, lane } = this.under(event);
    if (step) return this.on_step(step);
    if (message < 0) return;
    this.chosen = { who: lane.who, message };
    this.draw_lanes();
    this.on_message(message);
  }
}
