// The one axis of time that overview, load and lanes share, and what of it is seen.

const timeline_margin = { left: 132, right: 14 };

class TimeScale {
  constructor() {
    this.whole = d3.scaleLinear();
    this.seen = d3.scaleLinear();
    this.listeners = [];
  }

  /** `length` of the run in ns, `width` in pixels; keeps what is seen if only the width changed. */
  set(length, width, keep) {
    const domain = keep ? this.seen.domain() : [0, length];
    const range = [timeline_margin.left, Math.max(timeline_margin.left + 10, width - timeline_margin.right)];
    this.whole.domain([0, length]).range(range);
    this.seen.domain(domain).range(range);
  }

  /** At least a microsecond, and never outside of the run. */
  look_at(from, to) {
    const length = this.whole.domain()[1];
    const span = Math.min(length, Math.max(1e3, to - from));
    const begin = Math.min(Math.max(0, (from + to - span) / 2), length - span);
    this.seen.domain([begin, begin + span]);
    for (const listener of this.listeners) listener();
  }

  axis(ticks) {
    const [from, to] = this.seen.domain();
    const span = to - from;
    const [unit, name] = span > 2e9 ? [1e9, "s"] : span > 2e6 ? [1e6, "ms"] : [1e3, "µs"];
    const steps = d3.scaleLinear().domain([from / unit, to / unit]);
    return steps.ticks(ticks).map((at) => ({ at: at * unit, text: `${steps.tickFormat(ticks)(at)} ${name}` }));
  }
}
