// The data of a run, as the program wrote it, in arrays that are quick to walk. Times are nanoseconds since
// the start of the run. Indices of -1 mean nobody and nothing.

const page = JSON.parse(document.getElementById("data").textContent);

const message_kinds = ["request", "positive", "negative", "pending", "other"];
const participant_kinds = ["tester", "ecu", "endpoint", "all", "unknown"];

/** Verdicts are rows of numbers and numbers of texts; see page_data.cpp. */
function read_verdict(row, step, index, texts) {
  const [who, outcome, detail, expected, answer, said, reacted, answered, late, other, pendings, difference] = row;
  const [name, words, failed] = page.outcomes[outcome];
  return {
    step, index, name, words, failed: failed === 1, who: texts[who], detail: texts[detail], expected: texts[expected],
    answer: texts[answer], said: texts[said], reacted, answered, late, other: other === 1, pendings,
    comparison: difference && { expected: texts[difference[0]], got: texts[difference[1]], column: difference[2] },
  };
}

function read_steps(raw) {
  const verdicts = [];
  const steps = raw.steps.map((one, place) => {
    const step = {
      place, path: one.path, name: raw.texts[one.name], file: raw.texts[one.file], line: one.line, status: one.status,
      why: raw.texts[one.why], began: one.began, ended: one.ended, request: raw.texts[one.request],
      request_text: raw.texts[one.request_text], verdicts: [],
    };
    for (const row of one.verdicts) {
      const verdict = read_verdict(row, step, verdicts.length, raw.texts);
      step.verdicts.push(verdict);
      verdicts.push(verdict);
    }
    // What failed without a verdict has its place in the table, too.
    if (step.verdicts.length === 0 && step.status !== "passed") {
      const verdict = {
        step, index: verdicts.length, name: step.status, words: step.status.replace("_", " "),
        failed: step.status === "failed" || step.status === "interrupted", who: "", detail: step.why, expected: "",
        answer: "", said: "", reacted: null, answered: null, late: null, other: false, pendings: [], comparison: null,
      };
      step.verdicts.push(verdict);
      verdicts.push(verdict);
    }
    return step;
  });
  return { steps, verdicts };
}

function read_frames(raw) {
  const count = raw.end_delta.length;
  const frames = {
    count, end: new Float64Array(count), wire: Float64Array.from(raw.wire), id: raw.id, bus: raw.bus,
    length: raw.length, flags: raw.flags, message: raw.message, text: raw.text, from: raw.from, to: raw.to,
    offset: new Uint32Array(count + 1), data: atob(raw.data),
  };
  let time = 0;
  for (let i = 0; i < count; ++i) {
    time += raw.end_delta[i];
    frames.end[i] = time;
    frames.offset[i + 1] = frames.offset[i] + raw.length[i];
  }
  frames.start = (i) => frames.end[i] - frames.wire[i];
  frames.longest = frames.wire.reduce((longest, wire) => Math.max(longest, wire), 0);
  return frames;
}

/** `begin` is where the first frame starts, `began` where it ends: what response times are measured to. */
function read_messages(raw, frames) {
  const count = raw.kind.length;
  const messages = {
    ...raw, count, begin: new Float64Array(count), began: new Float64Array(count), end: new Float64Array(count),
  };
  for (let i = 0; i < count; ++i) {
    messages.begin[i] = frames.start(raw.first[i]);
    messages.began[i] = frames.end[raw.first[i]];
    messages.end[i] = frames.end[raw.last[i]];
  }
  return messages;
}

function read_participants(raw) {
  return raw.participants.name.map((name, index) => ({
    index, name: raw.texts[name], kind: participant_kinds[raw.participants.kind[index]],
    bus: raw.participants.bus[index], p2: raw.participants.p2[index], p2_star: raw.participants.p2_star[index],
  }));
}

function read_run(raw) {
  const frames = read_frames(raw.frames);
  const participants = read_participants(raw);
  const last = frames.count > 0 ? frames.end[frames.count - 1] : 0;
  return {
    ...raw, ...read_steps(raw), frames, participants, messages: read_messages(raw.messages, frames),
    by_name: new Map(participants.map((one) => [one.name, one])), length: Math.max(raw.ended, last, 1),
    remarks: raw.remarks.map(([at, text]) => ({ at, text: raw.texts[text] })),
  };
}

/** The index of the first of `times`, which ascend, that is not before `time`. */
const first_not_before = d3.bisector((one) => one).left;
