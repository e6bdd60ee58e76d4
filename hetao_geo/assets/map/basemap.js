// Base maps: none until the reader chooses one.
(function (hetao) {
  // Milliseconds until the reader is told of a silent server, and at most until a page is printed.
  const QUIET = 8000;
  const list = hetao.data.basemaps;
  let shown = [];
  let credit = null;

  function address(base, template) {
    return base.languages ? template.replace("{language}", base.languages[hetao.language]) : template;
  }

  // The provider's credit as text, with its link and logo.
  const Credit = L.Control.extend({
    options: { position: "bottomright" },
    onAdd: function () {
      const box = L.DomUtil.create("div", "leaflet-control-attribution hz-basemap-credit");
      const base = this.options.base;
      const words = box.appendChild(document.createElement(base.link ? "a" : "span"));
      words.textContent = base.credit[hetao.language];
      if (base.link) { words.href = base.link; words.target = "_blank"; words.rel = "noopener noreferrer"; }
      if (base.logo) {
        const logo = box.appendChild(document.createElement("img"));
        logo.alt = "";
        logo.src = base.logo;
      }
      return box;
    },
  });

  // Show one base map, or none.
  hetao.showBasemap = function (base) {
    const map = hetao.map;
    shown.forEach(function (layer) { clearTimeout(layer.waiting); map.removeLayer(layer); });
    shown = [];
    if (credit) map.removeControl(credit);
    credit = null;
    tell(false);
    map.getContainer().classList.toggle("hz-with-basemap", Boolean(base));
    if (!base) return;
    shown = base.templates.map(function (template) {
      const options = { maxNativeZoom: base.maxZoom, maxZoom: map.getMaxZoom(), datum: base.datum,
        referrerPolicy: base.referer ? "strict-origin-when-cross-origin" : false };
      if (base.subdomains) options.subdomains = base.subdomains;
      const layer = hetao.tiles(address(base, template), options);
      layer.template = template;
      return watch(layer).addTo(map);
    });
    shown.base = base;
    credit = new Credit({ base: base }).addTo(map);
  };

  // A base map that does not answer is worth a line, no more: the drawn map is complete without.
  function watch(layer) {
    let good = 0;
    layer.on("loading", function () {
      good = 0;
      clearTimeout(layer.waiting);
      layer.waiting = setTimeout(function () { if (!good) tell(true); }, QUIET);
    });
    layer.on("tileload", function () { good += 1; if (layer === shown[0]) tell(false); });
    layer.on("load", function (event) {
      clearTimeout(layer.waiting);
      if (!good && !event.kept && layer === shown[0]) tell(true);
    });
    return layer;
  }

  let choices = null;
  let status = null;

  function tell(silent) {
    if (status) status.textContent = silent ? hetao.word("base_failed") : "";
  }

  function choice(base) {
    const label = choices.appendChild(document.createElement("label"));
    const button = label.appendChild(document.createElement("input"));
    button.type = "radio";
    button.name = "basemap";
    button.checked = !base;
    label.appendChild(document.createElement("span"));
    label.base = base;
    button.addEventListener("change", function () { hetao.showBasemap(base); });
  }

  // A provider that wants to know the site cannot be asked from a file or a notebook.
  function usable(base) {
    return !base.referer || /^https?:$/.test(location.protocol);
  }

  function offer() {
    choices = document.createElement("fieldset");
    choices.className = "hz-basemaps";
    choices.appendChild(document.createElement("legend"));
    [null].concat(list.filter(usable)).forEach(choice);
    status = choices.appendChild(document.createElement("p"));
    status.setAttribute("role", "status");
    document.querySelector(".hz-legend details").appendChild(choices);
  }

  function name() {
    choices.firstChild.textContent = hetao.word("base_map");
    choices.querySelectorAll("label").forEach(function (label) {
      label.lastChild.textContent = label.base ? label.base.names[hetao.language] : hetao.word("base_none");
    });
    if (status.textContent) tell(true);
    shown.forEach(function (layer) {
      if (shown.base.languages) layer.setUrl(address(shown.base, layer.template));
    });
    if (credit) { hetao.map.removeControl(credit); credit.addTo(hetao.map); }
  }

  // Paper does not wait for tiles. Ctrl + P lays the page out, waits for them and prints; printed
  // by the menu of the browser, a base map that is not complete is left out.
  function printing() {
    const root = document.documentElement;
    window.addEventListener("beforeprint", function () { root.classList.toggle("hz-no-basemap", !complete()); });
    window.addEventListener("afterprint", function () { root.classList.remove("hz-no-basemap"); });
    document.addEventListener("keydown", function (event) {
      if (!shown.length || !(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "p") return;
      event.preventDefault();
      window.dispatchEvent(new Event("beforeprint"));
      const late = Date.now() + QUIET;
      (function wait() {
        if (complete() || Date.now() > late) window.print(); else setTimeout(wait, 50);
      })();
    });
  }

  function complete() {
    return shown.every(function (layer) { return layer.isComplete(); });
  }

  if (list.some(usable)) {
    offer();
    name();
    hetao.on("language", name);
    hetao.on("ready", printing);
  }
})(hetao);
