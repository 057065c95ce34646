// A Leaflet map as the tools of the page see it: places are [lon, lat]; zooms count tiles of 512 pixels, as MapLibre does.
(function (zoningMap) {
  "use strict";
  const EVENTS = { move: "move zoom viewreset resize", settle: "moveend resize", click: "click", double: "dblclick", pointer: "mousemove" };

  zoningMap.leafletView = function (map) {
    const view = {
      element: map.getContainer(),
      size: () => map.getSize(),
      project: ([lon, lat]) => map.latLngToContainerPoint([lat, lon]),
      unproject: ({ x, y }) => { const at = map.containerPointToLatLng([x, y]); return [at.lng, at.lat]; },
      bounds: () => { const box = map.getBounds(); return [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()]; },
      get: () => ({ lon: map.getCenter().lng, lat: map.getCenter().lat, zoom: map.getZoom() - 1 }),
      set: ({ lon, lat, zoom }) => map.setView([lat, lon], zoom + 1, { animate: false }),
      fit: ([w, s, e, n], padding = 24, maxZoom = 19, right = 0) => map.fitBounds([[s, w], [n, e]], { animate: false, paddingTopLeft: [padding, padding], paddingBottomRight: [padding + right, padding], maxZoom: maxZoom + 1 }),
      zoomBy: (steps) => map.setZoom(map.getZoom() + steps),
      resize: () => map.invalidateSize({ animate: false, pan: false }),
      doubleClickZoom: (on) => map.doubleClickZoom[on ? "enable" : "disable"](),
      on: (event, listener) => map.on(EVENTS[event], (told) => listener(told.latlng ? [told.latlng.lng, told.latlng.lat] : undefined, told.originalEvent)),
    };

    // An SVG that always covers the view. It lies in a pane, so that popups stay above it.
    view.sheet = function (name, zIndex, draw) {
      const holder = map.getPane(name) || map.createPane(name);
      holder.style.zIndex = zIndex;
      holder.style.pointerEvents = "none";
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("aria-hidden", "true");
      holder.appendChild(svg);
      const update = () => {
        const size = map.getSize();
        svg.setAttribute("width", size.x);
        svg.setAttribute("height", size.y);
        L.DomUtil.setPosition(svg, map.containerPointToLayerPoint([0, 0]));
        svg.replaceChildren();
        draw(svg, size);
        holder.style.visibility = "visible";
      };
      map.on("move viewreset resize zoomend", update);
      map.on("zoomanim", () => { holder.style.visibility = "hidden"; });
      update();
      return update;
    };
    return view;
  };
})((window.zoningMap = window.zoningMap || {}));
