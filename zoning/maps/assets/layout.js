// What all pages share: narrow and tight screens, the room of the legend, metres in a pixel, coordinates under the pointer.
(function (zoningMap) {
  "use strict";
  const PIXEL_M = 0.0254 / 96;
  const STEP = 50;

  // The same widths stand in the style sheets: on a narrow screen lists are sheets, on a tight one the legend is folded.
  // Paper is neither: there the legend is always open.
  zoningMap.narrow = window.matchMedia("screen and (max-width: 900px)");
  zoningMap.tight = window.matchMedia("screen and (max-width: 1100px)");

  zoningMap.foldLegend = function () {
    const fold = () => document.querySelectorAll("details.legend").forEach((item) => { item.open = !zoningMap.tight.matches; });
    zoningMap.tight.addEventListener("change", fold);
    fold();
    return fold;
  };

  zoningMap.metresPerPixel = function (view) {
    const { x, y } = view.size();
    const [from, to] = [-STEP, STEP].map((step) => view.unproject({ x: x / 2 + step, y: y / 2 }));
    return zoningMap.distanceOf(from, to) / (2 * STEP);
  };

  // The scale of a view is 1 to so much; a pixel has 1/96 inch.
  zoningMap.denominator = (view) => zoningMap.metresPerPixel(view) / PIXEL_M;

  // Shows the place under the pointer, after a move that of the middle; word: pair with {zone}.
  zoningMap.readout = function (view, word) {
    const [sphere, plane] = document.querySelector(".readout").children;
    const show = ([lon, lat]) => {
      const gk = zoningMap.gaussKruger(lon, lat);
      sphere.textContent = `${zoningMap.dms(lon, "EW", 2)}  ${zoningMap.dms(lat, "NS", 2)}`;
      zoningMap.say(plane, zoningMap.fill(word, { zone: gk.zone }).map((text) => `${text}  X ${gk.x.toFixed(1)}  Y ${gk.y.toFixed(1)}`));
    };
    const centre = () => { const { lon, lat } = view.get(); show([lon, lat]); };
    view.on("pointer", (place) => { if (place) show(place); });
    view.on("move", centre);
    centre();
  };

  // A bar of a round length, at most so many pixels long.
  zoningMap.scaleBar = function (view, most = 120) {
    const bar = document.querySelector(".scale-bar");
    const update = () => {
      const metres = zoningMap.metresPerPixel(view);
      const unit = 10 ** Math.floor(Math.log10(metres * most));
      const round = [5, 2, 1].map((k) => k * unit).find((length) => length <= metres * most);
      bar.style.width = `${round / metres}px`;
      bar.textContent = round >= 1000 ? `${round / 1000} km` : `${round} m`;
    };
    view.on("move", update);
    update();
  };

  // Leaflet names the button that closes a popup in English only.
  zoningMap.nameClose = function (popup, pair) {
    const button = popup.getElement() && popup.getElement().querySelector(".leaflet-popup-close-button");
    if (button) zoningMap.name(button, "aria-label", pair);
  };

  // The button bears the name of the other language, in that language.
  zoningMap.languageButton = function (pair) {
    const button = document.querySelector("[data-tool=language]");
    const name = (language) => {
      button.lang = language === "zh" ? "en" : "zh-CN";
      button.querySelector("span").textContent = zoningMap.pick(pair);
    };
    button.addEventListener("click", () => zoningMap.setLanguage(zoningMap.language() === "zh" ? "en" : "zh"));
    zoningMap.onLanguage(name);
    name(zoningMap.language());
  };
})((window.zoningMap = window.zoningMap || {}));
