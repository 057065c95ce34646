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

  zoningMap.start = function (chart) {
    const payload = JSON.parse(document.getElementById("payload").textContent);
    const { map, groups, site, conflicts, relief } = zoningMap.drawSite("map", chart);
    const state = { map, groups, site, conflicts, payload, other: JSON.parse(document.getElementById("other").textContent) };
    zoningMap.state = state;
    zoningMap.setLanguage(payload.language);
    // What the reader switched on; of it a layer with a range of scales is drawn only within it.
    const wanted = new Set(Object.keys(groups).filter((id) => map.hasLayer(groups[id])));
    const isOn = (id) => wanted.has(id);
    const isDrawn = (id) => groups[id] && map.hasLayer(groups[id]);
    const view = L.latLngBounds(payload.view);
    // A legend that would lie on the site takes a side of the map.
    const fit = () => {
      const beside = (right) => map.fitBounds(view, { animate: false, paddingTopLeft: [24, 24], paddingBottomRight: [24 + right, 24] });
      beside(0);
      const box = document.querySelector(".legend");
      if (box.open && !zoningMap.onPaper && !zoningMap.tight.matches && onSite(box)) beside(box.offsetWidth + 12);
    };
    const onSite = (box) => {
      const [northWest, southEast] = [site.getBounds().getNorthWest(), site.getBounds().getSouthEast()].map((at) => map.latLngToContainerPoint(at));
      return southEast.x > box.offsetLeft && southEast.y > box.offsetTop && northWest.x < box.offsetLeft + box.offsetWidth;
    };
    const fold = zoningMap.foldLegend();
    map.createPane("light").style.zIndex = 495;
    map.getPane("light").style.pointerEvents = "none";
    L.control.scale({ imperial: false, maxWidth: 120, position: "bottomleft" }).addTo(map);
    fit();
    map.setMinZoom(map.getBoundsZoom(L.latLngBounds(payload.window)) - 1);
    map.setMaxBounds(L.latLngBounds(payload.window).pad(0.15));
    state.view = zoningMap.leafletView(map);
    state.place = null;
    zoningMap.graticule(state.view);
    const { denominator } = zoningMap;
    const labelFits = ({ layer }) => { const [low, high] = payload.labelScales[layer] || [0, 0]; const now = denominator(state.view); return now >= low && (!high || now <= high); };
    const relabel = zoningMap.labels(state.view, payload.labels, isDrawn, labelFits, (box) => onBorderOf(map, site, box));
    const gaps = landWithoutData(map, payload, isDrawn);
    const relegend = legend(map, payload, groups, isDrawn, gaps);
    const ids = () => Object.keys(groups).filter(isOn);
    const scales = zoningMap.scales(state.view, payload.scales, payload.pairs, () => { draw(); changed(); });
    const draw = () => Object.entries(groups).forEach(([id, group]) => {
      const shown = isOn(id) && scales.fits(id);
      if (shown === map.hasLayer(group)) return;
      if (shown) group.addTo(map);
      else group.remove();
    });
    const write = zoningMap.keepLink(() => ({ view: state.view.get(), layers: ids(), at: state.place, lang: zoningMap.language() }), (link) => restore(link));
    const changed = () => { relabel(); gaps.update(); relegend(); write(); };
    const set = (id, on) => {
      if (id === "relief" && relief) map[on ? "addLayer" : "removeLayer"](relief);
      if (!groups[id]) return;
      wanted[on ? "add" : "delete"](id);
      draw();
    };
    const tick = () => document.querySelectorAll("input[data-layer]").forEach((box) => {
      const { layer } = box.dataset;
      if (layer === "relief" ? relief : groups[layer]) box.checked = layer === "relief" ? map.hasLayer(relief) : isOn(layer);
    });
    document.addEventListener("change", ({ target }) => { if (target.matches("input[data-layer]")) { set(target.dataset.layer, target.checked); changed(); } });
    tick();
    lights(state);
    tools(state, fit);
    const show = places(state, isOn);
    zoningMap.readout(state.view, payload.pairs.zone);
    zoningMap.printing(map, () => { fit(); scales.update(); relegend(); });
    zoningMap.sheets(map, fit);
    draw();
    fit(); // the legend has its size now
    search(state, show, set, () => { tick(); changed(); });
    map.on("moveend", write);
    map.on("popupclose", () => { state.place = null; write(); });
    zoningMap.onLanguage((language) => { translate(state, language); tick(); fold(); scales.tell(); changed(); });

    function restore(link) {
      if (link.lang) zoningMap.setLanguage(link.lang);
      if (link.layers) Object.keys(groups).forEach((id) => set(id, link.layers.includes(id)));
      if (link.view) state.view.set(link.view);
      if (link.at) show(L.latLng(link.at[1], link.at[0]));
      tick();
      changed();
    }
    restore(zoningMap.readLink());
  };

  // The other language waits in the page: its parts take the place of those that are shown, and the texts of the script.
  function translate(state, language) {
    const { other, payload, map } = state;
    const title = document.title;
    if (other.language !== language) return;
    const open = [...document.querySelectorAll(".sheet details")].map((item) => item.open);
    const sheet = document.querySelector(".sheet").dataset.open;
    const shown = {};
    Object.entries(other.parts).forEach(([name, text]) => {
      const part = document.querySelector(`.${name}`);
      shown[name] = part.outerHTML;
      part.outerHTML = text;
    });
    [...document.querySelectorAll(".sheet details")].forEach((item, i) => { item.open = Boolean(open[i]); });
    document.querySelector(".sheet").dataset.open = sheet;
    document.title = other.title;
    const texts = Object.fromEntries(Object.keys(other.payload).map((name) => [name, payload[name]]));
    Object.assign(payload, other.payload);
    state.other = { language: payload.language, title, parts: shown, payload: texts };
    payload.language = language;
    map.closePopup();
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

  // Tells whether a box of the screen lies on a site that is wholly in view, or on its border: the name of a zone that
  // surrounds the site would read as the name of the site.
  function onBorderOf(map, site, [left, top, right, bottom]) {
    const box = L.bounds([left, top], [right, bottom]);
    return features({ eachLayer: (each) => each(site) }).some((layer) => {
      const corners = rings(layer.getLatLngs()).map((ring) => ring.map((at) => map.latLngToContainerPoint(at)));
      const crosses = corners.some((ring) => ring.some((from, i) => L.LineUtil.clipSegment(from, ring[(i + 1) % ring.length], box) !== false));
      const middle = map.containerPointToLatLng(box.getCenter());
      return crosses || (map.getBounds().contains(layer.getBounds()) && zoningMap.holds(map, layer.feature.geometry, middle));
    });
  }

  const rings = (nested) => (Array.isArray(nested[0]) ? nested.flatMap(rings) : [nested]);

  // Land of which a layer that is on says nothing is hatched: that no zone is drawn there does not make it free.
  function landWithoutData(map, payload, isDrawn) {
    const pane = map.createPane("uncovered");
    pane.style.zIndex = 470;
    pane.style.pointerEvents = "none";
    const style = { stroke: false, fillColor: `url(#${payload.hatch})`, fillOpacity: 1, className: "uncovered" };
    const all = payload.uncovered.map(({ layers, shape }) => ({ layers, drawn: L.geoJSON(shape, { pane: "uncovered", interactive: false, style }) }));
    const update = () => all.forEach(({ layers, drawn }) => map[layers.some(isDrawn) ? "addLayer" : "removeLayer"](drawn));
    const inView = () => all.some(({ drawn }) => map.hasLayer(drawn) && drawn.getLayers().some((part) => (part._parts || []).length > 0));
    update();
    return { update, inView };
  }

  // Shows the lines of the legend that are really drawn: the layer is on, and a zone of the class lies in the view.
  function legend(map, payload, groups, isOn, gaps) {
    const lines = () => [...document.querySelectorAll(".legend [data-key]")];
    const zones = {};
    Object.values(groups).flatMap(features).forEach((layer) => {
      const { key } = payload.zones[layer.feature.properties.z];
      (zones[key] = zones[key] || []).push(layer);
    });
    const drawn = (key) => (zones[key] || []).some((layer) => (payload.classes[key].outlineOnly ? borderInView(map, layer) : (layer._parts || []).length > 0));
    const update = () => {
      lines().forEach((line) => { line.hidden = !(isOn(line.dataset.layerId) && drawn(line.dataset.key)); });
      const sign = document.querySelector(".legend [data-sign=uncovered]");
      if (sign) sign.hidden = !gaps.inView();
    };
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
    const item = (event) => (event.target.closest ? event.target.closest("[data-light]") : null);
    const leaves = (event) => { const from = item(event); return from && !from.contains(event.relatedTarget); };
    document.addEventListener("mouseover", (event) => { if (item(event)) on(item(event).dataset); });
    document.addEventListener("mouseout", (event) => { if (leaves(event)) off(); });
    document.addEventListener("focusin", (event) => { if (item(event)) on(item(event).dataset); });
    document.addEventListener("focusout", (event) => { if (leaves(event)) off(); });
    document.addEventListener("click", (event) => {
      if (!item(event)) return;
      const box = on(item(event).dataset);
      if (box.isValid() && !state.map.getBounds().intersects(box)) state.map.fitBounds(box, { maxZoom: state.map.getZoom() });
    });
  }

  function tools(state, fit) {
    const { map, view, payload } = state;
    const tool = (name) => document.querySelector(`[data-tool=${name}]`);
    tool("in").addEventListener("click", () => map.zoomIn());
    tool("out").addEventListener("click", () => map.zoomOut());
    tool("fit").addEventListener("click", fit);
    tool("print").addEventListener("click", () => window.print());
    zoningMap.languageButton(payload.pairs.language);
    state.measure = zoningMap.measure(view, payload.pairs, document.querySelector(".measure-box"), { distance: tool("distance"), area: tool("area") });
    view.element.setAttribute("role", "application");
    zoningMap.name(view.element, "aria-label", payload.pairs.map_label);
    document.querySelector("[data-skip=map]").addEventListener("click", (event) => { event.preventDefault(); view.element.focus(); });
  }

  function search(state, show, set, changed) {
    const { payload, map, groups } = state;
    const all = () => Object.entries(groups).flatMap(([id, group]) => features(group).map((layer) => ({ id, layer, zone: payload.zones[layer.feature.properties.z] })));
    const go = ({ id, layer }) => () => {
      set(id, true);
      changed();
      const box = layer.getBounds();
      map.fitBounds(box, { maxZoom: 16, animate: false, padding: [40, 40] });
      show(zoningMap.insideOf(layer.feature.geometry) || box.getCenter());
    };
    const find = (text) => {
      const at = zoningMap.readPlace(text);
      if (at) return [{ title: payload.pairs.place, side: `${zoningMap.dms(at[0], "EW", 2)}  ${zoningMap.dms(at[1], "NS", 2)}`, go: () => { map.setView([at[1], at[0]], 16, { animate: false }); show(L.latLng(at[1], at[0])); } }];
      const wanted = text.toLowerCase();
      const rank = ({ zone }) => { const words = [zone.id, zone.name].map((word) => word.toLowerCase()); return words.includes(wanted) ? 0 : words.some((word) => word.startsWith(wanted)) ? 1 : words.some((word) => word.includes(wanted)) ? 2 : 3; };
      return all().filter((one) => rank(one) < 3).sort((one, other) => rank(one) - rank(other)).map((one) => ({
        title: one.zone.name || one.zone.id,
        side: `${one.zone.name ? `${one.zone.id} · ` : ""}${payload.classes[one.zone.key].layerTitle}`,
        go: go(one),
      }));
    };
    zoningMap.search(document.querySelector(".finder input"), document.querySelector("#found"), find, payload.pairs);
  }

  function places(state, isOn) {
    const { map, payload, groups, conflicts } = state;
    const zonesAt = (at) => Object.keys(groups).filter(isOn)
      .flatMap((id) => features(groups[id]))
      .filter((layer) => zoningMap.holds(map, layer.feature.geometry, at))
      .map((layer) => payload.zones[layer.feature.properties.z])
      .sort(touchOrder(payload));
    const show = (at) => { zoningMap.popup(map, payload, zonesAt(at), at); state.place = [at.lng, at.lat]; };
    map.on("click", (event) => { if (!zoningMap.measuring) show(event.latlng); });
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === map.getContainer() && !zoningMap.measuring) show(map.getCenter());
    });
    if (!conflicts) return show;
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
    return show;
  }
})((window.zoningMap = window.zoningMap || {}));
