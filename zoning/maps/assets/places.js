// Many footprints on one canvas: places as signs, large ones as outlines. Fast enough for a hundred thousand.
(function (zoningMap) {
  "use strict";
  const MILLIONTH = 1e-6;
  const [SMALL, MIDDLE, LARGE] = [2.2, 3.6, 6];
  const [CROWD, MANY] = [8000, 2000];
  const AROUND = 20;
  const OUTLINE = 14; // pixels: a smaller outline says less than a sign
  const PAPER = 3;
  const TILE = 256;

  // A polygon by its corners: turns from the east in parts of a whole turn, each with its distance from the middle.
  const ring = (corners, reach, first, inner = reach) => (pen, x, y, r) => {
    for (let k = 0; k < corners; k += 1) {
      const [turn, far] = [2 * Math.PI * (first + k / corners), (k % 2 ? inner : reach) * r];
      pen.lineTo(x + far * Math.cos(turn), y + far * Math.sin(turn));
    }
    pen.closePath();
  };
  const SHAPES = {
    circle: (pen, x, y, r) => pen.arc(x, y, r, 0, 2 * Math.PI),
    triangle: (pen, x, y, r) => { pen.moveTo(x, y - r * 1.15); pen.lineTo(x + r * 1.1, y + r * 0.85); pen.lineTo(x - r * 1.1, y + r * 0.85); pen.closePath(); },
    pointer: (pen, x, y, r) => { pen.moveTo(x, y + r * 1.15); pen.lineTo(x + r * 1.1, y - r * 0.85); pen.lineTo(x - r * 1.1, y - r * 0.85); pen.closePath(); },
    diamond: ring(4, 1.2, 0),
    octagon: ring(8, 1.1, 1 / 16),
    square: (pen, x, y, r) => pen.rect(x - r, y - r, 2 * r, 2 * r),
    hexagon: ring(6, 1.15, 0),
    pentagon: ring(5, 1.2, -1 / 4),
    star: ring(10, 1.35, -1 / 4, 0.6),
    cross: ring(8, 1.3, 0, 0.5),
  };
  const DECISIONS = { permitted: "circle", restricted: "triangle", undetermined: "diamond", prohibited: "octagon", refused: "square" };
  const shapeOf = (kind) => SHAPES[kind.shape || DECISIONS[kind.name]];
  const isHollow = (kind) => kind.hollow || kind.name === "refused";

  // The world as a square of one by one (web Mercator), as Leaflet draws it.
  const eastOf = (millionths) => (millionths * MILLIONTH + 180) / 360;
  const southOf = (millionths) => 0.5 - Math.atanh(Math.sin((millionths * MILLIONTH * Math.PI) / 180)) / (2 * Math.PI);

  // A kind as it is drawn, for legends: a canvas of its own.
  zoningMap.signOf = function (kind, r, sharp) {
    const side = Math.ceil((2 * r * 1.35 + 4) * sharp);
    const made = document.createElement("canvas");
    made.width = side;
    made.height = side;
    const pen = made.getContext("2d");
    const hollow = isHollow(kind);
    pen.scale(sharp, sharp);
    pen.fillStyle = hollow ? "#FFFFFF" : kind.colour;
    pen.strokeStyle = hollow ? kind.colour : "#FFFFFF";
    pen.lineWidth = hollow ? 1.6 : 1;
    pen.beginPath();
    shapeOf(kind)(pen, side / sharp / 2, side / sharp / 2, r);
    pen.fill();
    pen.stroke();
    return made;
  };

  // data: {kinds, places, kindOf, outlines}; shown: which kinds are on. `rekind` gives other kinds to the same places.
  zoningMap.places = function (map, data, shown) {
    const { places, outlines } = data;
    let { kinds, kindOf } = data;
    const count = kindOf.length;
    const [xs, ys] = [new Float64Array(count), new Float64Array(count)];
    for (let i = 0; i < count; i += 1) { xs[i] = eastOf(places[2 * i]); ys[i] = southOf(places[2 * i + 1]); }
    // The mildest first: the strictest is drawn last and lies on top.
    const byKind = [];
    const drawn = { list: new Int32Array(count), length: 0, kinds: [] };
    const sort = () => {
      byKind.splice(0, byKind.length, ...kinds.map(() => []));
      for (let i = 0; i < count; i += 1) if (kindOf[i] < kinds.length) byKind[kindOf[i]].push(i);
      drawn.kinds.splice(0, drawn.kinds.length, ...kinds.map(() => false));
    };
    sort();
    let [chosen, sharp, waiting] = [-1, 1, false];
    let frame = { scale: 1, left: 0, top: 0 };

    const pane = map.createPane("places");
    pane.style.zIndex = 450;
    const canvas = L.DomUtil.create("canvas", "places", pane);
    canvas.setAttribute("aria-hidden", "true");

    const look = () => {
      const { x, y } = map.getPixelBounds().min;
      frame = { scale: TILE * 2 ** map.getZoom(), left: x, top: y };
    };
    const px = (i) => xs[i] * frame.scale - frame.left;
    const py = (i) => ys[i] * frame.scale - frame.top;
    const inView = (x, y, size) => x > -AROUND && y > -AROUND && x < size.x + AROUND && y < size.y + AROUND;

    // The more places are in view, the smaller their signs.
    function radius(size) {
      let crowd = 0;
      for (let i = 0; i < count; i += 1) { const [x, y] = [px(i), py(i)]; if (x > 0 && y > 0 && x < size.x && y < size.y) crowd += 1; }
      return crowd > CROWD ? SMALL : crowd > MANY ? MIDDLE : LARGE;
    }

    // A crowd is written into the pixels: a hundred times as fast as drawing, and shapes would not be told apart.
    function dots(pen, size) {
      const picture = pen.createImageData(canvas.width, canvas.height);
      const pixels = new Uint32Array(picture.data.buffer);
      const side = Math.round(2 * SMALL * sharp);
      kinds.forEach((kind, number) => {
        if (!shown[number]) return;
        const [red, green, blue] = [1, 3, 5].map((k) => parseInt(kind.colour.slice(k, k + 2), 16));
        const ink = (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0; // bytes in the order of all common machines
        const mine = byKind[number];
        for (let k = 0; k < mine.length; k += 1) {
          const [x, y] = [px(mine[k]), py(mine[k])];
          if (!inView(x, y, size)) continue;
          keep(mine[k], number);
          const [west, north] = [Math.round(x * sharp - side / 2), Math.round(y * sharp - side / 2)];
          const [first, last] = [Math.max(west, 0), Math.min(west + side, canvas.width)];
          for (let row = Math.max(north, 0); row < Math.min(north + side, canvas.height); row += 1) {
            if (first < last) pixels.fill(ink, row * canvas.width + first, row * canvas.width + last);
          }
        }
      });
      pen.putImageData(picture, 0, 0);
    }

    function keep(i, number) {
      drawn.list[drawn.length] = i;
      drawn.length += 1;
      drawn.kinds[number] = true;
    }

    function corners(steps) {
      let [x, y] = [0, 0];
      const found = [];
      for (let k = 0; k < steps.length; k += 2) {
        x += steps[k]; y += steps[k + 1];
        found.push({ x: eastOf(x) * frame.scale - frame.left, y: southOf(y) * frame.scale - frame.top });
      }
      return found;
    }

    function isLarge(paths) {
      const size = L.bounds(corners(paths[0])).getSize();
      return Math.max(size.x, size.y) > OUTLINE;
    }

    // Each by itself: footprints that lie on each other must not cut holes into each other.
    function trace(pen, kind, paths) {
      pen.save();
      pen.scale(sharp, sharp);
      pen.beginPath();
      paths.forEach((steps) => corners(steps).forEach((at, k) => (k ? pen.lineTo(at.x, at.y) : pen.moveTo(at.x, at.y))));
      pen.globalAlpha = kind.hollow ? 0.7 : 0.45;
      pen.fillStyle = kind.hollow ? "#FFFFFF" : kind.colour;
      pen.fill("evenodd");
      pen.globalAlpha = 1;
      pen.lineWidth = 2;
      if (kind.hollow) pen.setLineDash([5, 3]);
      pen.strokeStyle = kind.colour;
      pen.stroke();
      pen.restore();
    }

    function drawKind(pen, size, number, r) {
      const kind = kinds[number];
      const stamp = zoningMap.signOf(kind, r, sharp);
      const half = stamp.width / 2;
      for (const i of byKind[number]) {
        const [x, y] = [px(i), py(i)];
        if (!inView(x, y, size)) continue;
        keep(i, number);
        if (outlines[i] && outlines[i].length && isLarge(outlines[i])) trace(pen, kind, outlines[i]);
        else pen.drawImage(stamp, Math.round(x * sharp - half), Math.round(y * sharp - half));
      }
    }

    // What is chosen: its outline where that is drawn, else a ring around its sign.
    function mark(pen, r) {
      const paths = outlines[chosen];
      const large = paths && paths.length && isLarge(paths);
      pen.save();
      pen.scale(sharp, sharp);
      pen.beginPath();
      if (large) paths.forEach((steps) => corners(steps).forEach((at, k) => (k ? pen.lineTo(at.x, at.y) : pen.moveTo(at.x, at.y))));
      else pen.arc(px(chosen), py(chosen), r + 6, 0, 2 * Math.PI);
      [["#FFFFFF", 5], ["#111111", 2.5]].forEach(([colour, width]) => { pen.strokeStyle = colour; pen.lineWidth = width; pen.stroke(); });
      pen.restore();
    }

    function draw() {
      const size = map.getSize();
      look();
      L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
      sharp = draw.onPaper ? PAPER : window.devicePixelRatio || 1;
      canvas.width = Math.round(size.x * sharp);
      canvas.height = Math.round(size.y * sharp);
      canvas.style.width = `${size.x}px`;
      canvas.style.height = `${size.y}px`;
      const pen = canvas.getContext("2d");
      drawn.length = 0;
      drawn.kinds.fill(false);
      const r = radius(size);
      if (r === SMALL) dots(pen, size);
      else kinds.forEach((_, number) => { if (shown[number]) drawKind(pen, size, number, r); });
      if (chosen >= 0 && shown[kindOf[chosen]]) mark(pen, r);
    }

    // While the map moves, at most once a frame.
    const soon = () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; draw(); });
    };
    map.on("move", soon);
    map.on("moveend zoomend resize viewreset", draw);

    function holds(paths, point) {
      let inside = false;
      paths.forEach((steps) => {
        const ends = corners(steps);
        ends.forEach((a, k) => {
          const b = ends[(k + 1) % ends.length];
          if ((a.y > point.y) !== (b.y > point.y) && point.x < (b.x - a.x) * (point.y - a.y) / (b.y - a.y) + a.x) inside = !inside;
        });
      });
      return inside;
    }

    // The drawn footprint at a pixel: the nearest sign within `reach`, else the topmost outline that holds it; -1 for none.
    function at(point, reach) {
      let [best, least, within] = [-1, reach * reach, -1];
      for (let k = 0; k < drawn.length; k += 1) {
        const i = drawn.list[k];
        const distance = (px(i) - point.x) ** 2 + (py(i) - point.y) ** 2;
        if (distance <= least) [best, least] = [i, distance];
        if (outlines[i] && outlines[i].length && holds(outlines[i], point)) within = i;
      }
      return best >= 0 ? best : within;
    }

    function box() {
      let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
      for (let i = 0; i < count; i += 1) {
        west = Math.min(west, places[2 * i]); east = Math.max(east, places[2 * i]);
        south = Math.min(south, places[2 * i + 1]); north = Math.max(north, places[2 * i + 1]);
      }
      return [west, south, east, north].map((millionths) => millionths * MILLIONTH);
    }

    return {
      count, byKind, draw, at, box,
      where: (i) => [places[2 * i] * MILLIONTH, places[2 * i + 1] * MILLIONTH],
      choose: (i) => { chosen = i; draw(); },
      rekind: (otherKinds, otherKindOf) => { kinds = otherKinds; kindOf = otherKindOf; sort(); draw(); },
      seen: () => drawn.length,
      seenKinds: () => drawn.kinds,
      print: (on) => { draw.onPaper = on; draw(); },
    };
  };
})((window.zoningMap = window.zoningMap || {}));
