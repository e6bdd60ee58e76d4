// Scale, zoom, layer switches, language buttons, links inside the page, printing.
(hetao => {
  const STEPS = [1, 2, 5];

  // The longest round length that fits into `pixels`.
  function roundLength(metres) {
    const power = Math.pow(10, Math.floor(Math.log10(metres)));
    return STEPS.reduce((best, step) => step * power <= metres ? step * power : best, power);
  }

  function drawScale(map) {
    const perPixel = hetao.metresPerPixel(map);
    const length = roundLength(perPixel * 150);
    const bar = document.getElementById("scale-bar");
    bar.style.width = (length / perPixel).toFixed(1) + "px";
    const kilometres = length >= 1000;
    document.getElementById("scale-half").textContent = kilometres ? String(length / 2000) : String(length / 2);
    document.getElementById("scale-end").textContent = kilometres ? length / 1000 + " km" : length + " m";
  }

  function switches(map) {
    document.querySelectorAll("input[data-layer]").forEach(box => {
      const group = hetao.groups[box.dataset.layer];
      if (!group) return;
      box.checked = map.hasLayer(group);
      box.addEventListener("change", () => {
        if (box.checked) map.addLayer(group); else map.removeLayer(group);
        hetao.refreshLabels();
        hetao.writeAddress(map);
      });
    });
    map.on("layeradd layerremove", event => {
      const key = Object.keys(hetao.groups).find(one => hetao.groups[one] === event.layer);
      const box = key && document.querySelector('input[data-layer="' + key + '"]');
      if (box) box.checked = map.hasLayer(event.layer);
    });
  }

  hetao.applyLayers = (map, keys) => {
    Object.keys(hetao.groups).forEach(key => {
      if (keys.includes(key)) map.addLayer(hetao.groups[key]); else map.removeLayer(hetao.groups[key]);
    });
    hetao.refreshLabels();
  };

  function zoomButtons(map) {
    document.querySelectorAll("[data-zoom]").forEach(button => {
      button.addEventListener("click", () => {
        const step = Number(button.dataset.zoom);
        if (step === 0) return hetao.fitZone(map, true);
        map.setZoom(map.getZoom() + step, { animate: !hetao.calm() });
      });
    });
  }

  function languageButtons(map) {
    document.querySelectorAll("[data-language]").forEach(button => {
      button.addEventListener("click", () => {
        hetao.setLanguage(button.dataset.language);
        hetao.writeAddress(map);
      });
    });
  }

  // In a notebook the address of the frame is not that of the page, so the browser would leave
  // the frame for "#sources"; and in the page the fragment holds the state.
  function innerLinks() {
    document.addEventListener("click", event => {
      const link = event.target.closest && event.target.closest('a[href^="#"]');
      if (!link) return;
      event.preventDefault();
      const target = document.getElementById(link.getAttribute("href").slice(1));
      if (!target) return;
      const folded = target.closest("details");
      if (folded) folded.open = true;
      target.scrollIntoView({ behavior: hetao.calm() ? "auto" : "smooth" });
      if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
      target.focus({ preventScroll: true });
    });
    document.querySelectorAll("main [data-place]").forEach(button => {
      button.addEventListener("click", () => {
        const feature = hetao.everyFeature().find(one => one.id === button.dataset.place);
        hetao.showFeature(hetao.map, feature);
        hetao.openPlace(feature, true);
      });
    });
  }

  // Paper has one size: the map is drawn again for it, and back afterwards.
  function printing(map) {
    let before = null;
    window.addEventListener("beforeprint", () => {
      if (before) return;
      before = { center: map.getCenter(), zoom: map.getZoom(), bounds: map.getBounds(), whole: hetao.untouched };
      document.documentElement.classList.add("hz-printing");
      const legend = document.getElementById("legend");
      before.legend = legend.open;
      legend.open = true;
      map.invalidateSize({ animate: false, pan: false });
      if (before.whole) hetao.fitZone(map); else map.fitBounds(before.bounds, { animate: false });
    });
    window.addEventListener("afterprint", () => {
      document.documentElement.classList.remove("hz-printing");
      map.invalidateSize({ animate: false, pan: false });
      if (!before) return;
      document.getElementById("legend").open = before.legend;
      map.setView(before.center, before.zoom, { animate: false });
      hetao.untouched = before.whole;
      before = null;
    });
  }

  // Attributions of a reader's own layers may hold markup; only text and web links are kept.
  hetao.plainMarkup = (target, markup) => {
    target.textContent = "";
    (function copy(from, to) {
      from.childNodes.forEach(node => {
        if (node.nodeType === Node.TEXT_NODE) return to.appendChild(document.createTextNode(node.data));
        if (node.nodeType !== Node.ELEMENT_NODE || /^(SCRIPT|STYLE)$/.test(node.tagName)) return;
        const web = node.tagName === "A" && /^https?:\/\//.test(node.getAttribute("href") || "");
        const into = web ? to.appendChild(document.createElement("a")) : to;
        if (web) { into.href = node.getAttribute("href"); into.target = "_blank"; into.rel = "noopener noreferrer"; }
        copy(node, into);
      });
    })(new DOMParser().parseFromString(markup, "text/html").body, target);
  };

  const Credits = L.Control.Attribution.extend({
    _update: function () {
      if (!this._map) return;
      const texts = Object.keys(this._attributions).filter(function (text) { return this._attributions[text]; }, this);
      hetao.plainMarkup(this._container, texts.join(" · "));
    },
  });

  hetao.addControls = map => {
    map.attributionControl = new Credits({ prefix: false, position: "bottomright" }).addTo(map);
    map.on("zoomend moveend resize", () => { drawScale(map); });
    drawScale(map);
    zoomButtons(map);
    languageButtons(map);
    innerLinks();
    printing(map);
    hetao.on("ready", () => { switches(map); });
  };
})(hetao);
