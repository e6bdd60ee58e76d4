// Called by folium's script: makes the map; the rest follows when all layers are there.
(hetao => {
  // Far enough out for the Greater Bay Area, far enough in for a street.
  const ZOOMS = { minZoom: 8, maxZoom: 19, zoomSnap: 0, zoomDelta: 0.75, wheelPxPerZoomLevel: 90 };

  hetao.open = id => {
    const map = L.map(id, Object.assign({ zoomControl: false, attributionControl: false, closePopupOnClick: true,
      zoomAnimation: !hetao.calm(), fadeAnimation: !hetao.calm(), inertia: !hetao.calm(),
      center: [hetao.data.middle[1], hetao.data.middle[0]], zoom: 14 }, ZOOMS));
    hetao.map = map;
    const frame = map.getContainer();
    frame.setAttribute("role", "region");
    frame.dataset.label = "map_name";
    // A small map has no room for an open legend.
    if (hetao.cramped(map)) document.getElementById("legend").open = false;
    // A browser scrolls to what takes the focus, even where nothing may scroll.
    const stage = frame.parentNode;
    stage.addEventListener("scroll", () => stage.scrollTo(0, 0));
    hetao.makePanes(map);
    hetao.preparePopups(map);
    hetao.addControls(map);
    // "?lang=" asks for the first language only: afterwards the fragment holds the state.
    const asked = hetao.matchLanguage(new URLSearchParams(location.search).get("lang"));
    hetao.setLanguage(hetao.readAddress().lang || asked || hetao.language);
    hetao.fitZone(map);
    map.on("movestart zoomstart", () => { hetao.untouched = hetao.fitting; });
    document.addEventListener("DOMContentLoaded", () => { ready(map); });
    return map;
  };

  function ready(map) {
    hetao.openSources(document);
    hetao.prepareSearch(map);
    follow(map);
    hetao.emit("ready");
    map.on("moveend", () => { hetao.writeAddress(map); });
    map.on("resize", () => {
      if (hetao.untouched && !document.documentElement.classList.contains("hz-printing")) hetao.fitZone(map);
    });
    window.addEventListener("hashchange", () => { follow(map); });
    document.querySelectorAll("[data-card] details").forEach(card => {
      card.addEventListener("toggle", () => {
        if (hetao.untouched && !hetao.cramped(map)) hetao.fitZone(map); else hetao.refreshLabels();
      });
    });
    document.documentElement.classList.add("hz-ready");
  }

  // Show what the address asks for.
  function follow(map) {
    const wanted = hetao.readAddress();
    if (wanted.lang && wanted.lang !== hetao.language) hetao.setLanguage(wanted.lang);
    if (wanted.layers) hetao.applyLayers(map, wanted.layers);
    if (!wanted.view) return;
    map.setView([wanted.view[1], wanted.view[2]], wanted.view[0], { animate: false });
  }
})(hetao);
