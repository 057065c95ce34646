// The popup of a place: every zone that is switched on there, each with its figures and rules. All text goes in as text.
(function (zoningMap) {
  "use strict";

  const node = (zoningMap.node = function (name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined && text !== null) made.textContent = text;
    return made;
  });

  function ringHolds(ring, lon, lat) {
    let inside = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [x1, y1] = ring[i];
      const [x2, y2] = ring[j];
      if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) inside = !inside;
    }
    return inside;
  }

  const polygonHolds = (rings, lon, lat) => rings.reduce((inside, ring) => inside !== ringHolds(ring, lon, lat), false);

  function nearLine(map, points, at) {
    const click = map.latLngToLayerPoint(at);
    const pixels = points.map(([lon, lat]) => map.latLngToLayerPoint([lat, lon]));
    return pixels.slice(1).some((end, i) => L.LineUtil.pointToSegmentDistance(click, pixels[i], end) < 7);
  }

  zoningMap.holds = function (map, geometry, at) {
    const { lng, lat } = at;
    const c = geometry.coordinates;
    switch (geometry.type) {
      case "Polygon": return polygonHolds(c, lng, lat);
      case "MultiPolygon": return c.some((rings) => polygonHolds(rings, lng, lat));
      case "LineString": return nearLine(map, c, at);
      case "MultiLineString": return c.some((line) => nearLine(map, line, at));
      default: return false;
    }
  };

  // A place inside a shape: the middle of the longest stretch of the parallel through the middle of its box.
  zoningMap.insideOf = function (geometry) {
    const parts = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.type === "MultiPolygon" ? geometry.coordinates : [];
    let best = [0, null];
    parts.forEach((rings) => {
      const lats = rings[0].map((vertex) => vertex[1]);
      const lat = (Math.min(...lats) + Math.max(...lats)) / 2;
      const cuts = rings.flatMap((ring) => ring.slice(1).flatMap(([x2, y2], i) => {
        const [x1, y1] = ring[i];
        return y1 > lat !== y2 > lat ? [((x2 - x1) * (lat - y1)) / (y2 - y1) + x1] : [];
      })).sort((one, other) => one - other);
      for (let i = 0; i + 1 < cuts.length; i += 2) if (cuts[i + 1] - cuts[i] > best[0]) best = [cuts[i + 1] - cuts[i], L.latLng(lat, (cuts[i] + cuts[i + 1]) / 2)];
    });
    return best[1];
  };

  function row(table, name, value, className) {
    const line = table.appendChild(node("tr", className));
    line.appendChild(node("th", null, name));
    line.appendChild(node("td", null, value));
  }

  function rule(finding) {
    const item = node("li", `rule ${finding.decision || "none"}`);
    const head = item.appendChild(node("div", "rule-head"));
    const sign = document.getElementById(`sign-${finding.decision}`);
    if (sign) head.appendChild(sign.content.cloneNode(true));
    head.appendChild(node("b", null, finding.effect));
    head.appendChild(node("span", "rule-id", finding.rule));
    item.appendChild(node("div", "rule-title", finding.title));
    item.appendChild(node("div", "cite", finding.cite));
    return item;
  }

  zoningMap.zoneCard = function (payload, zone, open) {
    const kind = payload.classes[zone.key];
    const card = node("details", "zone-card");
    card.open = open;
    const head = card.appendChild(node("summary"));
    const swatch = document.getElementById(`swatch-${kind.swatch}`);
    if (swatch) head.appendChild(swatch.content.cloneNode(true));
    head.appendChild(node("b", null, kind.title));
    head.appendChild(node("span", "of-layer", zone.name || kind.layerTitle));
    const table = card.appendChild(node("table"));
    if (zone.name) row(table, payload.words.layer, kind.layerTitle);
    zone.rows.forEach(([name, value, className]) => row(table, name, value, className));
    const findings = zone.touched ? payload.rules[zone.key] || [] : [];
    if (findings.length) {
      const list = card.appendChild(node("ul", "rules"));
      findings.forEach((index) => list.appendChild(rule(payload.findings[index])));
    }
    if (kind.schematic) card.appendChild(node("p", "schematic", payload.words.schematic));
    return card;
  };

  zoningMap.popup = function (map, payload, zones, at) {
    const box = node("div", "zones-here");
    zones.forEach((zone, i) => box.appendChild(zoningMap.zoneCard(payload, zone, i === 0)));
    if (!zones.length) box.appendChild(node("p", "empty", zoningMap.holds(map, payload.land, at) ? payload.words.nothing_here : payload.words.off_sheet));
    // Whether the layers are switched on or not: a place that nobody looked at must not read as free.
    const unchecked = payload.uncovered.flatMap(({ shape }, i) => (zoningMap.holds(map, shape, at) ? payload.gaps[i] : []));
    if (unchecked.length) box.appendChild(node("p", "unchecked", payload.words.unchecked_here + unchecked.join(payload.language === "zh" ? "、" : ", ")));
    const room = map.getSize();
    const popup = L.popup({ maxWidth: Math.min(340, room.x - 50), minWidth: Math.min(270, room.x - 60), maxHeight: Math.max(140, Math.min(420, room.y - 110)) })
      .setLatLng(at).setContent(box).openOn(map);
    zoningMap.nameClose(popup, payload.pairs.close);
  };
})((window.zoningMap = window.zoningMap || {}));
