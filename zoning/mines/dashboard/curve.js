// A series of one thing as a small drawing: measured values, the reference area, the target.
(function (zoningMap) {
  "use strict";
  const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [330, 132, 34, 8, 8, 22];
  const DAY = 86400000;

  // dates: ISO texts; lines: [{values (thousandths or null), name}]; words: the pair of "no value".
  zoningMap.curve = function (dates, lines, title) {
    const drawn = zoningMap.drawn;
    const times = dates.map((day) => Date.parse(day) / DAY);
    const known = lines.flatMap(({ values }) => values).filter((value) => value !== null);
    if (!known.length) return null;
    let [least, most] = [Math.min(...known, 0), Math.max(...known)];
    if (most - least < 200) most = least + 200;
    const [first, last] = [times[0], times[times.length - 1]];
    const x = (time) => LEFT + (last > first ? (time - first) / (last - first) : 0.5) * (WIDTH - LEFT - RIGHT);
    const y = (value) => TOP + (1 - (value - least) / (most - least)) * (HEIGHT - TOP - BOTTOM);
    const svg = drawn("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "curve", role: "img", "aria-label": title });

    const step = (most - least) > 600 ? 200 : 100;
    for (let value = Math.ceil(least / step) * step; value <= most; value += step) {
      svg.append(drawn("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(value), y2: y(value), class: value ? "grid" : "zero" }));
      svg.append(drawn("text", { x: LEFT - 4, y: y(value) + 3.5, "text-anchor": "end" }, (value / 1000).toFixed(1)));
    }
    // Years where they begin; a series within one year says it at its first date.
    const years = [...new Set(dates.map((day) => day.slice(0, 4)))];
    const starts = years.map((year) => [year, Date.parse(`${year}-01-01`) / DAY]).filter(([, time]) => time >= first);
    (starts.length ? starts : [[years[0], first]]).forEach(([year, time]) => {
      svg.append(drawn("text", { x: x(time), y: HEIGHT - 6, "text-anchor": x(time) < LEFT + 12 ? "start" : "middle" }, year));
      svg.append(drawn("line", { x1: x(time), x2: x(time), y1: HEIGHT - BOTTOM, y2: HEIGHT - BOTTOM + 4, class: "tick" }));
    });
    lines.forEach(({ values, name }) => {
      // A gap where a date gave no value: nothing is known of it, so no line leads over it.
      let path = "";
      let open = false;
      values.forEach((value, k) => {
        if (value === null) { open = false; return; }
        path += `${open ? "L" : "M"}${x(times[k]).toFixed(1)} ${y(value).toFixed(1)}`;
        open = true;
      });
      svg.append(drawn("path", { d: path, class: `line ${name}` }));
      if (name !== "measured") return;
      values.forEach((value, k) => { if (value !== null) svg.append(drawn("circle", { cx: x(times[k]), cy: y(value), r: 2.6, class: "point" })); });
    });
    return svg;
  };
})((window.zoningMap = window.zoningMap || {}));
