"use strict";
// Filters and keys. Without this script every error is shown, and the page reads from top to bottom.
(() => {
  const cards = [...document.querySelectorAll(".error")];
  const filters = document.querySelector(".filters");
  if (!filters) return;
  const chips = [...filters.querySelectorAll("input[name=kind]")];
  const rule = filters.querySelector("#rule");
  const quotation = filters.querySelector("#quotation");
  const doc = filters.querySelector("#document");
  const count = document.querySelector("#count");
  const none = document.querySelector("#none");

  const shown = () => cards.filter((card) => !card.hidden);

  function apply() {
    const kinds = chips.filter((chip) => chip.checked).map((chip) => chip.value);
    for (const card of cards) {
      const of = card.dataset.kinds.split(" ");
      card.hidden =
        (kinds.length > 0 && !kinds.some((kind) => of.includes(kind))) ||
        (rule.value !== "" && card.dataset.rule !== rule.value.slice(1)) ||
        (quotation.value !== "" && !card.dataset.quotation.split(" ").includes(quotation.value.slice(1))) ||
        (doc.value !== "" && card.dataset.document !== doc.value.slice(1));
    }
    const left = shown().length;
    count.textContent = `${left} of ${cards.length} shown`;
    none.hidden = left > 0;
    const state = new URLSearchParams(kinds.map((kind) => ["kind", kind]));
    if (rule.value) state.set("rule", rule.value.slice(1));
    if (quotation.value) state.set("quotation", quotation.value.slice(1));
    if (doc.value) state.set("document", doc.value.slice(1));
    history.replaceState(null, "", state.toString() ? `#${state}` : "#errors");
  }

  function restore() {
    const state = new URLSearchParams(location.hash.slice(1));
    for (const chip of chips) chip.checked = state.getAll("kind").includes(chip.value);
    for (const [select, name] of [[rule, "rule"], [quotation, "quotation"], [doc, "document"]]) {
      const wanted = state.has(name) ? `=${state.get(name)}` : "";
      select.value = [...select.options].some((option) => option.value === wanted) ? wanted : "";
    }
    return [...state.keys()].some((key) => ["kind", "rule", "quotation", "document"].includes(key));
  }

  function step(by) {
    const list = shown();
    if (!list.length) return;
    const at = list.indexOf(document.activeElement.closest?.(".error"));
    const next = at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(list.length - 1, Math.max(0, at + by));
    list[next].focus({ preventScroll: true });
    list[next].scrollIntoView({ block: "start" });
  }

  filters.addEventListener("change", apply);
  document.querySelector("#all").addEventListener("click", () => {
    for (const chip of chips) chip.checked = false;
    rule.value = quotation.value = doc.value = "";
    apply();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("select, textarea")) return;
    if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
    else if (event.key === "f") chips[0].focus();
    else if (event.key === "Escape") document.querySelector("#all").click();
    else return;
    event.preventDefault();
  });
  if (restore()) apply();
  document.documentElement.dataset.ready = "";
})();
