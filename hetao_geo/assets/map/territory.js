// On which side of the boundary a point lies, so that the names of both sides stand on their own.
(hetao => {
  const P = hetao.placing;

  // What it costs to write the name of a side at a spot; Infinity on water or on the other side.
  hetao.territoryPrice = (scene, id) => {
    // All stretches from west to east, so that one side is always left of them.
    const eastward = line => line[0][0] > line[line.length - 1][0] ? line.slice().reverse() : line;
    const lines = [].concat(...hetao.features("boundary").map(feature => feature.parts.map(part => eastward(scene.pixels(part[0])))));
    const water = [].concat(...hetao.features("river").filter(scene.sees).map(feature => feature.parts.map(part => scene.pixels(part[0]))));
    const segments = [].concat(...lines.map(P.segments));
    const wanted = scene.pixel(hetao.territories[id]);
    const sign = Math.sign(nearest(segments, wanted[0], wanted[1]).side);
    // A place out of sight draws the name to the edge of the window.
    const goal = [Math.max(80, Math.min(scene.size.x - 80, wanted[0])), Math.max(40, Math.min(scene.size.y - 40, wanted[1]))];
    return (x, y, block) => {
      const close = nearest(segments, x, y);
      if (close.end || Math.sign(close.side) !== sign) return Infinity;
      if ([-0.5, 0, 0.5].some(part => water.some(ring => P.contains([ring], x + part * block.width, y)))) return Infinity;
      return Math.hypot(x - goal[0], y - goal[1]) * scene.policy.cost["off-centre"] + Math.max(0, 70 - close.distance) / 5;
    };
  };

  // The nearest segment of the boundary: which side of it, how far, and whether beyond its end.
  function nearest(segments, x, y) {
    let close = { distance: Infinity };
    segments.forEach(segment => {
      const at = P.pointOn(segment, x, y);
      const distance = Math.hypot(x - at[0], y - at[1]);
      if (distance < close.distance - 1e-6) close = { distance: distance, at: at, segment: segment };
    });
    if (!close.segment) return { side: 0, distance: Infinity, end: true };
    const ends = [[close.segment[0], close.segment[1]], [close.segment[2], close.segment[3]]];
    const corner = ends.some(p => Math.hypot(p[0] - close.at[0], p[1] - close.at[1]) < 1e-6);
    if (!corner) return { side: P.side(close.segment, x, y), distance: close.distance, end: false };
    // At a corner two segments are equally near; the one that faces the point tells the side.
    const ties = segments.filter(s => Math.abs(P.distance(x, y, s) - close.distance) < 1e-6);
    const facing = ties.map(s => P.side(s, x, y) / Math.hypot(s[2] - s[0], s[3] - s[1])).sort((a, b) => Math.abs(b) - Math.abs(a));
    return { side: facing[0], distance: close.distance, end: ties.length < 2 };
  }
})(hetao);
