// Ties the page to the map: switches, legend, light on a finding, popups, coordinates under the pointer.
(function (zoningMap) {
  "use strict";
  const LIGHT = { fillOpacity: 0.25, weight: 4, color: "#111111", fillColor: "#FFFFFF", opacity: 1, interactive: false, pane: "light" };

  function touchOrder(payload) {
    const rank = ["permitted", "restricted", "undetermined", "prohibited"];
    const worst = (zone) => (zone.touched ? 10 : 0) + Math.max(-1, ...(payload.rules[zone.key] || []).map((i) => rank.indexOf(payload.findings[i].decision)));
    return (one, other) => worst(other) - worst(one) || payload.classes[other.key].order - payload.classes[one.key].order;
  }

  function features(group) {
    const found = [];
    group.eachLayer((collection) => collection.eachLayer((layer) => found.push(layer)));
    return found;
  }

  zoningMap.start = function (map, groups, site, conflicts, relief, payload) {
    const state = { map, groups, site, conflicts, payload };
    zoningMap.state = state;
    const isOn = (id) => groups[id] && map.hasLayer(groups[id]);
    const view = L.latLngBounds(payload.view);
    const fit = () => map.fitBounds(view, { animate: false, padding: [24, 24] });
    map.createPane("light").style.zIndex = 495;
    map.getPane("light").style.pointerEvents = "none";
    L.control.scale({ imperial: false, maxWidth: 120, position: "bottomleft" }).addTo(map);
    fit();
    map.setMinZoom(map.getBoundsZoom(L.latLngBounds(payload.window)) - 1);
    map.setMaxBounds(L.latLngBounds(payload.window).pad(0.15));
    zoningMap.graticule(map);
    const relabel = zoningMap.labels(map, payload.labels, isOn);
    const relegend = legend(map, payload, groups, isOn);
    switches(map, groups, relief, () => { relabel(); relegend(); });
    lights(state);
    tools(map, fit);
    places(state, isOn);
    readout(map, payload);
    zoningMap.printing(map, () => { fit(); relegend(); });
    zoningMap.sheets(map, fit);
  };

  function switches(map, groups, relief, changed) {
    document.querySelectorAll("input[data-layer]").forEach((box) => {
      const group = box.dataset.layer === "relief" ? relief : groups[box.dataset.layer];
      if (!group) return;
      box.checked = map.hasLayer(group);
      box.addEventListener("change", () => {
        if (box.checked) group.addTo(map);
        else group.remove();
        changed();
      });
    });
  }

  // Tells whether a border runs through the view: a zone without fill that surrounds it shows nothing.
  function borderInView(map, layer) {
    const view = L.bounds([0, 0], map.getSize());
    const crosses = (ring) => ring.some((from, i) => {
      const [a, b] = [from, ring[(i + 1) % ring.length]].map((at) => map.latLngToContainerPoint(at));
      return L.LineUtil.clipSegment(a, b, view) !== false;
    });
    return rings(layer.getLatLngs()).some(crosses);
  }

  const rings = (nested) => (Array.isArray(nested[0]) ? nested.flatMap(rings) : [nested]);

  // Shows the lines of the legend that are really drawn: the layer is on, and a zone of the class lies in the view.
  function legend(map, payload, groups, isOn) {
    const lines = [...document.querySelectorAll(".legend [data-key]")];
    const zones = {};
    Object.values(groups).flatMap(features).forEach((layer) => {
      const { key } = payload.zones[layer.feature.properties.z];
      (zones[key] = zones[key] || []).push(layer);
    });
    const drawn = (key) => (zones[key] || []).some((layer) => (payload.classes[key].outlineOnly ? borderInView(map, layer) : (layer._parts || []).length > 0));
    const update = () => lines.forEach((line) => { line.hidden = !(isOn(line.dataset.layerId) && drawn(line.dataset.key)); });
    map.on("moveend", () => setTimeout(update)); // after the zones themselves were drawn anew
    update();
    return update;
  }

  function lit(state, data) {
    if (data.light === "site") return state.site.toGeoJSON();
    if (data.light === "piece") return state.payload.pieces[data.key];
    const group = state.groups[data.key.split("/")[0]];
    const zones = group ? features(group).filter((layer) => state.payload.zones[layer.feature.properties.z].key === data.key) : [];
    return { type: "FeatureCollection", features: zones.map((layer) => layer.feature) };
  }

  function lights(state) {
    let shown = null;
    const off = () => { if (shown) { shown.remove(); shown = null; } };
    const on = (data) => {
      off();
      const colour = state.payload.colours[data.decision] || "#111111";
      shown = L.featureGroup([
        L.geoJSON(lit(state, data), { ...LIGHT, style: { ...LIGHT, color: "#FFFFFF", weight: 8, fill: false } }),
        L.geoJSON(lit(state, data), { ...LIGHT, style: { ...LIGHT, color: colour, fillColor: colour } }),
      ]).addTo(state.map);
      return shown.getBounds();
    };
    state.light = { on, off, isOn: () => shown !== null };
    document.querySelectorAll("[data-light]").forEach((item) => {
      item.addEventListener("mouseenter", () => on(item.dataset));
      item.addEventListener("mouseleave", off);
      item.addEventListener("focusin", () => on(item.dataset));
      item.addEventListener("focusout", off);
      item.addEventListener("click", () => {
        const box = on(item.dataset);
        if (box.isValid() && !state.map.getBounds().intersects(box)) state.map.fitBounds(box, { maxZoom: state.map.getZoom() });
      });
    });
  }

  function tools(map, fit) {
    document.querySelector("[data-tool=in]").addEventListener("click", () => map.zoomIn());
    document.querySelector("[data-tool=out]").addEventListener("click", () => map.zoomOut());
    document.querySelector("[data-tool=fit]").addEventListener("click", fit);
    document.querySelector("[data-tool=print]").addEventListener("click", () => window.print());
  }

  function places(state, isOn) {
    const { map, payload, groups, conflicts } = state;
    const zonesAt = (at) => Object.keys(groups).filter(isOn)
      .flatMap((id) => features(groups[id]))
      .filter((layer) => zoningMap.holds(map, layer.feature.geometry, at))
      .map((layer) => payload.zones[layer.feature.properties.z])
      .sort(touchOrder(payload));
    const show = (at) => zoningMap.popup(map, payload, zonesAt(at), at);
    map.on("click", (event) => show(event.latlng));
    if (!conflicts) return;
    conflicts.eachLayer((layer) => {
      const { decision, at } = layer.feature.properties;
      const path = layer.getElement();
      if (!path) return;
      path.setAttribute("tabindex", "0");
      path.setAttribute("role", "button");
      path.setAttribute("aria-label", payload.words[decision]);
      path.setAttribute("data-decision", decision);
      path.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); show(L.latLng(at)); }
      });
    });
  }

  function readout(map, payload) {
    const place = document.querySelector(".readout");
    const show = (at) => {
      const gk = zoningMap.gaussKruger(at.lng, at.lat);
      const [sphere, plane] = place.children;
      sphere.textContent = `${zoningMap.dms(at.lng, "EW", 2)}  ${zoningMap.dms(at.lat, "NS", 2)}`;
      plane.textContent = `${payload.words.zone.replace("{zone}", gk.zone)}  X ${gk.x.toFixed(1)}  Y ${gk.y.toFixed(1)}`;
    };
    map.on("mousemove", (event) => show(event.latlng));
    map.on("move", () => show(map.getCenter()));
    show(map.getCenter());
  }
})((window.zoningMap = window.zoningMap || {}));
