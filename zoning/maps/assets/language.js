// The page carries every text in both languages. A node that holds one text keeps both in its data; so the page switches
// without asking anybody. Texts are pairs: [Chinese, English].
(function (zoningMap) {
  "use strict";
  const INDEX = { zh: 0, en: 1 };
  const NAMES = ["aria-label", "title", "placeholder"];
  const listeners = [];
  let current = "zh";

  zoningMap.node = zoningMap.node || function (name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined && text !== null) made.textContent = text;
    return made;
  };

  zoningMap.pick = (pair) => (Array.isArray(pair) ? pair[INDEX[current]] : pair);

  // Puts a text into a node, in both languages.
  zoningMap.say = function (node, pair) {
    if (Array.isArray(pair)) [node.dataset.zh, node.dataset.en] = pair;
    node.textContent = zoningMap.pick(pair);
    return node;
  };
  zoningMap.told = (name, className, pair) => zoningMap.say(zoningMap.node(name, className), pair);

  // Puts a text into an attribute of a node, in both languages.
  zoningMap.name = function (node, attribute, pair) {
    [node.dataset[`zh${NAMES.indexOf(attribute)}`], node.dataset[`en${NAMES.indexOf(attribute)}`]] = pair;
    node.setAttribute(attribute, zoningMap.pick(pair));
    return node;
  };

  zoningMap.fill = (pair, values) => pair.map((text, i) => Object.entries(values).reduce((done, [key, value]) => done.replaceAll(`{${key}}`, Array.isArray(value) ? value[i] : value), text));

  zoningMap.language = () => current;
  zoningMap.onLanguage = (listener) => listeners.push(listener);

  zoningMap.setLanguage = function (language) {
    if (!(language in INDEX)) return;
    current = language;
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    document.querySelectorAll("[data-zh]").forEach((node) => { node.textContent = node.dataset[language]; });
    NAMES.forEach((attribute, i) => document.querySelectorAll(`[data-zh${i}]`).forEach((node) => node.setAttribute(attribute, node.dataset[`${language}${i}`])));
    listeners.forEach((listener) => listener(language));
  };
})((window.zoningMap = window.zoningMap || {}));
