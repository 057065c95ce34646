// The map of a batch: places and outlines on one canvas, switches per decision, a finder, the row of what is clicked.
(function () {
  "use strict";
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const payload = read("payload");
  const details = read("details");
  const outlines = read("outlines");
  const words = payload.words;
  const MILLIONTH = 1e-6;
  const places = new Int32Array(bytes(payload.places).buffer);
  const kindOf = bytes(payload.kindOf);
  const numbers = new Int32Array(bytes(payload.numbers).buffer);
  const count = kindOf.length;
  const shown = payload.kinds.map(() => true);
  const [SMALL, LARGE] = [2.2, 6];
  const CLICK = 12;
  let chosen = -1;

  // One list of places per decision, the mildest first: the strictest is drawn last and lies on top.
  const byKind = payload.kinds.map(() => []);
  for (let i = 0; i < count; i += 1) byKind[kindOf[i]].push(i);

  const map = L.map("map", {
    zoomControl: false, attributionControl: false, zoomAnimation: false, fadeAnimation: false, zoomSnap: 0.25, maxZoom: 20,
  });
  L.control.scale({ imperial: false, maxWidth: 120, position: "bottomleft" }).addTo(map);

  function extent() {
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < count; i += 1) {
      west = Math.min(west, places[2 * i]); east = Math.max(east, places[2 * i]);
      south = Math.min(south, places[2 * i + 1]); north = Math.max(north, places[2 * i + 1]);
    }
    if (count) return L.latLngBounds([south * MILLIONTH, west * MILLIONTH], [north * MILLIONTH, east * MILLIONTH]);
    const ends = payload.territories.flatMap(([, rings]) => rings.flat()).map(([lon, lat]) => [lat, lon]);
    return L.latLngBounds(ends.length ? ends : [[-60, -180], [75, 180]]);
  }
  const fit = () => map.fitBounds(extent(), { animate: false, padding: [40, 40], maxZoom: 16 });

  payload.territories.forEach(([name, rings]) => {
    const border = L.polygon(rings.map((ring) => ring.map(([lon, lat]) => [lat, lon])), {
      color: "#8A8578", weight: 1.2, fillColor: "#FFFDF8", fillOpacity: 1, interactive: false,
    }).addTo(map);
    const label = document.createElement("span");
    label.textContent = name;
    border.bindTooltip(label, { permanent: true, direction: "center", className: "territory" });
  });

  // --- drawing ---
  const SHAPES = {
    permitted: (pen, x, y, r) => pen.arc(x, y, r, 0, 2 * Math.PI),
    restricted: (pen, x, y, r) => { pen.moveTo(x, y - r * 1.15); pen.lineTo(x + r * 1.1, y + r * 0.85); pen.lineTo(x - r * 1.1, y + r * 0.85); pen.closePath(); },
    undetermined: (pen, x, y, r) => { pen.moveTo(x, y - r * 1.2); pen.lineTo(x + r * 1.2, y); pen.lineTo(x, y + r * 1.2); pen.lineTo(x - r * 1.2, y); pen.closePath(); },
    prohibited: (pen, x, y, r) => { for (let k = 0; k < 8; k += 1) { const a = Math.PI * (2 * k + 1) / 8; pen.lineTo(x + 1.1 * r * Math.cos(a), y + 1.1 * r * Math.sin(a)); } pen.closePath(); },
    refused: (pen, x, y, r) => pen.rect(x - r, y - r, 2 * r, 2 * r),
  };

  const Canvas = L.Layer.extend({
    onAdd() {
      map.createPane("places").style.zIndex = 450;
      this.canvas = L.DomUtil.create("canvas", "places", map.getPane("places"));
      map.on("moveend zoomend resize viewreset", this.draw, this);
      this.draw();
    },
    draw() {
      const size = map.getSize();
      const sharp = window.devicePixelRatio || 1;
      L.DomUtil.setPosition(this.canvas, map.containerPointToLayerPoint([0, 0]));
      this.canvas.width = size.x * sharp;
      this.canvas.height = size.y * sharp;
      this.canvas.style.width = `${size.x}px`;
      this.canvas.style.height = `${size.y}px`;
      const pen = this.canvas.getContext("2d");
      pen.scale(sharp, sharp);
      this.seen = [];
      const radius = dotRadius(size);
      payload.kinds.forEach((kind, number) => {
        if (shown[number]) this.drawKind(pen, size, kind, byKind[number], radius);
      });
      if (chosen >= 0 && shown[kindOf[chosen]]) ring(pen, position(chosen), radius);
    },
    drawKind(pen, size, kind, mine, radius) {
      const many = radius === SMALL;
      pen.fillStyle = kind.name === "refused" ? "#FFFFFF" : kind.colour;
      pen.strokeStyle = kind.name === "refused" ? kind.colour : "#FFFFFF";
      pen.lineWidth = kind.name === "refused" ? 1.6 : 1;
      for (const i of mine) {
        const at = position(i);
        if (at.x < -20 || at.y < -20 || at.x > size.x + 20 || at.y > size.y + 20) continue;
        this.seen.push([i, at]);
        if (outlines[i] && outlines[i].length && isLarge(outlines[i])) { traced(pen, kind, outlines[i]); continue; }
        pen.beginPath();
        SHAPES[kind.name](pen, at.x, at.y, radius);
        pen.fill();
        if (!many || kind.name === "refused") pen.stroke();
      }
    },
  });

  // Each by itself: footprints that lie on each other must not cut holes into each other.
  function traced(pen, kind, paths) {
    pen.save();
    pen.beginPath();
    trace(pen, paths);
    pen.globalAlpha = 0.45;
    pen.fillStyle = kind.colour;
    pen.fill("evenodd");
    pen.globalAlpha = 1;
    pen.lineWidth = 2;
    pen.strokeStyle = kind.colour;
    pen.stroke();
    pen.restore();
  }

  function ring(pen, at, radius) {
    pen.beginPath();
    pen.arc(at.x, at.y, radius + 6, 0, 2 * Math.PI);
    pen.lineWidth = 2.5;
    pen.strokeStyle = "#111111";
    pen.stroke();
  }

  const position = (i) => map.latLngToContainerPoint([places[2 * i + 1] * MILLIONTH, places[2 * i] * MILLIONTH]);
  // The more places are in view, the smaller their signs.
  function dotRadius(size) {
    const [one, other] = [[0, size.y], [size.x, 0]].map((at) => map.containerPointToLatLng(at));
    const [west, south, east, north] = [one.lng, one.lat, other.lng, other.lat].map((degrees) => degrees / MILLIONTH);
    let crowd = 0;
    for (let i = 0; i < count; i += 1) {
      if (places[2 * i] > west && places[2 * i] < east && places[2 * i + 1] > south && places[2 * i + 1] < north) crowd += 1;
    }
    return crowd > 20000 ? SMALL : crowd > 2000 ? 3.6 : LARGE;
  }

  function path(steps) {
    let [x, y] = [0, 0];
    const found = [];
    for (let k = 0; k < steps.length; k += 2) {
      x += steps[k]; y += steps[k + 1];
      found.push(map.latLngToContainerPoint([y * MILLIONTH, x * MILLIONTH]));
    }
    return found;
  }

  // An outline of a few pixels says less than a sign.
  function isLarge(paths) {
    const box = L.bounds(path(paths[0]));
    return Math.max(box.getSize().x, box.getSize().y) > 14;
  }

  function trace(pen, paths) {
    paths.forEach((steps) => path(steps).forEach((at, k) => (k ? pen.lineTo(at.x, at.y) : pen.moveTo(at.x, at.y))));
  }

  // --- the row of a place ---
  function line(parent, text, name) {
    const made = document.createElement("p");
    made.textContent = text;
    if (name) made.className = name;
    parent.append(made);
    return made;
  }

  function labelled(parent, label, entries) {
    if (!entries.length) return;
    line(parent, label, "label");
    const list = document.createElement("ul");
    entries.slice(0, 12).forEach((entry) => {
      const item = document.createElement("li");
      item.textContent = entry;
      list.append(item);
    });
    if (entries.length > 12) list.lastChild.textContent += ` … +${entries.length - 12}`;
    parent.append(list);
  }

  function card(i) {
    const box = document.createElement("div");
    box.className = "card";
    const kind = payload.kinds[kindOf[i]];
    const head = line(box, kind.word, "decision");
    head.style.color = kind.colour;
    const row = details[i];
    const number = words.row.replace("{number}", numbers[i].toLocaleString("en"));
    if (!row) {
      line(box, number);
      line(box, words.see_table, "label");
      return box;
    }
    const [id, name, area, rules, layers, without, sentence] = row;
    line(box, name || id, "name");
    // An id that the program gave is the number once more.
    line(box, id && id !== name && id !== String(numbers[i]) ? `${number} · ${id}` : number, "label");
    if (area !== null) line(box, `${(area / 1e4).toFixed(4)} ${words.ha} (${(area * 0.0015).toFixed(2)} ${words.mu})`);
    if (sentence) line(box, sentence);
    const titled = (key) => payload.titles[key] || key;
    const touched = payload.combinations[layers];
    const unchecked = payload.combinations[without];
    labelled(box, words.touched, touched.map(titled));
    // Nobody knows what a layer without data would have said.
    if (area !== null && !touched.length) line(box, unchecked.length ? words.nothing_known : words.nothing_touched, "label");
    labelled(box, words.unchecked, unchecked.map(titled));
    labelled(box, words.decided_by, payload.combinations[rules].map((key) => (payload.titles[key] ? `${payload.titles[key]} (${key})` : key)));
    return box;
  }

  function open(i, closer) {
    chosen = i;
    const at = [places[2 * i + 1] * MILLIONTH, places[2 * i] * MILLIONTH];
    if (closer) {
      document.getElementById("map").scrollIntoView({ block: "nearest" }); // on a telephone the map lies above
      map.setView(at, Math.max(map.getZoom(), 15), { animate: false });
    }
    canvas.draw();
    const room = map.getSize();
    L.popup({ maxWidth: Math.min(340, room.x - 90), maxHeight: Math.min(380, room.y - 90), autoPanPadding: [24, 24] }).setLatLng(at).setContent(card(i)).openOn(map);
  }

  map.on("click", (event) => {
    let [best, least] = [-1, CLICK * CLICK];
    canvas.seen.forEach(([i, at]) => {
      const distance = (at.x - event.containerPoint.x) ** 2 + (at.y - event.containerPoint.y) ** 2;
      if (distance <= least) [best, least] = [i, distance];
    });
    if (best < 0) best = canvas.seen.map(([i]) => i).filter((i) => outlines[i] && holds(outlines[i], event.containerPoint)).pop() ?? -1;
    if (best >= 0) open(best, false);
  });
  map.on("popupclose", () => { chosen = -1; canvas.draw(); });

  function holds(paths, point) {
    let inside = false;
    paths.forEach((steps) => {
      const corners = path(steps);
      corners.forEach((a, k) => {
        const b = corners[(k + 1) % corners.length];
        if ((a.y > point.y) !== (b.y > point.y) && point.x < (b.x - a.x) * (point.y - a.y) / (b.y - a.y) + a.x) inside = !inside;
      });
    });
    return inside;
  }

  // --- switches, finder, tools ---
  document.querySelectorAll("input[data-kind]").forEach((box) => {
    box.checked = true;
    box.addEventListener("change", () => {
      shown[Number(box.dataset.kind)] = box.checked;
      map.closePopup();
      canvas.draw();
    });
  });

  const finder = document.querySelector(".finder input");
  const found = document.querySelector(".found");
  finder.addEventListener("input", () => {
    found.replaceChildren();
    const text = finder.value.trim().toLowerCase();
    if (!text) return;
    const hits = [];
    for (let i = 0; i < count && hits.length < 21; i += 1) {
      const row = details[i];
      if (String(numbers[i]) === text) hits.unshift(i);
      else if (row && (row[0].toLowerCase().includes(text) || row[1].toLowerCase().includes(text))) hits.push(i);
    }
    hits.slice(0, 20).forEach((i) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = `${numbers[i]}  ${details[i] ? details[i][1] || details[i][0] : ""}`;
      button.style.borderColor = payload.kinds[kindOf[i]].colour;
      button.addEventListener("click", () => open(i, true));
      item.append(button);
      found.append(item);
    });
    if (hits.length !== 0 && hits.length <= 20) return;
    const note = document.createElement("li");
    note.textContent = hits.length ? words.more_found : words.nothing_found;
    found.append(note);
  });

  finder.addEventListener("keydown", (event) => {
    const first = found.querySelector("button");
    if (event.key === "Enter" && first) first.click();
  });

  const tools = { in: () => map.zoomIn(), out: () => map.zoomOut(), fit };
  document.querySelectorAll("[data-tool]").forEach((button) => button.addEventListener("click", tools[button.dataset.tool]));

  const canvas = new Canvas();
  fit();
  map.addLayer(canvas);
  // For tests: what is on the page, and where.
  window.zoningOverview = { map, count, open, seen: () => canvas.seen.length };
})();
