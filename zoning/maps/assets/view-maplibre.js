// The zoning map drawn by MapLibre: small layers as shapes, large ones as tiles from the page itself.
(function (zoningMap) {
  "use strict";
  const RATIO = 2;
  const EMPTY = { type: "FeatureCollection", features: [] };
  const feature = (geometry, properties, id) => ({ type: "Feature", id, properties, geometry });
  const DOT = 1.2;
  const PATIENCE_MS = 4000;

  // Whether WebGL draws here; `quick`: and on a graphics card, for without one a canvas of Leaflet draws much sooner.
  zoningMap.hasWebgl = function (quick) {
    try {
      const canvas = document.createElement("canvas");
      const context = canvas.getContext("webgl2", { failIfMajorPerformanceCaveat: quick });
      if (!context) return false;
      const told = context.getExtension("WEBGL_debug_renderer_info");
      const renderer = told ? context.getParameter(told.UNMASKED_RENDERER_WEBGL) : "";
      if (quick && /swiftshader|llvmpipe|softpipe|software|basic render/i.test(renderer)) return false;
      const lose = context.getExtension("WEBGL_lose_context");
      if (lose) lose.loseContext();
      return true;
    } catch (error) {
      return false;
    }
  };

  const polygons = (parts) => ({ type: "MultiPolygon", coordinates: parts });
  const unpackedParts = (parts) => parts.map((rings) => rings.map(zoningMap.shapes.unpacked));

  function shapesOf(zones) {
    const { layer } = zones;
    return {
      type: "FeatureCollection",
      features: zones.boxes.map((_, i) => zones.partsOf(i)).map((parts, i) => feature(
        layer.lines ? { type: "MultiLineString", coordinates: parts.flat() } : polygons(parts), { c: zones.classes[i] }, i)),
    };
  }

  function dotsOf(zones) {
    const features = [];
    for (let i = 0; i < zones.count; i += 1) {
      const s = zones.seenFrom(i);
      if (s > 6) features.push(feature({ type: "Point", coordinates: zones.centre(i) }, { c: zones.classes[i], s }, i));
    }
    return { type: "FeatureCollection", features };
  }

  // What lies outside the land of the map: nothing is said of it there.
  function veil(frame) {
    const [w, s, e, n] = frame.box;
    const [dx, dy] = [(e - w) * 8, (n - s) * 8];
    const outer = [[w - dx, s - dy], [e + dx, s - dy], [e + dx, n + dy], [w - dx, n + dy], [w - dx, s - dy]];
    const parts = unpackedParts(frame.parts);
    return feature({ type: "Polygon", coordinates: [outer, ...parts.map((rings) => rings[0])] }, {});
  }

  function baseStyle(data) {
    const sources = { veil: { type: "geojson", data: veil(data.frame), tolerance: 0 }, frame: { type: "geojson", tolerance: 0, data: feature(polygons(unpackedParts(data.frame.parts)), {}) } };
    const layers = [{ id: "paper", type: "background", paint: { "background-color": data.paper } }];
    if (data.relief) {
      const [w, s, e, n] = data.relief.box;
      sources.relief = { type: "image", url: "zones://relief", coordinates: [[w, n], [e, n], [e, s], [w, s]] };
      layers.push({ id: "relief", type: "raster", source: "relief", paint: { "raster-fade-duration": 0 } });
    }
    sources.neighbours = { type: "geojson", data: { type: "FeatureCollection", features: data.neighbours.map(([, parts]) => feature(polygons(unpackedParts(parts)), {})) } };
    layers.push(
      { id: "veil", type: "fill", source: "veil", paint: { "fill-color": data.paper, "fill-opacity": 0.72, "fill-antialias": false } },
      { id: "neighbours", type: "line", source: "neighbours", paint: { "line-color": "#8A8578", "line-width": 0.8, "line-dasharray": [6, 4] } },
    );
    return { version: 8, sources, layers };
  }

  function zoneLayers(zones, number) {
    const { layer } = zones;
    const tiles = layer.kind === "tiles";
    const source = `z${number}`;
    const found = [];
    layer.classes.forEach(({ look }, c) => {
      const filter = ["==", ["get", "c"], c];
      const of = (id, type, paint, extra = {}) => ({ id: `${source}-${c}-${id}`, type, source, filter, paint, ...(tiles ? { "source-layer": "shapes" } : {}), ...extra });
      if (!layer.lines) {
        if (look.hatch) found.push(of("fill", "fill", { "fill-pattern": `${source}-${c}`, "fill-antialias": false }));
        else if (look.opacity) found.push(of("fill", "fill", { "fill-color": look.fill, "fill-opacity": look.opacity, "fill-antialias": false }));
      }
      // Of the many corners of a large layer each round one costs several triangles.
      const dash = look.dash ? { "line-dasharray": look.dash.map((part) => part / look.width) } : {};
      found.push(of("line", "line", { "line-color": look.line, "line-width": look.width, "line-opacity": 0.95, ...dash }, { layout: { "line-join": tiles ? "miter" : "round" } }));
      if (!layer.lines) {
        found.push({
          ...of("dot", "circle", { "circle-color": look.fill, "circle-radius": DOT, "circle-stroke-color": look.line, "circle-stroke-width": 0.6 }),
          source: tiles ? source : `d${number}`,
          // Only where the tile has no shape of it (tiles.py): a shape is never thinner than its border.
          filter: ["all", filter, tiles ? ["<=", ["+", ["zoom"], 1], ["get", "s"]] : ["<", ["zoom"], ["get", "s"]]],
          ...(tiles ? { "source-layer": "dots" } : {}),
        });
      }
    });
    return found;
  }

  const OPACITY = { fill: "fill-opacity", line: "line-opacity", circle: "circle-opacity" };

  class Drawing {
    constructor(map, data) { Object.assign(this, { map, data, styles: new Map() }); }

    async learnHatches() {
      const looks = this.data.layers.flatMap((layer, number) => (layer.lines ? [] : layer.classes.map(({ look }, c) => [`z${number}-${c}`, look])));
      const hatched = [...looks, ["uncovered", this.data.uncovered]].filter(([, look]) => look.hatch);
      const { picture, places } = await zoningMap.hatchPicture(hatched.map(([, look]) => look.hatch), RATIO);
      const pixels = picture.getContext("2d");
      hatched.forEach(([name], i) => {
        const { top, size } = places[i];
        this.map.addImage(name, pixels.getImageData(0, top, size, size), { pixelRatio: RATIO });
      });
    }

    // Adds the layers from the bottom of the stack to its top.
    add(zones, number) {
      const { map } = this;
      const { layer } = zones;
      if (layer.kind === "tiles") {
        map.addSource(`z${number}`, { type: "vector", tiles: [`zones://${number}/{z}/{x}/{y}`], minzoom: zones.minZoom, maxzoom: zones.maxZoom });
      } else {
        map.addSource(`z${number}`, { type: "geojson", data: shapesOf(zones), tolerance: 0, maxzoom: 16 });
        map.addSource(`d${number}`, { type: "geojson", data: layer.lines ? EMPTY : dotsOf(zones), tolerance: 0 });
      }
      const styles = zoneLayers(zones, number);
      styles.push(...this.uncovered(layer, number));
      styles.forEach((style) => map.addLayer({ ...style, layout: { ...style.layout, visibility: layer.on ? "visible" : "none" } }, "frame"));
      this.styles.set(layer.id, styles);
    }

    uncovered(layer, number) {
      if (!layer.uncovered) return [];
      const look = this.data.uncovered;
      this.map.addSource(`u${number}`, { type: "geojson", data: feature(polygons(unpackedParts(layer.uncovered)), {}), tolerance: 0 });
      return [
        { id: `u${number}-fill`, type: "fill", source: `u${number}`, paint: look.hatch ? { "fill-pattern": "uncovered" } : { "fill-color": look.fill, "fill-opacity": look.opacity } },
        { id: `u${number}-line`, type: "line", source: `u${number}`, paint: { "line-color": look.line, "line-width": look.width, ...(look.dash ? { "line-dasharray": look.dash.map((part) => part / look.width) } : {}) } },
      ];
    }

    show(id, on) {
      (this.styles.get(id) || []).forEach((style) => this.map.setLayoutProperty(style.id, "visibility", on ? "visible" : "none"));
    }

    fade(id, opacity) {
      (this.styles.get(id) || []).forEach((style) => {
        const name = OPACITY[style.type];
        this.map.setPaintProperty(style.id, name, (style.paint[name] === undefined ? 1 : style.paint[name]) * opacity);
        if (style.type === "circle") this.map.setPaintProperty(style.id, "circle-stroke-opacity", opacity);
      });
    }

    relief(on) { if (this.map.getLayer("relief")) this.map.setLayoutProperty("relief", "visibility", on ? "visible" : "none"); }

    light(geometry) {
      this.map.getSource("light").setData(geometry ? feature(geometry, {}) : EMPTY);
    }

    // Tells whether something is still to be drawn: a blank map must not be read as free land.
    onBusy(listener) {
      const { map } = this;
      const told = () => listener(!map.loaded() || !map.areTilesLoaded());
      ["dataloading", "sourcedata", "movestart", "moveend", "idle"].forEach((name) => map.on(name, told));
      map.on("idle", () => listener(false));
      told();
    }

    // Paper wants a finer picture, and at once: the browser does not wait.
    print(on) {
      this.map.setPixelRatio(on ? 3 : window.devicePixelRatio || 1);
      this.map.resize();
      this.map.redraw();
    }
  }

  function viewOf(map) {
    const EVENTS = { move: ["move", "resize"], settle: ["moveend", "resize"], click: ["click"], double: ["dblclick"], pointer: ["mousemove"] };
    const container = map.getContainer();
    const view = {
      element: container,
      size: () => ({ x: container.clientWidth, y: container.clientHeight }),
      project: (place) => map.project(place),
      unproject: ({ x, y }) => { const at = map.unproject([x, y]); return [at.lng, at.lat]; },
      bounds: () => { const box = map.getBounds(); return [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()]; },
      get: () => ({ lon: map.getCenter().lng, lat: map.getCenter().lat, zoom: map.getZoom() }),
      set: ({ lon, lat, zoom }) => map.jumpTo({ center: [lon, lat], zoom }),
      fit: ([w, s, e, n], padding = 24, maxZoom = 19, right = 0) => map.fitBounds([[w, s], [e, n]], { animate: false, padding: { top: padding, left: padding, bottom: padding, right: padding + right }, maxZoom }),
      zoomBy: (steps) => map.zoomTo(map.getZoom() + steps, { duration: 200 }),
      resize: () => map.resize(),
      doubleClickZoom: (on) => map.doubleClickZoom[on ? "enable" : "disable"](),
      on: (event, listener) => EVENTS[event].forEach((name) => map.on(name, (told) => listener(told.lngLat ? [told.lngLat.lng, told.lngLat.lat] : undefined, told.originalEvent))),
    };
    view.sheet = function (name, zIndex, draw) {
      const svg = zoningMap.drawn("svg", { class: `sheet-over ${name}`, "aria-hidden": "true", style: `z-index:${zIndex - 460}` });
      container.querySelector(".maplibregl-canvas-container").after(svg);
      const update = () => {
        const size = view.size();
        svg.setAttribute("width", size.x);
        svg.setAttribute("height", size.y);
        svg.replaceChildren();
        draw(svg, size);
      };
      map.on("move", update);
      map.on("resize", update);
      update();
      return update;
    };
    return view;
  }

  function serve(data, opened) {
    maplibregl.addProtocol("zones", async ({ url }) => {
      const [name, z, x, y] = url.slice("zones://".length).split("/");
      if (name === "relief") return { data: zoningMap.bytesOf(data.relief.source.split(",")[1]).buffer };
      return { data: (await opened[Number(name)].tile(Number(z), Number(x), Number(y))) || new ArrayBuffer(0) };
    });
  }

  // Milliseconds that a frame takes: the middle one of three, each waited for.
  function frameTime(map) {
    const gl = map.getCanvas().getContext("webgl2");
    const times = [0, 1, 2].map(() => {
      const start = performance.now();
      map.redraw();
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
      return performance.now() - start;
    });
    return times.sort((one, other) => one - other)[1];
  }

  // Returns {view, drawing}; throws where MapLibre cannot draw. `opened`: zones by number, null where they cannot be read.
  // `most`: milliseconds that a frame may take, else it counts as one that cannot; null where MapLibre was asked for.
  // `start`: the view to begin with, the whole land where it is null; `right`: pixels that the legend takes of it.
  zoningMap.drawWithMapLibre = async function (container, data, opened, { right, start, most }) {
    serve(data, opened);
    const map = new maplibregl.Map({
      container,
      style: baseStyle(data),
      ...(start ? { center: [start.lon, start.lat], zoom: start.zoom } : {
        bounds: [data.frame.bounds.slice(0, 2), data.frame.bounds.slice(2)],
        fitBoundsOptions: { padding: { top: 24, left: 24, bottom: 24, right: 24 + right } },
      }),
      attributionControl: false,
      dragRotate: false,
      touchPitch: false,
      pitchWithRotate: false,
      rollEnabled: false,
      minZoom: 7,
      maxZoom: 19,
      fadeDuration: 0,
      canvasContextAttributes: { preserveDrawingBuffer: true },
      locale: { "Map.Title": "map" },
    });
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    await new Promise((done, failed) => {
      map.once("style.load", done);
      map.once("error", (told) => failed(told.error));
    });
    map.addSource("light", { type: "geojson", data: EMPTY, tolerance: 0 });
    map.addLayer({ id: "frame", type: "line", source: "frame", paint: { "line-color": "#3A372F", "line-width": 2, "line-opacity": 0.85 } });
    map.addLayer({ id: "light-casing", type: "line", source: "light", paint: { "line-color": "#FFFFFF", "line-width": 7 } });
    map.addLayer({ id: "light-line", type: "line", source: "light", paint: { "line-color": "#111111", "line-width": 3 } });
    const drawing = new Drawing(map, data);
    await drawing.learnHatches();
    for (let number = opened.length - 1; number >= 0; number -= 1) if (opened[number]) drawing.add(opened[number], number);
    // A card may call itself what it likes: what counts is how fast it draws this very map.
    if (most !== null) {
      await Promise.race([new Promise((done) => { map.once("idle", done); }), new Promise((go) => { setTimeout(go, PATIENCE_MS); })]);
      if (frameTime(map) > most) { map.remove(); throw new Error("too slow"); }
    }
    return { map, view: viewOf(map), drawing };
  };
})((window.zoningMap = window.zoningMap || {}));
