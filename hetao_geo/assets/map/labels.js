// Labels that collide with nothing and stay in the shape they name, at every zoom: each label
// has candidates; the best free one wins, and a label without one stands aside on a leader line
// or is left out.
(hetao => {
  const P = hetao.placing;
  const { block, write, leader } = hetao.lettering;

  // Everything that one round of placing must know, in pixels of the container.
  function scene(map) {
    const size = map.getSize();
    function pixels(line) {
      return line.map(p => { const q = map.latLngToContainerPoint([p[1], p[0]]); return [q.x, q.y]; });
    }
    const shown = key => hetao.groups[key] && map.hasLayer(hetao.groups[key]);
    const one = { map: map, size: size, pixels: pixels, shown: shown, taken: hetao.cards(map).concat(hetao.cardBox(map)).map(box => P.grow(box, 4)),
      frame: { left: 6, top: 6, right: size.x - 6, bottom: size.y - 6 }, outlines: {}, strong: [], weak: [], boundary: [] };
    hetao.outlines().forEach(feature => {
      one.outlines[feature.id] = feature.parts.map(part => pixels(part[0]));
      if (shown("parks")) one.strong = one.strong.concat(one.outlines[feature.id].flatMap(P.segments));
    });
    ["boundary", "river", "roads"].filter(shown).forEach(key => {
      const target = key === "boundary" ? "strong" : "weak";
      if (key === "boundary") one.boundary = hetao.features(key).flatMap(f => P.segments(pixels(f.parts[0][0])));
      hetao.features(key).forEach(feature => {
        feature.parts.forEach(part => { one[target] = one[target].concat(P.segments(pixels(part[0]))); });
      });
    });
    one.weak = one.weak.concat(shown("crossings") ? hetao.pairs().flatMap(pair => P.segments(pair.map(each => pixels(each.parts[0][0])[0]))) : []);
    const near = s => P.crosses(s, { left: -50, top: -50, right: size.x + 50, bottom: size.y + 50 });
    one.strong = one.strong.filter(near);
    one.weak = one.weak.filter(near);
    if (shown("crossings")) hetao.features("crossings").forEach(feature => {
      const at = pixels(feature.parts[0][0])[0];
      one.taken.push(P.box(at[0], at[1], 16, 16));
    });
    return one;
  }

  function vacant(one, box) {
    return P.inside(box, one.frame) && !one.taken.some(other => P.overlap(box, other));
  }

  function cost(one, box) {
    let price = 0;
    for (const segment of one.strong) if (P.crosses(segment, box)) price += 6;
    for (const segment of one.weak) if (P.crosses(segment, box)) price += 1;
    return price;
  }

  function take(one, box) { one.taken.push(P.grow(box, 2)); }

  const placers = {
    // In the shape; if no variant fits, beside it on a leader line. Returns false if it has no place.
    area: function (one, label) {
      const rings = one.outlines[label.id] || label.feature.parts.map(part => one.pixels(part[0]));
      const all = P.bounds(rings.flat());
      if (!P.overlap(all, one.frame)) return true;
      for (const rows of label.variants) {
        label.block = block(rows);
        const spot = P.insideRings(rings, label.block.width + label.pad, label.block.height + label.pad, one.frame,
          box => vacant(one, box) && (label.leader || cost(one, box) === 0));
        if (spot) {
          write(one.root, label, spot.x, spot.y);
          take(one, P.box(spot.x, spot.y, label.block.width, label.block.height));
          return true;
        }
      }
      if (!label.leader) return false;
      const middle = heart(rings, one.frame);
      return label.asides.some(rows => {
        label.block = block(rows);
        return aside(one, label, middle);
      });
    },
    point: function (one, label) {
      const at = one.pixels(label.feature.parts[0][0])[0];
      if (!P.inside(P.box(at[0], at[1], 0, 0), one.frame)) return;
      label.block = block(label.variants[0]);
      const w = label.block.width / 2;
      const h = label.block.height / 2;
      const gap = 10;
      const spots = [[gap + w, 0], [-gap - w, 0], [gap * 0.7 + w, -h - 2], [-gap * 0.7 - w, -h - 2], [gap * 0.7 + w, h + 2],
        [-gap * 0.7 - w, h + 2], [0, -gap - h], [0, gap + h],
        [w / 2, -gap - h], [-w / 2, -gap - h], [w / 2, gap + h], [-w / 2, gap + h]];
      let best = null;
      spots.forEach((spot, order) => {
        const box = P.box(at[0] + spot[0], at[1] + spot[1], label.block.width, label.block.height);
        if (!vacant(one, box)) return;
        const price = cost(one, P.grow(box, -label.block.reach)) + order * 0.6;
        if (!best || price < best.price) best = { price: price, spot: spot, box: box };
      });
      if (best && (best.price < 18 || !label.leader)) {
        write(one.root, label, at[0] + best.spot[0], at[1] + best.spot[1], 0, best.spot[0] > w ? "start" : best.spot[0] < -w ? "end" : "middle");
        take(one, best.box);
      } else if (label.leader) aside(one, label, at);
    },
    // Along a line, turned with it, beside it rather than on it.
    line: function (one, label) {
      label.block = block(label.variants[0]);
      const w = label.block.width;
      const h = label.block.height;
      let best = null;
      label.lines.forEach(points => {
        P.stretches(one.pixels(points), w, one.frame).forEach(spot => {
          label.offsets.forEach((offset, order) => {
            const shift = offset * (h / 2 + 3 + spot.bend / 2);
            const x = spot.x + Math.sin(spot.angle) * shift;
            const y = spot.y - Math.cos(spot.angle) * shift;
            const box = P.turned(x, y, w, h, spot.angle);
            if (!vacant(one, box) || (label.outside && P.contains(Object.values(one.outlines).flat(), x, y))) return;
            const price = cost(one, P.turned(x, y, w * 0.98, h * 0.7, spot.angle)) * (Math.abs(Math.sin(2 * spot.angle)) > 0.5 ? 0.5 : 1) +
              order * 1.5 + Math.abs(spot.angle) * 3 + spot.bend + Math.hypot(x - one.size.x / 2, y - one.size.y / 2) / 250;
            if (!best || price < best.price) best = { price: price, x: x, y: y, angle: spot.angle, box: box };
          });
        });
      });
      if (!best || best.price > label.limit) return;
      write(one.root, label, best.x, best.y, best.angle);
      take(one, best.box);
    },
    // At a place of its own, or a little beside it, on ground that nothing else claims.
    region: function (one, label) {
      label.block = block(label.variants[0]);
      const edges = one.strong.concat(one.weak);
      const rings = Object.values(one.outlines).flat().concat(hetao.features("river").flatMap(f => f.parts.map(p => one.pixels(p[0]))));
      const spot = label.places.map(place => one.pixels([place])[0]).find(at => {
        const box = P.box(at[0], at[1], label.block.width + 16, label.block.height + 12);
        return vacant(one, box) && !rings.some(ring => P.contains([ring], at[0], at[1])) && !edges.some(s => P.crosses(s, box));
      });
      if (!spot) return;
      write(one.root, label, spot[0], spot[1]);
      take(one, P.box(spot[0], spot[1], label.block.width, label.block.height));
    },
    note: function (one, label) {
      const at = one.pixels([label.at])[0];
      if (!P.inside(P.box(at[0], at[1], 0, 0), one.frame)) return;
      label.block = block(label.variants[0]);
      aside(one, label, at, 26, "start");
    },
  };

  // The point of a shape farthest from its edges, within the frame.
  function heart(rings, frame) {
    const spot = P.insideRings(rings, 1, 1, frame, () => true);
    return spot ? [spot.x, spot.y] : null;
  }

  // Beside everything, joined by a leader line that crosses as little as possible.
  function aside(one, label, at, start, anchor) {
    if (!at) return false;
    const w = label.block.width;
    const h = label.block.height;
    const shapes = Object.values(one.outlines);
    let best = null;
    for (let reach = start || 18; reach < 190; reach += 14) {
      for (let turn = 0; turn < 24; turn += 1) {
        const dx = Math.cos(turn * Math.PI / 12);
        const dy = Math.sin(turn * Math.PI / 12);
        const x = at[0] + dx * (reach + w / 2);
        const y = at[1] + dy * (reach + h / 2);
        const box = P.box(x, y, w, h);
        if (!vacant(one, box)) continue;
        if (shapes.some(rings => P.contains(rings, x, y))) continue;
        const end = [Math.max(box.left, Math.min(box.right, at[0])), Math.max(box.top, Math.min(box.bottom, at[1]))];
        const path = [at[0], at[1], end[0], end[1]];
        if (one.taken.some(other => P.crosses(path, other) && !P.overlap(P.box(at[0], at[1], 2, 2), other))) continue;
        const over = one.boundary.some(segment => P.meet(path, segment));
        const price = cost(one, P.grow(box, 3)) * 8 + (over ? 60 : 0) + Math.hypot(end[0] - at[0], end[1] - at[1]) / 6;
        if (!best || price < best.price) best = { price: price, x: x, y: y, box: box, end: end };
      }
    }
    // A leader over the boundary names the wrong side; only a park must have its name at any price.
    if (!best || (best.price > 55 && label.kind !== "area")) return false;
    leader(one.root, at, best.end, label.role);
    write(one.root, label, best.x, best.y, 0, anchor);
    take(one, best.box);
    return true;
  }

  hetao.placeLabels = map => {
    const root = hetao.labelRoot;
    if (!root) return;
    while (root.firstChild) root.removeChild(root.firstChild);
    const corner = map.containerPointToLayerPoint([0, 0]);
    L.DomUtil.setPosition(root, corner);
    const one = scene(map);
    one.root = root;
    root.setAttribute("width", one.size.x);
    root.setAttribute("height", one.size.y);
    const before = one.taken.slice();
    // What the shapes are called: all of it for each, or the same lines less for each.
    hetao.areaLabels(map).some((labels, index, levels) => {
      root.replaceChildren();
      one.taken = before.slice();
      const placed = labels.map(label => placers.area(one, label));
      return placed.every(Boolean) || index === levels.length - 1;
    });
    hetao.labelList(map).forEach(label => { placers[label.kind](one, label); });
  };

  hetao.refreshLabels = () => {
    if (hetao.labelRoot) hetao.placeLabels(hetao.map);
  };

  hetao.labelLayer = () => {
    const LabelLayer = L.Layer.extend({
      onAdd: function (map) {
        hetao.labelRoot = document.createElementNS("http://www.w3.org/2000/svg", "svg");
        hetao.labelRoot.setAttribute("class", "hz-labels leaflet-zoom-hide");
        map.getPane("labels").appendChild(hetao.labelRoot);
        map.on("moveend zoomend resize viewreset", this.place, this);
        this.place();
      },
      onRemove: function (map) {
        map.off("moveend zoomend resize viewreset", this.place, this);
        hetao.labelRoot.remove();
        hetao.labelRoot = null;
      },
      place: function () {
        if (this._map) hetao.placeLabels(this._map);
      },
    });
    const layer = new LabelLayer();
    hetao.on("language", () => { hetao.lettering.forget(); layer.place(); });
    return layer;
  };
})(hetao);
