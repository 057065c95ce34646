// The search box: a list that opens under it, with arrow keys, Enter and Escape. What is found, the page says.
(function (zoningMap) {
  "use strict";
  const MOST = 12;

  // Reads "112.41 35.48" or "112°24′30″E 35°29′N", in either order: longitudes here are larger than latitudes.
  zoningMap.readPlace = function (text) {
    const figures = text.replace(/[，,;；]/g, " ").match(/\d+(?:\.\d+)?(?:\s*[°度]\s*(?:\d+(?:\.\d+)?\s*[′'分]\s*(?:\d+(?:\.\d+)?\s*[″"秒])?)?)?/g) || [];
    if (figures.length !== 2 || /[^\d\s.,，;；°度′'分″"秒EWNSew东西南北经纬ns-]/.test(text)) return null;
    const degrees = figures.map((figure) => figure.match(/\d+(?:\.\d+)?/g).reduce((sum, part, i) => sum + Number(part) / 60 ** i, 0));
    const [lat, lon] = degrees.sort((one, other) => one - other);
    return lon >= 70 && lon <= 140 && lat >= 0 && lat <= 60 ? [lon, lat] : null;
  };

  // find(text) -> [{title, side, go}] with titles as pairs or texts; words: pairs by name.
  zoningMap.search = function (input, list, find, words) {
    const { node, told } = zoningMap;
    let found = [];
    let chosen = -1;

    function close() {
      list.hidden = true;
      list.replaceChildren();
      chosen = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function mark(number) {
      chosen = (number + found.length) % found.length;
      [...list.querySelectorAll("[role=option]")].forEach((item, i) => {
        item.setAttribute("aria-selected", String(i === chosen));
        if (i === chosen) { input.setAttribute("aria-activedescendant", item.id); item.scrollIntoView({ block: "nearest" }); }
      });
    }

    function take(number) {
      const one = found[number];
      close();
      if (one) one.go();
    }

    function show() {
      const text = input.value.trim();
      if (!text) { close(); return; }
      const all = find(text);
      found = all.slice(0, MOST);
      list.replaceChildren(...found.map((one, i) => {
        const item = node("li");
        item.id = `${list.id}-${i}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.appendChild(told("b", null, one.title));
        item.appendChild(told("span", null, one.side));
        item.addEventListener("mousedown", (event) => event.preventDefault());
        item.addEventListener("click", () => take(i));
        return item;
      }));
      const note = !all.length ? zoningMap.fill(words.search_none, { text }) : all.length > MOST ? zoningMap.fill(words.search_more, { count: all.length - MOST }) : null;
      if (note) {
        const item = told("li", "note", note);
        item.setAttribute("role", "option");
        item.setAttribute("aria-disabled", "true");
        list.appendChild(item);
      }
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      chosen = -1;
      input.removeAttribute("aria-activedescendant");
    }

    input.addEventListener("input", show);
    input.addEventListener("focus", () => { if (input.value.trim()) show(); });
    input.addEventListener("blur", () => setTimeout(close, 150));
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" && found.length) { event.preventDefault(); mark(chosen + 1); }
      else if (event.key === "ArrowUp" && found.length) { event.preventDefault(); mark(chosen < 0 ? found.length - 1 : chosen - 1); }
      else if (event.key === "Enter") { event.preventDefault(); take(Math.max(chosen, 0)); }
      else if (event.key === "Escape") close();
    });
  };
})((window.zoningMap = window.zoningMap || {}));
