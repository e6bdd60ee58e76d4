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

  function parkNames() {
    return hetao.features("parks").map(feature => {
      const name = [["park", hetao.name(feature)]];
      return { kind: "area", id: feature.id, feature: feature, role: feature.role, leader: true, pad: 8, asides: [name], variants: [name] };
    });
  }

  function places() {
    const parks = hetao.features("parks");
    return hetao.outlines().map(feature => {
      const park = parks.find(one => one.id === feature.park) || feature;
      const place = park === feature ? hetao.word("place_" + feature.id) || "" : hetao.name(feature);
      const size = feature.stated_area_km2 ? area(feature.stated_area_km2) : "";
      const below = [place, size].filter(Boolean);
      const name = ["park", hetao.name(park)];
      const words = hetao.name(park).split(" ");
      // "HONG KONG PARK" in two rows, for a narrow shape.
      const rows = words.length > 1 ? [["park", words.slice(0, -1).join(" ")], ["park", words[words.length - 1]]] : [name];
      const more = below.map(text => ["part", text]);
      return { kind: "area", id: feature.id, feature: feature, role: park.role, leader: true, pad: 8,
        asides: park === feature ? [[name]] : [[name, ["part", place]], [["part", place]]], variants: [
        [name, ["part", below.join(" · ")]], [name].concat(more), rows.concat(more),
      ].concat(park === feature
        ? [rows.concat(more.slice(-1)), [name], rows, rows.map(row => ["narrow", row[1]])]
        // The area of a part must not stand under the name of the park alone.
        : [[name, ["part", place]], rows.concat([["part", place]]), [["part", place]]]) };
    });
  }

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
  function water() {
    const course = hetao.features("boundary").map(feature => feature.parts[0][0]);
    return hetao.features("river").flatMap(feature => {
      const rows = [[["water", hetao.name(feature)]]];
      // "Deep Bay (Shenzhen Bay)": the second name stays away where there is no room.
      const brief = [["water", hetao.name(feature).split(/\s*[(（]/)[0]]];
      if (feature.id === "deep-bay") return [{ kind: "area", id: feature.id, feature: feature, variants: rows.concat([brief]), pad: 14 }];
      const path = feature.id === "old-meander" ? [feature.parts[0][0]] : course.slice(0, 1);
      return [{ kind: "line", id: feature.id, variants: rows, lines: path, offsets: [1, -1, 2, -2], limit: 60, outside: true }];
    });
  }

  function note() {
    const part = hetao.outlines().find(feature => feature.fitted && feature.sides && hetao.data.unfitted[feature.id]);
    if (!part) return [];
    const side = part.sides.find(one => one.fitted);
    const line = hetao.side(part, side);
    const text = hetao.word("note_fitted").replace("{km2}", hetao.data.unfitted[part.id].toFixed(2));
    return [{ kind: "note", id: "note-" + part.id, role: "shenzhen-park", at: line[Math.floor(line.length / 2)],
      variants: [text.split("|").map(row => ["note", row])] }];
  }

  function regions() {
    return [["region_shenzhen", -1], ["region_hong_kong", 1]].map(row => ({
      kind: "region",
      id: row[0],
      side: row[1],
      variants: [[["region", hetao.word(row[0])]]]
    }));
  }

  hetao.labelList = map => {
    const shown = key => map.hasLayer(hetao.groups[key]);
    const far = small(map);
    return [].concat(
      !shown("parks") ? [] : far ? parkNames() : places(),
      shown("crossings") && !far ? points() : [],
      shown("river") ? water() : [],
      shown("roads") ? lines("roads", "road", [1, -1], 16) : [],
      shown("parks") && !far ? note() : [],
      shown("boundary") ? lines("boundary", "boundary", [1, -1], 12) : [],
      regions()
    );
  };
})(hetao);
