// The check page: one of three ways at a time; files by dropping.
"use strict";
(() => {
  const tabs = [...document.querySelectorAll(".ways [role=tab]")];
  const form = document.getElementById("hand-in");
  const panel = (tab) => document.getElementById(tab.getAttribute("aria-controls"));

  function choose(tab, focus) {
    for (const one of tabs) {
      const chosen = one === tab;
      one.setAttribute("aria-selected", String(chosen));
      one.tabIndex = chosen ? 0 : -1;
      panel(one).hidden = !chosen;
    }
    if (focus) tab.focus();
    document.dispatchEvent(new CustomEvent("way", { detail: tab.id }));
  }
  document.querySelector(".ways").hidden = false;
  for (const tab of tabs) {
    panel(tab).setAttribute("role", "tabpanel");
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) choose(tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length], true);
    });
  }

  const input = document.getElementById("file");
  const drop = document.querySelector(".drop");
  const chosen = document.querySelector(".chosen");
  const told = () => { chosen.textContent = [...input.files].map((file) => file.name).join("、"); };
  input.addEventListener("change", told);
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    told();
  });

  // Only what is seen is sent: a drawing must not go along with a file that was chosen after it, or the other way.
  form.addEventListener("formdata", (event) => {
    const way = tabs.find((tab) => tab.getAttribute("aria-selected") === "true").id;
    const names = { "tab-file": "file", "tab-text": "text", "tab-draw": "drawn" };
    for (const [tab, name] of Object.entries(names)) if (tab !== way) event.formData.delete(name);
  });

  // For whoever has no file at hand: the coordinates that stand in the field as an example.
  const trial = document.getElementById("try");
  if (trial) {
    trial.hidden = false;
    trial.addEventListener("click", () => {
      const text = document.getElementById("text");
      text.value = text.placeholder;
      form.elements.title.value = text.dataset.example;
      choose(document.getElementById("tab-text"));
      form.scrollIntoView();
      form.querySelector("button.large").focus();
    });
  }

  const wanted = tabs.find((tab) => `#${tab.id.slice(4)}` === location.hash);
  choose(wanted || tabs[0]);
})();
