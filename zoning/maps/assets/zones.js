// The zones of one layer: figures by number, shapes where the page has them, and which of them lie at a place.
// Places are [lon, lat] in degrees; a zone is named by its number in its layer.
(function (zoningMap) {
  "use strict";
  const UNIT = 1e6;
  const METRES = 111320;
  const TILE = 512;

  const shortcut = (lat) => Math.cos((lat * Math.PI) / 180);

  // Steps from vertex to vertex -> [lon, lat] after [lon, lat].
  function unpacked(steps) {
    const ring = new Array(steps.length / 2);
    let x = 0; let y = 0;
    for (let i = 0; i < ring.length; i += 1) {
      x += steps[2 * i];
      y += steps[2 * i + 1];
      ring[i] = [x / UNIT, y / UNIT];
    }
    return ring;
  }

  function ringHolds(ring, lon, lat) {
    let inside = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [x1, y1] = ring[i];
      const [x2, y2] = ring[j];
      if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) inside = !inside;
    }
    return inside;
  }

  const partHolds = (rings, lon, lat) => rings.reduce((inside, ring) => inside !== ringHolds(ring, lon, lat), false);

  // Metres from a place to a border, good to a thousandth near the place; `skip` tells borders that are none.
  function distanceTo(rings, lon, lat, skip) {
    const wide = METRES * shortcut(lat);
    let best = Infinity;
    rings.forEach((ring) => {
      for (let i = 1; i < ring.length; i += 1) {
        if (skip && skip(ring[i - 1], ring[i])) continue;
        const x1 = (ring[i - 1][0] - lon) * wide; const y1 = (ring[i - 1][1] - lat) * METRES;
        const dx = (ring[i][0] - lon) * wide - x1; const dy = (ring[i][1] - lat) * METRES - y1;
        const square = dx * dx + dy * dy;
        const t = square ? Math.min(1, Math.max(0, -(x1 * dx + y1 * dy) / square)) : 0;
        best = Math.min(best, Math.hypot(x1 + t * dx, y1 + t * dy));
      }
    });
    return best;
  }

  const boxOf = (parts) => {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    parts.forEach((rings) => rings.forEach((ring) => ring.forEach(([x, y]) => {
      box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y);
    })));
    return box;
  };

  // The box of a zone as the page carries it, without making its places.
  function boxOfSteps(parts) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    parts.forEach((rings) => rings.forEach((steps) => {
      let x = 0; let y = 0;
      for (let k = 0; k < steps.length; k += 2) {
        x += steps[k];
        y += steps[k + 1];
        if (x < box[0]) box[0] = x;
        if (y < box[1]) box[1] = y;
        if (x > box[2]) box[2] = x;
        if (y > box[3]) box[3] = y;
      }
    }));
    return box.map((value) => value / UNIT);
  }

  function crosses([x1, y1], [x2, y2], [w, s, e, n]) {
    let low = 0; let high = 1;
    for (const [from, step, min, max] of [[x1, x2 - x1, w, e], [y1, y2 - y1, s, n]]) {
      if (step === 0) { if (from < min || from > max) return false; continue; }
      const [t1, t2] = [(min - from) / step, (max - from) / step];
      low = Math.max(low, Math.min(t1, t2));
      high = Math.min(high, Math.max(t1, t2));
    }
    return low <= high;
  }

  const meets = (one, other) => one[0] <= other[2] && other[0] <= one[2] && one[1] <= other[3] && other[1] <= one[3];

  const within = (box, [w, s, e, n]) => box[0] >= w && box[1] >= s && box[2] <= e && box[3] <= n;

  zoningMap.shapes = { unpacked, partHolds, ringHolds, distanceTo, boxOf, crosses, meets };

  // The zoom (tiles of 512 pixels) from which a box is large enough to be drawn as a shape, as in tiles.py.
  function seenFrom([w, s, e, n]) {
    const side = Math.max(e - w, (n - s) / shortcut((s + n) / 2), 1e-9);
    return Math.log2((4 * 360) / (TILE * side));
  }

  class Zones {
    constructor(layer, columns) {
      Object.assign(this, { layer, ...columns, count: columns.ids.length });
      this.boxes = columns.boxes ? columnsToBoxes(columns.boxes) : columns.shapes.map(boxOfSteps);
      this.unpacked = new Map();
      this.byClass = layer.classes.map(() => []);
      columns.classes.forEach((number, i) => this.byClass[number].push(i));
    }

    seenFrom(i) { return seenFrom(this.boxes[i]); }

    // The zoom from which all zones of a class are drawn as shapes.
    allSeenFrom(number) {
      if (!this.smallest) this.smallest = this.byClass.map((members) => members.reduce((most, i) => Math.max(most, this.seenFrom(i)), -Infinity));
      return this.smallest[number];
    }

    // The parts of a zone in degrees, of a layer whose shapes stand in the page: made when somebody asks for them.
    partsOf(i) {
      if (!this.unpacked.has(i)) this.unpacked.set(i, this.shapes[i].map((rings) => rings.map(unpacked)));
      return this.unpacked.get(i);
    }

    centre(i) { const [w, s, e, n] = this.boxes[i]; return [(w + e) / 2, (s + n) / 2]; }

    // Whether anything of a class can be seen in a view: fill or border of a zone.
    isSeen(number, view, outlineOnly) {
      return this.byClass[number].some((i) => {
        if (!meets(this.boxes[i], view)) return false;
        if (this.layer.kind === "tiles" || within(this.boxes[i], view)) return true;
        return this.partsOf(i).some((rings) => rings.some((ring) => ring.some((place, k) => k > 0 && crosses(ring[k - 1], place, view)))
          || (!outlineOnly && !this.layer.lines && partHolds(rings, (view[0] + view[2]) / 2, (view[1] + view[3]) / 2)));
      });
    }

    // The zones at a place, and those whose border is so near that they may be there.
    at([lon, lat], pixelMetres) {
      const doubt = this.layer.lines ? Math.max(this.layer.doubt, 7 * pixelMetres) : this.layer.doubt;
      const [dx, dy] = [doubt / (METRES * shortcut(lat)), doubt / METRES];
      const around = [lon - dx, lat - dy, lon + dx, lat + dy];
      const near = [];
      this.boxes.forEach((box, i) => { if (meets(box, around)) near.push(i); });
      if (this.layer.kind === "tiles") return this.inTiles([lon, lat], around, doubt);
      return Promise.resolve(near.map((i) => this.test(i, this.partsOf(i), lon, lat, doubt)).filter(Boolean));
    }

    test(i, parts, lon, lat, doubt, skip) {
      if (this.layer.lines) {
        const near = Math.min(...parts.map((lines) => distanceTo(lines, lon, lat)));
        // Nobody hits a line: what lies within some pixels is meant, and how far it is from the place is said.
        return near <= doubt ? { zones: this, i, certain: near <= this.layer.doubt, metres: near } : null;
      }
      if (parts.some((rings) => partHolds(rings, lon, lat))) return { zones: this, i, certain: true };
      const metres = Math.min(...parts.map((rings) => distanceTo(rings, lon, lat, skip)));
      return metres <= doubt ? { zones: this, i, certain: false, metres } : null;
    }

    async inTiles([lon, lat], around, doubt) {
      const found = new Map();
      for (const tile of this.tilesOf(around)) {
        const shapes = await tile;
        shapes.forEach(({ id, rings, skip }) => {
          const hit = this.test(id, [rings], lon, lat, doubt, skip);
          if (hit && !(found.get(id) || {}).certain) found.set(id, hit);
        });
      }
      return [...found.values()].sort((one, other) => one.i - other.i);
    }

    // The tiles of the highest zoom that meet a box, as shapes in degrees.
    tilesOf([w, s, e, n]) {
      const z = this.maxZoom;
      const [x0, y1] = zoningMap.tileAt(w, s, z);
      const [x1, y0] = zoningMap.tileAt(e, n, z);
      const found = [];
      for (let x = x0; x <= x1; x += 1) for (let y = y0; y <= y1; y += 1) found.push(this.shapesIn(z, x, y));
      return found;
    }

    tile(z, x, y) { return this.archive.tile(z, x, y); }

    async shapesIn(z, x, y) {
      const data = await this.tile(z, x, y);
      const layer = data && zoningMap.readTile(data).shapes;
      if (!layer) return [];
      const scale = 2 ** z;
      const place = (px, py) => {
        const [u, v] = [(x + px / layer.extent) / scale, (y + py / layer.extent) / scale];
        return [u * 360 - 180, (Math.atan(Math.sinh(Math.PI * (1 - 2 * v))) * 180) / Math.PI];
      };
      return layer.features.map(({ id, rings }) => {
        // Where a tile cuts a zone there is no border.
        const box = [Infinity, Infinity, -Infinity, -Infinity];
        rings.forEach((ring) => ring.forEach((value, k) => { box[k % 2] = Math.min(box[k % 2], value); box[2 + (k % 2)] = Math.max(box[2 + (k % 2)], value); }));
        const edges = [0, 1].map((k) => [box[k] < 0 ? box[k] : null, box[2 + k] > layer.extent ? box[2 + k] : null]
          .map((limit) => limit !== null && (k ? place(0, limit)[1] : place(limit, 0)[0])));
        const skip = (from, to) => [0, 1].some((k) => edges[k].some((limit) => limit !== false && from[k] === limit && to[k] === limit));
        const placed = (ring) => Array.from({ length: ring.length / 2 }, (_, k) => place(ring[2 * k], ring[2 * k + 1]));
        return { id, rings: rings.map(placed), skip };
      });
    }
  }

  function columnsToBoxes(columns) {
    const whole = columns.map((steps) => { let sum = 0; return steps.map((step) => (sum += step) / UNIT); });
    return whole[0].map((_, i) => [whole[0][i], whole[1][i], whole[2][i], whole[3][i]]);
  }

  zoningMap.tileAt = function (lon, lat, z) {
    const scale = 2 ** z;
    const sin = Math.sin((lat * Math.PI) / 180);
    return [Math.floor(((lon + 180) / 360) * scale), Math.floor((0.5 - Math.atanh(sin) / (2 * Math.PI)) * scale)];
  };

  async function inflated(text) {
    const stream = new Blob([zoningMap.bytesOf(text)]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(stream).json();
  }

  // Returns the zones of a layer; null where this browser cannot unpack them, which the page then has to say.
  zoningMap.openZones = async function (layer, number) {
    if (layer.kind === "inline") return new Zones(layer, layer.zones);
    if (typeof DecompressionStream === "undefined") return null;
    const zones = new Zones(layer, await inflated(document.getElementById(`columns-${number}`).textContent));
    zones.archive = new zoningMap.TileArchive(document.getElementById(`tiles-${number}`).textContent);
    zones.minZoom = zones.archive.minZoom;
    zones.maxZoom = zones.archive.maxZoom;
    return zones;
  };
})((window.zoningMap = window.zoningMap || {}));
