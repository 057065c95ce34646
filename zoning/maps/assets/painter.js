// Paints the zones of one square of the map onto a canvas: in a worker for the screen (painting.js), in the page for paper.
// It knows nothing of the page. Places are in a square of one by one, the world, or in units of a vector tile.
(function (zoningMap) {
  "use strict";
  const UNIT = 1e6;
  const SIDE = 512;
  const SEEN = 4; // pixels from which a zone is drawn as a shape, as in tiles.py
  const DOT = 1.2;
  const MARGIN = 8; // pixels beside a square from which lines and dots reach into it
  // Places are drawn to a quarter of a pixel. Neighbours pass the same quarters along a shared border, whichever way they
  // go: it stays shared, and vertices that nobody could tell apart are not drawn.
  const QUARTERS = 4;
  const TOGETHER = 200; // borders of zones in one path
  const DECODED = 8; // tiles that are kept

  // Steps in millionths of a degree -> one place after the other, [u, v, u, v ...], v towards the south.
  function worldly(steps) {
    const flat = new Float64Array(steps.length);
    let x = 0; let y = 0;
    for (let i = 0; i < steps.length; i += 2) {
      x += steps[i];
      y += steps[i + 1];
      flat[i] = x / UNIT / 360 + 0.5;
      flat[i + 1] = 0.5 - Math.atanh(Math.sin((y / UNIT) * (Math.PI / 180))) / (2 * Math.PI);
    }
    return flat;
  }

  function grow(box, flat) {
    for (let k = 0; k < flat.length; k += 2) {
      if (flat[k] < box[0]) box[0] = flat[k];
      if (flat[k + 1] < box[1]) box[1] = flat[k + 1];
      if (flat[k] > box[2]) box[2] = flat[k];
      if (flat[k + 1] > box[3]) box[3] = flat[k + 1];
    }
    return box;
  }

  const empty = () => [Infinity, Infinity, -Infinity, -Infinity];
  const meets = (one, other) => one[0] <= other[2] && other[0] <= one[2] && one[1] <= other[3] && other[1] <= one[3];

  const within = (one, other) => one[0] >= other[0] && one[1] >= other[1] && one[2] <= other[2] && one[3] <= other[3];

  // A zone: its rings with their boxes, its box, and the zoom from which it is drawn as a shape.
  function zoneOf(parts) {
    const rings = parts.flat().map((steps) => { const flat = worldly(steps); return { flat, box: grow(empty(), flat) }; });
    const box = empty();
    rings.forEach((ring) => grow(box, ring.box));
    return { rings, box, seen: Math.log2(SEEN / (SIDE * Math.max(box[2] - box[0], box[3] - box[1], 1e-12))) };
  }

  // Tells on which sides of the square a place lies, as bits.
  const sides = (x, y) => (x < -MARGIN ? 1 : x > SIDE + MARGIN ? 2 : 0) | (y < -MARGIN ? 4 : y > SIDE + MARGIN ? 8 : 0);

  // Adds a ring or line to a path. `cut`: what runs along outside of the square is left out; nothing of it would be seen.
  function trace(path, flat, { a, bx, by, cells }, cut) {
    let drawn = 0;
    let x = 0; let y = 0; let where = 0; // the last place that was drawn
    let held = false; let hx = 0; let hy = 0; let there = 0; // one after it that may not be needed
    for (let k = 0; k < flat.length; k += 2) {
      const px = Math.round((flat[k] * a + bx) * cells) / cells;
      const py = Math.round((flat[k + 1] * a + by) * cells) / cells;
      if (k === 0) {
        path.moveTo(px, py);
        x = px; y = py; where = sides(px, py);
        continue;
      }
      if (held ? px === hx && py === hy : px === x && py === y) continue;
      drawn += 1;
      const here = cut ? sides(px, py) : 0;
      if (held && !(where & there & here)) {
        path.lineTo(hx, hy);
        where = there;
        held = false;
      }
      x = px; y = py;
      if (where & here) { held = true; hx = px; hy = py; there = here; continue; }
      path.lineTo(px, py);
      where = here;
    }
    if (held) path.lineTo(hx, hy);
    // Smaller than a quarter of a pixel: a border as wide as its line all the same.
    if (!drawn) path.lineTo(x + 1 / cells, y);
  }

  // Draws a dashed ring or line: only what may be seen, each piece with the dashes that it has in the whole.
  function dash(context, flat, { a, bx, by, cells }, period) {
    let x = 0; let y = 0; let where = 0;
    let length = 0;
    let drawing = false;
    for (let k = 0; k < flat.length; k += 2) {
      const px = Math.round((flat[k] * a + bx) * cells) / cells;
      const py = Math.round((flat[k + 1] * a + by) * cells) / cells;
      const here = sides(px, py);
      if (k > 0 && where & here) {
        if (drawing) context.stroke();
        drawing = false;
      } else if (k > 0) {
        if (!drawing) {
          context.beginPath();
          context.moveTo(x, y);
          context.lineDashOffset = length % period;
          drawing = true;
        }
        context.lineTo(px, py);
      }
      if (k > 0) length += Math.hypot(px - x, py - y);
      x = px; y = py; where = here;
    }
    if (drawing) context.stroke();
    context.lineDashOffset = 0;
  }

  // The border of a zone of a tile, without the edges at which the tile cuts it.
  function borders(path, flat, { a, bx, by, cells }, extent) {
    let x = 0; let y = 0;
    let drawn = false;
    for (let k = 0; k < flat.length; k += 2) {
      const px = Math.round((flat[k] * a + bx) * cells) / cells;
      const py = Math.round((flat[k + 1] * a + by) * cells) / cells;
      const edge = k === 0 || (flat[k] === flat[k - 2] && (flat[k] < 0 || flat[k] > extent)) || (flat[k + 1] === flat[k - 1] && (flat[k + 1] < 0 || flat[k + 1] > extent));
      if (edge) path.moveTo(px, py);
      else if (px !== x || py !== y) path.lineTo(px, py);
      drawn = drawn || px !== x || py !== y;
      x = px; y = py;
    }
    if (!drawn) path.lineTo(x + 1 / cells, y);
  }

  const canvasOf = (side) => (typeof OffscreenCanvas !== "undefined" ? new OffscreenCanvas(side, side) : Object.assign(document.createElement("canvas"), { width: side, height: side }));

  class Painter {
    // data: {layers: [{lines, kind, classes: [{look}], uncovered, zones: {shapes, classes}}], uncovered: look};
    // archives: tiles of the layers that have some, by number.
    constructor(data, archives) { Object.assign(this, { data, archives, shapes: new Map(), hatches: new Map(), decoded: new Map() }); }

    // keys: of classes (`layer-class`) and "uncovered"; see hatches.js.
    learn({ picture, places, keys }) {
      keys.forEach((key, i) => {
        const { side, top, size } = places[i];
        const canvas = canvasOf(size);
        canvas.getContext("2d").drawImage(picture, 0, top, size, size, 0, 0, size, size);
        this.hatches.set(key, { side, size, canvas });
      });
    }

    // A square of a Leaflet map of 512 pixels. What is in the page as shapes is painted at once, before this returns.
    // opacities: by number of the layer, 0 where it is not drawn; stretch: how much smaller the square will be shown.
    async paint(context, { x, y, z, ratio, stretch, opacities }) {
      const zoom = z - 1;
      const world = this.frame({ context, x, y, zoom, stretch, cells: QUARTERS * ratio, a: 2 ** zoom * SIDE, bx: -x * SIDE, by: -y * SIDE });
      for (let number = this.data.layers.length - 1; number >= 0; number -= 1) {
        const layer = this.data.layers[number];
        if (!opacities[number]) continue;
        context.globalAlpha = opacities[number];
        if (layer.kind === "tiles") await this.paintTile(world, layer, number);
        else this.paintShapes(world, layer, number);
        this.paintUncovered(world, layer, number);
      }
    }

    // Adds the box of the square, with its margin, in the units of what is painted into it.
    frame(told) {
      const [low, high] = [-MARGIN, SIDE + MARGIN];
      return { ...told, box: [(low - told.bx) / told.a, (low - told.by) / told.a, (high - told.bx) / told.a, (high - told.by) / told.a] };
    }

    // Zones by class, made when they are painted for the first time.
    zonesOf(layer, number) {
      if (!this.shapes.has(number)) {
        const byClass = layer.classes.map(() => []);
        layer.zones.shapes.forEach((parts, i) => byClass[layer.zones.classes[i]].push(zoneOf(parts)));
        this.shapes.set(number, byClass);
      }
      return this.shapes.get(number);
    }

    paintShapes(frame, layer, number) {
      this.zonesOf(layer, number).forEach((zones, c) => {
        const { look } = layer.classes[c];
        const near = zones.filter(({ box }) => meets(box, frame.box));
        const large = near.filter(({ seen }) => layer.lines || seen <= frame.zoom);
        this.paintZones(frame, look, large, layer.lines ? null : `${number}-${c}`);
        const small = near.filter(({ seen }) => !layer.lines && seen > frame.zoom);
        this.dots(frame, look, small.map(({ box }) => [((box[0] + box[2]) / 2) * frame.a + frame.bx, ((box[1] + box[3]) / 2) * frame.a + frame.by]));
      });
    }

    // One path for each zone: those that overlap do not cancel each other out. Lines have no key, for they have no fill.
    paintZones(frame, look, zones, key) {
      if (!zones.length) return;
      const { context } = frame;
      const near = (rings) => rings.filter(({ box }) => meets(box, frame.box));
      const paths = zones.map(({ rings }) => {
        const path = new Path2D();
        near(rings).forEach(({ flat }) => trace(path, flat, frame, true));
        return path;
      });
      if (key && this.fill(frame, key, look)) paths.forEach((path) => context.fill(path, "evenodd"));
      this.pen(frame, look);
      if (!look.dash) { paths.forEach((path) => context.stroke(path)); return; }
      const period = 2 * frame.stretch * look.dash.reduce((sum, part) => sum + part, 0);
      zones.forEach(({ rings }, i) => {
        if (rings.every(({ box }) => within(box, frame.box))) context.stroke(paths[i]);
        else near(rings).forEach(({ flat }) => dash(context, flat, frame, period));
      });
    }

    paintUncovered(frame, layer, number) {
      if (!layer.uncovered) return;
      const key = `uncovered-${number}`;
      if (!this.shapes.has(key)) this.shapes.set(key, [zoneOf(layer.uncovered)]);
      this.paintZones(frame, this.data.uncovered, this.shapes.get(key), "uncovered");
    }

    async paintTile(world, layer, number) {
      const archive = this.archives.get(number);
      const z = Math.min(world.zoom, archive.maxZoom);
      if (z < archive.minZoom) return;
      const times = 2 ** (world.zoom - z);
      const classes = await this.decode(archive, number, layer.classes.length, z, Math.floor(world.x / times), Math.floor(world.y / times));
      classes.forEach(({ shapes, dots, extent }, c) => {
        const frame = this.frame({ ...world, a: (times * SIDE) / extent, bx: -(world.x % times) * SIDE, by: -(world.y % times) * SIDE });
        const { look } = layer.classes[c];
        this.paintFeatures(frame, `${number}-${c}`, look, shapes.filter(({ box, dotUntil }) => world.zoom >= dotUntil && meets(box, frame.box)), extent);
        this.dots(frame, look, dots.filter(({ s }) => world.zoom < s).map(({ at }) => [at[0] * frame.a + frame.bx, at[1] * frame.a + frame.by]));
      });
    }

    paintFeatures(frame, key, look, shapes, extent) {
      if (!shapes.length) return;
      const { context } = frame;
      if (this.fill(frame, key, look)) {
        shapes.forEach(({ rings }) => {
          context.beginPath();
          rings.forEach((ring) => trace(context, ring, frame, true));
          context.fill("evenodd");
        });
      }
      this.pen(frame, look);
      for (let first = 0; first < shapes.length; first += TOGETHER) {
        context.beginPath();
        shapes.slice(first, first + TOGETHER).forEach(({ rings }) => rings.forEach((ring) => borders(context, ring, frame, extent)));
        context.stroke();
      }
    }

    // What a tile holds, by class; the tiles that were painted last are kept.
    async decode(archive, number, count, z, x, y) {
      const name = `${number}/${z}/${x}/${y}`;
      const kept = this.decoded.get(name);
      this.decoded.delete(name);
      const found = kept || classesOf(await archive.tile(z, x, y), count);
      this.decoded.set(name, found);
      if (this.decoded.size > DECODED) this.decoded.delete(this.decoded.keys().next().value);
      return found;
    }

    // Sets the fill of a class; false where it has none.
    fill({ context, x, y, stretch }, key, look) {
      const hatch = this.hatches.get(key);
      if (!hatch) {
        context.fillStyle = look.fill + Math.round(look.opacity * 255).toString(16).padStart(2, "0");
        return look.opacity > 0;
      }
      const pattern = context.createPattern(hatch.canvas, "repeat");
      // Hatches go on from square to square.
      const step = hatch.side * stretch;
      pattern.setTransform(new DOMMatrix().translate(-((x * SIDE) % step), -((y * SIDE) % step)).scale(step / hatch.size));
      context.fillStyle = pattern;
      return true;
    }

    pen({ context, stretch }, look) {
      context.strokeStyle = look.line;
      context.lineWidth = look.width * stretch;
      context.lineJoin = "round";
      context.setLineDash((look.dash || []).map((part) => part * stretch));
    }

    dots({ context, stretch }, look, places) {
      context.setLineDash([]);
      context.fillStyle = look.fill;
      context.strokeStyle = look.line;
      context.lineWidth = 0.6 * stretch;
      places.forEach(([px, py]) => {
        if (px < -MARGIN || py < -MARGIN || px > SIDE + MARGIN || py > SIDE + MARGIN) return;
        context.beginPath();
        context.arc(px, py, DOT * stretch, 0, 2 * Math.PI);
        context.fill();
        context.stroke();
      });
    }
  }

  function classesOf(data, count) {
    const layers = data ? zoningMap.readTile(data) : {};
    const found = Array.from({ length: count }, () => ({ shapes: [], dots: [], extent: (layers.shapes || layers.dots || { extent: 4096 }).extent }));
    // A zone that is small at the zoom of its tile is in it twice: painted is its dot, as long as it is in this very tile.
    const dotUntil = new Map();
    (layers.dots ? layers.dots.features : []).forEach(({ id, type, properties, rings }) => {
      if (type !== 1) return;
      found[properties.c].dots.push({ id, at: rings[0], s: properties.s });
      dotUntil.set(id, properties.s);
    });
    (layers.shapes ? layers.shapes.features : []).forEach(({ id, type, properties, rings }) => {
      if (type !== 3) return;
      const box = empty();
      rings.forEach((ring) => grow(box, ring));
      found[properties.c].shapes.push({ id, rings, box, dotUntil: dotUntil.has(id) ? dotUntil.get(id) : -Infinity });
    });
    return found;
  }

  zoningMap.Painter = Painter;
  zoningMap.trace = trace;
})((window.zoningMap = window.zoningMap || {}));
