// Looks at what is drawn, not at what the placer believes: letters as quadrilaterals from the
// browser's own text layout, shapes as the paths that are drawn, cards as what a click would hit.
// Called with languages and with zoom levels beside that of the opening view.
([languages, zooms]) => {
  const map = hetao.map;
  const seen = [];
  map.invalidateSize({ pan: false, animate: false });
  document.querySelectorAll("#legend").forEach(legend => { legend.open = innerWidth > 1000; });
  languages.forEach(language => {
    hetao.setLanguage(language);
    hetao.fitZone(map);
    const opening = map.getZoom();
    zooms.forEach(by => {
      if (by) map.setZoom(opening + by, { animate: false });
      violations().forEach(what => seen.push(language + ", zoom " + map.getZoom().toFixed(1) + ": " + what));
    });
  });
  return seen;

function violations() {
  const frame = map.getContainer().getBoundingClientRect();
  const root = document.querySelector(".hz-labels");
  const found = [];
  const tell = (rule, what) => found.push(rule + ": " + what);
  const features = hetao.features("parks").concat(hetao.features("parts"));
  const shapes = features.map(f => document.querySelector('path[data-feature="' + f.id + '"]')).filter(Boolean).map(path => ({
    id: path.dataset.feature, path: path, box: path.getBoundingClientRect(), back: path.getScreenCTM().inverse() }));
  const parent = id => (features.find(f => f.id === id) || {}).park;

  function inShape(shape, x, y) {
    const b = shape.box;
    if (x < b.left || x > b.right || y < b.top || y > b.bottom) return false;
    const p = new DOMPoint(x, y).matrixTransform(shape.back);
    return shape.path.isPointInFill(p);
  }

  function free(x, y) {
    if (x < frame.left || y < frame.top || x > frame.right || y > frame.bottom) return false;
    if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return true;
    const top = document.elementFromPoint(x, y);
    if (top && !top.closest(".leaflet-container")) return false;
    if (top && top.closest(".leaflet-control")) return false;
    const scale = document.querySelector(".hz-scale");
    const s = scale && scale.getBoundingClientRect();
    return !(s && s.width && x > s.left && x < s.right && y > s.top && y < s.bottom);
  }

  // The letters of a text, each as four corners on the screen.
  function letters(text) {
    const quads = [];
    const m = text.getScreenCTM();
    const size = parseFloat(getComputedStyle(text).fontSize);
    for (let i = 0; i < text.getNumberOfChars(); i += 1) {
      const a = text.getStartPositionOfChar(i), b = text.getEndPositionOfChar(i);
      if (a.x === b.x && a.y === b.y || !text.textContent[i].trim()) continue;
      const turn = text.getRotationOfChar(i) * Math.PI / 180;
      const up = [Math.sin(turn), -Math.cos(turn)];
      quads.push([[a, 0.72], [b, 0.72], [b, -0.18], [a, -0.18]].map(row => {
        const p = new DOMPoint(row[0].x + up[0] * row[1] * size, row[0].y + up[1] * row[1] * size).matrixTransform(m);
        return [p.x, p.y];
      }));
    }
    return quads;
  }

  const side = (a, b, p) => (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
  const meet = (a, b, c, d) => side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
  const corners = q => q.map((p, i) => [p, q[(i + 1) % 4]]);
  const within = (q, p) => corners(q).every(e => side(e[0], e[1], p) >= 0) || corners(q).every(e => side(e[0], e[1], p) <= 0);
  const cut = (q, a, b) => within(q, a) || within(q, b) || corners(q).some(e => meet(e[0], e[1], a, b));
  const touch = (q, r) => corners(r).some(e => cut(q, e[0], e[1])) || within(r, q[0]);
  const box = quads => quads.reduce((o, q) => q.reduce((k, p) => [Math.min(k[0], p[0]), Math.min(k[1], p[1]), Math.max(k[2], p[0]), Math.max(k[3], p[1])], o), [1e9, 1e9, -1e9, -1e9]);
  const near = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

  const names = Array.from(root.querySelectorAll(".hz-label-block")).map(block => {
    const quads = [].concat(...Array.from(block.querySelectorAll("text")).map(letters));
    return { id: block.dataset.names, text: Array.from(block.querySelectorAll("text")).map(t => t.textContent).join(" "), quads: quads, box: box(quads) };
  });
  const screen = p => { const q = map.latLngToContainerPoint([p[1], p[0]]); return [q.x + frame.left, q.y + frame.top]; };
  const crossings = hetao.features("crossings");

  // The shapes on which a name may stand.
  function home(id) {
    const base = id.replace(/-side-\d+$/, "");
    if (features.some(f => f.id === base)) return features.filter(f => f.id === base || f.park === base || f.id === parent(base)).map(f => f.id);
    const point = crossings.concat(hetao.features("stations")).find(f => f.id === id);
    if (!point) return [];
    const at = screen(point.parts[0][0][0]);
    return shapes.filter(s => inShape(s, at[0], at[1])).map(s => s.id);
  }

  names.forEach(name => {
    const own = home(name.id);
    const strangers = shapes.filter(s => own.indexOf(s.id) < 0);
    const points = [].concat(...name.quads.map(q => q.concat([[(q[0][0] + q[2][0]) / 2, (q[0][1] + q[2][1]) / 2]])));
    const on = strangers.find(s => points.some(p => inShape(s, p[0], p[1])));
    if (on) tell("other-shape", name.text + " on " + on.id);
    // Half the letters: a click test costs ten times what a point in a path costs.
    if (name.quads.some((q, i) => (i % 2 === 0 || i === name.quads.length - 1) && !(free(q[0][0], q[0][1]) && free(q[2][0], q[2][1])))) tell("free", name.text);
  });
  for (let i = 0; i < names.length; i += 1) for (let k = 0; k < i; k += 1) {
    if (near(names[i].box, names[k].box) && names[i].quads.some(q => names[k].quads.some(r => touch(q, r)))) tell("label", names[i].text + " / " + names[k].text);
  }

  const border = [].concat(...hetao.features("boundary").map(f => [].concat(...f.parts.map(part => {
    const line = part[0].map(screen);
    return line.slice(1).map((p, n) => [line[n], p]);
  }))));
  root.querySelectorAll(".hz-leader").forEach(path => {
    const id = path.dataset.names;
    const m = path.getScreenCTM();
    const length = path.getTotalLength();
    const at = d => { const p = new DOMPoint(path.getPointAtLength(d).x, path.getPointAtLength(d).y).matrixTransform(m); return [p.x, p.y]; };
    const a = at(0), b = at(length);
    names.forEach(name => { if (name.quads.some(q => cut(q, a, b))) tell("leader-label", id + " through " + name.text); });
    if (!features.some(f => f.id === id)) return;
    if (border.some(s => meet(s[0], s[1], a, b))) tell("leader-boundary", id);
    const own = home(id);
    for (let d = 0; d <= length; d += 2) {
      const p = at(d);
      const on = shapes.find(s => own.indexOf(s.id) < 0 && inShape(s, p[0], p[1]));
      if (on) { tell("leader-shape", id + " over " + on.id); break; }
    }
  });

  // What the reader can see of a shape, in squares of 10 pixels.
  function seen(shape) {
    let count = 0;
    const b = shape.box;
    for (let x = Math.max(b.left, frame.left + 10); x < Math.min(b.right, frame.right - 10); x += 10) {
      for (let y = Math.max(b.top, frame.top + 10); y < Math.min(b.bottom, frame.bottom - 10); y += 10) {
        if (inShape(shape, x, y) && free(x, y) && (count += 1) > 12) return true;
      }
    }
    return false;
  }

  const key = Array.from(document.querySelectorAll(".hz-key:not([hidden]) li"));
  const words = names.map(n => n.text).concat(key.map(row => row.textContent)).join(" | ").replace(/\s+/g, " ");
  const named = f => words.indexOf(hetao.name(f).replace(/\s+/g, " ")) >= 0 || names.concat(key.map(row => ({ id: row.dataset.names }))).some(n => n.id === f.id);
  features.forEach(f => {
    const shape = shapes.find(s => s.id === f.id);
    if (shape && seen(shape) && !named(f) && !(f.park && named(features.find(o => o.id === f.park)))) tell("named", f.id);
  });
  hetao.pairs().forEach(pair => pair.forEach(f => {
    const at = screen(f.parts[0][0][0]);
    if (map.getZoom() >= 11 && free(at[0], at[1]) && at[0] > frame.left + 8 && at[0] < frame.right - 8 && at[1] > frame.top + 8 && at[1] < frame.bottom - 8 && !named(f)) tell("named", f.id);
  }));
  const numbers = Array.from(root.querySelectorAll(".hz-badge")).map(b => b.textContent);
  const rows = key.map(row => row.querySelector("b").textContent).filter(Boolean);
  numbers.forEach(n => { if (rows.indexOf(n) < 0) tell("key", "number " + n + " is not in the key"); });
  rows.forEach(n => { if (numbers.indexOf(n) < 0) tell("key", "number " + n + " is not on the map"); });
  return found;
}
}
