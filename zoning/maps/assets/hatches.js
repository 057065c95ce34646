// Hatches as pixels, the same shapes as in the legend: all of them in one picture, one below the other, decoded at once.
(function (zoningMap) {
  "use strict";
  const GAP = 2;

  // hatches: [[side, shapes]] -> {picture, places: [{side, top, size}]}, the places in the order of the hatches.
  zoningMap.hatchPicture = async function (hatches, ratio) {
    let top = 0;
    const places = hatches.map(([side]) => {
      const place = { side, top, size: Math.round(side * ratio) };
      top += place.size + GAP;
      return place;
    });
    const picture = document.createElement("canvas");
    picture.width = Math.max(1, ...places.map(({ size }) => size));
    picture.height = Math.max(1, top);
    if (!hatches.length) return { picture, places };
    const parts = places.map(({ side, size, ...place }, i) => `<svg y="${place.top}" width="${size}" height="${size}" viewBox="0 0 ${side} ${side}">${hatches[i][1]}</svg>`);
    const drawn = new Image();
    drawn.src = `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="${picture.width}" height="${picture.height}">${parts.join("")}</svg>`)}`;
    await drawn.decode();
    picture.getContext("2d", { willReadFrequently: true }).drawImage(drawn, 0, 0);
    return { picture, places };
  };
})((window.zoningMap = window.zoningMap || {}));
