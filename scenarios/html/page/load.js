// Bus load over time: the share of each interval in which frames and the intermissions after them occupy the
// bus. A bus without bit rates has no load; there the frames per second are drawn.

const load_colours = ["--accent", "--pending", "--negative", "--positive"];

/** Per bus an array of `bins` values between `from` and `to`. */
function load_of(run, from, to, bins) {
  const { frames, buses } = run;
  const width = (to - from) / bins;
  const sums = buses.map(() => new Float64Array(bins));
  const last = Math.min(frames.count, first_not_before(frames.end, to + frames.longest) + 1);
  for (let i = first_not_before(frames.end, from); i < last; ++i) {
    const bus = frames.bus[i];
    const sum = sums[bus];
    if (buses[bus].nominal === 0) {
      const bin = Math.floor((frames.end[i] - from) / width);
      if (bin >= 0 && bin < bins) sum[bin] += 1e9 / width;
      continue;
    }
    const begin = frames.start(i);
    const end = frames.end[i] + buses[bus].intermission;
    const last_bin = Math.min(bins - 1, Math.floor((end - from) / width));
    for (let bin = Math.max(0, Math.floor((begin - from) / width)); bin <= last_bin; ++bin) {
      const share = Math.min(end, from + (bin + 1) * width) - Math.max(begin, from + bin * width);
      if (share > 0) sum[bin] += share / width;
    }
  }
  return sums;
}

class Load {
  constructor(scale) {
    this.scale = scale;
    this.svg = d3.select("#load").append("svg").attr("height", 74);
    this.svg.on("mousemove", () => this.tell(d3.event)).on("mouseleave", () => show_tip(null, ""));
  }

  /** The buses with the most traffic, at most one for each colour. */
  show(run) {
    this.run = run;
    const busy = run.buses.map(() => 0);
    for (let i = 0; i < run.frames.count; ++i) busy[run.frames.bus[i]] += run.frames.wire[i] + 1;
    this.buses = d3.range(run.buses.length).sort((a, b) => busy[b] - busy[a] || a - b).slice(0, load_colours.length);
    this.rated = this.buses.some((bus) => run.buses[bus].nominal > 0);
    if (this.rated) this.buses = this.buses.filter((bus) => run.buses[bus].nominal > 0);
  }

  draw(width) {
    const [left, right] = this.scale.seen.range();
    const [from, to] = this.scale.seen.domain();
    this.bins = Math.max(10, Math.floor((right - left) / 3));
    this.values = load_of(this.run, from, to, this.bins);
    const shown = this.buses.map((bus) => this.values[bus]);
    const highest = d3.max(shown, (one) => d3.max(one)) || 0;
    const top = this.rated ? Math.max(0.1, Math.min(1, highest * 1.15)) : Math.max(1, highest * 1.15);
    const y = d3.scaleLinear().domain([0, top]).range([66, 8]);
    this.svg.attr("width", width);
    const axis = this.svg.selectAll("g.axis").data([0]).join("g").attr("class", "axis").attr("transform", `translate(${left},0)`);
    axis.call(d3.axisLeft(y).ticks(3, this.rated ? "%" : "~s"));
    this.svg.selectAll("text.label").data([this.rated ? "bus load" : "frames/s", ...this.names()]).join("text")
      .attr("class", "label").attr("x", 12).attr("y", (_, i) => 16 + i * 13)
      .style("fill", (_, i) => i === 0 ? "var(--ink)" : `var(${load_colours[i - 1]})`).text((text) => text);
    const x = (bin) => left + (bin / this.bins) * (right - left);
    const area = d3.area().curve(d3.curveStepAfter).x((_, i) => x(i)).y0(y(0)).y1((value) => y(Math.min(value, top)));
    const paint = (_, i) => `var(${load_colours[i]})`;
    this.svg.selectAll("path.load").data(shown).join("path").attr("class", "load")
      .attr("d", (one) => area([...one, one[one.length - 1]])).style("fill", paint).style("fill-opacity", 0.25)
      .style("stroke", paint).style("stroke-width", 1);
  }

  names() { return this.buses.map((bus) => cut_text(this.run.buses[bus].name, 72)); }

  tell(event) {
    const [left, right] = this.scale.seen.range();
    const bin = Math.floor((event.offsetX - left) / (right - left) * this.bins);
    if (bin < 0 || bin >= this.bins) return show_tip(null, "");
    const [from, to] = this.scale.seen.domain();
    const width = (to - from) / this.bins;
    const lines = this.buses.map((bus) => {
      const value = this.values[bus][bin];
      return `${this.run.buses[bus].name}: ${this.rated ? `${(value * 100).toFixed(1)} %` : `${Math.round(value)} frames/s`}`;
    });
    show_tip(event, `${s_text(from + bin * width)}, over ${time_text(Math.round(width))}\n${lines.join("\n")}`);
  }
}
