// Draw the zone. Scripts of other people's layers follow, each by itself.
(function () {
  const map = hetao.open("map");
  hetao.data.layers.forEach(function (layer) {
    const group = hetao.layer(layer.key);
    if (layer.shown) group.addTo(map);
  });
  document.documentElement.classList.add("hz-live");
})();
