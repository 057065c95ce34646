// Ties the zoning page to its map: layers, legend, search, list of zones, places, measuring, address, paper, language.
(function (zoningMap) {
  "use strict";
  const { node, told, say, fill } = zoningMap;
  const $ = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const REST_MS = 120;
  const MOST_FRAME_MS = 50;

  zoningMap.startZoning = async function (data) {
    const state = { data, on: new Set(data.layers.filter((layer) => layer.on && layer.presence === "drawn").map((layer) => layer.id)), at: null };
    zoningMap.state = state;
    zoningMap.setLanguage(data.language);
    zoningMap.foldLegend();
    state.opened = await Promise.all(data.layers.map(zoningMap.openZones));
    data.layers.filter((_, i) => state.opened[i] === null).forEach((layer) => warn(fill(data.words.old_browser, { layer: layer.title })));
    const link = zoningMap.readLink();
    if (link.layers) applyLayers(state, link.layers);
    data.layers.forEach((layer) => { layer.on = state.on.has(layer.id); });
    Object.assign(state, await draw(state, link.engine, link.view));
    const { view } = state;
    const ranges = Object.fromEntries(data.layers.filter((layer) => layer.scale).map((layer) => [layer.id, layer.scale]));
    state.scales = zoningMap.scales(view, ranges, data.words, () => redraw(state));
    state.isDrawn = (id) => state.on.has(id) && state.scales.fits(id);
    redraw(state);
    zoningMap.graticule(view);
    const relabel = labels(state);
    const relegend = legend(state);
    zoningMap.scaleBar(view);
    zoningMap.readout(view, data.words.zone);
    const write = zoningMap.keepLink(() => ({ view: view.get(), layers: [...state.on], at: state.at, lang: zoningMap.language(), engine: link.engine }), (told) => restore(state, told));
    state.changed = () => { relabel(); relegend(); write(); };
    tree(state);
    place(state);
    zoningMap.zoneSearch(state, go);
    zoningMap.zoneList(state, go);
    zoningMap.contacts(state, go);
    tools(state, write);
    sheets(state);
    paper(state);
    // Once the map has come to rest: not at every step on its way.
    let resting = 0;
    view.on("settle", () => {
      clearTimeout(resting);
      resting = setTimeout(() => { relegend(); write(); }, REST_MS);
    });
    zoningMap.onLanguage(write);
    await restore(state, link);
    state.drawing.onBusy((busy) => {
      state.busy = busy;
      $(".busy").hidden = !busy;
      if (!busy) document.documentElement.dataset.drawn = "yes";
    });
    document.documentElement.dataset.ready = "yes";
  };

  function warn(pair) {
    const box = $(".warnings");
    box.hidden = false;
    box.appendChild(told("p", null, pair));
  }

  // Measured: shapes in the page are drawn soonest by a canvas; MapLibre is for large layers where a graphics card is fast.
  // The address may ask for one of the two (engine=maplibre, engine=canvas).
  async function draw(state, wanted, start) {
    const container = $("#map");
    const how = { right: besideLegend(), start, most: wanted === "maplibre" ? null : zoningMap.mostFrameMs || MOST_FRAME_MS };
    const large = state.data.layers.some((layer) => layer.kind === "tiles") && typeof maplibregl !== "undefined";
    if (large && wanted !== "canvas" && zoningMap.hasWebgl(wanted !== "maplibre")) {
      try {
        return { engine: "maplibre", ...await zoningMap.drawWithMapLibre(container, state.data, state.opened, how) };
      } catch (error) {
        container.replaceChildren();
        container.className = "";
      }
    }
    if (large && wanted !== "canvas") warn(state.data.words.fallback);
    return { engine: "canvas", ...await zoningMap.drawWithCanvas(container, state.data, state.opened, how) };
  }

  // How much of the map the legend takes, or on a narrow screen the tools: the whole land is shown beside them.
  const [LEGEND, TOOLS] = [316, 36];
  const besideLegend = () => (!zoningMap.tight.matches && $(".legend").open ? LEGEND : zoningMap.narrow.matches ? TOOLS : 0);

  function applyLayers(state, wanted) {
    const drawn = new Set(state.data.layers.filter((layer) => layer.presence === "drawn").map((layer) => layer.id));
    state.on = new Set(wanted.filter((id) => drawn.has(id)));
  }

  async function restore(state, link) {
    if (link.lang) zoningMap.setLanguage(link.lang);
    if (link.layers) {
      const before = new Set(state.on);
      applyLayers(state, link.layers);
      state.data.layers.forEach(({ id }) => { if (before.has(id) !== state.on.has(id)) state.drawing.show(id, state.isDrawn(id)); });
      all("input[data-layer]").forEach((box) => { if (box.dataset.layer !== "relief") box.checked = state.on.has(box.dataset.layer); });
    }
    if (link.view) state.view.set(link.view);
    if (link.at) await state.show(link.at);
    state.changed();
  }

  // --- layers and legend ---

  function tree(state) {
    all("input[data-layer]").forEach((box) => {
      const id = box.dataset.layer;
      if (id === "relief") { box.addEventListener("change", () => state.drawing.relief(box.checked)); return; }
      box.checked = state.on.has(id);
      box.addEventListener("change", () => set(state, id, box.checked));
    });
    all("input[data-opacity]").forEach((slider) => slider.addEventListener("input", () => state.drawing.fade(slider.dataset.opacity, Number(slider.value) / 100)));
    all("button[data-all]").forEach((button) => button.addEventListener("click", () => {
      const on = button.dataset.all === "on";
      all("input[data-layer]:not(:disabled)").forEach((box) => {
        if (box.dataset.layer === "relief" || box.checked === on) return;
        box.checked = on;
        set(state, box.dataset.layer, on, true);
      });
      state.changed();
    }));
  }

  function set(state, id, on, quietly) {
    if (on) state.on.add(id);
    else state.on.delete(id);
    state.drawing.show(id, state.isDrawn(id));
    if (!quietly) state.changed();
  }

  // Layers that have a range of scales come and go with the scale.
  function redraw(state) {
    state.data.layers.forEach(({ id, scale }) => { if (scale && state.on.has(id)) state.drawing.show(id, state.isDrawn(id)); });
    if (state.changed) state.changed();
  }

  // Shows the lines of the legend that are really drawn: the layer is on, and something of the class lies in the view.
  function legend(state) {
    const lines = all(".legend li[data-key]");
    const classes = new Map(state.data.layers.flatMap((layer, number) => layer.classes.map((kind, c) => [`${layer.id}/${kind.id}`, { layer, number, c, look: kind.look }])));
    const blanks = state.data.layers.filter(({ uncovered }) => uncovered)
      .map(({ id, uncovered }) => [id, uncovered.map((rings) => zoningMap.shapes.boxOf([rings.map(zoningMap.shapes.unpacked)]))]);
    const update = () => {
      const bounds = state.view.bounds();
      const { zoom } = state.view.get();
      let dots = false;
      let blank = false;
      let before = null;
      lines.forEach((line) => {
        const { layer, number, c, look } = classes.get(line.dataset.key);
        const zones = state.opened[number];
        line.hidden = !(zones && state.isDrawn(layer.id) && zones.isSeen(c, bounds, !look.opacity && !look.hatch));
        line.classList.toggle("again", before === layer.id);
        if (!line.hidden) before = layer.id;
        dots = dots || (!line.hidden && !layer.lines && zones.allSeenFrom(c) > zoom);
      });
      blanks.forEach(([id, boxes]) => { blank = blank || (state.isDrawn(id) && boxes.some((box) => zoningMap.shapes.meets(box, bounds))); });
      $(".legend [data-sign=dot]").hidden = !dots;
      $(".legend [data-sign=uncovered]").hidden = !blank;
      $(".legend .empty-legend").hidden = lines.some((line) => !line.hidden);
    };
    update();
    return update;
  }

  function labels(state) {
    const ready = state.data.layers.flatMap((layer, number) => {
      const zones = state.opened[number];
      if (!zones || !zones.labels) return [];
      return zones.labels.map(([lon, lat, wide, high], i) => ({
        text: layer.label === "code" ? zones.ids[i] : zones.names[i], at: [lat, lon], size: [high, wide], layer: layer.id, range: layer.labelScale,
      })).filter((label) => label.text);
    });
    let denominator = zoningMap.denominator(state.view);
    const fits = ({ range: [low, high] }) => denominator >= low && (!high || denominator <= high);
    const update = zoningMap.labels(state.view, ready, state.isDrawn, fits);
    state.view.on("move", () => { denominator = zoningMap.denominator(state.view); });
    return update;
  }

  // --- places ---

  function place(state) {
    const { view, data } = state;
    const panel = $(".here");
    const actions = { go: (zones, i) => go(state, zones, i) };
    const pin = view.sheet("pin", 499, (svg) => {
      if (!state.at) return;
      const { x, y } = view.project(state.at);
      svg.appendChild(zoningMap.drawn("path", { d: `M${x} ${y - 9}v18M${x - 9} ${y}h18`, class: "pin-casing" }));
      svg.appendChild(zoningMap.drawn("path", { d: `M${x} ${y - 9}v18M${x - 9} ${y}h18`, class: "pin" }));
    });
    state.show = async (at) => {
      state.at = at;
      pin();
      const known = await zoningMap.lookUp(data, state.opened, { isOn: (id) => state.on.has(id), isDrawn: state.isDrawn }, at, zoningMap.metresPerPixel(view));
      zoningMap.showHere(data, panel, known, actions);
      document.body.classList.add("has-here");
      light(state, known.on[0]);
      if (state.changed) state.changed();
      return known;
    };
    const close = () => {
      panel.hidden = true;
      document.body.classList.remove("has-here");
      state.at = null;
      state.drawing.light(null);
      pin();
      state.changed();
    };
    panel.querySelector(".close").addEventListener("click", () => { close(); focusMap(view); });
    panel.addEventListener("keydown", (event) => { if (event.key === "Escape") { close(); focusMap(view); } });
    view.on("click", (at) => { if (at && !zoningMap.measuring) state.show(at); });
    view.element.addEventListener("keydown", async (event) => {
      if (event.key !== "Enter" || zoningMap.measuring || !(event.target === view.element || event.target.tagName === "CANVAS")) return;
      event.preventDefault();
      const { lon, lat } = view.get();
      await state.show([lon, lat]);
      panel.focus();
    });
    panel.addEventListener("toggle", (event) => {
      const card = event.target;
      if (!card.classList.contains("zone-card") || !card.open) return;
      const [layer, id] = [card.dataset.zone.slice(0, card.dataset.zone.indexOf("/")), card.dataset.zone.slice(card.dataset.zone.indexOf("/") + 1)];
      const zones = state.opened[data.layers.findIndex((one) => one.id === layer)];
      light(state, { zones, i: zones.ids.indexOf(id) });
    }, true);
  }

  const focusMap = (view) => (view.element.querySelector("canvas[tabindex]") || view.element).focus();

  async function light(state, hit) {
    if (!hit) { state.drawing.light(null); return; }
    const { zones, i } = hit;
    if (zones.layer.kind === "tiles") {
      const rings = [];
      for (const tile of zones.tilesOf(zones.boxes[i])) rings.push(...(await tile).filter(({ id }) => id === i).flatMap((shape) => shape.rings));
      state.drawing.light({ type: "MultiLineString", coordinates: rings });
      return;
    }
    const parts = zones.partsOf(i);
    state.drawing.light(zones.layer.lines ? { type: "MultiLineString", coordinates: parts.flat() } : { type: "MultiPolygon", coordinates: parts });
  }

  // Goes to a zone: switches its layer on, shows its card.
  async function go(state, zones, i) {
    const { layer } = zones;
    const box = $(`input[data-layer="${layer.id}"]`);
    if (!state.on.has(layer.id)) { box.checked = true; set(state, layer.id, true); }
    const [w, s, e, n] = zones.boxes[i];
    state.view.fit([w, s, e, n], 60, 16);
    const panel = $(".here");
    const card = zoningMap.zoneCardOf(state.data, { zones, i, certain: true }, true, { go: () => go(state, zones, i) });
    panel.querySelector(".here-body").replaceChildren(card);
    panel.hidden = false;
    document.body.classList.add("has-here");
    state.at = null;
    await light(state, { zones, i });
    state.closeSheets();
    state.changed();
  }

  // --- tools, sheets, paper ---

  function tools(state, write) {
    const { view, data } = state;
    $("[data-tool=in]").addEventListener("click", () => view.zoomBy(1));
    $("[data-tool=out]").addEventListener("click", () => view.zoomBy(-1));
    $("[data-tool=fit]").addEventListener("click", () => view.fit(data.frame.bounds, 24, 19, besideLegend()));
    zoningMap.languageButton(data.words.language);
    zoningMap.linkButton($("[data-tool=link]"), write, data.words.link_done);
    state.measure = zoningMap.measure(view, data.words, $(".measure-box"), { distance: $("[data-tool=distance]"), area: $("[data-tool=area]") });
    const target = view.element.querySelector("canvas[tabindex]") || view.element;
    target.setAttribute("tabindex", "0");
    target.setAttribute("role", "application");
    zoningMap.name(target, "aria-label", data.words.map_label);
    all("a[data-skip]").forEach((anchor) => anchor.addEventListener("click", (event) => {
      event.preventDefault();
      if (anchor.dataset.skip === "map") { target.focus(); return; }
      $(".zone-list").open = true;
      state.openSheet("layers");
      $("#list-layer").focus();
    }));
  }

  function sheets(state) {
    const tabs = all(".tabs button");
    const sheet = $(".sheet");
    const open = (name) => {
      sheet.dataset.open = name || "";
      tabs.forEach((tab) => tab.setAttribute("aria-expanded", String(tab.dataset.opens === name)));
    };
    state.openSheet = open;
    state.closeSheets = () => open("");
    tabs.forEach((tab) => tab.addEventListener("click", () => open(sheet.dataset.open === tab.dataset.opens ? "" : tab.dataset.opens)));
    state.view.on("click", () => open(""));
    window.addEventListener("resize", () => state.view.resize());
  }

  function paper(state) {
    let view = null;
    let legendOpen = true;
    const before = () => {
      if (view) return;
      view = state.view.get();
      document.body.classList.add("on-paper");
      legendOpen = $(".legend").open;
      $(".legend").open = true;
      // Tiles of a hatch are printed as pictures of one point per unit: so large, their lines stay sharp.
      all(".patterns pattern").forEach((hatch) => hatch.setAttribute("patternTransform", "scale(1.33333)"));
      const kept = state.view.bounds();
      const [w, s, e, n] = state.data.frame.bounds;
      const whole = kept[0] <= w && kept[1] <= s && kept[2] >= e && kept[3] >= n;
      state.view.resize();
      state.view.fit(whole ? state.data.frame.bounds : kept, whole ? 12 : 0);
      state.scales.update();
      state.drawing.print(true);
      state.changed();
    };
    const after = () => {
      if (!view) return;
      document.body.classList.remove("on-paper");
      $(".legend").open = legendOpen;
      all(".patterns pattern").forEach((hatch) => hatch.removeAttribute("patternTransform"));
      state.drawing.print(false);
      state.view.resize();
      state.view.set(view);
      view = null;
      state.scales.update();
      state.changed();
    };
    window.addEventListener("beforeprint", before);
    window.addEventListener("afterprint", after);
    // Large layers are drawn bit by bit: the button waits for them. A page that is printed past it says what it lacks.
    $("[data-tool=print]").addEventListener("click", async () => {
      before();
      do await new Promise((go) => { setTimeout(go, 60); }); while (state.busy);
      window.print();
    });
  }
})((window.zoningMap = window.zoningMap || {}));
