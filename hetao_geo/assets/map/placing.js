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

  placing.middle = box => [(box.left + box.right) / 2, (box.top + box.bottom) / 2];

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

  placing.pointOn = (segment, x, y) => {
    const dx = segment[2] - segment[0];
    const dy = segment[3] - segment[1];
    const t = ((x - segment[0]) * dx + (y - segment[1]) * dy) / (dx * dx + dy * dy || 1);
    const at = Math.max(0, Math.min(1, t));
    return [segment[0] + at * dx, segment[1] + at * dy];
  };

  placing.distance = (x, y, segment) => {
    const at = placing.pointOn(segment, x, y);
    return Math.hypot(x - at[0], y - at[1]);
  };

  placing.nearest = (x, y, segments) => {
    let least = Infinity;
    for (const segment of segments) least = Math.min(least, placing.distance(x, y, segment));
    return least;
  };

  // On which side of the line from a to b a point lies, by the sign.
  placing.side = (s, x, y) => (s[2] - s[0]) * (y - s[1]) - (s[3] - s[1]) * (x - s[0]);

  // Do two segments cross?
  placing.meet = (s, t) => placing.side(s, t[0], t[1]) * placing.side(s, t[2], t[3]) < 0 &&
    placing.side(t, s[0], s[1]) * placing.side(t, s[2], s[3]) < 0;

  // The same, and passing a corner by less than a pixel counts.
  placing.graze = (s, t) => placing.meet(s, t) || placing.distance(s[0], s[1], t) < 1 || placing.distance(s[2], s[3], t) < 1;

  placing.bounds = points => {
    const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
    points.forEach(p => {
      box.left = Math.min(box.left, p[0]);
      box.top = Math.min(box.top, p[1]);
      box.right = Math.max(box.right, p[0]);
      box.bottom = Math.max(box.bottom, p[1]);
    });
    return box;
  };

  // The stretches of level lines inside rings: at each y the pairs [left, right].
  placing.scan = (rings, top, step, count) => {
    const lines = Array.from({ length: count }, () => []);
    rings.forEach(ring => {
      for (let i = 0, k = ring.length - 1; i < ring.length; k = i, i += 1) {
        const a = ring[k][1] < ring[i][1] ? ring[k] : ring[i];
        const b = a === ring[k] ? ring[i] : ring[k];
        const last = Math.min(count - 1, Math.ceil((b[1] - top) / step) - 1);
        for (let n = Math.max(0, Math.ceil((a[1] - top) / step)); n <= last; n += 1) {
          lines[n].push(a[0] + (b[0] - a[0]) * (top + n * step - a[1]) / (b[1] - a[1]));
        }
      }
    });
    return lines.map(xs => {
      xs.sort((p, q) => p - q);
      const spans = [];
      for (let i = 1; i < xs.length; i += 2) spans.push([xs[i - 1], xs[i]]);
      return spans;
    });
  };

  // What two lists of stretches have in common.
  placing.common = (a, b) => {
    const both = [];
    a.forEach(p => {
      b.forEach(q => {
        const left = Math.max(p[0], q[0]);
        const right = Math.min(p[1], q[1]);
        if (right > left) both.push([left, right]);
      });
    });
    return both;
  };
})(hetao);
