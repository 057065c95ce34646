// Paper and small screens: the map takes the size it is given there, and the lists become sheets.
(function (zoningMap) {
  "use strict";
  const PRINTED_PIXELS = [680, 470];
  const hatches = () => document.querySelectorAll(".patterns pattern");

  zoningMap.printing = function (map, fit) {
    const box = map.getContainer();
    let opened = [];
    let view = null;
    const before = () => {
      if (view) return;
      view = [map.getCenter(), map.getZoom()];
      zoningMap.onPaper = true; // the legend stands below the map there
      map.closePopup();
      opened = [...document.querySelectorAll("details:not([open]):not(.clear)")];
      opened.forEach((item) => { item.open = true; });
      // Tiles of a hatch are printed as pictures of one point per unit: so large, their lines stay sharp.
      hatches().forEach((hatch) => hatch.setAttribute("patternTransform", "scale(1.33333)"));
      box.style.width = `${PRINTED_PIXELS[0]}px`;
      box.style.height = `${PRINTED_PIXELS[1]}px`;
      map.invalidateSize({ animate: false, pan: false });
      fit();
    };
    const after = () => {
      if (!view) return;
      zoningMap.onPaper = false;
      hatches().forEach((hatch) => hatch.removeAttribute("patternTransform"));
      box.style.width = "";
      box.style.height = "";
      opened.forEach((item) => { item.open = false; });
      map.invalidateSize({ animate: false, pan: false });
      map.setView(...view, { animate: false });
      view = null;
    };
    window.addEventListener("beforeprint", before);
    window.addEventListener("afterprint", after);
  };

  zoningMap.sheets = function (map, fit) {
    const sheet = () => document.querySelector(".sheet");
    const open = (name) => {
      sheet().dataset.open = name || "";
      document.querySelectorAll(".tabs button").forEach((tab) => tab.setAttribute("aria-expanded", String(tab.dataset.opens === name)));
    };
    document.addEventListener("click", (event) => {
      const tab = event.target.closest(".tabs button");
      if (tab) open(sheet().dataset.open === tab.dataset.opens ? "" : tab.dataset.opens);
    });
    map.on("click", () => open(""));
    zoningMap.narrow.addEventListener("change", () => { map.invalidateSize({ animate: false }); fit(); });
  };
})((window.zoningMap = window.zoningMap || {}));
