// Names along lines run on smooth paths of their own: a cubic curve fitted to a stretch of the
// line, set off to one side. Text on the vertices themselves would break its letters.
(hetao => {
  const P = hetao.placing;
  const SAMPLES = 9;

  // The runs of a line near the window.
  function runs(points, area) {
    const rows = [];
    let run = null;
    for (let i = 1; i < points.length; i += 1) {
      const a = points[i - 1], b = points[i];
      if (P.crosses([a[0], a[1], b[0], b[1]], area)) {
        if (!run) { run = [a]; rows.push(run); }
        run.push(b);
      } else run = null;
    }
    return rows;
  }

  // Positions by length along a line.
  function measured(points) {
    const lengths = [0];
    for (let i = 1; i < points.length; i += 1) {
      lengths.push(lengths[i - 1] + Math.hypot(points[i][0] - points[i - 1][0], points[i][1] - points[i - 1][1]));
    }
    let i = 1;
    return {
      total: lengths[lengths.length - 1],
      pointAt: length => {
        if (lengths[i - 1] > length) i = 1;
        while (i < points.length - 1 && lengths[i] < length) i += 1;
        const t = (length - lengths[i - 1]) / (lengths[i] - lengths[i - 1] || 1);
        return [points[i - 1][0] + (points[i][0] - points[i - 1][0]) * t, points[i - 1][1] + (points[i][1] - points[i - 1][1]) * t];
      },
    };
  }

  const weights = t => { const u = 1 - t; return [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t]; };

  // The cubic curve through both ends that comes nearest to points at even distances.
  function fit(points) {
    const first = points[0], last = points[points.length - 1];
    let aa = 0, ab = 0, bb = 0;
    const right = [[0, 0], [0, 0]];
    points.forEach((point, index) => {
      const w = weights(index / (points.length - 1));
      aa += w[1] * w[1]; ab += w[1] * w[2]; bb += w[2] * w[2];
      for (let k = 0; k < 2; k += 1) {
        const rest = point[k] - w[0] * first[k] - w[3] * last[k];
        right[0][k] += w[1] * rest; right[1][k] += w[2] * rest;
      }
    });
    const det = aa * bb - ab * ab;
    const solve = k => [(right[0][k] * bb - right[1][k] * ab) / det, (right[1][k] * aa - right[0][k] * ab) / det];
    const x = solve(0), y = solve(1);
    return [first, [x[0], y[0]], [x[1], y[1]], last];
  }

  function sampled(curve, count) {
    return Array.from({ length: count }, (ignored, index) => {
      const w = weights(index / (count - 1));
      return [0, 1].map(k => w[0] * curve[0][k] + w[1] * curve[1][k] + w[2] * curve[2][k] + w[3] * curve[3][k]);
    });
  }

  const direction = (points, i) => {
    const a = points[Math.max(0, i - 1)], b = points[Math.min(points.length - 1, i + 1)];
    return Math.atan2(b[1] - a[1], b[0] - a[0]);
  };

  const bent = (a, b) => Math.abs(Math.atan2(Math.sin(a - b), Math.cos(a - b)));

  // The sharpest bend per pixel, and all bends together.
  function bends(points) {
    let sharpest = 0, sum = 0;
    for (let i = 1; i < points.length; i += 1) {
      const bend = bent(direction(points, i), direction(points, i - 1));
      sum += bend;
      sharpest = Math.max(sharpest, bend / Math.hypot(points[i][0] - points[i - 1][0], points[i][1] - points[i - 1][1]));
    }
    return { sharpest: sharpest, sum: sum };
  }

  function shifted(points, by) {
    return points.map((p, i) => {
      const angle = direction(points, i);
      return [p[0] + Math.sin(angle) * by, p[1] - Math.cos(angle) * by];
    });
  }

  // The stretch of a line under a text, as it is read, or null where it bends too much.
  function stretch(line, start, width, size) {
    const points = Array.from({ length: SAMPLES }, (ignored, i) => line.pointAt(start + width * i / (SAMPLES - 1)));
    const ends = [points[0], points[SAMPLES - 1]];
    if (Math.hypot(ends[1][0] - ends[0][0], ends[1][1] - ends[0][1]) < width * 0.8) return null;
    if (ends[1][0] < ends[0][0] - 0.2 || Math.abs(ends[1][0] - ends[0][0]) <= 0.2 && ends[1][1] > ends[0][1]) points.reverse();
    const smooth = sampled(fit(points), SAMPLES);
    const off = Math.max(...smooth.map((p, i) => Math.hypot(p[0] - points[i][0], p[1] - points[i][1])));
    const bend = bends(smooth);
    if (off > 6 || bend.sharpest * size > 0.3 || bend.sum > 1.3) return null;
    return { points: smooth, off: off, bend: bend.sum };
  }

  // Boxes that together cover the letters.
  function boxes(points, height) {
    const length = Math.hypot(points[0][0] - points[SAMPLES - 1][0], points[0][1] - points[SAMPLES - 1][1]);
    const count = Math.max(2, Math.ceil(length / height));
    const along = measured(points);
    return Array.from({ length: count }, (ignored, i) => {
      const piece = along.total / count;
      const a = along.pointAt(piece * i), b = along.pointAt(piece * (i + 1));
      const angle = Math.atan2(b[1] - a[1], b[0] - a[0]);
      const c = Math.abs(Math.cos(angle)), s = Math.abs(Math.sin(angle));
      return P.box((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, Math.abs(b[0] - a[0]) + height * s, Math.abs(b[1] - a[1]) + height * c);
    });
  }

  // Places for a text beside a line: `block` is its size, `size` that of its letters, `offsets` how
  // far the middle of the letters stands off (positive: above, as it is read).
  hetao.curvePlaces = (points, block, size, offsets, area) => {
    const places = [];
    // On the inner side of a bend the path is shorter than the stretch.
    const width = block.width * 1.12 + 4;
    runs(points, area).forEach(run => {
      const line = measured(run);
      const step = Math.max(size, (line.total - width) / 48);
      for (let start = 0; start + width <= line.total; start += step) {
        const middle = line.pointAt(start + width / 2);
        if (!P.inside({ left: middle[0], right: middle[0], top: middle[1], bottom: middle[1] }, area)) continue;
        const base = stretch(line, start, width, size);
        if (!base) continue;
        offsets.forEach((offset, order) => {
          const by = offset + Math.sign(offset) * base.off;
          const centre = shifted(base.points, by);
          if (bends(centre).sharpest * size > 0.34) return;
          // 0.35 of the letters below their middle is the line on which they stand.
          const curve = fit(shifted(base.points, by - 0.35 * size));
          const angle = direction(centre, 4);
          places.push({ boxes: boxes(centre, block.height), curve: curve, at: centre[4],
            order: order, bend: base.bend, steep: Math.abs(Math.sin(angle)) });
        });
      }
    });
    return places;
  };
})(hetao);
