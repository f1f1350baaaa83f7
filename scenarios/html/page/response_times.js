// How fast each ECU reacted, against its P2 and P2*: from the end of a request (or of a 0x78) to the end of the
// first frame of what came next.

function response_times(run) {
  const { messages, frames } = run;
  const found = new Map();
  for (let i = 0; i < messages.count; ++i) {
    const who = messages.from[i];
    if (messages.since[i] < 0 || who < 0) continue;
    const one = run.participants[who];
    // On its own bus only: what a gateway forwards is the same answer later.
    if (one.kind !== "ecu" || one.bus !== frames.bus[messages.first[i]]) continue;
    if (!found.has(who)) found.set(who, { ecu: one, first: [], after_pending: [] });
    const time = messages.began[i] - messages.end[messages.since[i]];
    const after_pending = messages.since[i] !== messages.request[i];
    found.get(who)[after_pending ? "after_pending" : "first"].push(time);
  }
  const all = [...found.values()];
  for (const one of all) {
    one.first.sort(d3.ascending);
    one.after_pending.sort(d3.ascending);
    one.worst = Math.max((one.first[one.first.length - 1] ?? 0) / (one.ecu.p2 || Infinity),
                         (one.after_pending[one.after_pending.length - 1] ?? 0) / (one.ecu.p2_star || Infinity));
  }
  return all.sort((a, b) => b.worst - a.worst || a.ecu.index - b.ecu.index);
}

class ResponseTimes {
  constructor() {
    this.rows = new Rows("times-rows", 26, (row, i) => this.fill(row, this.all[i]), (i) => this.choose(i));
    new ResizeObserver(() => this.draw()).observe(by_id("histograms"));
  }

  show(run) {
    this.all = response_times(run);
    this.rows.marked = -1;
    this.rows.set(this.all.length, "No request was answered.");
    this.chosen = null;
    if (this.all.length > 0) this.choose(0);
    else this.draw();
  }

  /** Chooses an ECU by its name, if it has answered. */
  find(who) {
    const place = this.all.findIndex((one) => one.ecu.name === who);
    if (place >= 0) this.choose(place);
  }

  fill(row, one) {
    const name = element("strong", "rest", one.ecu.name);
    const count = element("span", "number muted", `${one.first.length + one.after_pending.length} ×`);
    const longest = one.first[one.first.length - 1];
    const times = element("span", "number", longest === undefined ? "" : `max ${ms_text(longest)}`);
    times.style.width = "110px";
    const share = element("span", one.worst > 1 ? "number bad" : "number muted", `${(one.worst * 100).toFixed(0)} % of ${
      one.first.length > 0 && longest / one.ecu.p2 === one.worst ? "P2" : "P2*"}`);
    share.style.width = "90px";
    row.append(name, count, times, share);
  }

  choose(place) {
    this.chosen = this.all[place];
    this.rows.mark(place);
    this.draw();
  }

  draw() {
    const box = by_id("histograms");
    if (box.clientWidth === 0) return;
    box.replaceChildren();
    by_id("times-title").textContent = this.chosen?.ecu.name ?? "";
    by_id("times-note").textContent = "";
    if (!this.chosen) return;
    const { ecu, first, after_pending } = this.chosen;
    by_id("times-note").textContent = `P2 ${time_text(ecu.p2)}, P2* ${time_text(ecu.p2_star)}`;
    if (first.length > 0) this.histogram(box, "first reaction after the request", first, ecu.p2, "P2");
    if (after_pending.length > 0) this.histogram(box, "next reaction after a 0x78", after_pending, ecu.p2_star, "P2*");
  }

  histogram(box, title, times, limit, limit_name) {
    const width = box.clientWidth - 24;
    const height = 210;
    const edge = { left: 44, right: 20, top: 46, bottom: 30 };
    const most = Math.max(times[times.length - 1], limit) * 1.06 / 1e6;
    const x = d3.scaleLinear().domain([0, most]).nice().range([edge.left, width - edge.right]);
    const bars = d3.bin().domain(x.domain()).thresholds(x.ticks(48))(times.map((time) => time / 1e6));
    const y = d3.scaleLinear().domain([0, d3.max(bars, (bar) => bar.length)]).nice().range([height - edge.bottom, edge.top]);
    const svg = d3.select(box).append("svg").attr("width", width).attr("height", height).attr("class", "histogram");
    const quantile = (share) => time_text(Math.round(d3.quantile(times, share)));
    svg.append("text").attr("x", 4).attr("y", 16).text(title);
    svg.append("text").attr("class", "muted").attr("x", 4).attr("y", 31)
      .text(times.length === 1 ? `once, after ${quantile(1)}`
        : `${counted(times.length, "time")}: median ${quantile(0.5)}, 95 % within ${quantile(0.95)}, longest ${quantile(1)}`);
    svg.append("g").attr("class", "axis").attr("transform", `translate(0,${height - edge.bottom})`)
      .call(d3.axisBottom(x).ticks(Math.max(3, Math.floor(width / 75))).tickFormat((value) => `${value} ms`));
    svg.append("g").attr("class", "axis").attr("transform", `translate(${edge.left},0)`)
      .call(d3.axisLeft(y).ticks(Math.min(5, y.domain()[1]), "d"));
    svg.selectAll("rect").data(bars.filter((bar) => bar.length > 0)).enter().append("rect")
      .attr("x", (bar) => x(bar.x0) + 0.5).attr("width", (bar) => Math.max(1.5, x(bar.x1) - x(bar.x0) - 1))
      .attr("y", (bar) => y(bar.length)).attr("height", (bar) => y(0) - y(bar.length))
      .style("fill", (bar) => bar.x0 * 1e6 >= limit ? "var(--bad)" : "var(--accent)")
      .append("title").text((bar) => `${bar.x0} .. ${bar.x1} ms: ${bar.length}`);
    const at = x(limit / 1e6);
    svg.append("line").attr("x1", at).attr("x2", at).attr("y1", edge.top - 6).attr("y2", height - edge.bottom)
      .style("stroke", "var(--bad)").style("stroke-dasharray", "4 3");
    svg.append("text").attr("x", at + (at > width - 60 ? -4 : 4)).attr("y", edge.top)
      .attr("text-anchor", at > width - 60 ? "end" : "start").style("fill", "var(--bad)").text(limit_name);
  }
}
