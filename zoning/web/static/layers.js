"use strict";
// Pages of layers: load drawings, filter rows, fill in what is prepared, wait for a preview.

const say = (id) => JSON.parse(document.getElementById(id)?.textContent || "{}");

for (const box of document.querySelectorAll("[data-load]")) {
  fetch(box.dataset.load, { headers: { accept: "text/html" } })
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(String(answer.status)))))
    .then((text) => { box.innerHTML = text; box.dataset.loaded = "yes"; })
    .catch(() => { box.dataset.loaded = "no"; });
}

const search = document.querySelector("[data-filter]");
const gaps = document.querySelector("[data-gaps]");
const sift = () => {
  const table = document.getElementById((search || gaps).dataset.filter || gaps.dataset.gaps);
  const wanted = (search?.value || "").trim().toLowerCase();
  for (const row of table.querySelectorAll("[data-words]")) {
    const fits = row.dataset.words.toLowerCase().includes(wanted) && (!gaps?.checked || row.dataset.gap === "yes");
    row.hidden = !fits;
  }
};
search?.addEventListener("input", sift);
gaps?.addEventListener("change", sift);

const prepared = document.querySelectorAll("[data-layer][data-edition]");
if (prepared.length) {
  const words = say("prepared-words");
  fetch("/layers/prepared", { headers: { accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : {}))
    .catch(() => ({}))
    .then((found) => {
      for (const place of prepared) {
        const state = found[place.dataset.layer]?.[place.dataset.edition] || "unknown";
        place.textContent = words[state] || state;
      }
    });
}

const watched = document.querySelector("[data-watch]");
if (watched) {
  const look = () => fetch(watched.dataset.watch, { headers: { accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error("gone"))))
    .then((found) => {
      const jobs = Object.values(found.jobs);
      for (const [kind, job] of Object.entries(found.jobs)) {
        const place = document.querySelector(`[data-job="${kind}"]`);
        if (place) place.textContent = job.word;
      }
      if (found.state !== "uploaded" || jobs.every((job) => job.ended)) window.location.reload();
      else window.setTimeout(look, 1200);
    })
    .catch(() => window.setTimeout(look, 5000));
  window.setTimeout(look, 800);
}
