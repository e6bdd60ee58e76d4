"use strict";
// What the reader sees (language, layers, view), kept in the address so that a link reproduces it.
// folium's script calls hetao.open and hetao.layer; everything else stays behind this object.
var hetao = {
  data: JSON.parse(document.getElementById("hetao-data").textContent),
  listeners: {},
};

(hetao => {
  // Lines come as differences in 1e-5 degrees: longitude, latitude, longitude, ...
  function positions(steps) {
    let lon = 0;
    let lat = 0;
    const found = [];
    for (let i = 0; i < steps.length; i += 2) {
      lon += steps[i];
      lat += steps[i + 1];
      found.push([lon / 1e5, lat / 1e5]);
    }
    return found;
  }

  hetao.data.layers.forEach(layer => {
    layer.features.forEach(feature => {
      feature.parts = feature.parts.map(part => part.map(positions));
    });
  });

  hetao.on = (event, listener) => {
    (hetao.listeners[event] = hetao.listeners[event] || []).push(listener);
  };

  hetao.emit = (event, value) => {
    (hetao.listeners[event] || []).forEach(listener => { listener(value); });
  };

  hetao.language = hetao.data.language;

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

  // "#lang=zh-Hant&layers=parks,parts&view=14.2/22.518/114.06&base=0"; what is absent stays as it is.
  hetao.readAddress = () => {
    const values = new URLSearchParams(location.hash.slice(1));
    const view = (values.get("view") || "").split("/").map(Number);
    const known = view.length === 3 && view.every(Number.isFinite);
    return {
      lang: hetao.matchLanguage(values.get("lang")),
      layers: values.has("layers") ? values.get("layers").split(",") : null,
      view: known && Math.abs(view[1]) <= 85 && Math.abs(view[2]) <= 180 ? view : null,
    };
  };

  hetao.writeAddress = map => {
    const center = map.getCenter();
    const view = [map.getZoom().toFixed(2), center.lat.toFixed(5), center.lng.toFixed(5)];
    const layers = Object.keys(hetao.groups).filter(key => map.hasLayer(hetao.groups[key]));
    const hash = "#lang=" + hetao.language + "&layers=" + layers.join(",") + "&view=" + view.join("/");
    // A frame without an address of its own (a notebook) refuses; the map works without.
    try { history.replaceState(null, "", hash); } catch (error) { return; }
  };

  hetao.calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
})(hetao);
