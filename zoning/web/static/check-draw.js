// Drawing a site: polygons with Leaflet-Geoman, snapping to borders of layers, undo, area on the ellipsoid.
"use strict";
(() => {
  const zh = document.documentElement.lang.startsWith("zh");
  const say = (chinese, english) => (zh ? chinese : english);
  const told = JSON.parse(document.getElementById("drawing").textContent);
  const form = document.getElementById("hand-in");
  const drawn = document.getElementById("drawn");
  const typed = document.getElementById("typed");
  const fault = document.getElementById("typed-fault");
  const areaText = document.querySelector(".draw-area");
  const hint = document.querySelector(".draw-hint");
  const button = (name) => document.querySelector(`[data-draw=${name}]`);
  const SITE = { color: "#111111", weight: 2.5, fillColor: "#143f75", fillOpacity: 0.12 };
  const DIGITS = 8;
  let map = null;
  let site = null;
  let canvas = null;
  let history = null;
  const backgrounds = new Map();

  function start() {
    const [west, south, east, north] = told.bounds;
    map = L.map("draw-map", { attributionControl: false, maxZoom: 21, zoomSnap: 0.5 });
    map.fitBounds([[south, west], [north, east]]);
    L.control.scale({ imperial: false }).addTo(map);
    map.createPane("backgrounds").style.zIndex = 350;
    canvas = L.canvas({ pane: "backgrounds", padding: 0.3 });
    map.pm.setLang(zh ? "zh" : "en");
    map.pm.setGlobalOptions({ snappable: true, snapDistance: 14, allowSelfIntersection: false, layerGroup: null,
      pathOptions: SITE, templineStyle: { color: SITE.color, weight: 2 }, hintlineStyle: { color: SITE.color, dashArray: [5, 5] } });
    site = L.featureGroup().addTo(map);
    map.pm.setGlobalOptions({ layerGroup: site });
    history = new window.zoningHistory("[]");
    map.on("pm:create", ({ layer }) => { watch(layer); changed(); });
    map.on("pm:remove", () => changed());
    map.on("pm:globaleditmodetoggled", ({ enabled }) => press("edit", enabled));
    map.on("pm:globalremovalmodetoggled", ({ enabled }) => press("remove", enabled));
    map.on("pm:drawstart", ({ workingLayer }) => {
      hint.textContent = say("逐点单击，双击末点或单击首点结束，Esc 取消", "Click point by point; end on the first point; Esc cancels");
      workingLayer.on("pm:vertexadded pm:snapdrag", () => showRunning(workingLayer));
    });
    map.on("pm:drawend", () => { hint.textContent = ""; show(); });
    map.on("moveend", () => backgrounds.forEach((one) => one.load()));
    document.addEventListener("keydown", keys);
    tree();
    for (const layer of told.layers) if (isBase(layer)) toggle(layer.id, true);
    show();
  }

  // What shows where one is: borders of territories, roads, rivers.
  const isBase = (layer) => layer.group === "base" && layer.id !== "barren-hills";

  const press = (name, on) => button(name).setAttribute("aria-pressed", String(on));

  function watch(layer) {
    layer.on("pm:edit pm:update pm:dragend pm:cut", changed);
    layer.on("pm:markerdrag pm:drag", () => show());
  }

  // Rings as [lon, lat], closed; of every polygon of the drawing.
  const ringsOf = (layer) => {
    const found = layer.getLatLngs();
    return (Array.isArray(found[0]) ? found : [found]).map((ring) => ring.map(({ lng, lat }) => [+lng.toFixed(DIGITS), +lat.toFixed(DIGITS)]));
  };
  const polygons = () => site.getLayers().map(ringsOf).filter(([outer]) => outer && outer.length > 2);

  function changed() {
    history.add(JSON.stringify(polygons()));
    show();
  }

  function put(state) {
    site.clearLayers();
    for (const rings of JSON.parse(state)) {
      const layer = L.polygon(rings.map((ring) => ring.map(([lon, lat]) => [lat, lon])), SITE);
      layer.addTo(site);
      watch(layer);
    }
    if (button("edit").getAttribute("aria-pressed") === "true") map.pm.enableGlobalEditMode();
    show();
  }

  const areaOf = (rings) => rings.slice(1).reduce((sum, hole) => sum - zoningMap.areaOf(hole), zoningMap.areaOf(rings[0]));

  function crosses([ring]) {
    const turn = (p, q, r) => Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
    const edges = ring.map((from, i) => [from, ring[(i + 1) % ring.length]]);
    return edges.some(([a, b], i) => edges.some(([c, d], k) => {
      if (k <= i + 1 || (i === 0 && k === edges.length - 1)) return false;
      return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
    }));
  }

  function show() {
    const all = polygons();
    const crossed = all.some(crosses);
    const area = all.reduce((sum, rings) => sum + areaOf(rings), 0);
    areaText.classList.toggle("crossed", crossed);
    if (!all.length) areaText.textContent = say("尚未绘制", "nothing drawn yet");
    else if (crossed) areaText.textContent = say("边界自相交，请修改", "the border crosses itself: correct it");
    else areaText.textContent = zoningMap.areaText(area)[zh ? 0 : 1];
    areaText.dataset.m2 = String(area);
    button("undo").disabled = !history.canUndo;
    button("redo").disabled = !history.canRedo;
    if (document.activeElement !== typed) typed.value = all.map(([outer]) => outer.map(([lon, lat]) => `${lon} ${lat}`).join("\n")).join("\n\n");
    drawn.value = all.length ? JSON.stringify({
      type: "FeatureCollection",
      crs: { type: "name", properties: { name: "urn:ogc:def:crs:EPSG::4490" } },
      features: [{ type: "Feature", properties: { name: nameOf() },
        geometry: { type: "MultiPolygon", coordinates: all.map((rings) => rings.map((ring) => [...ring, ring[0]])) } }],
    }) : "";
  }

  const nameOf = () => form.elements.title.value.trim() || say("绘制地块", "drawn site");
  form.elements.title.addEventListener("input", () => site && show());

  function showRunning(layer) {
    const ring = layer.getLatLngs().map(({ lng, lat }) => [lng, lat]);
    areaText.textContent = ring.length > 2 ? zoningMap.areaText(zoningMap.areaOf(ring))[zh ? 0 : 1] : "…";
  }

  // --- coordinates by hand ---
  function apply() {
    const parts = typed.value.trim().split(/\n\s*\n/).map((part) => part.split("\n").map((line) => (line.match(/-?\d+(?:\.\d+)?/g) || []).map(Number)).filter((pair) => pair.length));
    const wrong = parts.flat().find((pair) => pair.length !== 2 || Math.abs(pair[0]) > 180 || Math.abs(pair[1]) > 90);
    const short = parts.find((part) => part.length < 3);
    fault.hidden = !(wrong || short);
    if (wrong) fault.textContent = say(`“${wrong.join(" ")}”不是经纬度`, `'${wrong.join(" ")}' is no longitude and latitude`);
    else if (short) fault.textContent = say("每块至少三个点", "every part needs three points at least");
    if (wrong || short) return;
    const open = parts.map((part) => { const [first, last] = [part[0], part[part.length - 1]]; return part.length > 3 && first[0] === last[0] && first[1] === last[1] ? part.slice(0, -1) : part; });
    const state = JSON.stringify(open.map((ring) => [ring]));
    history.add(state);
    put(state);
    map.fitBounds(site.getBounds().pad(0.5));
  }

  // --- layers behind the drawing ---
  class Background {
    constructor(layer) {
      this.told = layer;
      this.shapes = null;
      this.asked = 0;
    }
    async load() {
      const box = map.getBounds();
      const text = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((v) => v.toFixed(6)).join(",");
      this.asked += 1;
      const turn = this.asked;
      let answer = null;
      try {
        const response = await fetch(`/map/layers/${encodeURIComponent(this.told.id)}?bbox=${text}&width=${map.getSize().x}`);
        if (response.ok) answer = await response.json();
      } catch { answer = null; }
      if (turn !== this.asked || !backgrounds.has(this.told.id)) return;
      this.remark(answer);
      if (answer) this.draw(answer);
    }
    draw(answer) {
      if (this.shapes) this.shapes.remove();
      const style = ({ properties }) => {
        const look = this.told.classes[properties.class] || Object.values(this.told.classes)[0];
        const quiet = this.told.id === told.territory;
        return { color: look.outline, weight: Math.max(look.width, 1), fillColor: look.fill, fillOpacity: quiet ? 0 : Math.min(look.opacity, 0.4), opacity: 0.9 };
      };
      this.shapes = L.geoJSON(answer, { pane: "backgrounds", renderer: canvas, interactive: false, style, pmIgnore: true, snapIgnore: !answer.exact });
      this.shapes.addTo(map);
      const snap = answer.exact && button("snap").checked;
      this.shapes.eachLayer((shape) => { shape.options.snapIgnore = !snap; });
      this.names(answer);
    }
    // Names of territories; those of parts of them once few are seen.
    names(answer) {
      const isWhole = this.told.id === told.territory;
      if (this.words) this.words.remove();
      this.words = L.layerGroup([], { pmIgnore: true }).addTo(map);
      if (isWhole) places(this.shapes);
      if (this.told.group !== "base" || this.told.line || answer.features.length > (isWhole ? 60 : 25)) { spread(); return; }
      this.shapes.eachLayer((shape) => {
        const words = document.createElement("span");
        words.textContent = shape.feature.properties.name;
        L.tooltip({ permanent: true, direction: "center", className: "draw-name", interactive: false, pmIgnore: true })
          .setLatLng(shape.getBounds().getCenter()).setContent(words).addTo(this.words);
      });
      spread();
    }
    remark(answer) {
      const place = document.querySelector(`[data-layer="${CSS.escape(this.told.id)}"] .gap`);
      if (!place) return;
      if (!answer) place.textContent = say("没有取到", "did not come");
      else if (answer.unavailable) place.textContent = say("此处数据缺失", "no data here");
      else if (answer.total && !answer.features.length) place.textContent = say("太多，请放大", "too many: zoom in");
      else if (!answer.exact) place.textContent = say("已简化，放大后可捕捉", "simplified: zoom in to snap");
      else place.textContent = "";
    }
  }

  // Names that would lie on each other: that of the smaller place stays.
  function spread() {
    const taken = [];
    const parts = [...backgrounds.values()].filter((one) => one.words);
    parts.sort((a, b) => (a.told.id === told.territory) - (b.told.id === told.territory));
    for (const word of parts.flatMap((one) => one.words.getLayers())) {
      const [home, { x, y }] = [word.getElement(), map.latLngToLayerPoint(word.getLatLng())];
      const [w, h] = [home.offsetWidth / 2, home.offsetHeight / 2];
      const isFree = taken.every((one) => Math.abs(one.x - x) >= one.w + w || Math.abs(one.y - y) >= one.h + h);
      home.style.visibility = isFree ? "" : "hidden";
      if (isFree) taken.push({ x, y, w, h });
    }
  }

  function toggle(id, on) {
    if (on && !backgrounds.has(id)) {
      backgrounds.set(id, new Background(told.layers.find((layer) => layer.id === id)));
      backgrounds.get(id).load();
    } else if (!on && backgrounds.has(id)) {
      const gone = backgrounds.get(id);
      backgrounds.delete(id);
      if (gone.shapes) gone.shapes.remove();
      if (gone.words) gone.words.remove();
      spread();
    }
  }

  function tree() {
    const home = document.querySelector(".draw-layers");
    for (const layer of told.layers) {
      const label = document.createElement("label");
      label.className = "check";
      label.dataset.layer = layer.id;
      const box = document.createElement("input");
      box.type = "checkbox";
      box.checked = isBase(layer);
      box.addEventListener("change", () => toggle(layer.id, box.checked));
      const look = Object.values(layer.classes)[0];
      const swatch = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      swatch.setAttribute("class", "swatch");
      swatch.setAttribute("width", "18");
      swatch.setAttribute("height", "14");
      const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      for (const [name, value] of Object.entries({ x: 1, y: 1, width: 16, height: 12, fill: look.fill, stroke: look.outline })) rect.setAttribute(name, value);
      swatch.append(rect);
      const words = document.createElement("span");
      words.textContent = layer.title;
      const gap = document.createElement("span");
      gap.className = "gap";
      words.append(gap);
      label.append(box, swatch, words);
      home.append(label);
    }
  }

  // Where one can go: the territories, in the order in which they came.
  function places(shapes) {
    const list = document.getElementById("draw-place");
    shapes.eachLayer((shape) => {
      const name = shape.feature.properties.name;
      if ([...list.options].some((one) => one.value === name)) return;
      const option = new Option(name, name);
      option.dataset.bounds = JSON.stringify([shape.getBounds().getSouthWest(), shape.getBounds().getNorthEast()]);
      list.append(option);
    });
    list.parentElement.hidden = list.options.length < 3;
  }
  document.getElementById("draw-place").addEventListener("change", (event) => {
    const chosen = event.target.selectedOptions[0];
    if (chosen.dataset.bounds) map.fitBounds(JSON.parse(chosen.dataset.bounds).map(({ lat, lng }) => [lat, lng]));
  });

  // --- tools ---
  const tools = {
    polygon: () => map.pm.enableDraw("Polygon"),
    rectangle: () => map.pm.enableDraw("Rectangle"),
    edit: () => map.pm.toggleGlobalEditMode(),
    remove: () => map.pm.toggleGlobalRemovalMode(),
    undo: () => put(history.undo()),
    redo: () => put(history.redo()),
    fit: () => { const [west, south, east, north] = told.bounds; map.fitBounds([[south, west], [north, east]]); },
    apply,
  };
  for (const [name, act] of Object.entries(tools)) button(name).addEventListener("click", () => map && act());
  button("snap").addEventListener("change", (event) => {
    if (!map) return;
    map.pm.setGlobalOptions({ snappable: event.target.checked });
    backgrounds.forEach((one) => one.load());
  });

  function keys(event) {
    if (!map || document.getElementById("way-draw").hidden || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    if (event.key === "Escape") map.pm.disableDraw();
    if (!(event.ctrlKey || event.metaKey)) return;
    const back = event.key.toLowerCase() === "z" && !event.shiftKey;
    const forth = event.key.toLowerCase() === "y" || (event.key.toLowerCase() === "z" && event.shiftKey);
    if (back || forth) {
      event.preventDefault();
      put(back ? history.undo() : history.redo());
    }
  }

  document.addEventListener("way", ({ detail }) => {
    if (detail !== "tab-draw") return;
    if (!map) start();
    map.invalidateSize();
  });
  if (location.hash === "#draw") { start(); map.invalidateSize(); }
  // For tests and for other scripts of this page.
  window.zoningDraw = { get map() { return map; }, polygons: () => polygons(), put: (state) => { history.add(state); put(state); } };
})();
