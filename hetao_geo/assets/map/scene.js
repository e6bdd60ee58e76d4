// What a round of placing knows, in pixels of the window: the free part of it, the shapes, the
// lines, and what already stands there; and the hard rules, which no place may break.
(hetao => {
  const P = hetao.placing;
  // Beyond the window by this much nothing matters for a name inside it.
  const MARGIN = 64;
  const worlds = new WeakMap();
  const extents = new WeakMap();

  // Web Mercator in widths of the world, from degrees: computed once for each line.
  function world(line) {
    if (!worlds.has(line)) {
      worlds.set(line, line.map(p => {
        const lat = Math.max(-85.0511, Math.min(85.0511, p[1])) * Math.PI / 180;
        return [(p[0] + 180) / 360, 0.5 - Math.log(Math.tan(Math.PI / 4 + lat / 2)) / (2 * Math.PI)];
      }));
    }
    return worlds.get(line);
  }

  hetao.world = world;

  function extent(feature) {
    if (!extents.has(feature)) extents.set(feature, P.bounds([].concat(...feature.parts.map(part => world(part[0])))));
    return extents.get(feature);
  }

  hetao.makeScene = map => {
    const size = map.getSize();
    const corner = map.getPixelBounds().min;
    const scale = map.options.crs.scale(map.getZoom());
    const policy = hetao.data.policy;
    const view = { left: 0, top: 0, right: size.x, bottom: size.y };
    const near = P.grow(view, MARGIN);
    const never = policy.never;
    const scene = { map: map, size: size, policy: policy, frame: P.grow(view, -policy.clearance.frame), near: near,
      zoom: hetao.labelZoom(map), polygons: [], scans: {} };
    const edges = hetao.makeGrid(near);
    const bodies = hetao.makeGrid(near);
    const lines = hetao.makeGrid(near);
    const taken = hetao.makeGrid(near);
    const leaders = hetao.makeGrid(near);
    const hulls = hetao.makeGrid(near);

    scene.pixels = line => world(line).map(p => [p[0] * scale - corner.x, p[1] * scale - corner.y]);
    scene.pixel = position => scene.pixels([position])[0];
    scene.shown = key => Boolean(hetao.groups[key] && map.hasLayer(hetao.groups[key]));
    scene.sees = feature => {
      const e = extent(feature);
      return P.overlap(near, { left: e.left * scale - corner.x - 1, right: e.right * scale - corner.x + 1,
        top: e.top * scale - corner.y - 1, bottom: e.bottom * scale - corner.y + 1 });
    };

    function addLine(line, kind, owner) {
      P.segments(scene.pixels(line)).forEach(segment => {
        (owner === undefined ? lines : edges).addSegment({ segment: segment, kind: kind, owner: owner });
      });
    }

    function addPolygon(feature) {
      const rings = [].concat(...feature.parts.map(part => part.map(scene.pixels)));
      const polygon = { id: feature.id, park: feature.park, feature: feature, rings: rings, box: P.bounds([].concat(...rings)) };
      scene.polygons.push(polygon);
      bodies.addBox(polygon);
      feature.parts.forEach(part => part.forEach(ring => addLine(ring, "park-edge", feature.id)));
    }

    if (scene.shown("parks")) hetao.outlines().filter(scene.sees).forEach(addPolygon);
    hetao.labelObstacles(scene, addLine);

    // The polygons over a point.
    scene.over = (x, y) => {
      const ids = [];
      bodies.each({ left: x - 0.5, right: x + 0.5, top: y - 0.5, bottom: y + 0.5 }, polygon => {
        if (P.contains(polygon.rings, x, y)) ids.push(polygon.id);
      });
      return ids;
    };

    const has = (list, rule) => list.indexOf(rule) >= 0;
    const foreign = own => id => own.indexOf(id) < 0;

    function clear(box) {
      if (has(never.touch, "frame") && !P.inside(box, scene.frame)) return false;
      if (taken.some(box, item => has(never.touch, item.kind) && P.overlap(item.box, box))) return false;
      return !(has(never.touch, "leader") && leaders.some(box, item => P.crosses(item.segment, box)));
    }

    // Stands no letter on a shape that it does not name, nor on a line that no name may cover?
    function home(box, own) {
      const elsewhere = foreign(own);
      if (has(never.stand_on, "other-shape")) {
        if (edges.some(box, item => elsewhere(item.owner) && P.crosses(item.segment, box))) return false;
        if (scene.over(...P.middle(box)).some(elsewhere)) return false;
      }
      if (has(never.cross, "park-edge") && edges.some(box, item => P.crosses(item.segment, box))) return false;
      return !(has(never.cross, "boundary") && lines.some(box, item => item.kind === "boundary" && P.crosses(item.segment, box)));
    }

    function straight(leader, own) {
      const rules = never.leader_cross;
      const elsewhere = foreign(own);
      const box = P.grow(P.bounds([[leader[0], leader[1]], [leader[2], leader[3]]]), 1);
      if (has(rules, "boundary") && lines.some(box, item => item.kind === "boundary" && P.graze(item.segment, leader))) return false;
      if (has(rules, "other-shape")) {
        if (edges.some(box, item => elsewhere(item.owner) && P.graze(item.segment, leader))) return false;
        const start = scene.over(leader[0], leader[1]);
        if (start.some(elsewhere) || own.length && !start.length) return false;
      }
      if (taken.some(box, item => has(rules, item.kind) && P.crosses(leader, P.grow(item.box, 1)))) return false;
      return !leaders.some(box, item => P.meet(item.segment, leader));
    }

    scene.free = place => place.boxes.every(clear) &&
      !(place.leader && taken.some(P.bounds([place.leader.slice(0, 2), place.leader.slice(2)]), item => item.kind === "label" && P.crosses(place.leader, item.box)));
    // Is a point in sight? `beside` says that the key itself hides nothing.
    scene.uncovered = (at, beside) => {
      const dot = P.box(at[0], at[1], 2, 2);
      return P.inside(dot, scene.frame) && !taken.some(dot, item => item.kind === "card" && !(beside && item.key) && P.overlap(P.grow(item.box, -policy.clearance.card), dot));
    };

    // Is this place free, for a name of the shapes `own`?
    scene.allows = (place, own) => place.boxes.every(box => clear(box) && home(box, own)) &&
      (!place.leader || straight(place.leader, own));

    const hull = place => place.boxes.length === 1 ? place.boxes[0] : P.bounds([].concat(...place.boxes.map(box => [[box.left, box.top], [box.right, box.bottom]])));

    // What lies under the name, and what the leader crosses.
    scene.cost = place => {
      let sum = 0;
      place.boxes.forEach(box => lines.each(box, item => {
        if (P.crosses(item.segment, box)) sum += policy.cost[item.kind] || 0;
      }));
      // A name in the open corner of a slanted one is free but looks crowded.
      if (hulls.some(hull(place), item => P.overlap(item.box, hull(place)))) sum += policy.cost["beside-slanted"];
      if (!place.leader) return sum;
      const s = place.leader;
      lines.each(P.grow(P.bounds([[s[0], s[1]], [s[2], s[3]]]), 1), item => {
        if (item.kind.indexOf("road") < 0 && P.meet(item.segment, s)) sum += policy.cost["leader-crossing"];
      });
      return sum + Math.hypot(s[2] - s[0], s[3] - s[1]) * policy.cost["leader-pixel"];
    };

    // Claims a place; returns what `release` needs to give it back.
    scene.take = (place, kind) => {
      const items = place.boxes.map(box => ({ box: P.grow(box, policy.clearance[kind] || 0), kind: kind }));
      items.forEach(taken.addBox);
      if (kind === "label") { items.push({ box: hull(place) }); hulls.addBox(items[items.length - 1]); }
      if (!place.leader) return items;
      const leader = { segment: place.leader };
      leaders.addSegment(leader);
      return items.concat(leader);
    };
    scene.release = items => { items.forEach(item => { item.gone = true; }); };

    // The key, which is known only when the names are placed.
    let key = [];
    scene.coverKey = box => {
      scene.release(key);
      key = box ? scene.take({ boxes: [box] }, "card") : [];
      key.forEach(item => { item.key = true; });
    };
    hetao.covers(map).forEach(box => { scene.take({ boxes: [box] }, "card"); });
    return scene;
  };

  // What lies over the map: cards, the open card, buttons of others.
  hetao.covers = map => {
    const frame = map.getContainer().getBoundingClientRect();
    // On a phone the field, the buttons and the sheet of the text lie over the map.
    const others = Array.from(document.querySelectorAll(".leaflet-container .leaflet-control, .hz-search, .hz-language-menu, .hz-languages, .hz-panel"));
    return hetao.cards(map).concat(hetao.cardBox(map), others.map(element => element.getBoundingClientRect()).filter(box => box.width && box.height).map(box => (
      { left: box.left - frame.left, top: box.top - frame.top, right: box.right - frame.left, bottom: box.bottom - frame.top })));
  };

  // The zoom at which the zone would have this scale: at other latitudes the same zoom shows less.
  hetao.labelZoom = map => Math.log2(40075016.686 * Math.cos(22.52 * Math.PI / 180) / 256 / hetao.metresPerPixel(map));
})(hetao);
