// Draw the zone; its names follow when the document is complete (ready.js). Scripts of other
// people's layers follow, each by itself.
(function () {
  const copy = document.getElementById("drawing").cloneNode(true);
  try {
    const map = hetao.open("map");
    hetao.data.layers.forEach(function (layer) {
      const group = hetao.layer(layer.key);
      if (layer.shown && layer.key !== "labels") group.addTo(map);
    });
    document.documentElement.classList.add("hz-live");
  } catch (error) {
    // What was begun is undone: the picture of the document comes back.
    document.getElementById("map").textContent = "";
    const still = document.querySelector(".hz-still");
    still.textContent = "";
    still.appendChild(copy);
    throw error;
  }
})();
