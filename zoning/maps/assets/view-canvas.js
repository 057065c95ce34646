// The zoning map without WebGL: Leaflet moves it, a canvas per tile draws the same zones from the same shapes and tiles.
(function (zoningMap) {
  "use strict";
  const SIDE = 512;
  const DOT = 1.2;
  const MARGIN = 8;
  const PAPER = 3;

  const world = ([lon, lat]) => [(lon + 180) / 360, 0.5 - Math.atanh(Math.sin((lat * Math.PI) / 180)) / (2 * Math.PI)];

  // Shapes of a layer in a square of one by one, made once.
  function worldly(zones) {
    if (!zones.world) zones.world = zones.parts.map((parts) => parts.map((rings) => rings.map((ring) => ring.map(world))));
    return zones.world;
  }

  function trace(context, rings, place, closed) {
    rings.forEach((ring) => ring.forEach((vertex, i) => {
      const [x, y] = place(vertex);
      if (i === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    }));
    if (closed) context.closePath();
  }

  class CanvasDrawing {
    constructor(map, data, opened) {
      Object.assign(this, { map, data, opened, state: new Map(), patterns: new Map() });
      data.layers.forEach((layer) => this.state.set(layer.id, { on: layer.on, opacity: 1 }));
      const draw = (coords, done) => this.tile(coords, done);
      this.grid = new (L.GridLayer.extend({ createTile: draw }))({ tileSize: SIDE, updateWhenZooming: false, pane: "zones", keepBuffer: 1 });
      // Between two zooms tiles are shown smaller than they are drawn: lines and hatches are drawn larger by as much.
      this.stretch = 1;
      map.on("zoomend", () => {
        const stretch = 2 ** (Math.round(map.getZoom()) - map.getZoom());
        if (stretch === this.stretch) return;
        this.stretch = stretch;
        this.grid.redraw();
      });
    }

    async prepare() {
      const looks = this.data.layers.flatMap((layer, number) => layer.classes.map(({ look }, c) => [`${number}-${c}`, look]));
      await Promise.all([...looks, ["uncovered", this.data.uncovered]].map(async ([key, look]) => {
        if (look.hatch) this.patterns.set(key, [look.hatch[0], await zoningMap.hatchPixels(look.hatch, PAPER)]);
      }));
    }

    tile(coords, done) {
      const canvas = document.createElement("canvas");
      const ratio = this.onPaper ? PAPER : window.devicePixelRatio || 1;
      canvas.width = SIDE * ratio;
      canvas.height = SIDE * ratio;
      const context = canvas.getContext("2d");
      context.scale(ratio, ratio);
      this.inTurn(canvas, context, coords).then(() => done(null, canvas), (error) => done(error, canvas));
      return canvas;
    }

    // A tile at a time, so that the page answers in between; one that is gone again by then is left alone.
    async inTurn(canvas, context, coords) {
      if (!this.onPaper) {
        await new Promise((go) => { setTimeout(go); });
        if (!canvas.isConnected) return;
      }
      await this.paint(context, coords);
    }

    async paint(context, { x, y, z }) {
      const zoom = z - 1;
      for (let number = this.opened.length - 1; number >= 0; number -= 1) {
        const zones = this.opened[number];
        const { on, opacity } = this.state.get(this.data.layers[number].id);
        if (!on || !zones) continue;
        context.globalAlpha = opacity;
        if (zones.layer.kind === "tiles") await this.paintTile(context, zones, number, zoom, x, y);
        else this.paintShapes(context, zones, number, zoom, x, y);
        this.paintUncovered(context, zones.layer, zoom, x, y);
      }
    }

    place(zoom, x, y) {
      const scale = 2 ** zoom;
      return ([u, v]) => [(u * scale - x) * SIDE, (v * scale - y) * SIDE];
    }

    paintShapes(context, zones, number, zoom, x, y) {
      const place = this.place(zoom, x, y);
      const view = viewOfTile(zoom, x, y);
      const shapes = worldly(zones);
      zones.byClass.forEach((members, c) => {
        const near = members.filter((i) => zoningMap.shapes.meets(zones.boxes[i], view));
        const drawn = (i) => zones.layer.lines || zones.seenFrom(i) <= zoom;
        this.paintClass(context, zones.layer, `${number}-${c}`, c, near.filter(drawn).map((i) => shapes[i]), place, x, y);
        this.dots(context, zones.layer.classes[c].look, near.filter((i) => !drawn(i)).map((i) => place(world(zones.centre(i)))));
      });
    }

    // One path for each zone: those that overlap do not cancel each other out.
    paintClass(context, layer, key, c, zones, place, x, y) {
      const { look } = layer.classes[c];
      if (!layer.lines) {
        context.fillStyle = this.fill(context, key, look, x, y);
        zones.forEach((parts) => {
          context.beginPath();
          parts.forEach((rings) => trace(context, rings, place, true));
          context.fill("evenodd");
        });
      }
      this.pen(context, look);
      zones.forEach((parts) => {
        context.beginPath();
        parts.forEach((rings) => rings.forEach((ring) => trace(context, [ring], place, false)));
        context.stroke();
      });
    }

    async paintTile(context, zones, number, zoom, x, y) {
      const z = Math.min(zoom, zones.maxZoom);
      if (z < zones.minZoom) return;
      const times = 2 ** (zoom - z);
      const data = await zones.tile(z, Math.floor(x / times), Math.floor(y / times));
      if (!data) return;
      const layers = zoningMap.readTile(data);
      const place = (extent) => ([px, py]) => [((px / extent) * times - (x % times)) * SIDE, ((py / extent) * times - (y % times)) * SIDE];
      zones.layer.classes.forEach(({ look }, c) => {
        const of = (name, type) => (layers[name] ? layers[name].features.filter((item) => item.type === type && item.properties.c === c) : []);
        const shapes = of("shapes", 3);
        if (shapes.length) {
          const extent = layers.shapes.extent;
          context.save();
          context.fillStyle = this.fill(context, `${number}-${c}`, look, x, y);
          const at = place(extent);
          shapes.forEach(({ rings }) => { context.beginPath(); trace(context, rings, at, true); context.fill("evenodd"); });
          this.pen(context, look);
          shapes.forEach(({ rings }) => { context.beginPath(); rings.forEach((ring) => borders(context, ring, at, extent)); context.stroke(); });
          context.restore();
        }
        this.dots(context, look, of("dots", 1).filter((item) => zoom < item.properties.s).map(({ rings }) => place(layers.dots.extent)(rings[0][0])));
      });
    }

    paintUncovered(context, layer, zoom, x, y) {
      if (!layer.uncovered) return;
      const look = this.data.uncovered;
      const parts = layer.uncovered.map((rings) => rings.map(zoningMap.shapes.unpacked).map((ring) => ring.map(world)));
      this.paintClass(context, { lines: false, classes: [{ look }] }, "uncovered", 0, [parts], this.place(zoom, x, y), x, y);
    }

    fill(context, key, look, x, y) {
      const hatch = this.patterns.get(key);
      if (!hatch) return look.fill + Math.round(look.opacity * 255).toString(16).padStart(2, "0");
      const [side, picture] = hatch;
      const pattern = context.createPattern(picture, "repeat");
      // Hatches go on from tile to tile.
      const step = side * this.stretch;
      pattern.setTransform(new DOMMatrix().translate(-((x * SIDE) % step), -((y * SIDE) % step)).scale(step / picture.width));
      return pattern;
    }

    pen(context, look) {
      context.strokeStyle = look.line;
      context.lineWidth = look.width * this.stretch;
      context.lineJoin = "round";
      context.setLineDash((look.dash || []).map((part) => part * this.stretch));
    }

    dots(context, look, places) {
      context.setLineDash([]);
      places.forEach(([px, py]) => {
        if (px < -MARGIN || py < -MARGIN || px > SIDE + MARGIN || py > SIDE + MARGIN) return;
        context.beginPath();
        context.arc(px, py, DOT * this.stretch, 0, 2 * Math.PI);
        context.fillStyle = look.fill;
        context.fill();
        context.strokeStyle = look.line;
        context.lineWidth = 0.6 * this.stretch;
        context.stroke();
      });
    }

    show(id, on) { this.state.get(id).on = on; this.grid.redraw(); }

    fade(id, opacity) { this.state.get(id).opacity = opacity; this.grid.redraw(); }

    relief(on) { if (this.reliefLayer) { if (on) this.reliefLayer.addTo(this.map); else this.reliefLayer.remove(); } }

    light(geometry) {
      if (this.lit) this.lit.remove();
      this.lit = null;
      if (!geometry) return;
      const line = (color, weight) => L.geoJSON(geometry, { pane: "light", interactive: false, style: { color, weight, fill: false, opacity: 1 } });
      this.lit = L.layerGroup([line("#FFFFFF", 7), line("#111111", 3)]).addTo(this.map);
    }

    onBusy(listener) {
      this.grid.on("loading", () => listener(true));
      this.grid.on("load", () => listener(false));
      listener(this.grid.isLoading());
    }

    // Paper wants a finer picture, and at once: shapes are drawn before the browser goes on.
    print(on) {
      this.onPaper = on;
      this.map.invalidateSize({ animate: false, pan: false });
      this.grid.redraw();
    }
  }

  // A border that a tile cuts is none.
  function borders(context, ring, place, extent) {
    const cut = (from, to) => [0, 1].some((k) => from[k] === to[k] && (from[k] < 0 || from[k] > extent));
    ring.forEach((vertex, i) => {
      const [px, py] = place(vertex);
      if (i === 0 || cut(ring[i - 1], vertex)) context.moveTo(px, py);
      else context.lineTo(px, py);
    });
  }

  function viewOfTile(zoom, x, y) {
    const scale = 2 ** zoom;
    const margin = MARGIN / SIDE;
    const lon = (u) => (u / scale) * 360 - 180;
    const lat = (v) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * v) / scale))) * 180) / Math.PI;
    return [lon(x - margin), lat(y + 1 + margin), lon(x + 1 + margin), lat(y - margin)];
  }

  zoningMap.drawWithCanvas = async function (container, data, opened, right) {
    const map = L.map(container, { zoomControl: false, attributionControl: false, zoomSnap: 0.5, minZoom: 8, maxZoom: 20, zoomAnimation: false, fadeAnimation: false });
    const [w, s, e, n] = data.frame.bounds;
    const pane = (name, zIndex) => { map.createPane(name).style.zIndex = zIndex; map.getPane(name).style.pointerEvents = "none"; };
    [["relief", 240], ["veil", 250], ["zones", 300], ["frame", 400], ["light", 460]].forEach((told) => pane(...told));
    const drawing = new CanvasDrawing(map, data, opened);
    map.fitBounds([[s, w], [n, e]], { animate: false, paddingTopLeft: [24, 24], paddingBottomRight: [24 + right, 24] });
    await drawing.prepare();
    if (data.relief) {
      const [west, south, east, north] = data.relief.box;
      drawing.reliefLayer = L.imageOverlay(data.relief.source, [[south, west], [north, east]], { pane: "relief" }).addTo(map);
    }
    const [bw, bs, be, bn] = data.frame.box;
    const [dx, dy] = [(be - bw) * 8, (bn - bs) * 8];
    const rings = data.frame.parts.map((parts) => parts.map(zoningMap.shapes.unpacked));
    const flip = (ring) => ring.map(([lon, lat]) => [lat, lon]);
    const outer = [[bs - dy, bw - dx], [bs - dy, be + dx], [bn + dy, be + dx], [bn + dy, bw - dx]];
    L.polygon([outer, ...rings.map((parts) => flip(parts[0]))], { pane: "veil", interactive: false, stroke: false, fillColor: data.paper, fillOpacity: 0.72 }).addTo(map);
    data.neighbours.forEach(([, parts]) => L.polygon(parts.map((part) => part.map((ring) => flip(zoningMap.shapes.unpacked(ring)))), { pane: "veil", interactive: false, fill: false, color: "#8A8578", weight: 0.8, dashArray: "6 4" }).addTo(map));
    L.polygon(rings.map((parts) => parts.map(flip)), { pane: "frame", interactive: false, fill: false, color: "#3A372F", weight: 2, opacity: 0.85 }).addTo(map);
    drawing.grid.addTo(map);
    return { map, view: zoningMap.leafletView(map), drawing };
  };
})((window.zoningMap = window.zoningMap || {}));
