"use strict";
// What the reader sees (language, layers, view), kept in the address so that a link reproduces it.
// folium's script calls hetao.open and hetao.layer; everything else stays behind this object.
var hetao = {
  data: JSON.parse(document.getElementById("hetao-data").textContent),
  listeners: {},
};

(hetao => {
  const UNIT = Math.pow(10, hetao.data.precision);

  // Lines come as differences in units of the last decimal: longitude, latitude, longitude, ...
  function positions(steps) {
    let lon = 0;
    let lat = 0;
    const line = [];
    for (let i = 0; i < steps.length; i += 2) {
      lon += steps[i];
      lat += steps[i + 1];
      line.push([lon / UNIT, lat / UNIT]);
    }
    return line;
  }

  const CODES = Object.keys(hetao.data.words);

  // Names by language, from a list in the order of the languages.
  function byLanguage(names) {
    const table = {};
    CODES.forEach((code, index) => { table[code] = names[index]; });
    return table;
  }

  function side(row) {
    return { line: [row[0], row[1]], accuracy: row[2], inferred: Boolean(row[3]), limit: row.length > 4 ? byLanguage(hetao.data.limits[row[4]]) : null };
  }

  // The lines of the drawing, in degrees: what is not in the data is read from there.
  function drawnLines(path) {
    const world = Math.pow(2, hetao.data.level);
    return path.getAttribute("d").match(/M[^M]+/g).map(text => {
      const step = text.indexOf("c") < 0 ? 2 : 6;
      const numbers = text.match(/-?\d+/g).map(Number);
      let x = hetao.data.origin[0] + numbers[0];
      let y = hetao.data.origin[1] + numbers[1];
      const line = [];
      const add = () => line.push([x / world * 360 - 180, Math.atan(Math.sinh(Math.PI * (1 - 2 * y / world))) * 180 / Math.PI]);
      add();
      for (let i = 2; i + step <= numbers.length; i += step) {
        x += numbers[i + step - 2];
        y += numbers[i + step - 1];
        add();
      }
      return text.indexOf("z") < 0 ? line : line.concat([line[0]]);
    });
  }

  function partsOf(feature, drawn) {
    if (feature.parts) return feature.parts.map(part => part.map(positions));
    return feature.area ? [drawn[feature.id]] : drawn[feature.id].map(line => [line]);
  }

  const drawn = {};
  document.querySelectorAll("#drawing [data-feature], #drawing [data-shows]").forEach(path => {
    if (!path.hasAttribute("d")) return;
    const lines = drawnLines(path);
    if (path.dataset.feature || lines.length === 1) drawn[path.dataset.feature || path.dataset.shows] = lines;
    else path.dataset.shows.split(" ").forEach((id, index) => { drawn[id] = [lines[index]]; });
  });

  hetao.data.bay.forEach(place => { place.names = byLanguage(place.names); });
  hetao.data.layers.forEach(layer => {
    layer.features.forEach(feature => {
      feature.names = byLanguage(feature.names || []);
      feature.parts = partsOf(feature, drawn);
      if (feature.sides) feature.sides = feature.sides.map(side);
    });
  });

  hetao.on = (event, listener) => {
    (hetao.listeners[event] = hetao.listeners[event] || []).push(listener);
  };

  hetao.emit = (event, value) => {
    (hetao.listeners[event] || []).forEach(listener => { listener(value); });
  };

  // A page that was saved is in the language in which it was left.
  hetao.written = document.documentElement.lang in hetao.data.words ? document.documentElement.lang : hetao.data.language;
  hetao.language = hetao.written;

  hetao.word = key => hetao.data.words[hetao.language][key];

  hetao.name = feature => feature.names[hetao.language];

  // The features of a layer; an unknown layer has none.
  hetao.features = key => {
    const found = hetao.data.layers.find(layer => layer.key === key);
    return found ? found.features : [];
  };

  hetao.everyFeature = () => hetao.data.layers.flatMap(layer => layer.features);

  // The language of the page for a tag of any spelling ("zh", "zh-TW", "ZH_hant"), or null.
  // Chinese without a script is traditional where the region writes so.
  hetao.matchLanguage = tag => {
    const parts = String(tag || "").toLowerCase().split(/[-_]/);
    if (parts[0] === "en") return "en";
    if (parts[0] !== "zh" && parts[0] !== "yue") return null;
    if (parts.includes("hans")) return "zh-Hans";
    return parts[0] === "yue" || parts.some(part => /^(hant|tw|hk|mo)$/.test(part)) ? "zh-Hant" : "zh-Hans";
  };

  hetao.setLanguage = code => {
    if (!hetao.data.words[code]) return;
    hetao.language = code;
    document.documentElement.lang = code;
    document.title = hetao.word("title");
    document.querySelectorAll("[data-language]").forEach(button => {
      button.setAttribute("aria-pressed", String(button.dataset.language === code));
    });
    // Names and placeholders of controls cannot be switched by the style sheet.
    document.querySelectorAll("[data-label]").forEach(element => {
      element.setAttribute("aria-label", hetao.word(element.dataset.label));
    });
    document.querySelectorAll("[data-hint]").forEach(element => {
      element.placeholder = hetao.word(element.dataset.hint);
    });
    hetao.emit("language", code);
  };

  // "#lang=zh-Hant&layers=parks,parts&view=14.2/22.518/114.06&place=hong-kong-park"; "#embed". What
  // is absent, unknown or impossible stays as it is.
  hetao.readAddress = () => {
    const values = new URLSearchParams(location.hash.slice(1));
    const view = (values.get("view") || "").split("/").map(Number);
    const known = view.length === 3 && view.every(Number.isFinite) && view[0] >= 8 && view[0] <= 19;
    const keys = hetao.data.layers.map(layer => layer.key);
    const layers = (values.get("layers") || "").split(",").filter(key => keys.includes(key));
    return {
      lang: hetao.matchLanguage(values.get("lang")),
      layers: layers.length ? layers : null,
      view: known && Math.abs(view[1]) <= 85 && Math.abs(view[2]) <= 180 ? view : null,
      place: values.get("place"),
      embed: values.has("embed"),
    };
  };

  hetao.address = map => {
    const center = map.getCenter();
    const view = [map.getZoom().toFixed(2), center.lat.toFixed(5), center.lng.toFixed(5)];
    const shown = key => map.hasLayer(hetao.groups[key]);
    const keys = Object.keys(hetao.groups).filter(shown);
    // The layers shown at first need no word.
    const usual = hetao.data.layers.every(layer => layer.shown === keys.includes(layer.key));
    return "#lang=" + hetao.language + (usual ? "" : "&layers=" + keys.join(",")) + "&view=" + view.join("/") +
      (hetao.place ? "&place=" + hetao.place : "") + (hetao.readAddress().embed ? "&embed" : "");
  };

  hetao.writeAddress = map => {
    // A frame without an address of its own (a notebook) refuses; the map works without.
    try { history.replaceState(null, "", hetao.address(map)); } catch (error) { return; }
  };

  hetao.reducedMotion = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
})(hetao);
