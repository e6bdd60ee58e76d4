// Which names the map has, in the order in which they claim their place, and what names avoid.
(hetao => {
  const P = hetao.placing;
  const as = kind => text => [kind, text];

  // What a line under a name counts as, by the role of its feature.
  const LINES = { boundary: "boundary", road: "limit-road", "road-major": "road", "road-minor": "road", stream: "bank", water: "bank",
    railway: "railway", mangrove: "wetland-edge", ponds: "wetland-edge", woodland: "wetland-edge" };

  hetao.labelObstacles = (scene, addLine) => {
    hetao.data.layers.forEach(layer => {
      if (!scene.shown(layer.key)) return;
      layer.features.filter(scene.sees).forEach(feature => {
        const kind = LINES[feature.role];
        if (kind) feature.parts.forEach(part => part.forEach(line => addLine(line, kind)));
      });
    });
    scene.symbols = {};
    const at = feature => scene.pixel(feature.parts[0][0][0]);
    const square = (feature, side) => { scene.symbols[feature.id] = { boxes: [P.box(at(feature)[0], at(feature)[1], side, side)] }; };
    // A station at a crossing is drawn under its symbol.
    const ports = scene.shown("crossings") ? hetao.features("crossings").filter(scene.sees).map(at) : [];
    scene.stations = scene.shown("stations") ? hetao.features("stations").filter(scene.sees)
      .filter(feature => ports.every(port => Math.hypot(port[0] - at(feature)[0], port[1] - at(feature)[1]) > 20)) : [];
    scene.stations.forEach(feature => { square(feature, 6); });
    if (!scene.shown("crossings")) return;
    hetao.pairs().forEach(pair => addLine(pair.map(end => end.parts[0][0][0]), "pair-line"));
    // A number needs more room than a ring.
    const wide = hetao.narrow() || scene.zoom < scene.policy.class.crossing.full_from;
    hetao.features("crossings").filter(scene.sees).forEach(feature => { square(feature, feature.pair && wide ? 18 : 14); });
  };

  // "Huanggang Port" and "area": a row of several words in two, for a narrow shape.
  function halves(text) {
    const words = text.split(" ");
    const middle = Math.ceil(words.length / 2);
    return words.length > 1 ? [words.slice(0, middle).join(" "), words.slice(middle).join(" ")] : [text];
  }

  // A long name in rows; what three rows do not hold is cut with a sign.
  function wrapped(text, length) {
    const words = Array.from(text).length > text.split(" ").length * length ? Array.from(text) : text.split(" ");
    const glue = words.length > 1 && text.indexOf(" ") < 0 ? "" : " ";
    const rows = [""];
    words.forEach(word => {
      const last = rows[rows.length - 1];
      if (last && Array.from(last + glue + word).length > length) rows.push(word); else rows[rows.length - 1] = last ? last + glue + word : word;
    });
    if (rows.length > 3) { rows.length = 3; rows[2] += " …"; }
    return rows;
  }

  const stated = feature => feature.stated_area_km2 ? hetao.word("stated_km2").replace("{km2}", feature.stated_area_km2.toFixed(2)) : "";

  // The settings of an area's name from long to short: the park, the place, the stated area. A
  // figure never stands without the name of what it measures.
  function settings(feature, park) {
    const place = park === feature ? hetao.word("place_" + feature.id) || "" : hetao.name(feature);
    const name = hetao.name(park);
    const size = stated(feature);
    const rows = [place, size].filter(Boolean).map(as("part"));
    const broken = halves(name).map(as("park"));
    const list = rows.length === 2 ? [[as("park")(name), as("part")(place + " · " + size)]] : [];
    list.push([as("park")(name)].concat(rows), broken.concat(rows));
    // The figure of a whole park is still its own under the name of the park alone.
    const small = halves(name).map(as("narrow"));
    if (park === feature && size) list.push([as("park")(name), as("part")(size)], broken.concat([as("part")(size)]), small.concat([as("part")(size)]));
    if (place && park !== feature) {
      list.push(broken.concat(halves(place).map(as("part")), size ? [as("part")(size)] : []), small.concat(rows), small.concat(halves(place).map(as("part")), size ? [as("part")(size)] : []),
        [as("park")(name), as("part")(place)], broken.concat([as("part")(place)]), small.concat(halves(place).map(as("part"))));
    }
    if (park === feature) list.push([as("park")(name)], broken, small);
    return { inside: list, outside: [[as("park")(name)].concat(place ? [as("part")(place)] : []), [as("park")(name)], halves(name).map(as("narrow"))].slice(0, park === feature ? 3 : 1), text: place && park !== feature ? name + " · " + place : name };
  }

  // A reader's own polygon.
  function ownSettings(feature) {
    const name = hetao.name(feature);
    const size = stated(feature);
    const long = wrapped(name, 24), short = wrapped(name, 12);
    const inside = [long.map(as("park")), short.map(as("narrow")), long.map(as("part")), short.map(as("station"))];
    if (size) inside.unshift(inside[0].concat([as("part")(size)]));
    return { inside: inside, outside: [long.map(as("part"))], text: name };
  }

  function area(feature, park, own) {
    const set = feature.role === "own-polygon" ? ownSettings(feature) : settings(feature, park);
    return { kind: "area", class: "park", id: feature.id, role: park.role, own: own || [feature.id], shapes: own || [feature.id], variants: set.inside, outside: set.outside, text: set.text };
  }

  // The names of the shapes: of each, or where there is no room for that, of the parks alone.
  hetao.areaLabels = scene => {
    if (!scene.shown("parks")) return [[]];
    const parks = hetao.features("parks");
    const outlines = hetao.outlines();
    const each = outlines.map(feature => area(feature, parks.find(park => park.id === feature.park) || feature));
    if (outlines.length === parks.length) return [each];
    const whole = parks.map(park => area(park, park, outlines.filter(o => o === park || o.park === park.id).map(o => o.id)));
    return scene.zoom < scene.policy.class.park.full_from ? [whole] : [each, whole];
  };

  // Both ends of a crossing have one number, and one text in the key.
  hetao.pairLabels = scene => {
    if (!scene.shown("crossings") || scene.zoom < 11) return [];
    return hetao.pairs().filter(pair => pair.some(end => scene.symbols[end.id])).map(pair => ({
      kind: "pair", class: "crossing", id: pair[0].id, ends: pair.map(end => point(end, "crossing")), text: pair.map(end => hetao.name(end)).join(" – "),
      variants: [[as("crossing")(hetao.name(pair[0]) + " –"), as("crossing")(hetao.name(pair[1]))]],
    }));
  };

  function point(feature, kind) {
    const name = hetao.name(feature);
    const variants = [[name]];
    if (name.split(" ").length > 2) variants.push(halves(name));
    return { kind: "point", class: "crossing", id: feature.id, at: feature.parts[0][0][0], radius: 7,
      variants: variants.map(rows => rows.map(as(kind))) };
  }

  function line(feature, kind, name, lines) {
    return { kind: "line", class: name, id: feature.id, variants: [[as(kind)(hetao.name(feature))]], lines: lines || feature.parts.map(part => part[0]) };
  }

  function boundary(scene) {
    const features = hetao.features("boundary").filter(scene.sees);
    if (!features.length) return [];
    const river = hetao.features("river").filter(feature => /shenzhen-river/.test(feature.id));
    const lines = [].concat(...features.concat(river).map(feature => feature.parts.map(part => part[0])));
    return [Object.assign(line(features[0], "boundary", "boundary", lines), { variants: [[as("boundary")(hetao.word("boundary_name"))]] })];
  }

  // The waters of the zone; other rivers have points of their own among the places.
  const WATERS = ["shenzhen-river", "old-meander", "deep-bay"];

  // Broad water is named inside, narrow water on the bank beside it.
  function water(scene) {
    return hetao.features("river").filter(feature => WATERS.indexOf(feature.id) >= 0 && scene.sees(feature)).map(feature => {
      const name = hetao.name(feature), short = hetao.word("short_" + feature.id) || name.split(/\s*[(（]/)[0];
      const names = feature.id === "old-meander" ? [short] : name === short ? [name] : [name, short];
      return { kind: "water", class: "river", id: feature.id, feature: feature, text: name, broad: feature.id === "deep-bay", keyed: feature.id === "old-meander",
        variants: names.map(text => [as("water")(text)]), lines: feature.parts.map(part => part[0]) };
    });
  }

  function roads(scene, limits) {
    return hetao.features("roads").filter(scene.sees).filter(f => (f.role === "road") === limits).map(f => f.role === "stream" ? line(f, "water", "road") : line(f, "road", limits ? "limit-road" : "road"));
  }

  // By role or kind: the type of the name, and its class in the policy.
  const PLACES = { "place-planned": ["planned", "planned"], nature: ["plant", "place"], park: ["plant", "place"], water: ["water", "place"] };
  const EARLY = /^(town|district|nature|water)$/;

  // Names for orientation, where the map has them.
  function places(scene, wanted) {
    return hetao.features("places").filter(scene.sees).map(feature => {
      const [type, name] = PLACES[feature.role] || PLACES[feature.kind] || ["place", "place"];
      return { kind: "spot", class: name, id: feature.id, at: feature.parts[0][0][0], variants: [wrapped(hetao.name(feature) + (name === "planned" ? hetao.word("planned") : ""), 22).map(as(type))],
        late: name === "place" && !EARLY.test(feature.kind) };
    }).filter(label => label.class === wanted);
  }

  function stations(scene) {
    const list = scene.stations.map(feature => Object.assign(point(feature, /planned/.test(feature.role) ? "planned" : "station"), { class: "station", radius: 4 }));
    return list.concat(scene.shown("crossings") ? hetao.features("crossings").filter(f => !f.pair && scene.sees(f)).map(f => point(f, "crossing")) : []);
  }

  // How exact each edge is, as text along it, from close by.
  function edges(scene) {
    if (scene.zoom < 16 || !scene.shown("parks")) return [];
    return [].concat(...hetao.outlines().filter(scene.sees).map(feature => feature.sides ? feature.sides.map((side, index) => ({
      kind: "line", class: "road", id: feature.id + "-side-" + index, role: feature.role === "part" ? "shenzhen-park" : feature.role, own: [feature.id],
      variants: [[as("note")(hetao.word(side.inferred ? "edge_inferred" : "edge").replace("{metres}", side.accuracy))]], lines: [hetao.side(feature, side)],
    })) : []));
  }

  hetao.territories = { region_shenzhen: [114.052, 22.527], region_hong_kong: [114.082, 22.508] };

  function territories(scene) {
    if (!hetao.features("boundary").length) return [];
    return Object.keys(hetao.territories).map(id => ({ kind: "territory", class: "territory", id: id, variants: [[as("region")(hetao.word(id))]] }));
  }

  const LISTS = {
    territory: territories,
    boundary: scene => scene.shown("boundary") ? boundary(scene) : [],
    "limit-road": scene => scene.shown("roads") ? roads(scene, true) : [],
    river: scene => scene.shown("river") ? water(scene) : [],
    road: scene => (scene.shown("roads") ? roads(scene, false) : []).concat(edges(scene)),
    planned: scene => places(scene, "planned"),
    place: scene => places(scene, "place"),
    station: stations,
  };

  // All other names, in the order of the policy.
  hetao.labelList = scene => [].concat(...scene.policy.order.filter(name => LISTS[name]).map(name => {
    const rule = scene.policy.class[name];
    if (scene.zoom < rule.from_zoom) return [];
    return LISTS[name](scene).filter(label => !label.late || scene.zoom >= (rule.full_from || 0));
  }));
})(hetao);
