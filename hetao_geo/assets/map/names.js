// Which labels the map has, in the order in which they claim their place.
(hetao => {
  function area(value) {
    return hetao.word("stated_km2").replace("{km2}", value.toFixed(2));
  }

  // From afar the parks alone are named, without their parts.
  function small(map) {
    const park = hetao.features("parks")[0];
    const across = L.latLngBounds(park.parts[0][0].map(p => [p[1], p[0]]));
    return map.latLngToContainerPoint(across.getNorthEast()).x - map.latLngToContainerPoint(across.getSouthWest()).x < 150;
  }

  function shape(feature, role, variants, asides) {
    return { kind: "area", id: feature.id, feature: feature, role: role, leader: true, pad: 8, asides: asides, variants: variants };
  }

  function parkNames() {
    return hetao.features("parks").map(feature => {
      const name = [["park", hetao.name(feature)]];
      return shape(feature, feature.role, [name], [name]);
    });
  }

  // "Huanggang Port" and "area": a row of several words in two, for a narrow shape.
  function halves(text) {
    const words = text.split(" ");
    const middle = Math.ceil(words.length / 2);
    return words.length > 1 ? [words.slice(0, middle).join(" "), words.slice(middle).join(" ")] : [text];
  }

  const as = kind => text => [kind, text];

  // Name of the park, name of the place, stated area: the first `count` of them. A figure never
  // stands without the name of what it measures.
  function places(count) {
    const parks = hetao.features("parks");
    return hetao.outlines().map(feature => {
      const park = parks.find(one => one.id === feature.park) || feature;
      const place = park === feature ? hetao.word("place_" + feature.id) || "" : hetao.name(feature);
      const size = feature.stated_area_km2 ? area(feature.stated_area_km2) : "";
      const name = hetao.name(park);
      const below = [place, size].slice(0, count - 1).filter(Boolean);
      const more = below.map(as("part"));
      const rows = halves(name).map(as("park"));
      const whole = [as("park")(name)].concat(more);
      const variants = [whole, rows.concat(more)];
      // The figure of a whole park is still its own under the name of the park alone.
      if (park === feature) variants.push(rows.concat(more.slice(-1)));
      else variants.push(rows.concat(halves(place).map(as("part")), more.slice(1)));
      if (below.length === 2) variants.unshift([whole[0], as("part")(below.join(" · "))]);
      if (count === 1) variants.push(halves(name).map(as("narrow")));
      return shape(feature, park.role, variants, [whole, rows.concat(more)]);
    });
  }

  // The names of the shapes at each length, the longest first.
  hetao.areaLabels = map => {
    if (!map.hasLayer(hetao.groups.parks)) return [[]];
    return small(map) ? [parkNames()] : [3, 2, 1].map(places);
  };

  function points() {
    return hetao.features("crossings").slice().sort((a, b) => Number(Boolean(b.pair)) - Number(Boolean(a.pair))).map(feature => ({
      kind: "point",
      id: feature.id,
      feature: feature,
      leader: Boolean(feature.pair),
      variants: [[["crossing", hetao.name(feature)]]]
    }));
  }

  function lines(key, kind, offsets, limit) {
    return hetao.features(key).map(feature => ({
      kind: "line",
      id: feature.id,
      variants: [[[kind, hetao.name(feature)]]],
      offsets: offsets,
      limit: limit,
      lines: feature.parts.map(part => part[0])
    }));
  }

  // River and bay: broad water is labelled inside, narrow water along its boundary or bank.
  // The other rivers have points of their own among the places.
  const NAMED = new Set(["shenzhen-river", "old-meander", "deep-bay"]);

  function water() {
    const course = hetao.features("boundary").map(feature => feature.parts[0][0]);
    return hetao.features("river").filter(feature => NAMED.has(feature.id)).flatMap(feature => {
      const rows = [[["water", hetao.name(feature)]]];
      // "Deep Bay (Shenzhen Bay)": the second name stays away where there is no room.
      const brief = [["water", hetao.name(feature).split(/\s*[(（]/)[0]]];
      if (feature.id === "deep-bay") return [{ kind: "area", id: feature.id, feature: feature, variants: rows.concat([brief]), pad: 14 }];
      const path = feature.id === "old-meander" ? [feature.parts[0][0]] : course.slice(0, 1);
      return [{ kind: "line", id: feature.id, variants: rows, lines: path, offsets: [1, -1, 2, -2], limit: 60, outside: true }];
    });
  }

  function note() {
    const part = hetao.outlines().find(feature => feature.park && feature.sides && feature.sides.some(one => one.inferred));
    if (!part) return [];
    const side = part.sides.find(one => one.inferred);
    const line = hetao.side(part, side);
    const text = hetao.word("note_inferred");
    return [{ kind: "note", id: "note-" + part.id, role: "shenzhen-park", at: line[Math.floor(line.length / 2)],
      variants: [text.split("|").map(row => ["note", row])] }];
  }

  // Where the names of the two sides stand, in degrees, and how far they may stand aside.
  const GROUNDS = { region_shenzhen: [114.052, 22.527], region_hong_kong: [114.082, 22.508] };
  const ASIDE = [0, 0.003, -0.003, 0.006, -0.006];
  // Farther out, in metres to a pixel, the names would cover more than the zone.
  const FAR = 30;

  function regions(map) {
    if (hetao.metresPerPixel(map) > FAR) return [];
    return Object.entries(GROUNDS).map(([id, at]) => ({
      kind: "region",
      id: id,
      places: ASIDE.flatMap(x => ASIDE.map(y => [x, y])).sort((a, b) => Math.hypot(...a) - Math.hypot(...b)).map(by => [at[0] + by[0], at[1] + by[1]]),
      variants: [[["region", hetao.word(id)]]]
    }));
  }

  hetao.labelList = map => {
    const shown = key => map.hasLayer(hetao.groups[key]);
    const far = small(map);
    return [].concat(
      shown("crossings") && !far ? points() : [],
      shown("river") ? water() : [],
      shown("roads") ? lines("roads", "road", [1, -1], 16) : [],
      shown("parks") && !far ? note() : [],
      shown("boundary") ? lines("boundary", "boundary", [1, -1], 12) : [],
      regions(map)
    );
  };
})(hetao);
