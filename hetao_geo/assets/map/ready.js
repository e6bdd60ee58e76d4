// When the document is complete: cards, search, read-out, and what the address asks for.
(hetao => {
  const map = hetao.map;
  if (!map) return;

  // Show what the address asks for.
  function follow() {
    const wanted = hetao.readAddress();
    if (wanted.lang && wanted.lang !== hetao.language) hetao.setLanguage(wanted.lang);
    if (wanted.layers) hetao.applyLayers(map, wanted.layers);
    if (wanted.view) map.setView([wanted.view[1], wanted.view[2]], wanted.view[0], { animate: false });
    const place = wanted.place && hetao.feature(wanted.place);
    if (!place) return;
    if (!wanted.view) hetao.showFeature(map, place, true);
    hetao.openPlace(place, false);
  }

  function fitAgain() {
    if (hetao.untouched && !document.documentElement.classList.contains("hz-printing")) hetao.fitZone(map);
  }

  function start() {
    // The panel was not there yet when the address named its language.
    if (hetao.language !== hetao.data.language) hetao.setLanguage(hetao.language);
    // Names take as long to place as all the rest to draw: the map is painted before.
    const names = hetao.data.layers.find(layer => layer.key === "labels");
    if (names && names.shown) map.addLayer(hetao.groups.labels);
    hetao.openSources(document);
    hetao.prepareShapes();
    hetao.prepareCard(map);
    hetao.prepareControls(map);
    hetao.prepareSearch(map);
    hetao.prepareReadout(map);
    hetao.prepareEmbed(map);
    follow();
    hetao.emit("ready");
    map.on("moveend", () => { hetao.writeAddress(map); });
    map.on("resize", fitAgain);
    window.addEventListener("hashchange", follow);
    document.getElementById("legend").addEventListener("toggle", hetao.refreshLabels);
    document.documentElement.classList.add("hz-ready");
  }

  // Scripts of other people's layers stand after this one.
  document.addEventListener("DOMContentLoaded", start);
})(hetao);
