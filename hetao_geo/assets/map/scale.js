// Scale bar, zoom buttons, and the credits of other people's layers.
(hetao => {
  const STEPS = [1, 2, 5];

  // The longest round length that fits into this many metres.
  function roundLength(metres) {
    const power = Math.pow(10, Math.floor(Math.log10(metres)));
    return STEPS.reduce((best, step) => step * power <= metres ? step * power : best, power);
  }

  function drawScale(map) {
    const perPixel = hetao.metresPerPixel(map);
    const length = roundLength(perPixel * Math.min(160, map.getSize().x / 3));
    const kilometres = length >= 1000;
    document.getElementById("scale-bar").style.width = (length / perPixel).toFixed(1) + "px";
    document.getElementById("scale-half").textContent = kilometres ? String(length / 2000) : String(length / 2);
    document.getElementById("scale-end").textContent = kilometres ? length / 1000 + " km" : length + " m";
  }

  function zoomButtons(map) {
    document.querySelectorAll("[data-zoom]").forEach(button => {
      button.addEventListener("click", () => {
        const step = Number(button.dataset.zoom);
        if (step === 0) hetao.fitZone(map, true);
        else map.setZoom(map.getZoom() + step, { animate: !hetao.reducedMotion() });
      });
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

  hetao.addScale = map => {
    map.attributionControl = new Credits({ prefix: false, position: "bottomright" }).addTo(map);
    map.on("zoomend moveend resize", () => { drawScale(map); });
    drawScale(map);
    zoomButtons(map);
  };
})(hetao);
