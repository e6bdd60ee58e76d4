// What the data say about the features of the map, apart from how they are drawn.
(hetao => {
  hetao.groups = {};

  // The positions of one side; line[0] and line[1] are both part of it.
  hetao.side = (feature, side) => feature.parts[0][0].slice(side.line[0], side.line[1] + 1);

  hetao.sides = feature => {
    const ring = feature.parts[0][0];
    return feature.sides || [{ line: [0, ring.length - 1], accuracy: feature.accuracy, inferred: false }];
  };

  // The parks, or where a park has parts, those: the shapes whose edges the reader sees.
  hetao.outlines = () => {
    const parts = hetao.features("parts");
    const parks = hetao.features("parks").filter(park => !parts.some(part => part.park === park.id));
    return parks.concat(parts);
  };

  // The two ports of each crossing, each pair once.
  hetao.pairs = () => {
    const crossings = hetao.features("crossings");
    return [].concat(...crossings.map(port => {
      const other = crossings.find(each => each.id === port.pair);
      return other && port.id < other.id ? [[port, other]] : [];
    }));
  };

  // Units of the drawing, as hetao_geo/webmap/drawing.py counts them.
  hetao.toUnits = position => {
    const lat = Math.max(-85.0511, Math.min(85.0511, position[1])) * Math.PI / 180;
    const world = Math.pow(2, hetao.data.level);
    const north = 0.5 - Math.log(Math.tan(Math.PI / 4 + lat / 2)) / (2 * Math.PI);
    return [(position[0] + 180) / 360 * world - hetao.data.origin[0], north * world - hetao.data.origin[1]];
  };

  hetao.boundsOf = feature => L.latLngBounds([].concat(...feature.parts.map(part => part[0].map(p => [p[1], p[0]]))));

  hetao.feature = id => hetao.everyFeature().find(feature => feature.id === id);
})(hetao);
