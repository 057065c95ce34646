// Layers that are drawn only on maps of some scales: which are drawn now, and what the tree says of the others.
(function (zoningMap) {
  "use strict";
  const grouped = (number) => zoningMap.grouped(number, 0);

  // Two figures are enough to tell a scale.
  function rounded(denominator) {
    const unit = 10 ** Math.max(Math.floor(Math.log10(denominator)) - 1, 0);
    return grouped(Math.round(denominator / unit) * unit);
  }

  // ranges: {layer: [finest, coarsest]} of denominators, 0 where an end is open; words: pairs by name.
  // changed() is called when other layers are drawn than before.
  zoningMap.scales = function (view, ranges, words, changed) {
    const { fill, say } = zoningMap;
    let now = zoningMap.denominator(view);
    const fits = (id) => {
      const [finest, coarsest] = ranges[id] || [0, 0];
      return now >= finest && (!coarsest || now <= coarsest);
    };
    const reason = (id) => {
      const [finest, coarsest] = ranges[id];
      const name = finest && coarsest ? "scale_between" : coarsest ? "scale_from" : "scale_to";
      return fill(words[name], { now: rounded(now), finest: grouped(finest), coarsest: grouped(coarsest) });
    };
    const tell = () => document.querySelectorAll("[data-scale]").forEach((note) => {
      const { scale } = note.dataset;
      note.hidden = !(scale in ranges) || fits(scale);
      if (!note.hidden) say(note, reason(scale));
    });
    const drawn = () => Object.keys(ranges).filter(fits).join(" ");
    let before = drawn();
    const update = () => {
      now = zoningMap.denominator(view);
      tell();
      const after = drawn();
      if (after === before) return;
      before = after;
      changed();
    };
    view.on("settle", update);
    tell();
    return { fits, tell, update, denominator: () => now };
  };
})((window.zoningMap = window.zoningMap || {}));
