// Registers: the map of a list, the place of a record, drawing it; what was chosen before it is sent.
"use strict";
(() => {
  const told = (id) => { const found = document.getElementById(id); return found ? JSON.parse(found.textContent) : null; };
  const named = (id) => document.getElementById(id);
  for (const one of document.querySelectorAll(".parcel-dot[data-colour]")) one.style.background = one.dataset.colour;

  const GREY = "#5a564d";
  const painted = (colour) => ({ color: colour, weight: 2, fillColor: colour, fillOpacity: 0.35 });
  const dot = (colour) => ({ radius: 7, color: "#fff", weight: 2, fillColor: colour, fillOpacity: 1 });
  const start = (place) => {
    const map = L.map(place, { attributionControl: false, zoomSnap: 0.25 });
    L.control.scale({ imperial: false }).addTo(map);
    return map;
  };

  // --- all records of a list ---
  const list = named("parcels-map");
  if (list && window.L) {
    const shapes = told("parcels-shapes"), colours = told("parcels-colours"), words = told("parcels-words");
    const map = start(list);
    const colour = (feature) => colours[feature.properties.state] || GREY;
    const text = ({ properties }) => {
      const box = document.createElement("div"), name = document.createElement("strong"), link = document.createElement("a");
      name.textContent = `${properties.id} ${properties.name}`;
      link.href = list.dataset.base + encodeURIComponent(properties.id);
      link.textContent = list.dataset.open;
      const state = (words[properties.state] || properties.state) + (properties.overdue ? ` · ${list.dataset.overdue}` : "");
      box.append(name, document.createElement("br"), state, document.createElement("br"), link);
      return box;
    };
    const areas = L.geoJSON(shapes, {
      style: (feature) => painted(colour(feature)),
      pointToLayer: (feature, at) => L.circleMarker(at, dot(colour(feature))),
      onEachFeature: (feature, layer) => layer.bindPopup(() => text(feature)),
    });
    map.fitBounds(areas.getBounds(), { padding: [30, 30], maxZoom: 16 });
    areas.addTo(map);
    areas.eachLayer((layer) => {
      if (!layer.getBounds) return;
      L.circleMarker(layer.getBounds().getCenter(), dot(colour(layer.feature))).bindPopup(() => text(layer.feature)).addTo(map);
    });
    list.dataset.ready = String(shapes.features.length);
    outlinesOn(map, named("parcels-layer"));
  }

  function outlinesOn(map, choice) {
    if (!choice) return;
    let outlines = null;
    fetch("/map/layers").then((answer) => (answer.ok ? answer.json() : { layers: [] })).then(({ layers, territory }) => {
      for (const layer of layers) choice.append(new Option(layer.title, layer.id));
      // Without anything behind them dots say little: the borders of the territories are there from the start.
      choice.value = territory || "";
      show();
    }).catch(() => { choice.closest("label").hidden = true; });
    const show = () => {
      if (outlines) outlines.remove();
      outlines = null;
      const wanted = choice.value;
      if (!wanted) return;
      const box = map.getBounds(), around = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
      fetch(`/map/layers/${encodeURIComponent(wanted)}?bbox=${around.map((one) => one.toFixed(6)).join(",")}&width=${Math.min(8000, Math.max(100, map.getSize().x))}`)
        .then((answer) => (answer.ok ? answer.json() : null)).then((found) => {
          if (!found || choice.value !== wanted) return;
          if (outlines) outlines.remove();
          outlines = L.geoJSON(found, { style: { color: GREY, weight: 1, fill: false }, interactive: false }).addTo(map);
          outlines.bringToBack();
        }).catch(() => undefined);
    };
    choice.addEventListener("change", show);
    map.on("moveend", show);
  }

  // --- one record ---
  const one = named("parcel-map");
  if (one && window.L) {
    const map = start(one), colour = one.dataset.colour;
    const shape = L.geoJSON(told("parcel-shape"), { style: painted(colour), pointToLayer: (_, at) => L.circleMarker(at, dot(colour)) });
    map.fitBounds(shape.getBounds(), { padding: [24, 24], maxZoom: 17 });
    shape.addTo(map);
  }

  // --- drawing ---
  const draw = named("parcel-draw");
  if (draw && window.L && L.PM) {
    const [west, south, east, north] = draw.dataset.bounds.split(",").map(Number);
    const map = start(draw), kind = draw.dataset.shapeKind, field = named("parcel-drawn"), said = named("parcel-said");
    const button = (name) => document.querySelector(`#parcel-tools [data-draw=${name}]`);
    const before = told("parcel-shape");
    const look = { color: "#111", weight: 2.5, fillColor: "#143f75", fillOpacity: 0.12 };
    const group = L.featureGroup().addTo(map);
    map.fitBounds([[south, west], [north, east]]);
    fetch("/map/layers").then((answer) => (answer.ok ? answer.json() : null)).then((found) => {
      if (!found || !found.territory) return null;
      return fetch(`/map/layers/${encodeURIComponent(found.territory)}?bbox=${[west, south, east, north].join(",")}&width=1200`);
    }).then((answer) => (answer && answer.ok ? answer.json() : null)).then((found) => {
      if (found) L.geoJSON(found, { style: { color: "#8a8375", weight: 1, fill: false }, interactive: false, pmIgnore: true }).addTo(map).bringToBack();
    }).catch(() => undefined);
    const put = (geometry) => {
      group.clearLayers();
      if (!geometry) return;
      const parts = L.geoJSON(geometry, { style: look, pointToLayer: (_, at) => L.circleMarker(at, dot("#143f75")) });
      map.fitBounds(parts.getBounds(), { padding: [40, 40], maxZoom: 17 });
      parts.eachLayer((layer) => watch(layer));
    };
    const changed = () => {
      const parts = group.getLayers().map((layer) => layer.toGeoJSON(8).geometry);
      const flat = parts.flatMap((part) => (part.type === "MultiPolygon" ? part.coordinates : [part.coordinates]));
      const geometry = parts.length < 2 ? parts[0] : { type: "MultiPolygon", coordinates: flat };
      field.value = geometry ? JSON.stringify({ type: "FeatureCollection", crs: { type: "name", properties: { name: "urn:ogc:def:crs:EPSG::4490" } }, features: [{ type: "Feature", properties: {}, geometry }] }) : "";
      said.textContent = geometry ? draw.dataset.drawn : "";
    };
    const watch = (layer) => { group.addLayer(layer); layer.on("pm:edit pm:dragend", changed); };
    map.pm.setLang(document.documentElement.lang.startsWith("zh") ? "zh" : "en");
    map.pm.setGlobalOptions({ allowSelfIntersection: false, pathOptions: look });
    map.on("pm:create", ({ layer }) => {
      map.removeLayer(layer);
      if (kind !== "area" || !field.value) group.clearLayers();
      watch(layer);
      changed();
    });
    const shapes = { area: "Polygon", any: "Polygon", line: "Line", point: "CircleMarker" };
    button("draw").addEventListener("click", () => { said.textContent = draw.dataset.more; map.pm.enableDraw(shapes[kind]); });
    button("edit").addEventListener("click", () => {
      map.pm.toggleGlobalEditMode();
      button("edit").setAttribute("aria-pressed", String(map.pm.globalEditModeEnabled()));
    });
    button("clear").addEventListener("click", () => { map.pm.disableDraw(); put(before); field.value = ""; said.textContent = ""; });
    // A form that came back: what was drawn is still there.
    put(field.value ? JSON.parse(field.value).features[0].geometry : before);
    if (field.value) said.textContent = draw.dataset.drawn;
    named("parcel-tools").hidden = false;
    window.zoningPlace = { map, group, put: (geometry) => { put(geometry); changed(); } };
  }

  // --- photos before they are sent ---
  for (const place of document.querySelectorAll("[data-photos]")) {
    const inputs = [...place.querySelectorAll("input[type=file]")], chosen = place.querySelector(".parcel-chosen");
    const show = () => {
      for (const image of chosen.querySelectorAll("img")) URL.revokeObjectURL(image.src);
      chosen.replaceChildren();
      for (const file of inputs.flatMap((input) => [...input.files])) {
        const item = document.createElement("li");
        if (/^image\/(jpeg|png|webp)$/.test(file.type)) {
          const image = document.createElement("img");
          image.src = URL.createObjectURL(file);
          image.alt = file.name;
          item.append(image);
        } else item.textContent = file.name;
        chosen.append(item);
      }
    };
    for (const input of inputs) input.addEventListener("change", show);
    show(); // what was chosen before this script ran, or before somebody came back to the page
  }
})();
