// Layer switches, language buttons, links inside the page, printing.
(hetao => {
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
      const key = Object.keys(hetao.groups).find(name => hetao.groups[name] === event.layer);
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

  function languageButtons(map) {
    const menu = document.querySelector(".hz-language-menu");
    function open(value) {
      menu.setAttribute("aria-expanded", String(value));
      menu.parentNode.classList.toggle("hz-open", value);
    }
    menu.addEventListener("click", () => { open(menu.getAttribute("aria-expanded") !== "true"); });
    document.querySelectorAll("[data-language]").forEach(button => {
      button.addEventListener("click", () => {
        hetao.setLanguage(button.dataset.language);
        hetao.writeAddress(map);
        open(false);
      });
    });
  }

  hetao.showSection = target => {
    for (let folded = target.closest("details"); folded; folded = folded.parentNode.closest("details")) folded.open = true;
    target.scrollIntoView({ behavior: hetao.reducedMotion() ? "auto" : "smooth" });
    if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
    target.focus({ preventScroll: true });
  };

  // In a notebook the address of the frame is not that of the page, so the browser would leave
  // the frame for "#sources"; and in the page the fragment holds the state.
  function innerLinks() {
    document.addEventListener("click", event => {
      const link = event.target.closest && event.target.closest('a[href^="#"]');
      if (!link) return;
      event.preventDefault();
      const target = document.getElementById(link.getAttribute("href").slice(1));
      if (target) hetao.showSection(target);
    });
    document.querySelectorAll("main [data-place]").forEach(button => {
      button.addEventListener("click", () => {
        const feature = hetao.feature(button.dataset.place);
        if (!feature) return;
        hetao.showFeature(hetao.map, feature);
        hetao.openPlace(feature, true);
      });
    });
  }

  // Deep in the text, a link leads back to the contents.
  function contentsInReach() {
    if (!window.IntersectionObserver) return;
    const panel = document.getElementById("panel");
    new IntersectionObserver(entries => {
      const entry = entries[entries.length - 1];
      panel.classList.toggle("hz-deep", !entry.isIntersecting && entry.boundingClientRect.top < 0);
    }).observe(document.getElementById("contents").querySelector("summary"));
  }

  // Paper has one size: the map is drawn again for it, and back afterwards; all sections unfold.
  function printing(map) {
    let before = null;
    window.addEventListener("beforeprint", () => {
      if (before) return;
      before = { center: map.getCenter(), zoom: map.getZoom(), bounds: map.getBounds(), whole: hetao.untouched };
      document.documentElement.classList.add("hz-printing");
      before.folded = Array.from(document.querySelectorAll("details:not([open])"));
      before.folded.forEach(details => { details.open = true; });
      map.invalidateSize({ animate: false, pan: false });
      if (before.whole) hetao.fitZone(map); else map.fitBounds(before.bounds, { animate: false });
    });
    window.addEventListener("afterprint", () => {
      document.documentElement.classList.remove("hz-printing");
      map.invalidateSize({ animate: false, pan: false });
      if (!before) return;
      before.folded.forEach(details => { details.open = false; });
      map.setView(before.center, before.zoom, { animate: false });
      hetao.untouched = before.whole;
      before = null;
    });
  }

  hetao.prepareControls = map => {
    switches(map);
    languageButtons(map);
    innerLinks();
    contentsInReach();
    printing(map);
  };
})(hetao);
