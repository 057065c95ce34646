// The address of a view: #view=lon,lat,zoom&layers=a,b&at=lon,lat&lang=en. It is read when the page opens and kept up to date.
(function (zoningMap) {
  "use strict";

  zoningMap.readLink = function (hash = window.location.hash) {
    const told = new URLSearchParams(hash.replace(/^#/, ""));
    const figures = (name, count) => {
      const list = (told.get(name) || "").split(",").map(Number);
      return list.length === count && list.every(Number.isFinite) && told.get(name) ? list : null;
    };
    const view = figures("view", 3);
    return {
      view: view && { lon: view[0], lat: view[1], zoom: view[2] },
      at: figures("at", 2),
      layers: told.has("layers") ? told.get("layers").split(",").filter(Boolean) : null,
      engine: ["maplibre", "canvas"].includes(told.get("engine")) ? told.get("engine") : null,
      lang: ["zh", "en"].includes(told.get("lang")) ? told.get("lang") : null,
    };
  };

  // state: () => {view: {lon, lat, zoom}, layers: [id], at: [lon, lat] or null, lang}
  zoningMap.linkOf = function ({ view, layers, at, lang, engine }) {
    const parts = [`view=${view.lon.toFixed(6)},${view.lat.toFixed(6)},${view.zoom.toFixed(2)}`, `layers=${layers.join(",")}`];
    if (at) parts.push(`at=${at[0].toFixed(6)},${at[1].toFixed(6)}`);
    parts.push(`lang=${lang}`);
    if (engine) parts.push(`engine=${engine}`);
    return `#${parts.join("&")}`;
  };

  // Keeps the address up to date; `restore` is called when the reader changes it.
  zoningMap.keepLink = function (state, restore) {
    let own = null;
    const write = () => {
      own = zoningMap.linkOf(state());
      try { window.history.replaceState(null, "", own); } catch (error) { /* a page that may not name its view */ }
    };
    window.addEventListener("hashchange", () => { if (window.location.hash !== own) restore(zoningMap.readLink()); });
    return write;
  };

  // Says something for some seconds, also to those who hear the page.
  zoningMap.mention = function (pair) {
    const said = document.querySelector(".said");
    zoningMap.say(said, pair);
    setTimeout(() => { said.textContent = ""; delete said.dataset.zh; delete said.dataset.en; }, 4000);
  };

  // A button that copies the address; `write` brings it up to date.
  zoningMap.linkButton = function (button, write, done) {
    button.addEventListener("click", () => {
      write();
      const told = () => zoningMap.mention(done);
      if (navigator.clipboard && window.isSecureContext) { navigator.clipboard.writeText(window.location.href).then(told, told); return; }
      const field = document.body.appendChild(zoningMap.node("textarea", null, window.location.href));
      field.select();
      document.execCommand("copy");
      field.remove();
      told();
    });
  };
})((window.zoningMap = window.zoningMap || {}));
