// Measuring by hand: points on the map, lengths and areas on the ellipsoid. Works with pointer and with keys.
(function (zoningMap) {
  "use strict";
  const CLOSE = 4;

  // words: pairs by name; box: the element that shows the figures; buttons: {distance, area}.
  zoningMap.measure = function (view, words, box, buttons) {
    const { told, node, say } = zoningMap;
    let mode = null;
    let points = [];
    let ended = false;
    const update = view.sheet("measure", 498, (svg) => {
      if (!mode || !points.length) return;
      const pixels = points.map(view.project);
      const path = pixels.map(({ x, y }) => `${x},${y}`).join(" ");
      const shape = mode === "area" ? "polygon" : "polyline";
      svg.appendChild(zoningMap.drawn(shape, { points: path, class: "measured-casing" }));
      svg.appendChild(zoningMap.drawn(shape, { points: path, class: `measured ${mode}` }));
      pixels.forEach(({ x, y }) => svg.appendChild(zoningMap.drawn("circle", { cx: x, cy: y, r: 3.5, class: "measured-point" })));
    });

    function row(list, name, value, key) {
      list.appendChild(told("dt", null, name));
      const shown = list.appendChild(node("dd"));
      shown.dataset.measured = key;
      say(shown, value);
    }

    const results = () => {
      const ring = points.concat(points.slice(0, 1));
      if (mode === "distance") return { distance: zoningMap.lengthOf(points) };
      return { area: points.length > 2 ? zoningMap.areaOf(points) : 0, perimeter: points.length > 1 ? zoningMap.lengthOf(ring) : 0 };
    };

    function show() {
      update();
      box.hidden = !mode;
      if (!mode) return;
      const found = results();
      const list = node("dl");
      if (mode === "distance") row(list, words.measured_distance, zoningMap.lengthText(found.distance), "distance");
      else {
        row(list, words.measured_area, zoningMap.areaText(found.area), "area");
        row(list, words.measured_perimeter, zoningMap.lengthText(found.perimeter), "perimeter");
      }
      const clear = told("button", "plain", ended ? words.measure_clear : words.close);
      clear.type = "button";
      clear.addEventListener("click", () => (ended ? begin(mode) : stop()));
      box.replaceChildren(list, told("p", "hint", words.measure_hint), clear);
    }

    function begin(wanted) {
      mode = wanted;
      points = [];
      ended = false;
      zoningMap.measuring = Boolean(mode);
      view.doubleClickZoom(!mode);
      view.element.classList.toggle("measuring", Boolean(mode));
      Object.entries(buttons).forEach(([name, button]) => button.setAttribute("aria-pressed", String(name === mode)));
      show();
    }

    const stop = () => begin(null);

    function add(place) {
      if (ended) begin(mode);
      const last = points[points.length - 1];
      const [from, to] = [last && view.project(last), view.project(place)];
      if (from && Math.hypot(from.x - to.x, from.y - to.y) < CLOSE) return;
      points.push(place);
      show();
    }

    function end() {
      if (!mode) return;
      ended = true;
      show();
    }

    view.on("click", (place) => { if (mode && place) add(place); });
    view.on("double", () => end());
    Object.entries(buttons).forEach(([name, button]) => button.addEventListener("click", () => (mode === name ? stop() : begin(name))));
    window.addEventListener("keydown", (event) => {
      if (!mode) return;
      const onMap = view.element.contains(event.target);
      if (event.key === "Escape") { event.preventDefault(); stop(); }
      if (event.key === "Backspace" && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName)) { event.preventDefault(); points.pop(); ended = false; show(); }
      if (event.key === "Enter" && onMap) { event.preventDefault(); if (event.shiftKey || ended) end(); else add(view.unproject({ x: view.size().x / 2, y: view.size().y / 2 })); }
    });
    return { begin, stop, add, end, results, points: () => points };
  };
})((window.zoningMap = window.zoningMap || {}));
