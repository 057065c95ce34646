// The map of cases: areas in the colour of the computed decision, points where an area would be too small to see.
"use strict";
(() => {
  const data = (id) => JSON.parse(document.getElementById(id).textContent);
  const place = document.getElementById("cases-map");
  if (!place || !window.L) return;
  const shapes = data("cases-shapes"), colours = data("cases-colours");
  const words = document.getElementById("cases-words") ? data("cases-words") : {};
  const map = L.map(place, { attributionControl: false, zoomSnap: 0.25, preferCanvas: false });
  const colour = (feature) => colours[feature.properties.decision] || "#5a564d";
  const text = (feature) => {
    const box = document.createElement("div"), name = document.createElement("strong");
    name.textContent = `${feature.properties.id} ${feature.properties.name}`;
    box.append(name, document.createElement("br"), words[feature.properties.decision] || place.dataset.none || "");
    if (feature.properties.pending) box.append(document.createElement("br"), place.dataset.pending || "");
    if (place.dataset.open) {
      const link = document.createElement("a");
      link.href = `/cases/${encodeURIComponent(feature.properties.id)}`;
      link.textContent = place.dataset.open;
      box.append(document.createElement("br"), link);
    }
    return box;
  };
  const areas = L.geoJSON(shapes, {
    // What is being checked again looks like no other case: its decision may be another one in a moment.
    style: (feature) => ({
      color: colour(feature), weight: 2, fillColor: colour(feature),
      fillOpacity: feature.properties.pending ? 0.1 : 0.35, dashArray: feature.properties.pending ? "6 4" : null,
    }),
    onEachFeature: (feature, layer) => layer.bindPopup(() => text(feature)),
  }).addTo(map);
  const points = L.layerGroup().addTo(map);
  if (place.dataset.open) areas.eachLayer((layer) => {
    const filled = colour(layer.feature), pending = layer.feature.properties.pending;
    const mark = L.circleMarker(layer.getBounds().getCenter(), {
      radius: 7, color: pending ? filled : "#fff", weight: 2, fillColor: pending ? "#fff" : filled, fillOpacity: 1,
    });
    mark.bindPopup(() => text(layer.feature)).addTo(points);
  });
  map.fitBounds(areas.getBounds(), { padding: [30, 30], maxZoom: 17 });
  L.control.scale({ imperial: false }).addTo(map);
  place.dataset.ready = String(shapes.features.length);

  const choice = document.getElementById("cases-layer");
  if (!choice) return;
  let outlines = null;
  fetch("/map/layers", { headers: { accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : []))
    .then((found) => {
      const layers = Array.isArray(found) ? found : found.layers || [];
      for (const layer of layers) {
        const option = document.createElement("option"), title = layer.title || layer.id;
        option.value = layer.id;
        option.textContent = typeof title === "string" ? title : title[document.documentElement.lang.slice(0, 2)];
        choice.append(option);
      }
      if (!layers.length) choice.closest("label").hidden = true;
      // Without anything behind them dots say little: the borders of the territories are there from the start.
      choice.value = found.territory || "";
      show();
    })
    .catch(() => { choice.closest("label").hidden = true; });
  const show = () => {
    if (outlines) outlines.remove();
    outlines = null;
    const wanted = choice.value;
    if (!wanted) return;
    const box = map.getBounds(), around = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
    fetch(`/map/layers/${encodeURIComponent(wanted)}?bbox=${around.map((one) => one.toFixed(6)).join(",")}&width=${map.getSize().x}`)
      .then((answer) => (answer.ok ? answer.json() : null))
      .then((found) => {
        if (!found || choice.value !== wanted) return;
        if (outlines) outlines.remove();
        outlines = L.geoJSON(found, { style: { color: "#5a564d", weight: 1, fill: false }, interactive: false }).addTo(map);
        outlines.bringToBack();
      })
      .catch(() => undefined);
  };
  choice.addEventListener("change", show);
  map.on("moveend", show);
})();
