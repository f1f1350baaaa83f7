// Puts the parts together: what is chosen in one of them is shown by the others.

const view_names = ["chart", "times", "messages", "ecus"];

class Page {
  constructor() {
    this.verdicts = new Verdicts((verdict) => this.choose_verdict(verdict));
    this.sequence = new Sequence((message) => this.choose_message(message));
    this.timeline = new Timeline((message) => this.choose_message(message), (step) => this.choose_step(step));
    this.times = new ResponseTimes();
    this.messages = new Messages((message) => this.choose_message(message));
    this.ecus = new Ecus((who) => this.verdicts.only(who));
    for (const tab of document.querySelectorAll("[data-view]"))
      tab.addEventListener("click", () => this.show_view(tab.dataset.view));
    const choice = by_id("run-choice");
    choice.hidden = page.runs.length < 2;
    page.runs.forEach((raw, i) => choice.add(new Option(`${raw.passed ? "✓" : "✗"} ${raw.scenario}  (${raw.file})`, i)));
    choice.addEventListener("change", () => this.show_run(Number(choice.value)));
  }

  show_run(index) {
    const run = read_run(page.runs[index]);
    this.run = run;
    this.run_index = index;
    by_id("run-choice").value = index;
    this.show_facts(run);
    for (const part of [this.verdicts, this.timeline, this.times, this.messages, this.ecus]) part.show(run);
    // What failed first is what somebody came for.
    const first = run.verdicts.find((one) => one.failed) ?? run.verdicts[0];
    if (first) this.show_verdict(first);
    else this.sequence.show(run, run.steps[0] ?? null, null);
    this.timeline.scale.look_at(0, run.length);
  }

  show_facts(run) {
    document.title = `${run.passed ? "passed" : "FAILED"}: ${run.scenario}`;
    by_id("title").textContent = run.scenario;
    const failed = run.verdicts.filter((one) => one.failed).length;
    const broken = run.internal_error || run.no_progress;
    const words = run.passed ? "passed" : run.interrupted ? "interrupted" : broken ? `broken off: ${broken}` : "failed";
    by_id("state").className = run.passed ? "good" : "bad";
    by_id("state").textContent = run.passed ? `✓ ${words}` : `✗ ${words}${failed > 0 ? `, ${counted(failed, "failure")}` : ""}`;
    by_id("facts").textContent = [
      run.file, `seed ${run.seed}`, `${run.time} time`, `${(run.ended / 1e9).toFixed(3)} s of stage time`,
      counted(run.steps.length, "step"), counted(run.sent, "frame"),
      run.left_out > 0 ? `${counted(run.left_out, "step")} left out` : "",
      run.remarks.length > 0 ? counted(run.remarks.length, "remark") : "",
    ].filter(Boolean).join(" · ");
    by_id("footer-note").textContent = "Written by canstage. Times are those of the stage; the program's own report for machines is --json.";
  }

  show_view(name) {
    for (const view of view_names) by_id(view).hidden = view !== name;
    for (const tab of document.querySelectorAll("[data-view]"))
      tab.setAttribute("aria-selected", String(tab.dataset.view === name));
    // What was hidden had no size to be drawn in.
    for (const part of [this.times, this.messages.rows, this.times.rows, this.ecus.rows, this.sequence]) part.draw();
    this.timeline.resize();
  }

  show_verdict(verdict) {
    this.verdicts.choose(verdict);
    // The address of the page names the verdict: it can be handed on.
    history.replaceState(null, "", `#run=${this.run_index}&verdict=${verdict.index}`);
    this.sequence.show(this.run, verdict.step, verdict);
  }

  /** A verdict leads to its place in the chart and in the timeline. */
  choose_verdict(verdict) {
    this.show_verdict(verdict);
    if (by_id("chart").hidden && by_id("times").hidden) this.show_view("chart");
    this.times.find(verdict.who);
    const { run } = this;
    const { step } = verdict;
    const reaction = reaction_of(run, verdict);
    const who = run.by_name.get(verdict.who)?.index ?? -1;
    const end = reaction < 0 ? step.ended : Math.min(step.ended, run.messages.end[reaction] + 5e6);
    this.timeline.look_at(step.began, Math.max(end, step.began), who, reaction);
    this.sequence.reveal(reaction);
  }

  choose_step(step) {
    if (step.verdicts.length > 0) return this.choose_verdict(step.verdicts.find((one) => one.failed) ?? step.verdicts[0]);
    this.sequence.show(this.run, step, null);
    this.timeline.look_at(step.began, step.ended, -1, -1);
  }

  choose_message(message) {
    const { messages } = this.run;
    describe_message(this.run, message);
    const span = Math.max(messages.end[message] - messages.begin[message], 1e6);
    this.timeline.look_at(messages.begin[message] - span, messages.end[message] + span, messages.from[message], message);
  }
}

const view = new Page();
const asked = new URLSearchParams(location.hash.slice(1));
view.show_run(Number(asked.get("run")) in page.runs ? Number(asked.get("run")) : 0);
if (asked.has("verdict") && Number(asked.get("verdict")) in view.run.verdicts)
  view.choose_verdict(view.run.verdicts[Number(asked.get("verdict"))]);
// For those who measure: the page is there, and usable.
performance.mark("canstage-ready");
