// What the pages of many places share (a batch, a register): the map on its land, finder, list, keys and tools.
(function (zoningMap) {
  "use strict";
  const { node, say, fill } = zoningMap;
  const $ = (selector) => document.querySelector(selector);

  // territories: [name, outlines], each outline rings of [lon, lat].
  zoningMap.landMap = function (territories) {
    const map = L.map("map", { zoomControl: false, attributionControl: false, zoomAnimation: false, fadeAnimation: false, zoomSnap: 0.25, maxZoom: 20 });
    territories.forEach(([name, parts]) => {
      const border = L.polygon(parts.map((ring) => ring.map(([lon, lat]) => [lat, lon])), {
        color: "#8A8578", weight: 1.2, fillColor: "#FFFDF8", fillOpacity: 1, interactive: false,
      }).addTo(map);
      border.bindTooltip(node("span", null, name), { permanent: true, direction: "center", className: "territory" });
    });
    return map;
  };

  // Shows all places, or the land where there are none: beside the tools, and beside the legend where it is open.
  zoningMap.fitPlaces = function (view, places, territories) {
    const right = zoningMap.onPaper ? 0 : zoningMap.tight.matches ? 36 : Math.max($(".legend").offsetWidth - 12, 36);
    const rings = territories.flatMap(([, parts]) => parts.flat());
    const [lons, lats] = [0, 1].map((k) => rings.map((place) => place[k]));
    const land = rings.length ? [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)] : [-180, -60, 180, 75];
    view.fit(places.count ? places.box() : land, 40, 15, right);
  };

  // A text of the finder that is a place by its coordinates; null for another.
  zoningMap.foundPlace = function (text, words, view, zoom) {
    const at = zoningMap.readPlace(text);
    return at && { title: words.place, side: `${zoningMap.dms(at[0], "EW", 2)}  ${zoningMap.dms(at[1], "NS", 2)}`, go: () => view.set({ lon: at[0], lat: at[1], zoom }) };
  };

  // A list that grows by so many rows at a time; rowOf(i) makes one. Returns what begins it anew with other numbers.
  zoningMap.growingList = function (words, rows, rowOf) {
    const [body, more, count] = [".zone-table tbody", ".list-more", ".list-count"].map($);
    let [all, listed] = [[], 0];
    const fillUp = () => {
      const last = Math.min(listed + rows, all.length);
      all.slice(listed, last).forEach((i) => body.append(rowOf(i)));
      listed = last;
      more.hidden = listed >= all.length;
      say(more, fill(words.more, { count: Math.min(rows, all.length - listed) }));
      say(count, fill(words.shown_of, { shown: listed.toLocaleString("en"), count: all.length.toLocaleString("en") }));
    };
    more.addEventListener("click", fillUp);
    return (numbers) => { all = numbers; body.replaceChildren(); listed = 0; fillUp(); };
  };

  // A row of the list: figures, and a button that bears the name and opens the place.
  zoningMap.listRow = function (number, button, area, open) {
    const line = node("tr");
    line.appendChild(node("td", null, number));
    const name = line.appendChild(node("th"));
    name.scope = "row";
    name.append(button);
    button.type = "button";
    button.addEventListener("click", open);
    line.appendChild(node("td", "figure-cell", area === null ? "–" : zoningMap.grouped(area / 1e4, 4)));
    return line;
  };

  zoningMap.closeSheets = function () {
    $(".sheet").dataset.open = "";
    document.querySelectorAll(".tabs button").forEach((tab) => tab.setAttribute("aria-expanded", "false"));
  };

  // Enter opens what lies in the middle of the map (openAt tells whether there is something); links skip to map and list.
  zoningMap.mapKeys = function (view, words, openAt, toList) {
    view.element.setAttribute("tabindex", "0");
    view.element.setAttribute("role", "application");
    zoningMap.name(view.element, "aria-label", words.map_label);
    view.element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || zoningMap.measuring || event.target !== view.element) return;
      event.preventDefault();
      const { x, y } = view.size();
      if (!openAt({ x: x / 2, y: y / 2 })) zoningMap.mention(words.none_at_cross);
    });
    $("[data-skip=map]").addEventListener("click", (event) => { event.preventDefault(); view.element.focus(); });
    $("[data-skip=list]").addEventListener("click", (event) => {
      event.preventDefault();
      $(".sheet").dataset.open = "list";
      toList();
    });
  };

  // What stands on the map beside the places, and the tools; returns that of measuring.
  zoningMap.mapTools = function (map, view, words, fit, write) {
    const tool = (name) => $(`[data-tool=${name}]`);
    zoningMap.graticule(view);
    zoningMap.scaleBar(view);
    zoningMap.readout(view, words.zone);
    tool("in").addEventListener("click", () => map.zoomIn());
    tool("out").addEventListener("click", () => map.zoomOut());
    tool("fit").addEventListener("click", fit);
    tool("print").addEventListener("click", () => window.print());
    zoningMap.linkButton(tool("link"), write, words.link_done);
    zoningMap.languageButton(words.language);
    return zoningMap.measure(view, words, $(".measure-box"), { distance: tool("distance"), area: tool("area") });
  };
})((window.zoningMap = window.zoningMap || {}));
