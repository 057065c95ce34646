// What is known of a place: every zone there with its figures, rules and access list, and what was not checked there.
(function (zoningMap) {
  "use strict";
  const { node, told, say, fill } = zoningMap;
  const joined = (pairs) => [pairs.map((p) => p[0]).join("、"), pairs.map((p) => p[1]).join(", ")];

  function row(list, name, value, key) {
    list.appendChild(told("dt", null, name));
    const shown = list.appendChild(node("dd"));
    if (key) shown.dataset.figure = key;
    say(shown, value);
  }

  function ruleItem(data, number) {
    const rule = data.rules[number];
    const item = node("li", `rule ${rule.kind}`);
    const head = item.appendChild(node("p", "rule-head"));
    head.appendChild(told("b", null, rule.effect));
    head.appendChild(node("span", "rule-id", rule.id));
    if (!rule.verified) head.appendChild(told("em", null, data.words.unverified));
    item.appendChild(told("p", "rule-title", rule.title));
    const cite = [`《${rule.document[0]}》${rule.number} · ${rule.section}`, `${rule.document[1]}, ${rule.number}, ${rule.section}`];
    item.appendChild(told("p", "cite", cite));
    return item;
  }

  function folded(title, count, items, open) {
    const box = node("details", "fold");
    box.open = Boolean(open);
    const head = box.appendChild(node("summary"));
    head.appendChild(told("span", null, title));
    head.appendChild(node("b", null, String(count)));
    items.forEach((item) => box.appendChild(item));
    return box;
  }

  function rulesOf(data, kind) {
    if (!kind.rules.length) return told("p", "quiet", data.words.no_rules);
    const list = node("ul", "rules");
    kind.rules.forEach((number) => list.appendChild(ruleItem(data, number)));
    return folded(data.words.rules, kind.rules.length, [list, told("p", "quiet", data.words.rules_note)]);
  }

  function accessOf(data, code) {
    const unit = data.units.of[code];
    if (!unit) return null;
    const [own, numbers] = unit;
    const parts = own ? [] : [told("p", "missing", data.words.no_list)];
    const dimensions = Object.keys(data.units.dimensions);
    dimensions.forEach((dimension) => {
      const clauses = numbers.map((n) => data.units.clauses[n]).filter((clause) => clause[1] === dimension);
      if (!clauses.length) return;
      parts.push(told("h5", null, data.units.dimensions[dimension]));
      const list = node("ul", "clauses");
      clauses.forEach(([level, , number, text, edition]) => {
        const item = list.appendChild(node("li"));
        const head = item.appendChild(node("p", "cite"));
        head.appendChild(told("span", null, data.units.levels[level]));
        head.appendChild(document.createTextNode(` ${number} · `));
        const [title, , , schematic] = data.units.editions[edition];
        head.appendChild(told("span", null, title));
        if (schematic) { head.appendChild(document.createTextNode(" · ")); head.appendChild(told("em", null, data.words.list_schematic)); }
        item.appendChild(node("p", null, text));
      });
      parts.push(list);
    });
    return folded(data.words.access, numbers.length, parts, true);
  }

  // The card of one zone. `hit`: {zones, i, certain, metres}.
  zoningMap.zoneCardOf = function (data, hit, open, actions) {
    const { zones, i } = hit;
    const { layer } = zones;
    const kind = layer.classes[zones.classes[i]];
    const card = node("details", "zone-card");
    card.open = open;
    card.dataset.zone = `${layer.id}/${zones.ids[i]}`;
    const head = card.appendChild(node("summary"));
    const swatch = document.querySelector(`.legend [data-key="${layer.id}/${kind.id}"] .swatch`);
    if (swatch) head.appendChild(swatch.cloneNode(true));
    head.appendChild(zones.names[i] ? node("b", null, zones.names[i]) : told("b", null, kind.title));
    head.appendChild(told("span", "of-layer", kind.title[0] === layer.title[0] ? layer.title : [`${layer.title[0]} · ${kind.title[0]}`, `${layer.title[1]} · ${kind.title[1]}`]));
    if (!hit.certain && layer.lines) {
      card.appendChild(told("p", "quiet", fill(data.words.line_near, { metres: Math.round(hit.metres).toLocaleString("en") })));
    } else if (!hit.certain) {
      const doubt = card.appendChild(node("p", "missing"));
      doubt.appendChild(told("span", null, data.words.doubtful));
      doubt.appendChild(document.createTextNode(` (${Math.round(hit.metres)} m)`));
    }
    const list = card.appendChild(node("dl"));
    row(list, data.words.zone_id, zones.ids[i], "id");
    row(list, data.words.class, kind.title, "class");
    row(list, data.words.zone_area, zones.m2[i] === null ? data.words.line_zone : zoningMap.areaText(zones.m2[i]), "area");
    Object.entries(zones.attributes).forEach(([name, values]) => { if (values[i]) row(list, layer.attributes[name], values[i]); });
    row(list, data.words.edition, [layer.edition + (layer.validFrom ? `（${layer.validFrom} 起）` : ""), layer.edition + (layer.validFrom ? ` (from ${layer.validFrom})` : "")]);
    const access = accessOf(data, zones.ids[i]);
    if (access) card.appendChild(access);
    card.appendChild(rulesOf(data, kind));
    const foot = card.appendChild(node("p", "card-foot"));
    if (layer.schematic) foot.appendChild(told("span", "schematic", data.words.schematic));
    const go = told("button", "plain", data.words.on_map);
    go.type = "button";
    go.addEventListener("click", () => actions.go(zones, i));
    foot.appendChild(go);
    return card;
  };

  const holdsParts = (parts, [lon, lat]) => parts.some((rings) => zoningMap.shapes.partHolds(rings.map(zoningMap.shapes.unpacked), lon, lat));

  // Returns what is known of a place: hits in layers that are drawn and in those that are not, layers without data there,
  // layers without zones. A layer that is on may still not be drawn, at this scale (`rescaled`).
  zoningMap.lookUp = async function (data, opened, { isOn, isDrawn }, place, pixelMetres) {
    const inside = holdsParts(data.frame.parts, place);
    const known = { place, inside, on: [], off: [], rescaled: false, unchecked: [], none: [] };
    for (let number = 0; number < data.layers.length; number += 1) {
      const layer = data.layers[number];
      const zones = opened[number];
      const hits = zones && layer.presence === "drawn" ? await zones.at(place, pixelMetres) : [];
      known[isDrawn(layer.id) ? "on" : "off"].push(...hits);
      known.rescaled = known.rescaled || Boolean(hits.length && isOn(layer.id) && !isDrawn(layer.id));
      const blank = layer.presence === "no_data" || zones === null || (layer.uncovered && holdsParts(layer.uncovered, place));
      if (blank) known.unchecked.push(layer);
      else if (!hits.length) known.none.push(layer);
    }
    const sure = (hits) => hits.sort((one, other) => Number(other.certain) - Number(one.certain));
    sure(known.on);
    sure(known.off);
    return known;
  };

  zoningMap.showHere = function (data, panel, known, actions) {
    const { words } = data;
    const box = panel.querySelector(".here-body");
    const cards = known.on.map((hit, i) => zoningMap.zoneCardOf(data, hit, i === 0, actions));
    const parts = [];
    const [lon, lat] = known.place;
    parts.push(node("p", "place", `${zoningMap.dms(lon, "EW", 2)}  ${zoningMap.dms(lat, "NS", 2)}`));
    if (!known.inside) parts.push(told("p", "missing", fill(words.outside, { name: data.frame.name })));
    parts.push(...cards);
    if (!known.on.length && known.inside) parts.push(told("p", "none", words.nothing_here));
    if (known.unchecked.length && known.inside) {
      const gap = node("div", "unchecked");
      gap.appendChild(told("p", null, words.unchecked_intro));
      const list = gap.appendChild(node("ul"));
      known.unchecked.forEach((layer) => {
        const item = list.appendChild(node("li"));
        item.appendChild(told("span", null, layer.title));
        item.appendChild(told("b", null, words.unchecked_here));
      });
      parts.push(gap);
    }
    if (known.off.length) {
      const more = node("div", "off");
      more.appendChild(told("p", null, fill(known.rescaled ? words.off_or_scale_here : words.off_here, { count: known.off.length })));
      known.off.forEach((hit) => more.appendChild(zoningMap.zoneCardOf(data, hit, false, actions)));
      parts.push(more);
    }
    if (known.none.length && known.inside) {
      const rest = node("p", "quiet");
      rest.appendChild(told("span", null, words.none_here));
      rest.appendChild(told("span", null, joined(known.none.map((layer) => layer.title))));
      parts.push(rest);
    }
    box.replaceChildren(...parts);
    panel.hidden = false;
    box.scrollTop = 0;
  };
})((window.zoningMap = window.zoningMap || {}));
