// How the page writes times, bytes and names, and small helpers for its elements.

const by_id = (name) => document.getElementById(name);

/** An element with a class and a text; texts come from files and ECUs and are never read as HTML. */
function element(kind, style, text) {
  const made = document.createElement(kind);
  if (style) made.className = style;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** "2.246 ms", "400 ns", "12.5 s": as the text report writes times. */
function time_text(ns) {
  const trimmed = (value) => String(Number(value.toFixed(3)));
  if (Math.abs(ns) < 1e3) return `${ns} ns`;
  if (Math.abs(ns) < 1e6) return `${trimmed(ns / 1e3)} µs`;
  if (Math.abs(ns) < 1e10) return `${trimmed(ns / 1e6)} ms`;
  return `${trimmed(ns / 1e9)} s`;
}

const ms_text = (ns) => `${(ns / 1e6).toFixed(3)} ms`;
const s_text = (ns) => `${(ns / 1e9).toFixed(6)} s`;
const counted = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

/** As candump writes it: three digits for 11 bits, eight for 29. */
function id_text(raw) {
  const extended = raw >= 0x80000000;
  return (extended ? raw - 0x80000000 : raw).toString(16).toUpperCase().padStart(extended ? 8 : 3, "0");
}

function frame_bytes(run, frame) {
  const { data, offset } = run.frames;
  let text = "";
  for (let i = offset[frame]; i < offset[frame + 1]; ++i)
    text += data.charCodeAt(i).toString(16).toUpperCase().padStart(2, "0") + " ";
  return text.trimEnd();
}

const flag_names = [[1, "FD"], [2, "BRS"], [4, "ESI"], [8, "remote"], [16, "error"]];
const flags_text = (flags) => flag_names.filter(([bit]) => flags & bit).map(([, name]) => name).join(" ");

const name_of = (run, participant) => participant < 0 ? "" : run.participants[participant].name;

/** "engine > tester" */
function ends_text(run, from, to) {
  return to < 0 ? name_of(run, from) : `${name_of(run, from)} > ${name_of(run, to)}`;
}

/** A colour of the style sheet, for canvases. */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

function show_tip(event, text) {
  const tip = by_id("tip");
  tip.hidden = !text;
  if (!text) return;
  tip.textContent = text;
  const { width, height } = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(4, Math.min(event.clientX + 14, innerWidth - width - 8))}px`;
  tip.style.top = `${event.clientY + 18 + height > innerHeight ? event.clientY - height - 10 : event.clientY + 18}px`;
}
