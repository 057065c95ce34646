// The menu on small screens; buttons that would send a form twice.
"use strict";
document.documentElement.classList.add("scripts");
document.addEventListener("DOMContentLoaded", () => {
  const bar = document.querySelector(".bar");
  const menu = bar.querySelector(".menu");
  const show = (open) => {
    bar.classList.toggle("open", open);
    menu.setAttribute("aria-expanded", String(open));
  };
  if (menu) {
    menu.addEventListener("click", () => show(!bar.classList.contains("open")));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && bar.classList.contains("open")) {
        show(false);
        menu.focus();
      }
    });
  }
  // `data-back`: to the form that was refused.
  for (const back of document.querySelectorAll("button[data-back]")) {
    back.hidden = history.length < 2;
    back.addEventListener("click", () => history.back());
  }
  // `data-once`: while a form is on its way its button says so and takes no second press.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-once") || event.defaultPrevented) return;
    const button = event.submitter || form.querySelector("button.main");
    if (!button) return;
    if (button.getAttribute("aria-disabled") === "true") {
      event.preventDefault();
      return;
    }
    button.setAttribute("aria-disabled", "true");
    if (button.dataset.busy) {
      button.dataset.idle = button.textContent;
      button.textContent = button.dataset.busy;
    }
  });
  // Coming back by the browser's arrow: the page is as it was left, its buttons must work again.
  window.addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("button[aria-disabled=true]")) {
      button.removeAttribute("aria-disabled");
      if (button.dataset.idle) button.textContent = button.dataset.idle;
    }
  });
});
