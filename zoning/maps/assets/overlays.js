// What is drawn over the map in screen units: graticule with its figures, and the names of the zones.
(function (zoningMap) {
  "use strict";
  const NS = "http://www.w3.org/2000/svg";
  const STEPS = [5, 2, 1, 1 / 2, 1 / 3, 1 / 6, 1 / 12, 1 / 30, 1 / 60, 1 / 120, 1 / 180, 1 / 360, 1 / 720, 1 / 1800, 1 / 3600];
  const CELL = 130;
  const FIGURE = 124; // its width, and the tools beside it
  const BELOW = 80; // scale, mark and coordinates

  const element = (zoningMap.drawn = function (name, attributes, text) {
    const made = document.createElementNS(NS, name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    if (text !== undefined) made.textContent = text;
    return made;
  });

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

  zoningMap.graticule = function (view) {
    return view.sheet("graticule", 470, (svg, size) => {
      const [west, south, east, north] = view.bounds();
      const perPixel = (east - west) / Math.max(size.x, 1);
      const step = STEPS.filter((candidate) => candidate / perPixel >= CELL).pop() || STEPS[0];
      const line = (x1, y1, x2, y2) => svg.appendChild(element("line", { x1, y1, x2, y2, class: "graticule" }));
      const figure = (x, y, text, anchor) => svg.appendChild(element("text", { x, y, class: "figure", "text-anchor": anchor }, text));
      for (let i = Math.ceil(west / step); i * step <= east; i += 1) {
        const x = Math.round(view.project([i * step, north]).x) + 0.5;
        line(x, 0, x, size.y);
        // A figure that the edge would cut says less than none.
        if (x < size.x - FIGURE) figure(x + 3, 12, zoningMap.dms(i * step, "EW", 0), "start");
      }
      for (let i = Math.ceil(south / step); i * step <= north; i += 1) {
        const y = Math.round(view.project([west, i * step]).y) + 0.5;
        line(0, y, size.x, y);
        if (y > 28 && y < size.y - BELOW) figure(4, y - 3, zoningMap.dms(i * step, "NS", 0), "start");
      }
    });
  };

  // labels: [{text, at: [lat, lon], size: [dLat, dLon], layer}], most important first. A name that finds no room is left out.
  // blocked(box): whether something lies there that no name may cover.
  zoningMap.labels = function (view, labels, isOn, fits = () => true, blocked = () => false) {
    return view.sheet("labels", 494, (svg, size) => {
      const taken = [];
      labels.filter((label) => isOn(label.layer) && fits(label)).forEach((label) => {
        const at = view.project([label.at[1], label.at[0]]);
        const corner = view.project([label.at[1] + label.size[1], label.at[0] + label.size[0]]);
        const width = [...label.text].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 255 ? 11.5 : 6.5), 0);
        const box = [at.x - width / 2, at.y - 8, at.x + width / 2, at.y + 8];
        const roomy = Math.max(corner.x - at.x, at.y - corner.y) > width * 0.6;
        const inside = box[0] > 2 && box[1] > 30 && box[2] < size.x - 2 && box[3] < size.y - 30;
        const free = taken.every((other) => box[2] < other[0] || other[2] < box[0] || box[3] < other[1] || other[3] < box[1]);
        if (!roomy || !inside || !free || blocked(box)) return;
        taken.push(box);
        svg.appendChild(element("text", { x: at.x, y: at.y + 4, class: "zone-name", "text-anchor": "middle" }, label.text));
      });
    });
  };
})((window.zoningMap = window.zoningMap || {}));
