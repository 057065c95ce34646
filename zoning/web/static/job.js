// Asks how far a job is; when it has ended the page is loaded again with its results.
"use strict";
(() => {
  const job = document.getElementById("job");
  if (!job || job.dataset.ended === "yes") return;
  const log = document.getElementById("job-log");
  const word = document.getElementById("job-state");
  let wait = 1000;
  const ask = async () => {
    try {
      const answer = await fetch(job.dataset.url, { headers: { accept: "application/json" } });
      if (answer.status === 401 || answer.status === 404) return location.reload();
      if (answer.ok) {
        const said = await answer.json();
        if (said.ended) return location.reload();
        const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
        log.textContent = said.lines.join("\n");
        if (atEnd) log.scrollTop = log.scrollHeight;
        if (said.state !== job.dataset.state) {
          word.className = `badge job-${said.state}`;
          word.textContent = said.word;
          job.dataset.state = said.state;
        }
      }
    } catch {
      // The server cannot be reached just now: asked again later.
    }
    wait = Math.min(wait * 1.2, 5000);
    setTimeout(ask, wait);
  };
  setTimeout(ask, wait);
})();
