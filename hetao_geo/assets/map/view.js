// Where the map looks: the zone fills what cards and controls leave free, at any window size.
(hetao => {
  hetao.metresPerPixel = map => {
    // Web Mercator stretches lengths by the secant of the latitude.
    const latitude = hetao.data.middle[1] * Math.PI / 180;
    return 40075016.686 * Math.cos(latitude) / (256 * Math.pow(2, map.getZoom()));
  };

  // Is the window too small to keep the open legend beside the zone? Paper never is.
  hetao.compact = map => {
    const size = map.getSize();
    return !document.documentElement.classList.contains("hz-printing") && (size.x < 760 || size.y < 600);
  };

  // The cards over the map as rectangles in pixels of its container; of an open legend that lies
  // over a compact map for a while, only the heading if `lasting`.
  hetao.cards = (map, lasting) => {
    const brief = lasting && hetao.compact(map);
    const frame = map.getContainer().getBoundingClientRect();
    return Array.from(document.querySelectorAll("[data-card]")).map(card => {
      const box = (brief && card.querySelector("details[open] > summary") || card).getBoundingClientRect();
      return { left: box.left - frame.left, top: box.top - frame.top,
        right: box.right - frame.left, bottom: box.bottom - frame.top };
    }).filter(box => box.right > box.left && box.right > 0 && box.bottom > 0 && box.left < frame.width && box.top < frame.height);
  };

  hetao.narrow = () => window.matchMedia("(max-width: 820px)").matches;

  // The boxes over the map that open for a while, in pixels of the map.
  hetao.cardBox = map => {
    const frame = map.getContainer().getBoundingClientRect();
    return Array.from(document.querySelectorAll(".hz-float:not([hidden])")).map(element => {
      const box = element.getBoundingClientRect();
      return { left: box.left - frame.left, top: box.top - frame.top, right: box.right - frame.left, bottom: box.bottom - frame.top };
    });
  };

  hetao.fitZone = (map, animate) => {
    const view = hetao.bestView(map);
    hetao.fitting = true;
    map.once("moveend", () => {
      hetao.fitting = false;
      hetao.untouched = true;
    });
    map.setView(view.center, view.zoom, { animate: Boolean(animate) && !hetao.reducedMotion() });
  };

  // A shape that takes the focus out of sight comes into sight.
  hetao.bringIntoView = feature => {
    const bounds = hetao.boundsOf(feature);
    if (!hetao.map.getBounds().intersects(bounds)) hetao.map.panTo(bounds.getCenter(), { animate: false });
  };

  // Bring a feature into view: a point at street scale, a shape with some land around it.
  hetao.showFeature = (map, feature, still) => {
    const bounds = hetao.boundsOf(feature);
    const zoom = Math.min(map.getBoundsZoom(bounds.pad(0.3)), 16);
    map.setView(bounds.getCenter(), zoom, { animate: !still && !hetao.reducedMotion() });
  };
})(hetao);
