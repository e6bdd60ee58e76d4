// Where the map looks: the zone fills what cards and controls leave free, at any window size.
(hetao => {
  const EDGE = 22;
  const GAP = 12;

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

  // Points every few pixels along the outlines, in pixels at zoom 0.
  function outlinePoints(map) {
    const points = [];
    hetao.features("parks").forEach(park => {
      park.parts.forEach(part => {
        const ring = part[0].map(p => map.project([p[1], p[0]], 0));
        for (let i = 1; i < ring.length; i += 1) {
          for (let k = 0; k < 5; k += 1) {
            points.push([ring[i - 1].x + (ring[i].x - ring[i - 1].x) * k / 5, ring[i - 1].y + (ring[i].y - ring[i - 1].y) * k / 5]);
          }
        }
      });
    });
    return points;
  }

  function free(points, scale, left, top, cards) {
    return cards.every(card => points.every(p => {
      const x = p[0] * scale - left;
      const y = p[1] * scale - top;
      return x < card.left - GAP || x > card.right + GAP || y < card.top - GAP || y > card.bottom + GAP;
    }));
  }

  // The largest zoom, and at that zoom the place nearest to the middle, that keeps the outlines
  // inside the frame and clear of every card.
  function bestView(map) {
    const size = map.getSize();
    const points = outlinePoints(map);
    const xs = points.map(p => p[0]);
    const ys = points.map(p => p[1]);
    const box = [Math.min.apply(null, xs), Math.min.apply(null, ys), Math.max.apply(null, xs), Math.max.apply(null, ys)];
    const cards = hetao.cards(map, true);
    const edge = Math.min(EDGE, size.x / 12, size.y / 12);
    for (let zoom = 17; zoom > 9; zoom -= 0.05) {
      const scale = Math.pow(2, zoom);
      const slackX = size.x - 2 * edge - (box[2] - box[0]) * scale;
      const slackY = size.y - 2 * edge - (box[3] - box[1]) * scale;
      if (slackX < 0 || slackY < 0) continue;
      const places = [];
      for (let i = 0; i <= 8; i += 1) for (let k = 0; k <= 8; k += 1) places.push([i / 8, k / 8]);
      places.sort((a, b) => Math.hypot(a[0] - 0.5, a[1] - 0.5) - Math.hypot(b[0] - 0.5, b[1] - 0.5));
      const place = places.find(one => free(points, scale, box[0] * scale - edge - slackX * one[0], box[1] * scale - edge - slackY * one[1], cards));
      if (!place) continue;
      const middle = L.point(box[0] * scale - edge - slackX * place[0] + size.x / 2, box[1] * scale - edge - slackY * place[1] + size.y / 2);
      return { center: map.unproject(middle, zoom), zoom: zoom };
    }
    return { center: L.latLng(hetao.data.middle[1], hetao.data.middle[0]), zoom: 10 };
  }

  hetao.fitZone = (map, animate) => {
    const view = bestView(map);
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
