// Draws the chart of a site with Leaflet: relief, zones, the mask around the sheet, conflict pieces, the site.
(function (zoningMap) {
  "use strict";
  const HEIGHTS = { relief: 250, mask: 480, conflicts: 490, site: 492 };

  // `hears`: whether what lies in it can be pointed at.
  const pane = (map, name, { height = HEIGHTS[name], hears = false } = {}) => {
    const made = map.createPane(name);
    made.style.zIndex = height;
    if (!hears) made.style.pointerEvents = "none";
    return name;
  };
  const shapes = (data, style, where, options) => L.geoJSON(data, { style, pane: where, smoothFactor: 0.6, ...options });

  function relief(map, told) {
    return told && L.imageOverlay(told.source, told.bounds, { pane: pane(map, "relief") }).addTo(map);
  }

  function zones(map, layer) {
    const where = pane(map, `zones-${layer.id}`, { height: layer.height, hears: true });
    const group = L.featureGroup(layer.classes.map((told) => shapes(told.zones, told.look, where)));
    return layer.shown ? group.addTo(map) : group;
  }

  function conflicts(map, told) {
    if (!told) return null;
    const where = pane(map, "conflicts", { hears: true });
    shapes(told.pieces.filter((piece) => piece.properties.area), told.veil, where, { interactive: false }).addTo(map);
    return shapes(told.pieces, (piece) => told.looks[piece.properties.decision], where, { smoothFactor: 0 }).addTo(map);
  }

  function site(map, told) {
    const where = pane(map, "site");
    const [, line] = [told.casing, told.line].map((look) => shapes(told.shape, look, where, { interactive: false }).addTo(map));
    return line;
  }

  // Returns {map, groups, site, conflicts, relief}; the last two are null where there is none.
  zoningMap.drawSite = function (container, chart) {
    const map = L.map(container, { center: chart.centre, zoom: 14, maxZoom: 20, zoomControl: false, attributionControl: Boolean(chart.tiles), zoomSnap: 0.25, maxBoundsViscosity: 0.7 });
    if (chart.tiles) L.tileLayer(chart.tiles.address, { attribution: chart.tiles.credit, maxZoom: 20, maxNativeZoom: chart.tiles.maxZoom }).addTo(map);
    const drawn = { map, relief: relief(map, chart.relief), groups: Object.fromEntries(chart.layers.map((layer) => [layer.id, zones(map, layer)])) };
    shapes(chart.mask.shape, chart.mask.look, pane(map, "mask"), { interactive: false }).addTo(map);
    return { ...drawn, conflicts: conflicts(map, chart.conflicts), site: site(map, chart.site) };
  };
})((window.zoningMap = window.zoningMap || {}));
