// Geometry in pixels for placing labels: boxes, segments, rings.
(hetao => {
  const placing = {};
  hetao.placing = placing;

  placing.box = (x, y, width, height) => ({
    left: x - width / 2,
    top: y - height / 2,
    right: x + width / 2,
    bottom: y + height / 2
  });

  placing.grow = (box, by) => ({
    left: box.left - by,
    top: box.top - by,
    right: box.right + by,
    bottom: box.bottom + by
  });

  placing.overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

  placing.inside = (box, frame) => box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom;

  placing.segments = points => {
    const rows = [];
    for (let i = 1; i < points.length; i += 1) {
      rows.push([points[i - 1][0], points[i - 1][1], points[i][0], points[i][1]]);
    }
    return rows;
  };

  // Does a segment touch a box? It does if it is not wholly beyond one side, and if the corners
  // of the box are not all on one side of it. Called some 100,000 times for one view.
  placing.crosses = (segment, box) => {
    const x = segment[0], y = segment[1], dx = segment[2] - x, dy = segment[3] - y;
    if (x < box.left && segment[2] < box.left || x > box.right && segment[2] > box.right) return false;
    if (y < box.top && segment[3] < box.top || y > box.bottom && segment[3] > box.bottom) return false;
    const a = (box.left - x) * dy - (box.top - y) * dx;
    const b = (box.right - x) * dy - (box.top - y) * dx;
    const c = (box.left - x) * dy - (box.bottom - y) * dx;
    const d = (box.right - x) * dy - (box.bottom - y) * dx;
    return !(a > 0 && b > 0 && c > 0 && d > 0 || a < 0 && b < 0 && c < 0 && d < 0);
  };

  placing.contains = (rings, x, y) => {
    let odd = false;
    rings.forEach(ring => {
      for (let i = 0, k = ring.length - 1; i < ring.length; k = i, i += 1) {
        const a = ring[i];
        const b = ring[k];
        if ((a[1] > y) !== (b[1] > y) && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]) odd = !odd;
      }
    });
    return odd;
  };

  placing.distance = (x, y, segment) => {
    const dx = segment[2] - segment[0];
    const dy = segment[3] - segment[1];
    const t = ((x - segment[0]) * dx + (y - segment[1]) * dy) / (dx * dx + dy * dy || 1);
    const at = Math.max(0, Math.min(1, t));
    return Math.hypot(x - segment[0] - at * dx, y - segment[1] - at * dy);
  };

  placing.nearest = (x, y, segments) => {
    let least = Infinity;
    for (const segment of segments) least = Math.min(least, placing.distance(x, y, segment));
    return least;
  };

  function side(a, b, x, y) { return (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]); }

  // Do two segments cross?
  placing.meet = (s, t) => {
    const a = [s[0], s[1]], b = [s[2], s[3]], c = [t[0], t[1]], d = [t[2], t[3]];
    return side(a, b, c[0], c[1]) * side(a, b, d[0], d[1]) < 0 && side(c, d, a[0], a[1]) * side(c, d, b[0], b[1]) < 0;
  };

  placing.pointOn = (segment, x, y) => {
    const dx = segment[2] - segment[0];
    const dy = segment[3] - segment[1];
    const t = ((x - segment[0]) * dx + (y - segment[1]) * dy) / (dx * dx + dy * dy || 1);
    const at = Math.max(0, Math.min(1, t));
    return [segment[0] + at * dx, segment[1] + at * dy];
  };

  placing.bounds = points => {
    const xs = points.map(p => p[0]);
    const ys = points.map(p => p[1]);
    return { left: Math.min.apply(null, xs), top: Math.min.apply(null, ys), right: Math.max.apply(null, xs), bottom: Math.max.apply(null, ys) };
  };

  // Where a box of this size lies inside the rings, farthest from their edges; null if nowhere.
  placing.insideRings = (rings, width, height, frame, allowed) => {
    const all = placing.bounds(rings.flat());
    const area = { left: Math.max(all.left, frame.left), right: Math.min(all.right, frame.right),
      top: Math.max(all.top, frame.top), bottom: Math.min(all.bottom, frame.bottom) };
    const edges = rings.flatMap(placing.segments).concat(placing.segments([
      [area.left, area.top], [area.right, area.top], [area.right, area.bottom], [area.left, area.bottom], [area.left, area.top]]));
    const STEPS = 28;
    let best = null;
    for (let i = 1; i < STEPS; i += 1) {
      const x = area.left + (area.right - area.left) * i / STEPS;
      for (let k = 1; k < STEPS; k += 1) {
        const y = area.top + (area.bottom - area.top) * k / STEPS;
        const box = placing.box(x, y, width, height);
        if (!placing.inside(box, frame) || !placing.contains(rings, x, y) || !allowed(box)) continue;
        if (edges.some(edge => placing.crosses(edge, box))) continue;
        // Distance from the ends of the box, so that a wide label seeks the wide place.
        const room = Math.min(placing.nearest(box.left, y, edges), placing.nearest(box.right, y, edges),
          placing.nearest(x, box.top, edges), placing.nearest(x, box.bottom, edges));
        if (!best || room > best.room) best = { x: x, y: y, box: box, room: room };
      }
    }
    return best;
  };

  // Straight enough stretches of a line for a text of this width, with the upright angle.
  placing.stretches = (points, width, frame) => {
    const found = [];
    const lengths = [0];
    for (let i = 1; i < points.length; i += 1) {
      lengths.push(lengths[i - 1] + Math.hypot(points[i][0] - points[i - 1][0], points[i][1] - points[i - 1][1]));
    }
    const total = lengths[lengths.length - 1];
    function at(distance) {
      let i = 1;
      while (i < points.length - 1 && lengths[i] < distance) i += 1;
      const t = (distance - lengths[i - 1]) / (lengths[i] - lengths[i - 1] || 1);
      return [points[i - 1][0] + (points[i][0] - points[i - 1][0]) * t, points[i - 1][1] + (points[i][1] - points[i - 1][1]) * t];
    }
    const step = Math.max(14, total / 160);
    for (let start = 0; start + width <= total; start += step) {
      const a = at(start);
      const b = at(start + width);
      const middle = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
      if (middle[0] < frame.left || middle[0] > frame.right || middle[1] < frame.top || middle[1] > frame.bottom) continue;
      const chord = Math.hypot(b[0] - a[0], b[1] - a[1]);
      const bend = Math.max.apply(null, [0.25, 0.5, 0.75].map(t => {
        const p = at(start + width * t);
        return placing.distance(p[0], p[1], [a[0], a[1], b[0], b[1]]);
      }));
      if (chord < width * 0.96 || bend > 7) continue;
      let angle = Math.atan2(b[1] - a[1], b[0] - a[0]);
      if (angle > Math.PI / 2 + 0.01) angle -= Math.PI;
      if (angle < -Math.PI / 2 - 0.01) angle += Math.PI;
      found.push({ x: middle[0], y: middle[1], angle: angle, bend: bend });
    }
    return found;
  };

  placing.turned = (x, y, width, height, angle) => {
    const c = Math.abs(Math.cos(angle));
    const s = Math.abs(Math.sin(angle));
    return placing.box(x, y, width * c + height * s, width * s + height * c);
  };
})(hetao);
