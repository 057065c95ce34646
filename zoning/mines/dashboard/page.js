// The dashboard of a register: colours by theme, switches, a finder, a list, and the whole record of what is chosen.
(async function (zoningMap) {
  "use strict";
  const { node, told, say, fill } = zoningMap;
  const $ = (selector) => document.querySelector(selector);
  const $$ = (selector) => [...document.querySelectorAll(selector)];
  const unpacked = (text) => new Response(new Blob([Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
  const read = (id) => {
    const { type, textContent } = document.getElementById(id);
    return type === "application/gzip" ? unpacked(textContent) : JSON.parse(textContent);
  };
  if ($("script[type='application/gzip']") && !window.DecompressionStream) { $(".too-old").hidden = false; return; }
  const [payload, cards, phrases, outlines, photos] = await Promise.all(["payload", "cards", "phrases", "outlines", "photos"].map(read));
  const { words, themes } = payload;
  const [ID, NAME, GROUP, AREA, RANK, DUE, DUE_TEXT, SECTIONS, CURVES] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const [CLICK, KEY, CLOSER, PAGE, LISTED] = [12, 24, 15, 60, 12];
  const places32 = new Int32Array(Uint8Array.from(atob(payload.places), (sign) => sign.charCodeAt(0)).buffer);
  const placed = places32.length / 2;
  const said = (value) => (typeof value === "number" ? phrases[value] : value);
  const data = (number) => ({ kinds: themes[number].kinds, kindOf: themes[number].kindOf.slice(0, placed), places: places32, outlines });
  let theme = 0;
  const shown = [];
  const showAll = () => shown.splice(0, shown.length, ...themes[theme].kinds.map(() => true));
  showAll();

  zoningMap.setLanguage(payload.language);
  const map = zoningMap.landMap(payload.territories);
  const view = zoningMap.leafletView(map);
  const places = zoningMap.places(map, data(0), shown);
  let chosen = -1;
  let write = () => {};
  const fit = () => zoningMap.fitPlaces(view, places, payload.territories);

  // --- the record of one thing ---
  const nameOf = (i) => cards[i][NAME] || cards[i][ID];
  const kindOf = (i) => themes[theme].kinds[themes[theme].kindOf[i]];

  function section([title, rows, note]) {
    const box = node("section");
    box.append(told("h3", null, said(title)));
    const list = box.appendChild(node("dl"));
    rows.forEach(([label, value]) => list.append(told("dt", null, said(label)), told("dd", null, said(value))));
    if (note !== undefined) box.append(told("p", "note", said(note)));
    return box;
  }

  function curve([title, dates, measured, reference, target, word]) {
    const box = node("section", "series");
    box.append(told("h3", null, said(title)));
    if (word !== "") box.append(told("p", "word", said(word)));
    const lines = [{ values: reference, name: "reference" }, { values: target, name: "target" }, { values: measured, name: "measured" }].filter(({ values }) => values.length);
    const drawn = zoningMap.curve(payload.dates[dates], lines, zoningMap.pick(said(title)));
    if (!drawn) { box.append(told("p", "note", words.no_value)); return box; }
    box.append(drawn);
    const keys = box.appendChild(node("p", "curve-keys"));
    lines.slice().reverse().forEach(({ name }) => {
      const key = keys.appendChild(node("span", name));
      key.append(told("span", null, words[name]));
    });
    return box;
  }

  function pictures(id) {
    const box = node("div", "photos");
    (photos[id] || []).forEach(([caption, jpeg]) => {
      const figure = box.appendChild(node("figure"));
      const picture = figure.appendChild(node("img"));
      picture.src = `data:image/jpeg;base64,${jpeg}`;
      const pair = said(caption);
      if (Array.isArray(pair)) { picture.dataset.zh3 = pair[0]; picture.dataset.en3 = pair[1]; }
      picture.alt = zoningMap.pick(pair);
      figure.append(told("figcaption", null, pair));
    });
    return box;
  }

  function panel(i) {
    const row = cards[i];
    const box = $(".card-panel");
    const head = node("header");
    const close = told("button", "plain close", words.close);
    close.type = "button";
    close.addEventListener("click", shut);
    const kind = kindOf(i);
    const word = node("p", "kind");
    word.append(zoningMap.signOf(kind, 6, window.devicePixelRatio || 1), told("span", null, kind.word));
    word.firstChild.style.height = "18px";
    head.append(close, word, node("h2", null, nameOf(i)));
    if (row[NAME]) head.append(node("p", "note", row[ID]));
    if (row[DUE]) head.append(told("p", row[DUE] === 2 ? "due overdue" : "due soon", said(row[DUE_TEXT])));
    const facts = [];
    if (row[RANK] !== null) facts.push(fill(words.rank_of, { rank: row[RANK].toLocaleString("en") }));
    if (row[AREA] !== null) facts.push(zoningMap.areaText(row[AREA]));
    if (row[GROUP]) facts.push([row[GROUP], row[GROUP]]);
    const line = head.appendChild(node("p", "facts"));
    facts.forEach((fact) => line.append(told("span", null, fact)));
    if (i >= placed) head.append(told("p", "note", words.no_place));
    box.replaceChildren(head, pictures(row[ID]), ...row[CURVES].map(curve), ...row[SECTIONS].map(section));
    box.hidden = false;
    box.scrollTop = 0;
  }

  function shut() {
    $(".card-panel").hidden = true;
    document.body.classList.remove("with-card");
    chosen = -1;
    places.choose(-1);
    write();
    view.element.focus({ preventScroll: true });
  }

  function open(i, closer) {
    chosen = i;
    document.body.classList.add("with-card");
    panel(i);
    if (i < placed) {
      const [lon, lat] = places.where(i);
      const kind = themes[theme].kindOf[i];
      if (!shown[kind]) { shown[kind] = true; boxes(); }
      if (closer) {
        view.set({ lon, lat, zoom: Math.max(view.get().zoom, CLOSER - 1) });
        // In the middle of what the record leaves free of the map.
        const box = $(".card-panel");
        map.panBy(zoningMap.narrow.matches ? [0, box.offsetHeight / 2] : [box.offsetWidth / 2, 0], { animate: false });
        zoningMap.closeSheets();
      }
    }
    places.choose(i < placed ? i : -1);
    if (closer) $(".card-panel").focus({ preventScroll: true });
    write();
  }

  function openAt(point, reach) {
    const i = places.at(point, reach);
    if (i >= 0) open(i, false);
    return i >= 0;
  }

  view.on("click", (place) => { if (!zoningMap.measuring && !openAt(view.project(place), CLICK) && chosen >= 0) shut(); });

  // --- themes, switches, legend ---
  function signs() {
    themes.forEach(({ kinds }, number) => {
      $$(`.kinds[data-theme="${number}"] .sign-of`).forEach((holder) => holder.replaceChildren(zoningMap.signOf(kinds[Number(holder.dataset.kind)], 6, window.devicePixelRatio || 1)));
    });
    $$(".sign-of canvas, .legend canvas").forEach((sign) => { sign.style.width = "20px"; sign.style.height = "20px"; });
  }

  const boxes = () => $$(`.kinds[data-theme="${theme}"] input`).forEach((box) => { box.checked = shown[Number(box.dataset.kind)]; });

  function legend() {
    const list = $(".legend ul");
    list.replaceChildren();
    const title = $(".legend summary span");
    say(title, themes[theme].title);
    themes[theme].kinds.forEach((kind, number) => {
      if (!places.seenKinds()[number]) return;
      const line = list.appendChild(node("li"));
      line.append(zoningMap.signOf(kind, 6, window.devicePixelRatio || 1), told("span", null, kind.word));
      line.firstChild.style.width = "20px";
      line.firstChild.style.height = "20px";
    });
  }

  function redraw() {
    places.draw();
    legend();
    write();
  }

  function choose(number) {
    theme = number;
    showAll();
    $("#theme").value = String(number);
    $$(".kinds").forEach((list) => { list.hidden = Number(list.dataset.theme) !== number; });
    boxes();
    places.rekind(themes[number].kinds, themes[number].kindOf.slice(0, placed));
    if (chosen >= 0) panel(chosen);
    redraw();
  }

  $("#theme").addEventListener("change", (event) => choose(Number(event.target.value)));
  $$(".kinds input").forEach((box) => box.addEventListener("change", () => {
    shown[Number(box.dataset.kind)] = box.checked;
    redraw();
  }));

  // --- finder and list ---
  let lower = null;
  function find(text) {
    const wanted = text.toLowerCase();
    lower = lower || cards.map((row) => `${row[ID]}\n${row[NAME]}\n${row[GROUP]}`.toLowerCase());
    const hits = [];
    lower.forEach((line, i) => { if (cards[i][ID].toLowerCase() === wanted) hits.unshift(i); else if (line.includes(wanted)) hits.push(i); });
    if (!hits.length) {
      const at = zoningMap.foundPlace(text, words, view, CLOSER);
      if (at) return [at];
    }
    const found = hits.slice(0, LISTED).map((i) => ({
      title: nameOf(i), side: kindOf(i).word.map((word) => [cards[i][NAME] ? cards[i][ID] : "", cards[i][GROUP], word].filter(Boolean).join(" · ")), go: () => open(i, true),
    }));
    found.length = hits.length;
    return found;
  }

  function list() {
    const [group, due, sort] = ["#list-group", "#list-due", "#list-sort"].map($);
    const far = cards.length + 1;
    const orders = {
      rank: (a, b) => (cards[a][RANK] || far) - (cards[b][RANK] || far) || a - b,
      area: (a, b) => (cards[b][AREA] || 0) - (cards[a][AREA] || 0) || a - b,
      id: (a, b) => (cards[a][ID] < cards[b][ID] ? -1 : 1),
    };
    const listed = zoningMap.growingList(words, PAGE, (i) => {
      const row = cards[i];
      const line = zoningMap.listRow(row[RANK] === null ? "–" : String(row[RANK]), node("button", "plain", nameOf(i)), row[AREA], () => open(i, true));
      if (row[DUE]) line.querySelector("th").append(told("span", row[DUE] === 2 ? "flag overdue" : "flag soon", row[DUE] === 2 ? words.overdue : words.soon));
      return line;
    });
    const begin = () => {
      const all = cards.map((_, i) => i).filter((i) => (!group.value || cards[i][GROUP] === group.value) && (due.value === "0" || String(cards[i][DUE]) === due.value));
      all.sort(orders[sort.value]);
      listed(all);
    };
    [group, due, sort].forEach((box) => box.addEventListener("change", begin));
    $$("button.due").forEach((button) => button.addEventListener("click", () => {
      due.value = button.dataset.due;
      begin();
      if (zoningMap.narrow.matches) $('.tabs [data-opens="list"]').click();
      else $(".list").scrollIntoView();
      due.focus();
    }));
    begin();
  }

  // --- address, paper ---
  function restore(link) {
    if (link.lang) zoningMap.setLanguage(link.lang);
    if (link.layers && link.layers.length) {
      const wanted = themes.findIndex(({ id }) => id === link.layers[0]);
      if (wanted >= 0 && wanted !== theme) choose(wanted);
    }
    if (link.view) view.set(link.view);
    if (link.at) openAt(view.project(link.at), KEY);
    redraw();
  }

  zoningMap.foldLegend();
  signs();
  boxes();
  fit();
  places.draw();
  zoningMap.mapKeys(view, words, (middle) => openAt(middle, KEY), () => $("#list-group").focus());
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && chosen >= 0 && !zoningMap.measuring) shut(); });
  const measure = zoningMap.mapTools(map, view, words, fit, () => write());
  zoningMap.search($(".finder input"), $("#found"), find, words);
  list();
  zoningMap.sheets(map, fit);
  zoningMap.printing(map, () => { places.print(true); fit(); legend(); });
  window.addEventListener("afterprint", () => { places.print(false); legend(); });
  write = zoningMap.keepLink(() => ({
    view: view.get(), layers: [themes[theme].id], at: chosen >= 0 && chosen < placed ? places.where(chosen) : null, lang: zoningMap.language(),
  }), restore);
  view.on("settle", () => { legend(); write(); });
  zoningMap.onLanguage((language) => {
    $$("img[data-zh3]").forEach((picture) => { picture.alt = picture.dataset[`${language}3`]; });
    write();
  });
  restore(zoningMap.readLink());
  document.documentElement.dataset.ready = "yes";
  zoningMap.state = { map, view, places, measure, open, choose };
})((window.zoningMap = window.zoningMap || {}));
