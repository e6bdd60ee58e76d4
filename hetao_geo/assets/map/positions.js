// Where a name could stand: in a shape or beside it, round a point, along a line, on free ground.
// Each place has its boxes, what it costs before anything lies under it, and perhaps a leader.
(hetao => {
  const P = hetao.placing;
  const ROWS = 44;
  const REACHES = [12, 22, 36, 54, 76, 104, 140, 180];

  // Level lines through the part of a shape that the window shows.
  hetao.scanShape = (rings, frame) => {
    const box = P.bounds([].concat(...rings));
    const top = Math.max(box.top, frame.top), bottom = Math.min(box.bottom, frame.bottom);
    const step = Math.max(2, (bottom - top) / ROWS);
    const count = Math.max(0, Math.floor((bottom - top) / step) + 1);
    const limits = [[frame.left, frame.right]];
    return { rings: rings, top: top, step: step, box: box, frame: frame,
      spans: P.scan(rings, top + 0.01, step, count).map(row => P.common(row, limits)) };
  };

  // How far the spans above or below a row still hold its whole width.
  function depth(shape, row, by, left, right) {
    let n = row;
    while (n >= 0 && n < shape.spans.length && shape.spans[n].some(span => span[0] <= left && span[1] >= right) && Math.abs(n - row) * shape.step < 40) n += by;
    return Math.max(0, Math.abs(n - row) - 1) * shape.step;
  }

  // The rows of a text box around a middle: each has a box, so that a short row fits a narrow end.
  function rowBoxes(block, x, y) {
    let top = y - block.height / 2 + block.reach;
    return block.widths.map((width, index) => {
      const box = { left: x - width / 2, right: x + width / 2, top: top, bottom: top + block.heights[index] };
      top = box.bottom;
      return box;
    });
  }

  // Where the middle of a text box may be at this height: the stretches that leave each row clear.
  function middles(shape, rows, clear) {
    let free = [[-Infinity, Infinity]];
    for (const row of rows) {
      const first = Math.floor((row.top - clear - shape.top) / shape.step), last = Math.ceil((row.bottom + clear - shape.top) / shape.step);
      if (first < 0 || last >= shape.spans.length) return [];
      let band = shape.spans[first];
      for (let n = first + 1; n <= last && band.length; n += 1) band = P.common(band, shape.spans[n]);
      const half = (row.right - row.left) / 2 + clear;
      free = P.common(free, band.map(span => [span[0] + half, span[1] - half]).filter(span => span[1] > span[0]));
      if (!free.length) return free;
    }
    return free;
  }

  // Places inside a shape that clear each of its edges; those with more room cost less.
  hetao.insidePlaces = (shape, block, clear) => {
    const box = shape.box;
    if (box.right - box.left < block.width + 2 * clear || box.bottom - box.top < block.height - 2 * block.reach + 2 * clear) return [];
    const stride = Math.max(1, Math.round(block.height / 6 / shape.step));
    const middle = P.middle(shape.box);
    const places = [];
    for (let line = 0; line < shape.spans.length; line += stride) {
      const y = shape.top + line * shape.step;
      middles(shape, rowBoxes(block, 0, y), clear).forEach(span => {
        const slack = span[1] - span[0];
        const moves = slack < 12 ? [0.5] : slack < block.width ? [0.5, 0.25, 0.75, 0, 1] : [0.5, 0.35, 0.65, 0.2, 0.8, 0.05, 0.95];
        moves.forEach(move => {
          const x = span[0] + slack * move;
          const boxes = rowBoxes(block, x, y);
          const first = boxes[0], last = boxes[boxes.length - 1];
          const room = Math.min(x - span[0], span[1] - x, depth(shape, Math.max(0, Math.floor((first.top - clear - shape.top) / shape.step)), -1, first.left, first.right),
            depth(shape, Math.min(shape.spans.length - 1, Math.ceil((last.bottom + clear - shape.top) / shape.step)), 1, last.left, last.right));
          places.push({ x: x, y: y, boxes: boxes, block: block, cost: Math.hypot(x - middle[0], y - middle[1]) / 100 - Math.min(room, 40) / 8 });
        });
      });
    }
    return places;
  };

  // Places beside a shape, at the end of a leader that starts inside it: level ones, then others.
  hetao.outsidePlaces = (shape, block, policy, thorough) => {
    const places = [];
    function add(x, y, dx, dy, deep) {
      const inset = Math.min(12, deep / 2);
      const slant = Math.abs(dx) < 0.99 ? policy.cost["leader-slant"] : 0;
      REACHES.forEach(reach => {
        const end = [x + dx * reach, y + dy * reach];
        const side = Math.abs(dx) > 0.3 ? Math.sign(dx) : 0;
        // A level leader meets the first row; another one the nearest edge.
        const first = block.heights[0] / 2 + block.reach;
        const cx = end[0] + side * (block.width / 2 + 3) + (side ? 0 : dx * block.width / 2);
        const cy = Math.abs(dy) < 0.3 ? end[1] - first + block.height / 2 : end[1] + Math.sign(dy) * (block.height / 2 + 2) - (side ? dy * block.height / 2 : 0);
        places.push({ x: cx, y: cy, boxes: [P.box(cx, cy, block.width, block.height)], block: block,
          anchor: side > 0 ? "start" : side < 0 ? "end" : "middle", leader: [x - dx * inset, y - dy * inset, end[0], end[1]],
          cost: policy.cost.outside + slant });
      });
    }
    const stride = Math.max(1, Math.round((thorough ? 8 : 24) / shape.step));
    // A leader into a narrow end says little, but a small shape has no other.
    const least = Math.min(14, (shape.box.right - shape.box.left) / 2);
    for (let row = Math.min(stride, Math.floor(shape.spans.length / 2)); row < shape.spans.length; row += stride) {
      const spans = shape.spans[row].filter(span => span[1] - span[0] > least);
      const y = shape.top + row * shape.step;
      if (!spans.length) continue;
      [[-1, spans[0]], [1, spans[spans.length - 1]]].forEach(([dx, span]) => {
        const x = dx < 0 ? span[0] : span[1], deep = span[1] - span[0];
        add(x, y, dx, 0, deep);
        if (!thorough) return;
        add(x, y, dx * 0.8, 0.6, deep);
        add(x, y, dx * 0.8, -0.6, deep);
      });
    }
    if (thorough) ends(shape).forEach(([x, y, dy]) => { add(x, y, 0, dy, 24); add(x, y, 0.6, dy * 0.8, 24); add(x, y, -0.6, dy * 0.8, 24); });
    return places;
  };

  // The topmost and lowest points of a shape over a few columns.
  function ends(shape) {
    const turned = shape.rings.map(ring => ring.map(p => [p[1], p[0]]));
    const left = Math.max(shape.box.left, shape.frame.left), right = Math.min(shape.box.right, shape.frame.right);
    const step = Math.max(8, (right - left) / 16);
    const rows = [];
    P.scan(turned, left, step, Math.max(0, Math.floor((right - left) / step) + 1)).forEach((spans, n) => {
      const deep = spans.filter(span => span[1] - span[0] > 14);
      if (deep.length) rows.push([left + n * step, deep[0][0], -1], [left + n * step, deep[deep.length - 1][1], 1]);
    });
    return rows;
  }

  const SPOTS = { right: [1, 0], left: [-1, 0], "upper-right": [0.7, -1], "lower-right": [0.7, 1], "upper-left": [-0.7, -1],
    "lower-left": [-0.7, 1], above: [0, -1], below: [0, 1] };

  // Places round a point whose symbol has this radius: close by, then a little farther off.
  hetao.pointPlaces = (at, block, policy, radius) => {
    const w = block.width / 2, h = block.height / 2 - block.reach;
    return [].concat(...[0, 6, 13].map((farther, ring) => policy.point.order.map((name, order) => {
      const spot = SPOTS[name];
      const gap = radius + policy.point.gap + farther;
      const dx = spot[0] ? Math.sign(spot[0]) * (Math.abs(spot[0]) * gap + w) : 0;
      const dy = spot[1] * (spot[0] ? h + farther : gap + h);
      return { x: at[0] + dx, y: at[1] + dy, boxes: [P.box(at[0] + dx, at[1] + dy, block.width, block.height)], block: block,
        anchor: dx > 0 ? "start" : dx < 0 ? "end" : "middle", cost: (order + 3 * ring) * policy.cost["second-place"] };
    })));
  };

  // Places for a number: on its point, else near it.
  hetao.badgePlaces = (at, radius, leader, reaches) => {
    const places = [{ x: at[0], y: at[1], boxes: [P.box(at[0], at[1], 2 * radius, 2 * radius)], cost: 0 }];
    (reaches || [20, 30, 44, 60, 80]).forEach(reach => {
      for (let turn = 0; turn < 12; turn += 1) {
        const dx = Math.cos(turn * Math.PI / 6), dy = Math.sin(turn * Math.PI / 6);
        const x = at[0] + dx * reach, y = at[1] + dy * reach;
        places.push({ x: x, y: y, boxes: [P.box(x, y, 2 * radius, 2 * radius)], cost: reach,
          leader: leader ? [at[0], at[1], x - dx * radius, y - dy * radius] : null });
      }
    });
    return places;
  };

  // Places on a grid over the window, for names of whole regions: `price` tells what a spot costs,
  // Infinity where the region is not.
  hetao.regionPlaces = (scene, block, price) => {
    const places = [];
    const dx = Math.max(24, scene.size.x / 24), dy = Math.max(16, scene.size.y / 18);
    for (let y = scene.frame.top + block.height; y < scene.frame.bottom; y += dy) {
      for (let x = scene.frame.left + block.width / 2; x < scene.frame.right; x += dx) {
        const cost = price(x, y, block);
        if (cost < Infinity) places.push({ x: x, y: y, boxes: [P.box(x, y, block.width + 8, block.height + 6)], block: block, cost: cost });
      }
    }
    return places;
  };
})(hetao);
