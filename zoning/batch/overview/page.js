// The page of a batch: switches per decision, a finder, a list, the row of what is clicked, and the tools of all maps.
(function (zoningMap) {
  "use strict";
  const { node, told, fill } = zoningMap;
  const $ = (selector) => document.querySelector(selector);
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const payload = read("payload");
  const details = read("details");
  const { words, kinds } = payload;
  const data = {
    kinds, outlines: read("outlines"), kindOf: bytes(payload.kindOf), places: new Int32Array(bytes(payload.places).buffer),
  };
  const numbers = new Int32Array(bytes(payload.numbers).buffer);
  const shown = kinds.map(() => true);
  const [CLICK, KEY, CLOSER, PAGE, LISTED] = [12, 24, 15, 50, 12];

  zoningMap.setLanguage(payload.language);
  const map = zoningMap.landMap(payload.territories);
  const view = zoningMap.leafletView(map);
  const places = zoningMap.places(map, data, shown);
  let chosen = -1;
  let write = () => {};
  const fit = () => zoningMap.fitPlaces(view, places, payload.territories);

  // --- the row of a footprint ---
  const nameOf = (i) => (details[i] ? details[i][1] || details[i][0] : "");
  const rowOf = (i) => fill(words.row, { number: numbers[i].toLocaleString("en") });
  const titled = (key) => payload.titles[key] || [key, key];

  function labelled(box, label, entries) {
    if (!entries.length) return;
    box.append(told("p", "label", label));
    const list = box.appendChild(node("ul"));
    entries.slice(0, LISTED).forEach((entry) => list.append(told("li", null, entry)));
    const rest = entries.length - LISTED;
    if (rest > 0) list.append(node("li", null, `… +${rest}`));
  }

  function card(i) {
    const box = node("div", "card");
    const kind = kinds[data.kindOf[i]];
    box.appendChild(told("p", "decision", kind.word)).style.color = kind.colour;
    const row = details[i];
    if (!row) {
      box.append(told("p", null, rowOf(i)), told("p", "label", words.see_table));
      return box;
    }
    const [id, name, area, rules, layers, without, sentence] = row;
    box.append(node("p", "name", name || id));
    // An id that the program gave is the number once more.
    const more = id && id !== name && id !== String(numbers[i]) ? ` · ${id}` : "";
    box.append(told("p", "label", rowOf(i).map((text) => text + more)));
    if (area !== null) box.append(told("p", null, zoningMap.areaText(area)));
    if (sentence) box.append(told("p", null, sentence));
    const touched = payload.combinations[layers];
    const unchecked = payload.combinations[without];
    labelled(box, words.touched, touched.map(titled));
    // Nobody knows what a layer without data would have said.
    if (area !== null && !touched.length) box.append(told("p", "label", unchecked.length ? words.nothing_known : words.nothing_touched));
    labelled(box, words.unchecked, unchecked.map(titled));
    labelled(box, words.decided_by, payload.combinations[rules].map((key) => (payload.titles[key] ? payload.titles[key].map((title) => `${title} (${key})`) : key)));
    return box;
  }

  function open(i, closer) {
    const [lon, lat] = places.where(i);
    if (closer) {
      const kind = data.kindOf[i];
      if (!shown[kind]) { $(`input[data-kind="${kind}"]`).checked = true; shown[kind] = true; }
      view.set({ lon, lat, zoom: Math.max(view.get().zoom, CLOSER - 1) });
      zoningMap.closeSheets();
    }
    const room = map.getSize();
    const popup = L.popup({ maxWidth: Math.min(340, room.x - 90), maxHeight: Math.min(380, room.y - 90), autoPanPadding: [24, 24] })
      .setLatLng([lat, lon]).setContent(card(i)).openOn(map);
    zoningMap.nameClose(popup, words.close);
    chosen = i;
    places.choose(i);
    write();
  }

  function openAt(point, reach) {
    const i = places.at(point, reach);
    if (i >= 0) open(i, false);
    return i >= 0;
  }

  view.on("click", (place) => { if (!zoningMap.measuring) openAt(view.project(place), CLICK); });
  map.on("popupclose", () => { chosen = -1; places.choose(-1); write(); });

  // --- switches and legend ---
  function relegend() {
    document.querySelectorAll(".legend li[data-kind]").forEach((line) => { line.hidden = !places.seenKinds()[Number(line.dataset.kind)]; });
  }

  function redraw() {
    places.draw();
    relegend();
    write();
  }

  document.querySelectorAll("input[data-kind]").forEach((box) => {
    box.checked = true;
    box.addEventListener("change", () => {
      shown[Number(box.dataset.kind)] = box.checked;
      map.closePopup();
      redraw();
    });
  });

  // --- finder and list ---
  let lower = null;
  function find(text) {
    const wanted = text.toLowerCase();
    lower = lower || details.map((row) => `${row[0]}\n${row[1]}`.toLowerCase());
    const hits = [];
    for (let i = 0; i < places.count; i += 1) {
      if (String(numbers[i]) === wanted) hits.unshift(i);
      else if (lower[i] && lower[i].includes(wanted)) hits.push(i);
    }
    if (!hits.length) {
      const at = zoningMap.foundPlace(text, words, view, CLOSER);
      if (at) return [at];
    }
    // Only the first are shown; of the others the number is told.
    const found = hits.slice(0, LISTED).map((i) => {
      const row = rowOf(i);
      const kind = kinds[data.kindOf[i]].word;
      return { title: nameOf(i) || row, side: row.map((text_, k) => `${text_} · ${kind[k]}`), go: () => open(i, true) };
    });
    found.length = hits.length;
    return found;
  }

  function list() {
    const chooser = $("#list-kind");
    kinds.forEach((kind, number) => {
      if (!places.byKind[number].length) return;
      const option = told("option", null, kind.word);
      option.value = String(number);
      chooser.prepend(option);
    });
    chooser.selectedIndex = 0;
    let begun = false;
    const listed = zoningMap.growingList(words, PAGE, (i) => {
      const button = nameOf(i) ? node("button", "plain", nameOf(i)) : told("button", "plain", words.on_map);
      return zoningMap.listRow(numbers[i].toLocaleString("en"), button, details[i] ? details[i][2] : null, () => open(i, true));
    });
    const begin = () => { begun = true; listed(places.byKind[Number(chooser.value)] || []); };
    chooser.addEventListener("change", begin);
    // A closed list costs nothing: its rows are made when somebody opens it.
    const fold = $(".zone-list");
    fold.addEventListener("toggle", () => { if (fold.open && !begun) begin(); });
    const unfold = () => { if (zoningMap.narrow.matches) fold.open = true; };
    zoningMap.narrow.addEventListener("change", unfold);
    unfold();
  }

  // --- address, paper ---
  const onPaper = () => { places.print(true); fit(); relegend(); };

  function restore(link) {
    if (link.lang) zoningMap.setLanguage(link.lang);
    if (link.layers) {
      kinds.forEach(({ name }, number) => { shown[number] = link.layers.includes(name); });
      document.querySelectorAll("input[data-kind]").forEach((box) => { box.checked = shown[Number(box.dataset.kind)]; });
      places.draw();
    }
    if (link.view) view.set(link.view);
    if (link.at) openAt(view.project(link.at), KEY);
    redraw();
  }

  zoningMap.foldLegend();
  fit();
  places.draw();
  zoningMap.mapKeys(view, words, (middle) => openAt(middle, KEY), () => {
    $(".zone-list").open = true;
    $("#list-kind").focus();
  });
  const measure = zoningMap.mapTools(map, view, words, fit, () => write());
  zoningMap.search($(".finder input"), $("#found"), find, words);
  list();
  zoningMap.sheets(map, fit);
  zoningMap.printing(map, onPaper);
  window.addEventListener("afterprint", () => { places.print(false); relegend(); });
  write = zoningMap.keepLink(() => ({
    view: view.get(), layers: kinds.filter((_, number) => shown[number]).map(({ name }) => name),
    at: chosen >= 0 ? places.where(chosen) : null, lang: zoningMap.language(),
  }), restore);
  view.on("settle", () => { relegend(); write(); });
  zoningMap.onLanguage(() => write());
  restore(zoningMap.readLink());
  document.documentElement.dataset.ready = "yes";
  zoningMap.state = { map, view, places, measure, open };
})((window.zoningMap = window.zoningMap || {}));
