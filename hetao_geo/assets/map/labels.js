// Places the names: each in turn takes the cheapest place that breaks no hard rule. What finds none
// gets a number in a circle and a line in the key below the map.
(hetao => {
  const P = hetao.placing;
  const { textBox, size, write, writeAlong, leader, badge } = hetao.lettering;
  const RADIUS = 9;
  // With more shapes than this there is no room beside them.
  const MANY = 40;
  const KEY_ORDER = ["pair", "water", "area"];

  // The cheapest free place, or null.
  function best(scene, places, own, most) {
    let cheapest = null;
    let least = most === undefined ? Infinity : most;
    places.sort((a, b) => a.cost - b.cost).some(place => {
      if (place.cost >= least) return true;
      if (!scene.allows(place, own)) return false;
      const cost = place.cost + scene.cost(place);
      if (cost < least) { cheapest = place; least = cost; }
      return false;
    });
    return cheapest;
  }

  // Keeps a place: what was taken can be given back, what is drawn waits until all is placed.
  function keep(round, label, place, draw) {
    const taken = round.scene.take(place, place.kind || "label");
    const entry = { label: label, place: place, taken: taken, draw: draw };
    round.entries.push(entry);
    return entry;
  }

  function text(round, label, place) {
    return keep(round, label, place, parent => {
      if (place.leader) leader(parent, label, place.leader);
      if (place.curve) writeAlong(parent, label, place); else write(parent, label, place);
    });
  }

  function keyRow(round, label, numbered) {
    const known = round.key.find(row => row.id === label.id);
    if (known) { known.numbered = known.numbered || numbered; return known; }
    const row = { id: label.id, text: label.text, role: label.role, numbered: numbered, rank: KEY_ORDER.indexOf(label.kind) };
    round.key.push(row);
    return row;
  }

  // Crossings have the first numbers; what has no room even for a number comes last.
  function countKey(round) {
    round.key = round.key.map((row, index) => Object.assign(row, { at: index }))
      .sort((a, b) => Number(b.numbered) - Number(a.numbered) || a.rank - b.rank || a.at - b.at);
    round.key.forEach((row, index) => { row.number = row.numbered ? String(index + 1) : ""; });
    return round;
  }

  function number(round, label, place) {
    const row = keyRow(round, label, true);
    place.kind = "symbol";
    return keep(round, label, place, parent => {
      if (place.leader) leader(parent, label, place.leader);
      badge(parent, label.id, label.role, row.number, place, RADIUS);
    });
  }

  function undo(round, entries) {
    entries.forEach(entry => { round.scene.release(entry.taken); });
    round.entries = round.entries.filter(entry => entries.indexOf(entry) < 0);
  }

  function shapeOf(scene, label) {
    const id = label.shapes.join();
    if (!(id in scene.scans)) {
      const rings = [].concat(...scene.polygons.filter(p => label.shapes.indexOf(p.id) >= 0).map(p => p.rings));
      scene.scans[id] = rings.length ? hetao.scanShape(rings, scene.frame) : null;
    }
    return scene.scans[id];
  }

  const placers = {
    // In the shape, else beside it; false where it has no place, null where it is out of sight.
    area: (round, label) => {
      const scene = round.scene, policy = scene.policy;
      const shape = label.shape = shapeOf(scene, label);
      if (!shape || !shape.spans.some(spans => spans.length)) return null;
      for (const rows of label.variants) {
        const place = best(scene, hetao.insidePlaces(shape, textBox(rows), policy.clearance.edge), label.own);
        if (place) return text(round, label, place);
      }
      if (scene.polygons.length > MANY) return false;
      for (const rows of label.outside) {
        const place = best(scene, hetao.outsidePlaces(shape, textBox(rows), policy, scene.polygons.length < 9), label.own);
        if (place) return text(round, label, place);
      }
      return false;
    },
    point: (round, label) => {
      const scene = round.scene, at = scene.pixel(label.at);
      if (!P.inside(P.box(at[0], at[1], 2, 2), scene.frame)) return null;
      const own = scene.over(at[0], at[1]);
      const places = [].concat(...label.variants.map((rows, index) => hetao.pointPlaces(at, textBox(rows), scene.policy, label.radius).map(place => {
        place.cost += index * scene.policy.cost.break;
        return place;
      })));
      const place = best(scene, places, own, label.class === "crossing" ? 14 : 5);
      return place ? text(round, label, place) : false;
    },
    line: (round, label) => {
      const scene = round.scene, cost = scene.policy.cost;
      const rows = label.variants[0];
      const block = textBox(rows), letters = size(rows[0][0]);
      const [nearest, farthest] = scene.policy.clearance.line;
      const stand = letters / 2 + (nearest + farthest) / 2;
      const places = [].concat(...label.lines.map(points => hetao.curvePlaces(scene.pixels(points), { width: block.width, height: letters * 1.15 }, letters, [stand, -stand], scene.frame)));
      // A bay is named on its water only.
      const wet = label.broad ? [].concat(...label.feature.parts.map(part => part.map(scene.pixels))) : null;
      places.forEach(place => {
        if (wet && !P.contains(wet, place.at[0], place.at[1])) place.boxes = [P.grow(scene.frame, 9)];
        place.block = block;
        place.cost = place.order * cost["lower-side"] + place.bend * 4 * cost.bend + place.steep * 1.5 * cost.tilt +
          Math.hypot(place.at[0] - scene.size.x / 2, place.at[1] - scene.size.y / 2) * cost["off-centre"] / 5;
      });
      const place = best(scene, places, label.own || [], 24);
      return place ? text(round, label, place) : false;
    },
    water: (round, label) => {
      const scene = round.scene;
      const rings = [].concat(...label.feature.parts.map(part => part.map(scene.pixels)));
      const shape = hetao.scanShape(rings, scene.frame);
      for (const rows of label.variants) {
        const place = best(scene, hetao.insidePlaces(shape, textBox(rows), scene.policy.clearance.edge), []);
        if (place) return text(round, label, place);
        const along = placers.line(round, Object.assign({}, label, { variants: [rows] }));
        if (along) return along;
      }
      // Only beside other numbers: a key for this alone would be too much.
      if (!label.keyed || !round.key.length || !shape.spans.some(spans => spans.length)) return false;
      const middles = shape.spans.map((spans, row) => spans.map(span => [(span[0] + span[1]) / 2, shape.top + row * shape.step]));
      const spots = [].concat(...middles.filter((row, index) => index % 4 === 2)).filter(at => scene.uncovered(at));
      const place = best(scene, [].concat(...spots.map(at => hetao.badgePlaces(at, RADIUS, false, [14]))), []);
      return place ? number(round, label, place) : false;
    },
    // At its place, or a little beside it.
    spot: (round, label) => {
      const scene = round.scene, at = scene.pixel(label.at), block = textBox(label.variants[0]);
      const places = [[0, 0], [0, -12], [0, 12], [-20, 0], [20, 0], [-20, 14], [20, -14]].map((by, index) => ({ x: at[0] + by[0], y: at[1] + by[1], block: block, cost: index * 0.5,
        boxes: [P.box(at[0] + by[0], at[1] + by[1], block.width, block.height)] }));
      const place = best(scene, places, [], 5);
      return place ? text(round, label, place) : false;
    },
    territory: (round, label) => {
      const scene = round.scene, block = textBox(label.variants[0]);
      const place = best(scene, hetao.regionPlaces(scene, block, hetao.territoryPrice(scene, label.id)), []);
      return place ? text(round, label, place) : false;
    },
    // Each end by its name, else one name for both, else a number at each end.
    pair: (round, label) => {
      const scene = round.scene;
      const ends = label.ends.filter(end => scene.symbols[end.id]);
      const places = ends.map(end => scene.pixel(end.at));
      if (!places.some(at => P.inside(P.box(at[0], at[1], 2, 2), scene.frame))) return;
      if (scene.zoom >= scene.policy.class.crossing.full_from) {
        const entries = ends.map(end => placers.point(round, end));
        if (entries.every(entry => entry !== false)) return;
        undo(round, entries.filter(Boolean));
      }
      if (scene.zoom >= scene.policy.class.crossing.from_zoom && scene.size.x > 520 && both(round, label, ends, places)) return;
      numbers(round, label, ends, places);
    },
  };

  function both(round, label, ends, at) {
    const places = [].concat(...ends.map((end, index) => hetao.pointPlaces(at[index], textBox(label.variants[0]), round.scene.policy, end.radius)));
    const place = best(round.scene, places, [], 12);
    return place && text(round, label, place);
  }

  function numbers(round, label, ends, at) {
    const scene = round.scene;
    const apart = at.length < 2 ? Infinity : Math.hypot(at[0][0] - at[1][0], at[0][1] - at[1][1]);
    if (apart < 3 * RADIUS) at = [[(at[0][0] + at[1][0]) / 2, (at[0][1] + at[1][1]) / 2]];
    at.forEach((position, index) => {
      const symbols = apart < 3 * RADIUS ? ends : [ends[index]];
      symbols.forEach(end => { scene.release(scene.symbols[end.id].items); });
      // A circle is no name: it may lie on an edge.
      // A circle is no name: it may lie on an edge. An end under a card has none.
      const places = hetao.badgePlaces(position, RADIUS, true);
      const place = scene.uncovered(position) && places.find(scene.free);
      if (place) number(round, label, place); else if (scene.uncovered(position, true)) keyRow(round, label, false);
    });
  }

  // A number in the shape, where a circle has room.
  function numbered(round, label) {
    const scene = round.scene;
    const side = 2 * RADIUS;
    const circle = { width: side, widths: [side], height: side, heights: [side], rows: [], reach: 0 };
    const place = best(scene, hetao.insidePlaces(label.shape, circle, 0), label.own);
    const middles = [].concat(...label.shape.spans.map((spans, row) => spans.map(span => [(span[0] + span[1]) / 2, label.shape.top + row * label.shape.step])));
    if (place) number(round, label, place);
    else if (middles.some(at => scene.uncovered(at, true))) keyRow(round, label, false);
  }

  // The names of the shapes: of each, or of the parks alone; numbers where both leave one out.
  function areas(round) {
    const levels = hetao.areaLabels(round.scene);
    let least = null;
    levels.some((labels, index) => {
      const entries = labels.map(label => placers.area(round, label));
      const missing = labels.filter((label, n) => entries[n] === false);
      if (!least || missing.length < least.missing.length) least = { labels: labels, missing: missing, index: index };
      if (!missing.length || levels.length === 1) return true;
      undo(round, entries.filter(Boolean));
      return false;
    });
    if (least.missing.length && levels.length > 1) least.labels.forEach(label => { placers.area(round, label); });
    least.missing.forEach(label => { numbered(round, label); });
  }

  function solve(scene) {
    const round = { scene: scene, entries: [], key: [] };
    Object.keys(scene.symbols).forEach(id => { scene.symbols[id].items = scene.take(scene.symbols[id], "symbol"); });
    areas(round);
    hetao.pairLabels(scene).forEach(label => { placers.pair(round, label); });
    hetao.labelList(scene).forEach(label => { placers[label.kind](round, label); });
    return countKey(round);
  }

  // Gives all places back, and keeps those under the key.
  function again(round) {
    const scene = round.scene;
    undo(round, round.entries.slice());
    Object.keys(scene.symbols).forEach(id => { scene.release(scene.symbols[id].items); });
    scene.coverKey(hetao.keyBox(scene.map));
    return solve(scene);
  }

  hetao.placeLabels = map => {
    const root = hetao.labelRoot;
    if (!root) return;
    hetao.hideKey();
    let round = solve(hetao.makeScene(map));
    // The key lies over the map: with it in place the names are placed again. It only grows
    // meanwhile, so this ends.
    for (let times = 0; times < 4 && hetao.showKey(map, round, times > 0); times += 1) round = again(round);
    hetao.settleKey(map, round);
    L.DomUtil.setPosition(root, map.containerPointToLayerPoint([0, 0]));
    root.setAttribute("width", round.scene.size.x);
    root.setAttribute("height", round.scene.size.y);
    while (root.firstChild) root.removeChild(root.firstChild);
    const drawing = document.createElementNS("http://www.w3.org/2000/svg", "g");
    hetao.lettering.begin();
    round.entries.forEach(entry => { entry.draw(drawing); });
    root.appendChild(drawing);
    hetao.clearOfKey(map, round);
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
        map.on("moveend resize", this.place, this);
        this.place();
      },
      onRemove: function (map) {
        map.off("moveend resize", this.place, this);
        hetao.labelRoot.remove();
        hetao.labelRoot = null;
        hetao.hideKey();
      },
      place: function (event) {
        if (event && event.type === "resize") hetao.lettering.reset();
        if (this._map) hetao.placeLabels(this._map);
      },
    });
    const layer = new LabelLayer();
    hetao.on("language", () => { hetao.lettering.reset(); layer.place(); });
    return layer;
  };
})(hetao);
