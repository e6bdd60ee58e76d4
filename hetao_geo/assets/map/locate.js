// Where is this place: inside a polygon, outside, or too near to a limit to tell. The distance to
// each side is set against the standard error of that side (normal distribution), and the side that
// leaves most doubt decides: the rule of hetao_geo.location.
(hetao => {
  const P = hetao.placing;
  // Beyond this many standard errors the chance of the other answer is below 2.5 %.
  const SURE = 1.959964;

  // Metres east and north of a place; true to 0.1 % within 20 km.
  function plane(lon, lat) {
    const phi = lat * Math.PI / 180;
    const w = 1 - 0.00669438 * Math.pow(Math.sin(phi), 2);
    const parallel = 6378137 / Math.sqrt(w) * Math.cos(phi) * Math.PI / 180;
    const meridian = 6378137 * (1 - 0.00669438) / Math.pow(w, 1.5) * Math.PI / 180;
    return position => [(position[0] - lon) * parallel, (position[1] - lat) * meridian];
  }

  hetao.distance = (from, to) => Math.hypot(...plane(from[0], (from[1] + to[1]) / 2)(to));

  // Φ of the normal distribution, by the error function of Abramowitz and Stegun 7.1.26.
  function normal(z) {
    const t = 1 / (1 + 0.3275911 * Math.abs(z) / Math.SQRT2);
    const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.exp(-z * z / 2);
    return z > 0 ? 1 - tail / 2 : tail / 2;
  }

  // One polygon: distance to its nearest side, and how sure the answer is.
  hetao.locateIn = (feature, lon, lat) => {
    const toPlane = plane(lon, lat);
    const inside = feature.parts.some(part => P.contains(part, lon, lat));
    let nearest = null;
    let doubt = Infinity;
    const consider = (line, side) => {
      P.segments(line.map(toPlane)).forEach(segment => {
        const metres = P.distance(0, 0, segment);
        if (!nearest || metres < nearest.metres) nearest = { metres: metres, side: side };
        doubt = Math.min(doubt, metres / (side.accuracy || 1e-9));
      });
    };
    hetao.sides(feature).forEach(side => { consider(hetao.side(feature, side), side); });
    feature.parts.forEach((part, index) => {
      part.slice(index ? 0 : 1).forEach(ring => { consider(ring, { accuracy: feature.accuracy }); });
    });
    const error = nearest.side.accuracy;
    const score = inside ? doubt : -doubt;
    const answer = doubt < SURE ? "near" : inside ? "inside" : "outside";
    return { feature: feature, answer: answer, inside: inside, metres: nearest.metres, error: error, limit: nearest.side.limit, chance: normal(score) };
  };

  // The answer for the park that holds the place, else the nearest one, and for its parts.
  hetao.locate = (lon, lat) => {
    const best = list => list.map(feature => hetao.locateIn(feature, lon, lat))
      .sort((a, b) => b.inside - a.inside || a.metres - b.metres)[0];
    const park = best(hetao.features("parks"));
    const parts = hetao.features("parts").filter(part => park && part.park === park.feature.id);
    return { park: park, part: parts.length ? best(parts) : null };
  };
})(hetao);
