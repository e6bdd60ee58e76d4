// The opening view: the largest scale at which the shapes lie inside the window and clear of every
// card, whatever their number, size and place on earth.
(hetao => {
  const P = hetao.placing;
  const EDGE = 22;
  const GAP = 12;
  const ROWS = 40;
  let kept = null;

  // The shapes as level strips in widths of the world, and the box around them.
  function strips() {
    if (kept) return kept;
    const rings = [].concat(...hetao.features("parks").map(park => [].concat(...park.parts.map(part => part.map(hetao.world)))));
    // The two ends of a crossing belong to the zone.
    const ends = [].concat(...(hetao.features("parts").length ? hetao.pairs() : [])).map(feature => hetao.world(feature.parts[0][0]));
    rings.push(...ends);
    const box = P.bounds([].concat(...rings));
    const step = (box.bottom - box.top) / ROWS || 1e-9;
    const cell = (box.right - box.left) / ROWS || 1e-9;
    const rows = P.scan(rings, box.top + step / 2, step, ROWS);
    // What is too thin for a level line still has its vertices.
    rings.forEach(ring => ring.forEach(p => {
      rows[Math.max(0, Math.min(ROWS - 1, Math.floor((p[1] - box.top) / step)))].push([p[0], p[0]]);
    }));
    const list = [];
    rows.forEach((spans, row) => {
      const seen = new Set();
      spans.forEach(span => {
        const first = Math.floor((span[0] - box.left) / cell), last = Math.floor((span[1] - box.left) / cell);
        for (let c = first; c <= last; c += 1) seen.add(c);
      });
      let run = null;
      Array.from(seen).sort((a, b) => a - b).forEach(c => {
        if (run && c === run.last + 1) run.last = c; else { run = { row: row, first: c, last: c }; list.push(run); }
      });
    });
    kept = { box: box, list: list.map(run => ({ left: box.left + run.first * cell, right: Math.min(box.right, box.left + (run.last + 1) * cell),
      top: box.top + run.row * step, bottom: box.top + (run.row + 1) * step })) };
    return kept;
  }

  const spots = [];
  for (let i = 0; i <= 8; i += 1) for (let k = 0; k <= 8; k += 1) spots.push([i / 8, k / 8]);
  spots.sort((a, b) => Math.hypot(a[0] - 0.5, a[1] - 0.5) - Math.hypot(b[0] - 0.5, b[1] - 0.5));

  // Nearest to the middle, where the shapes lie clear of the cards at this zoom; null if nowhere.
  function spotAt(zoom, size, edge, cards) {
    const shapes = strips(), box = shapes.box;
    const scale = 256 * Math.pow(2, zoom);
    const slack = [size.x - 2 * edge - (box.right - box.left) * scale, size.y - 2 * edge - (box.bottom - box.top) * scale];
    if (slack[0] < -0.5 || slack[1] < -0.5) return null;
    const spot = spots.find(share => {
      const dx = edge + slack[0] * share[0] - box.left * scale, dy = edge + slack[1] * share[1] - box.top * scale;
      return cards.every(card => !shapes.list.some(strip => strip.left * scale + dx < card.right && strip.right * scale + dx > card.left &&
        strip.top * scale + dy < card.bottom && strip.bottom * scale + dy > card.top));
    });
    return spot && [box.left * scale - edge - slack[0] * spot[0] + size.x / 2, box.top * scale - edge - slack[1] * spot[1] + size.y / 2];
  }

  // Centre and zoom of the opening view.
  hetao.bestView = map => {
    const size = map.getSize();
    const box = strips().box;
    const edge = Math.min(EDGE, size.x / 12, size.y / 12);
    const cards = hetao.cards(map, true).map(card => P.grow(card, GAP));
    const most = Math.min(Math.log2((size.x - 2 * edge) / 256 / (box.right - box.left || 1e-9)), Math.log2((size.y - 2 * edge) / 256 / (box.bottom - box.top || 1e-9)), map.getMaxZoom() - 1);
    let zoom = most, middle = spotAt(most, size, edge, cards);
    if (!middle) {
      let low = most - 4, high = most;
      for (let n = 0; n < 9; n += 1) {
        const half = (low + high) / 2;
        const found = spotAt(half, size, edge, cards);
        if (found) { low = zoom = half; middle = found; } else high = half;
      }
    }
    // Cards everywhere: then the shapes fill the window under them.
    if (!middle) { zoom = most; middle = spotAt(most, size, edge, []); }
    return { center: map.unproject(L.point(middle[0], middle[1]), zoom), zoom: zoom };
  };

  // Far enough out to see the shapes and what lies around them, far enough in for the smallest.
  hetao.zoomLimits = () => {
    const box = strips().box;
    const whole = Math.log2(4 / Math.max(box.right - box.left, box.bottom - box.top, 1e-9));
    return { minZoom: Math.max(0, Math.min(8, Math.floor(whole) - 3)), maxZoom: Math.max(19, Math.min(24, Math.ceil(whole) + 4)) };
  };
})(hetao);
