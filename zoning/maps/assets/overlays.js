// What is drawn over the map in screen units: graticule with its figures, and the names of the zones.
(function (zoningMap) {
  "use strict";
  const NS = "http://www.w3.org/2000/svg";
  const STEPS = [5, 2, 1, 1 / 2, 1 / 3, 1 / 6, 1 / 12, 1 / 30, 1 / 60, 1 / 120, 1 / 180, 1 / 360, 1 / 720, 1 / 1800, 1 / 3600];
  const CELL = 130;

  function element(name, attributes, text) {
    const made = document.createElementNS(NS, name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // An SVG that always covers the view. It lies in a pane, so that popups stay above it.
  function sheet(map, pane, zIndex, draw) {
    const holder = map.createPane(pane);
    holder.style.zIndex = zIndex;
    holder.style.pointerEvents = "none";
    const svg = element("svg", { "aria-hidden": "true" });
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
  }

  zoningMap.dms = function (degrees, letters, decimals) {
    const letter = degrees < 0 ? letters[1] : letters[0];
    const unit = 10 ** decimals;
    const total = Math.round(Math.abs(degrees) * 3600 * unit);
    const seconds = (total % (60 * unit)) / unit;
    const minutes = Math.floor(total / (60 * unit)) % 60;
    const whole = Math.floor(total / (3600 * unit));
    const shown = seconds.toFixed(decimals).padStart(decimals ? decimals + 3 : 2, "0");
    return `${whole}°${String(minutes).padStart(2, "0")}′${shown}″${letter}`;
  };

  zoningMap.graticule = function (map) {
    return sheet(map, "graticule", 470, (svg, size) => {
      const bounds = map.getBounds();
      const perPixel = (bounds.getEast() - bounds.getWest()) / Math.max(size.x, 1);
      const step = STEPS.filter((candidate) => candidate / perPixel >= CELL).pop() || STEPS[0];
      const line = (x1, y1, x2, y2) => svg.appendChild(element("line", { x1, y1, x2, y2, class: "graticule" }));
      const figure = (x, y, text, anchor) => svg.appendChild(element("text", { x, y, class: "figure", "text-anchor": anchor }, text));
      for (let i = Math.ceil(bounds.getWest() / step); i * step <= bounds.getEast(); i += 1) {
        const x = Math.round(map.latLngToContainerPoint([bounds.getNorth(), i * step]).x) + 0.5;
        line(x, 0, x, size.y);
        figure(x + 3, 12, zoningMap.dms(i * step, "EW", 0), "start");
      }
      for (let i = Math.ceil(bounds.getSouth() / step); i * step <= bounds.getNorth(); i += 1) {
        const y = Math.round(map.latLngToContainerPoint([i * step, bounds.getWest()]).y) + 0.5;
        line(0, y, size.x, y);
        if (y > 28 && y < size.y - 30) figure(4, y - 3, zoningMap.dms(i * step, "NS", 0), "start");
      }
    });
  };

  // labels: [{text, at: [lat, lon], size: [dLat, dLon], layer}], most important first. A name that finds no room is left out.
  zoningMap.labels = function (map, labels, isOn) {
    return sheet(map, "labels", 494, (svg, size) => {
      const taken = [];
      labels.filter((label) => isOn(label.layer)).forEach((label) => {
        const at = map.latLngToContainerPoint(label.at);
        const corner = map.latLngToContainerPoint([label.at[0] + label.size[0], label.at[1] + label.size[1]]);
        const width = [...label.text].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 255 ? 11.5 : 6.5), 0);
        const box = [at.x - width / 2, at.y - 8, at.x + width / 2, at.y + 8];
        const roomy = Math.max(corner.x - at.x, at.y - corner.y) > width * 0.6;
        const inside = box[0] > 2 && box[1] > 30 && box[2] < size.x - 2 && box[3] < size.y - 30;
        const free = taken.every((other) => box[2] < other[0] || other[2] < box[0] || box[3] < other[1] || other[3] < box[1]);
        if (!roomy || !inside || !free) return;
        taken.push(box);
        svg.appendChild(element("text", { x: at.x, y: at.y + 4, class: "zone-name", "text-anchor": "middle" }, label.text));
      });
    });
  };
})((window.zoningMap = window.zoningMap || {}));
