// Which labels the map has, in the order in which they claim their place.
(function (hetao) {
  function area(value) {
    return hetao.word("stated_km2").replace("{km2}", value.toFixed(2));
  }

  function places() {
    const parks = hetao.features("parks");
    return hetao.outlines().map(function (feature) {
      const park = parks.find(function (one) { return one.id === feature.park; }) || feature;
      const place = park === feature ? hetao.word("place_" + feature.id) : hetao.name(feature);
      const size = feature.stated_area_km2 ? area(feature.stated_area_km2) : "";
      const below = [place, size].filter(Boolean);
      const name = ["park", hetao.name(park)];
      const words = hetao.name(park).split(" ");
      // "HONG KONG PARK" in two rows, for a narrow shape.
      const rows = words.length > 1 ? [["park", words.slice(0, -1).join(" ")], ["park", words[words.length - 1]]] : [name];
      const small = below.map(function (text) { return ["part", text]; });
      return { kind: "area", id: feature.id, feature: feature, role: park.role, leader: true, pad: 8, variants: [
        [name, ["part", below.join(" · ")]], [name].concat(small), rows.concat(small), [name], [["part", place || hetao.name(park)]],
      ] };
    });
  }

  function points() {
    return hetao.features("crossings").slice().sort(function (a, b) {
      return Number(Boolean(b.pair)) - Number(Boolean(a.pair));
    }).map(function (feature) {
      return { kind: "point", id: feature.id, feature: feature, leader: Boolean(feature.pair), variants: [[["crossing", hetao.name(feature)]]] };
    });
  }

  function lines(key, kind, offsets, limit) {
    return hetao.features(key).map(function (feature) {
      return { kind: "line", id: feature.id, variants: [[[kind, hetao.name(feature)]]], offsets: offsets, limit: limit,
        lines: feature.parts.map(function (part) { return part[0]; }) };
    });
  }

  // River and bay: broad water is labelled inside, narrow water along its boundary or bank.
  function water() {
    const course = hetao.features("boundary").map(function (feature) { return feature.parts[0][0]; });
    return hetao.features("river").flatMap(function (feature) {
      const rows = [[["water", hetao.name(feature)]]];
      if (feature.id === "deep-bay") return [{ kind: "area", id: feature.id, feature: feature, variants: rows, pad: 24 }];
      const path = feature.id === "old-meander" ? [feature.parts[0][0]] : course.slice(0, 1);
      return [{ kind: "line", id: feature.id, variants: rows, lines: path, offsets: [1, -1, 2, -2], limit: 60 }];
    });
  }

  function note() {
    const part = hetao.outlines().find(function (feature) { return feature.fitted && feature.sides && hetao.data.unfitted[feature.id]; });
    if (!part) return [];
    const side = part.sides.find(function (one) { return one.fitted; });
    const line = hetao.side(part, side);
    const text = hetao.word("note_fitted").replace("{km2}", hetao.data.unfitted[part.id].toFixed(2));
    return [{ kind: "note", id: "note-" + part.id, role: "shenzhen-park", at: line[Math.floor(line.length / 2)],
      variants: [text.split("|").map(function (row) { return ["note", row]; })] }];
  }

  function regions() {
    return [["region_shenzhen", -1], ["region_hong_kong", 1]].map(function (row) {
      return { kind: "region", id: row[0], side: row[1], variants: [[["region", hetao.word(row[0])]]] };
    });
  }

  hetao.labelList = function (map) {
    const shown = function (key) { return map.hasLayer(hetao.groups[key]); };
    return [].concat(
      shown("parks") ? places() : [],
      shown("crossings") ? points() : [],
      shown("river") ? water() : [],
      shown("roads") ? lines("roads", "road", [1, -1], 16) : [],
      shown("parks") ? note() : [],
      shown("boundary") ? lines("boundary", "boundary", [1, -1], 12) : [],
      regions()
    );
  };
})(hetao);
