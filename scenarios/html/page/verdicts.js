// The table of verdicts, failures first, and what is known of the one that was chosen.

class Verdicts {
  constructor(on_choose) {
    this.on_choose = on_choose;
    this.shown = [];
    this.rows = new Rows("verdict-rows", 44, (row, i) => this.fill(row, this.shown[i]),
                         (i) => this.on_choose(this.shown[i]));
    by_id("verdict-filter").addEventListener("input", () => this.filter());
    by_id("verdict-kind").addEventListener("change", () => this.filter());
  }

  show(run) {
    this.run = run;
    const failures = run.verdicts.filter((one) => one.failed);
    this.sorted = [...failures, ...run.verdicts.filter((one) => !one.failed)];
    const counts = d3.rollup(run.verdicts, (all) => all.length, (one) => one.name);
    const choices = [["", `all ${run.verdicts.length}`], ["failed", `failures ${failures.length}`]];
    for (const one of run.verdicts)
      if (counts.has(one.name)) {
        choices.push([one.name, `${one.words} ${counts.get(one.name)}`]);
        counts.delete(one.name);
      }
    by_id("verdict-kind").replaceChildren(...choices.map(([value, text]) => new Option(text, value)));
    by_id("verdict-filter").value = "";
    this.filter();
  }

  only(who) {
    by_id("verdict-filter").value = who;
    by_id("verdict-kind").value = "";
    this.filter();
  }

  filter() {
    const wanted = by_id("verdict-filter").value.trim().toLowerCase();
    const kind = by_id("verdict-kind").value;
    const fits = (one) => {
      if (kind === "failed" ? !one.failed : kind !== "" && one.name !== kind) return false;
      return wanted === "" || `${one.who} ${one.words} ${one.step.path} ${one.step.name} ${one.said} ${one.answer}`
        .toLowerCase().includes(wanted);
    };
    this.shown = this.sorted.filter(fits);
    const failed = this.shown.filter((one) => one.failed).length;
    by_id("verdict-count").textContent =
      `${counted(this.shown.length, "verdict")}, ${failed === 0 ? "no failure" : counted(failed, "failure")}`;
    this.rows.marked = this.shown.indexOf(this.chosen);
    this.rows.set(this.shown.length, this.sorted.length === 0 ? "No step was judged." : "Nothing fits the filter.");
  }

  choose(verdict) {
    this.chosen = verdict;
    this.rows.mark(this.shown.indexOf(verdict));
    this.describe(verdict);
  }

  fill(row, one) {
    row.dataset.verdict = one.index;
    row.append(element("span", one.failed ? "bad" : one.name === "as_expected" ? "good" : "muted",
                       one.failed ? "✗" : one.name === "as_expected" ? "✓" : "·"));
    const head = element("span");
    head.append(element("strong", "", one.who || one.step.name), " ",
                element("span", one.failed ? "bad" : "muted", one.words));
    row.append(head, element("span", "muted number", one.reacted === null ? "" : ms_text(one.reacted)));
    row.append(element("span", "second", `${one.step.path}  ${one.step.name}`));
  }

  describe(one) {
    const { step } = one;
    const list = element("dl");
    const say = (term, text, style) => {
      if (text) list.append(element("dt", "", term), element("dd", style ?? "", text));
    };
    say("step", `${step.path}  ${step.name}`);
    say("where", `${step.file}:${step.line}`, "mono");
    say("request", step.request, "mono");
    say("", step.request_text);
    if (!one.comparison) say("expected", one.expected, "mono");
    say("answer", one.answer, "mono");
    say("", one.said);
    if (one.reacted !== null) say("began after", time_text(one.reacted));
    if (one.answered !== null) say("ended after", time_text(one.answered));
    if (one.late !== null) say("late by", time_text(one.late), "bad");
    say("0x78 after", one.pendings.map(time_text).join(", "));
    say("because", one.comparison ? "" : one.detail, one.failed ? "bad" : "");
    const title = element("h2", one.failed ? "bad" : "", `${one.who || step.name}: ${one.words}`);
    const parts = [title];
    if (one.comparison) {
      const { expected, got, column } = one.comparison;
      parts.push(element("pre", "", `expected  ${expected}\ngot       ${got}\n          ${" ".repeat(column)}^^`));
    }
    by_id("detail").replaceChildren(...parts, list);
  }
}

/** The frames of a message, below the table. */
function describe_message(run, message) {
  const { messages, frames } = run;
  const title = element("h2", message_kinds[messages.kind[message]],
                        ends_text(run, messages.from[message], messages.to[message]));
  const table = element("table");
  for (let i = messages.first[message]; i <= messages.last[message]; ++i) {
    if (frames.message[i] !== message) continue;
    const row = table.insertRow();
    for (const text of [s_text(frames.end[i]), id_text(frames.id[i]), frame_bytes(run, i), flags_text(frames.flags[i]),
                        run.texts[frames.text[i]]]) row.insertCell().textContent = text;
    if (table.rows.length === 200) break;
  }
  const parts = [title, element("p", "", run.texts[messages.text[message]]), table];
  const kept = messages.last[message] - messages.first[message];
  if (table.rows.length === 200 && kept > 200) parts.push(element("p", "muted", "The first 200 frames."));
  by_id("detail").replaceChildren(...parts);
}
