// The keys, the selection, and the list of names. Every step is sent to the program, whose answer is the next
// screen: what is decided, and what is shown, is decided there.
"use strict";

const SAVING = { Enter: "right", x: "reject", "?": "unsure", u: "undo" };
const SELECTING = { s: "mention", c: "cue", a: "add" };
const OTHERS = {
  C: ["no-cue"], k: ["speaker-kind"], t: ["kind"], w: ["wide"], g: ["next"], Escape: ["cancel"],
  ArrowLeft: ["back"], Backspace: ["back"], ArrowRight: ["forward"],
  "[": ["start", -1], "{": ["start", 1], "}": ["end", -1], "]": ["end", 1],
};
const HINTS = { mention: "who said it", cue: "the cue", add: "the missing quotation" };
const MAY_REPEAT = new Set(["back", "forward", "start", "end"]);

const byId = (id) => document.getElementById(id);
const screen = () => byId("screen");
let busy = false;    // a key that is pressed before the next screen is shown can't be about it
let waiting = null;  // the action that waits for words to be selected

function say(said, problem) {
  byId("said").textContent = said;
  byId("problem").textContent = problem;
}

function waitFor(action) {
  waiting = action;
  document.body.classList.toggle("selecting", action !== null);
  if (action) say(`Select ${HINTS[action]} with the mouse. Esc: don’t.`, "");
}

async function send(action, more = {}) {
  if (busy) return;
  busy = true;
  waitFor(null);
  const { place, quoteId, draft, adding, wide } = screen().dataset;
  const step = {
    action, place: Number(place), quote_id: quoteId ?? null, draft: draft ? JSON.parse(draft) : null,
    adding: Boolean(adding), wide: Boolean(wide), ...more,
  };
  try {
    const answer = await fetch("act", {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(step),
    });
    if (!answer.ok) throw new Error(await answer.text());
    show(await answer.text());
  } catch (error) {
    const lost = error instanceof TypeError;  // no connection
    say("", lost ? "The program has stopped. All decisions up to here are saved. Start it again." : error.message);
  } finally {
    busy = false;
  }
}

function show(html) {
  const next = document.createElement("template");
  next.innerHTML = html;
  screen().replaceWith(next.content.querySelector("main"));
  begin();
}

function begin() {
  const { said, problem } = screen().dataset;
  say(said, problem);
  screen().focus({ preventScroll: true });
  const text = document.querySelector(".text");
  const mark = text?.querySelector(".quotation, .reported");
  if (mark) reveal(text, mark);
}

// Show the paragraphs before a mark that leave room for it; in a very long paragraph, some lines before it.
function reveal(text, mark) {
  const top = (element) => element.getBoundingClientRect().top;
  const fits = (paragraph) => paragraph && top(mark) - top(paragraph) < 0.6 * text.clientHeight;
  let first = mark.closest("p");
  while (fits(first.previousElementSibling)) first = first.previousElementSibling;
  text.scrollTop += fits(first) ? top(first) - top(text) : top(mark) - top(text) - text.clientHeight / 3;
}

// --- The selection: half-open code points of the article ---

function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const start = offset(range.startContainer, range.startOffset);
  let end = offset(range.endContainer, range.endOffset);
  // A triple click selects up to the beginning of the next paragraph, or of what follows the text.
  if (start && (!end || (end.paragraph !== start.paragraph && end.within === 0))) {
    const whole = [...start.paragraph.textContent].length;
    end = { paragraph: start.paragraph, at: Number(start.paragraph.dataset.start) + whole };
  }
  return start ? { start: start.at, end: end.at, words: selection.toString() } : null;
}

function offset(node, at) {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const paragraph = element.closest("p[data-start]");
  if (!paragraph) return null;
  const before = document.createRange();
  before.setStart(paragraph, 0);
  before.setEnd(node, at);
  const within = [...before.toString()].length;
  return { paragraph, within, at: Number(paragraph.dataset.start) + within };
}

function select(action) {
  const words = selected();
  if (words) send(action, words);
  else waitFor(action);
}

document.addEventListener("mouseup", () => {
  if (waiting) setTimeout(() => { const words = selected(); if (waiting && words) send(waiting, words); });
});

// --- The list of names ---

let asked = Promise.resolve();
let question = 0;

function openNames() {
  const box = document.querySelector(".names");
  if (!box) return;
  box.hidden = false;
  byId("name").focus();
  box.scrollIntoView({ block: "nearest" });
  askNames();
}

function closeNames() {
  document.querySelector(".names").hidden = true;
  byId("name").value = "";
  screen().focus();
}

function askNames() {
  const typed = byId("name").value.trim();
  const mine = ++question;
  asked = fetch(`names?place=${screen().dataset.place}&typed=${encodeURIComponent(typed)}`)
    .then((answer) => answer.json())
    .then((names) => { if (mine === question && byId("names")) listNames(names, typed); })
    .catch(() => say("", "The program has stopped. Start it again."));
}

function listNames(names, typed) {
  if (typed && !names.some(({ name }) => name === typed)) names.push({ name: typed, kind: "new name" });
  const options = names.map(({ name, kind }, number) => {
    const option = document.createElement("li");
    const soft = document.createElement("span");
    soft.className = "soft";
    soft.textContent = ` ${kind}`;
    option.append(name, soft);
    Object.assign(option, { id: `name-${number}`, role: "option" });
    option.dataset.value = name;
    return option;
  });
  byId("names").replaceChildren(...options);
  byId("name").setAttribute("aria-expanded", String(options.length > 0));
  choose(typed ? 0 : -1);
}

function choose(number) {
  const options = [...byId("names").children];
  options.forEach((option, n) => option.setAttribute("aria-selected", String(n === number)));
  if (options[number]) byId("name").setAttribute("aria-activedescendant", options[number].id);
  else byId("name").removeAttribute("aria-activedescendant");
}

async function nameKey(event) {
  if (event.key === "Escape") { event.preventDefault(); closeNames(); }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const options = [...byId("names").children];
    const now = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const to = now + (event.key === "ArrowDown" ? 1 : -1);
    choose(Math.max(0, Math.min(options.length - 1, to)));
  }
  if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    await asked;  // the list of what was typed last
    const option = byId("names").querySelector('[aria-selected="true"]');
    if (option) send("name", { name: option.dataset.value });
  }
}

document.addEventListener("input", (event) => { if (event.target.id === "name") askNames(); });

// --- Keys and buttons ---

document.addEventListener("keydown", (event) => {
  if (event.target.id === "name") { nameKey(event); return; }
  if (event.ctrlKey && !event.getModifierState("AltGraph") || event.metaKey || byId("help").open) return;
  if (event.target.closest?.("button") && (event.key === "Enter" || event.key === " ")) return;  // its own
  const done = key(event);
  if (done) event.preventDefault();
});

function key(event) {
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1] ?? (/^[0-9]$/.exec(event.key)?.[0]);
  if (digit !== undefined && !event.altKey) {
    if (event.repeat) return true;
    const named = event.shiftKey && event.key !== digit;
    if (digit === "0") send("nobody");
    else send(named ? "person-name" : "person", { number: Number(digit) });
    return true;
  }
  if (event.key === "Escape" && waiting) { waitFor(null); say("", ""); return true; }
  if (event.key in SAVING) { if (!event.repeat) send(SAVING[event.key]); return true; }
  if (event.key in SELECTING) { if (!event.repeat) select(SELECTING[event.key]); return true; }
  if (event.key in OTHERS) {
    const [action, number = 0] = OTHERS[event.key];
    if (!event.repeat || MAY_REPEAT.has(action)) send(action, { number });
    return true;
  }
  if (event.key === "n") { openNames(); return true; }
  if (event.key === "h") { byId("help").showModal(); return true; }
  return false;
}

document.addEventListener("click", (event) => {
  const option = event.target.closest("#names [role=option]");
  if (option) { send("name", { name: option.dataset.value }); return; }
  const button = event.target.closest("button");
  if (!button) return;
  const { action, number } = button.dataset;
  if ("help" in button.dataset) byId("help").showModal();
  else if ("name" in button.dataset) openNames();
  else if ("words" in button.dataset) select(action);
  else if (action) send(action, { number: Number(number ?? 0) });
});

// A click on a button must leave the selection as it is.
document.addEventListener("mousedown", (event) => { if (event.target.closest("button")) event.preventDefault(); });

begin();
