// The verdict page: brings the questions, narrows long lists of words, lights a finding on the map, opens all for paper.
"use strict";
(() => {
  function narrowing(home) {
    for (const input of home.querySelectorAll(".narrowing")) {
      const list = document.getElementById(input.dataset.narrows);
      input.addEventListener("input", () => {
        const wanted = input.value.trim().toLowerCase();
        for (const choice of list.children) {
          choice.hidden = !choice.textContent.toLowerCase().includes(wanted) && !choice.querySelector("input").checked;
        }
      });
      input.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    }
  }

  async function bring(home) {
    const place = home.querySelector(".loading");
    try {
      const response = await fetch(home.dataset.load);
      if (!response.ok) throw new Error(String(response.status));
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      place.replaceWith(...[...page.body.childNodes].map((node) => document.importNode(node, true)));
      narrowing(home);
    } catch {
      place.textContent = home.dataset.fault;
    }
  }

  for (const home of document.querySelectorAll("[data-load]")) bring(home);
  narrowing(document);

  // The map lies in a frame of its own, apart from the session: it is told what to light, and nothing else.
  const map = document.querySelector("iframe.verdict-map");
  const tell = (item) => map.contentWindow.postMessage(item ? { rule: item.dataset.rule, key: item.dataset.key } : null, "*");
  const finding = (target) => (target instanceof Element ? target.closest(".finding") : null);
  if (map) {
    for (const [begins, ends] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
      document.addEventListener(begins, ({ target }) => { if (finding(target)) tell(finding(target)); });
      document.addEventListener(ends, ({ target, relatedTarget }) => {
        if (finding(target) && finding(target) !== finding(relatedTarget)) tell(null);
      });
    }
  }

  // Paper cannot be opened: what decides is printed in full, what does not apply as one line each.
  const opened = [];
  window.addEventListener("beforeprint", () => {
    for (const one of document.querySelectorAll("main details:not([open])")) {
      if (one.matches("details.section .finding, .side details")) continue;
      one.open = true;
      opened.push(one);
    }
  });
  window.addEventListener("afterprint", () => { for (const one of opened.splice(0)) one.open = false; });

  for (const link of document.querySelectorAll("input.link")) link.addEventListener("focus", () => link.select());
})();
