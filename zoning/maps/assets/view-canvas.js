// The zoning map without WebGL: Leaflet moves it, its squares are painted aside (painting.js) from the same shapes and tiles.
(function (zoningMap) {
  "use strict";
  const SIDE = 512;
  const PAPER = 3;

  class CanvasDrawing {
    constructor(map, data, opened) {
      Object.assign(this, { map, data, opened, state: new Map(), jobs: new Map(), gone: new WeakSet() });
      data.layers.forEach((layer) => this.state.set(layer.id, { on: layer.on, opacity: 1 }));
      const archives = new Map(opened.flatMap((zones, number) => (zones && zones.archive ? [[number, zones.archive]] : [])));
      this.painter = new zoningMap.Painter(data, archives);
      const told = Object.fromEntries([...archives].map(([number]) => [number, document.getElementById(`tiles-${number}`).textContent]));
      this.aside = zoningMap.paintAside({ payload: document.getElementById("payload").textContent, tiles: told });
      const draw = (coords, done) => this.tile(coords, done);
      // Between two zooms Leaflet shows the squares of the next whole one; but when it redraws them it would ask for squares
      // in between, which vector tiles do not have: large layers would be blank.
      const clamped = L.GridLayer.prototype._clampZoom;
      this.grid = new (L.GridLayer.extend({ createTile: draw, _clampZoom(zoom) { return clamped.call(this, Math.round(zoom)); } }))({ tileSize: SIDE, updateWhenZooming: false, pane: "zones", keepBuffer: 1 });
      this.grid.on("tileunload", ({ tile }) => {
        this.gone.add(tile);
        if (this.jobs.has(tile)) this.aside.drop(this.jobs.get(tile));
        this.jobs.delete(tile);
      });
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
      const hatched = [...looks, ["uncovered", this.data.uncovered]].filter(([, look]) => look.hatch);
      const hatches = { ...await zoningMap.hatchPicture(hatched.map(([, look]) => look.hatch), PAPER), keys: hatched.map(([key]) => key) };
      this.painter.learn(hatches);
      if (this.aside) await this.aside.learn(hatches).catch(() => { this.aside = null; });
    }

    tile(coords, done) {
      const canvas = document.createElement("canvas");
      const ratio = this.onPaper ? PAPER : window.devicePixelRatio || 1;
      canvas.width = SIDE * ratio;
      canvas.height = SIDE * ratio;
      const context = canvas.getContext("2d");
      const opacities = this.data.layers.map(({ id }, number) => (this.opened[number] && this.state.get(id).on ? this.state.get(id).opacity : 0));
      const job = { x: coords.x, y: coords.y, z: coords.z, ratio: canvas.width / SIDE, stretch: this.stretch, opacities };
      // A square that has left the map meanwhile says nothing of the one that took its place.
      const ended = (error) => { this.jobs.delete(canvas); if (!this.gone.has(canvas)) done(error, canvas); };
      const painted = this.onPaper || !this.aside ? this.paintHere(canvas, context, job) : this.paintAside(canvas, context, job);
      painted.then(() => ended(null), ended);
      return canvas;
    }

    async paintAside(canvas, context, job) {
      const [id, picture] = this.aside.paint(job);
      this.jobs.set(canvas, id);
      let found;
      try {
        found = await picture;
      } catch (error) {
        await this.paintHere(canvas, context, job);
        return;
      }
      context.drawImage(found, 0, 0);
      found.close();
    }

    // A square at a time, so that the page answers in between. Paper wants all of them at once: shapes are painted before this returns.
    async paintHere(canvas, context, job) {
      if (!this.onPaper) {
        await new Promise((go) => { setTimeout(go); });
        if (this.gone.has(canvas)) return;
      }
      context.scale(job.ratio, job.ratio);
      await this.painter.paint(context, job);
    }

    show(id, on) { this.change(id, { on }); }

    fade(id, opacity) { this.change(id, { opacity }); }

    // Changes of many layers at once are painted once.
    change(id, told) {
      const layer = this.state.get(id);
      if (Object.entries(told).every(([name, value]) => layer[name] === value)) return;
      Object.assign(layer, told);
      if (this.changed) return;
      this.changed = true;
      Promise.resolve().then(() => { this.changed = false; this.grid.redraw(); });
    }

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

    // Paper wants a finer picture, and at once: what stands in the page as shapes is drawn before the browser goes on.
    print(on) {
      this.onPaper = on;
      this.map.invalidateSize({ animate: false, pan: false });
      this.grid.redraw();
    }
  }

  // Returns {view, drawing}. `start`: the view to begin with, the whole land where it is null; `right`: pixels that the legend takes of it.
  zoningMap.drawWithCanvas = async function (container, data, opened, { right, start }) {
    const map = L.map(container, { zoomControl: false, attributionControl: false, zoomSnap: 0.5, minZoom: 8, maxZoom: 20, zoomAnimation: false, fadeAnimation: false });
    const [w, s, e, n] = data.frame.bounds;
    const pane = (name, zIndex) => { map.createPane(name).style.zIndex = zIndex; map.getPane(name).style.pointerEvents = "none"; };
    [["relief", 240], ["veil", 250], ["zones", 300], ["frame", 400], ["light", 460]].forEach((told) => pane(...told));
    const drawing = new CanvasDrawing(map, data, opened);
    if (start) map.setView([start.lat, start.lon], start.zoom + 1, { animate: false });
    else map.fitBounds([[s, w], [n, e]], { animate: false, paddingTopLeft: [24, 24], paddingBottomRight: [24 + right, 24] });
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
