// The verdict page: brings the questions, narrows long lists of words.
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
  for (const link of document.querySelectorAll("input.link")) link.addEventListener("focus", () => link.select());
})();
