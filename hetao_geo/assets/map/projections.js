// Grid coordinates of a place in WGS 84: Hong Kong 1980 Grid and CGCS2000 / 3-degree Gauss-Krüger
// 114E, and back. Degrees and metres; longitude and easting first.
(hetao => {
  const RADIANS = Math.PI / 180;
  const WGS84 = { a: 6378137, f: 1 / 298.257223563 };
  const INTERNATIONAL_1924 = { a: 6378388, f: 1 / 297 };
  const CGCS2000 = { a: 6378137, f: 1 / 298.257222101 };
  // Hong Kong 1980 to WGS 84, the seven parameters that EPSG:1825 has from the Survey and Mapping
  // Office: metres, seconds of arc, parts in a million; position vector.
  const SHIFT = { move: [-162.619, -276.959, -161.764], turn: [0.067753, -2.243649, -1.158827], scale: -1.094246 };

  // Transverse Mercator after Krüger (1912) in the third flattening, to the fourth power: good to
  // less than a millimetre within 3 degrees of the central meridian.
  function transverseMercator(lon, lat, grid) {
    const n = grid.ellipsoid.f / (2 - grid.ellipsoid.f);
    const e = Math.sqrt(grid.ellipsoid.f * (2 - grid.ellipsoid.f));
    const A = grid.ellipsoid.a / (1 + n) * (1 + n * n / 4 + Math.pow(n, 4) / 64);
    const alpha = [n / 2 - 2 * n * n / 3 + 5 * Math.pow(n, 3) / 16 + 41 * Math.pow(n, 4) / 180, 13 * n * n / 48 - 3 * Math.pow(n, 3) / 5 + 557 * Math.pow(n, 4) / 1440, 61 * Math.pow(n, 3) / 240 - 103 * Math.pow(n, 4) / 140, 49561 * Math.pow(n, 4) / 161280];
    const plane = (l, b) => {
      const sin = Math.sin(b * RADIANS);
      const t = Math.sinh(Math.atanh(sin) - e * Math.atanh(e * sin));
      const dl = (l - grid.lon) * RADIANS;
      const xi = Math.atan2(t, Math.cos(dl));
      const eta = Math.atanh(Math.sin(dl) / Math.sqrt(1 + t * t));
      return alpha.reduce((sum, value, k) => [
        sum[0] + value * Math.cos(2 * (k + 1) * xi) * Math.sinh(2 * (k + 1) * eta),
        sum[1] + value * Math.sin(2 * (k + 1) * xi) * Math.cosh(2 * (k + 1) * eta)], [eta, xi]);
    };
    const at = plane(lon, lat);
    return [grid.east + A * at[0], grid.north + A * (at[1] - plane(grid.lon, grid.lat)[1])];
  }

  function toCartesian(lon, lat, ellipsoid) {
    const e2 = ellipsoid.f * (2 - ellipsoid.f);
    const sin = Math.sin(lat * RADIANS);
    const N = ellipsoid.a / Math.sqrt(1 - e2 * sin * sin);
    const across = N * Math.cos(lat * RADIANS);
    return [across * Math.cos(lon * RADIANS), across * Math.sin(lon * RADIANS), N * (1 - e2) * sin];
  }

  function toGeographic(xyz, ellipsoid) {
    const e2 = ellipsoid.f * (2 - ellipsoid.f);
    const across = Math.hypot(xyz[0], xyz[1]);
    let lat = Math.atan2(xyz[2], across * (1 - e2));
    for (let i = 0; i < 6; i += 1) {
      const sin = Math.sin(lat);
      lat = Math.atan2(xyz[2] + e2 * ellipsoid.a / Math.sqrt(1 - e2 * sin * sin) * sin, across);
    }
    return [Math.atan2(xyz[1], xyz[0]) / RADIANS, lat / RADIANS];
  }

  // From WGS 84 to Hong Kong 1980: the shift the other way round, exactly.
  function toHongKong1980(lon, lat) {
    const given = toCartesian(lon, lat, WGS84);
    const factor = 1 + SHIFT.scale * 1e-6;
    const d = given.map((value, k) => (value - SHIFT.move[k]) / factor);
    const r = SHIFT.turn.map(seconds => seconds / 3600 * RADIANS);
    // The inverse of a rotation by small angles, in two steps.
    const turn = v => [r[2] * v[1] - r[1] * v[2], -r[2] * v[0] + r[0] * v[2], r[1] * v[0] - r[0] * v[1]];
    const once = turn(d);
    const twice = turn(once);
    return toGeographic(d.map((value, k) => value + once[k] + twice[k]), INTERNATIONAL_1924);
  }

  const HONG_KONG = { ellipsoid: INTERNATIONAL_1924, lon: 114 + 10 / 60 + 42.8 / 3600, lat: 22 + 18 / 60 + 43.68 / 3600, east: 836694.05, north: 819069.8 };
  const GAUSS_KRUEGER = { ellipsoid: CGCS2000, lon: 114, lat: 0, east: 500000, north: 0 };

  hetao.toGrid = {
    hk1980: (lon, lat) => transverseMercator(...toHongKong1980(lon, lat), HONG_KONG),
    // CGCS2000 and WGS 84 differ by less than a metre here.
    cgcs2000: (lon, lat) => transverseMercator(lon, lat, GAUSS_KRUEGER),
  };

  // Back: step by step until the grid coordinates come out, to a tenth of a millimetre.
  hetao.fromGrid = (name, east, north) => {
    let at = [114.1, 22.5];
    for (let i = 0; i < 12; i += 1) {
      const there = hetao.toGrid[name](...at);
      at = [at[0] + (east - there[0]) / 102900, at[1] + (north - there[1]) / 110750];
    }
    return at;
  };
})(hetao);
