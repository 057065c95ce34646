// Finding zones by word, and the list of all zones: the same content for readers who do not see the map.
(function (zoningMap) {
  "use strict";
  const { node, told, say, fill } = zoningMap;
  const $ = (selector) => document.querySelector(selector);
  const PAGE = 100;

  // go(state, zones, number) shows a zone.
  zoningMap.zoneSearch = function (state, go) {
    const { data, opened } = state;
    const hits = (text) => {
      const wanted = text.toLowerCase();
      const ranked = [];
      opened.forEach((zones, number) => {
        if (!zones) return;
        const { layer } = zones;
        const others = Object.values(zones.attributes);
        for (let i = 0; i < zones.count; i += 1) {
          const words = [zones.ids[i], zones.names[i]].map((word) => word.toLowerCase());
          const exact = words.includes(wanted);
          const starts = words.some((word) => word.startsWith(wanted));
          const rank = exact ? 0 : starts ? 1 : words.some((word) => word.includes(wanted)) ? 2 : others.some((values) => values[i].toLowerCase().includes(wanted)) ? 3 : 4;
          if (rank < 4) ranked.push([rank, number, i]);
        }
      });
      ranked.sort((one, other) => one[0] - other[0] || one[1] - other[1] || one[2] - other[2]);
      return ranked.map(([, number, i]) => {
        const zones = opened[number];
        const { layer } = zones;
        return {
          title: zones.names[i] || zones.ids[i],
          side: [`${zones.names[i] ? `${zones.ids[i]} · ` : ""}${layer.title[0]}`, `${zones.names[i] ? `${zones.ids[i]} · ` : ""}${layer.title[1]}`],
          go: () => go(state, zones, i),
        };
      });
    };
    const find = (text) => {
      const at = zoningMap.readPlace(text);
      if (!at) return hits(text);
      return [{ title: data.words.place, side: `${zoningMap.dms(at[0], "EW", 2)}  ${zoningMap.dms(at[1], "NS", 2)}`, go: () => { state.view.set({ lon: at[0], lat: at[1], zoom: Math.max(state.view.get().zoom, 14) }); state.show(at); } }];
    };
    zoningMap.search($(".finder input"), $("#found"), find, data.words);
  };

  // The people in charge stand in the page; a click goes to what they are in charge of.
  zoningMap.contacts = function (state, go) {
    document.querySelectorAll("[data-place]").forEach((button) => button.addEventListener("click", () => {
      const { place } = button.dataset;
      const cut = place.indexOf("/");
      const zones = state.opened[state.data.layers.findIndex((layer) => layer.id === place.slice(0, cut))];
      const i = place && zones ? zones.ids.indexOf(place.slice(cut + 1)) : -1;
      if (i >= 0) { go(state, zones, i); return; }
      state.view.fit(state.data.frame.bounds);
      state.closeSheets();
    }));
  };

  zoningMap.zoneList = function (state, go) {
    const { data, opened } = state;
    const chooser = $("#list-layer");
    const body = $(".zone-table tbody");
    const more = $(".zone-more");
    const count = $(".zone-count");
    const drawn = data.layers.map((layer, number) => ({ layer, zones: opened[number], number })).filter(({ zones, layer }) => zones && layer.presence === "drawn");
    drawn.forEach(({ layer, number }) => { const option = told("option", null, layer.title); option.value = String(number); chooser.appendChild(option); });
    let shown = 0;
    const fillUp = () => {
      const zones = opened[Number(chooser.value)];
      if (!zones) return;
      const last = Math.min(shown + PAGE, zones.count);
      for (let i = shown; i < last; i += 1) {
        const line = body.appendChild(node("tr"));
        const name = line.appendChild(node("th"));
        name.scope = "row";
        const button = name.appendChild(node("button", "plain", zones.names[i] || zones.ids[i]));
        button.type = "button";
        button.addEventListener("click", () => go(state, zones, i));
        line.appendChild(node("td", null, zones.ids[i]));
        line.appendChild(told("td", null, zones.layer.classes[zones.classes[i]].title));
        line.appendChild(told("td", "figure-cell", zones.m2[i] === null ? data.words.line_zone : zoningMap.grouped(zones.m2[i] / 10000, 4)));
      }
      shown = last;
      more.hidden = shown >= zones.count;
      say(more, fill(data.words.more, { count: Math.min(PAGE, zones.count - shown) }));
      say(count, fill(data.words.shown_of, { shown, count: zones.count }));
    };
    const begin = () => { body.replaceChildren(); shown = 0; fillUp(); };
    chooser.addEventListener("change", begin);
    more.addEventListener("click", fillUp);
    // A closed list costs nothing: its rows are made when somebody opens it.
    let made = false;
    const once = () => { if (!made) { made = true; begin(); } };
    $(".zone-list").addEventListener("toggle", once);
    state.openList = once;
  };
})((window.zoningMap = window.zoningMap || {}));
