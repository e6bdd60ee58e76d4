// GCJ-02 and BD-09 of places in WGS 84: the published formulas, as in hetao_geo/datum/reference.py.
// Longitude first, degrees. Applied wherever one looks: a datum belongs to a provider, not to a box.
(function (hetao) {
  const AXIS = 6378245;
  const FLATTENING = 1 / 298.3;
  const ECCENTRICITY = FLATTENING * (2 - FLATTENING);
  const WAVE = Math.PI * 3000 / 180;
  const sin = Math.sin;
  const PI = Math.PI;

  function gcj02(lon, lat) {
    const x = lon - 105;
    const y = lat - 35;
    const root = Math.sqrt(Math.abs(x));
    const both = 20 * sin(6 * PI * x) + 20 * sin(2 * PI * x);
    let east = both + 20 * sin(PI * x) + 40 * sin(PI * x / 3) + 150 * sin(PI * x / 12) + 300 * sin(PI * x / 30);
    let north = both + 20 * sin(PI * y) + 40 * sin(PI * y / 3) + 160 * sin(PI * y / 12) + 320 * sin(PI * y / 30);
    east = east * 2 / 3 + 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root;
    north = north * 2 / 3 - 100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root;
    const phi = lat * PI / 180;
    const w = Math.sqrt(1 - ECCENTRICITY * sin(phi) * sin(phi));
    const parallel = AXIS / w * Math.cos(phi);
    const meridian = AXIS * (1 - ECCENTRICITY) / (w * w * w);
    return [lon + east / parallel * 180 / PI, lat + north / meridian * 180 / PI];
  }

  function bd09(lon, lat) {
    const radius = Math.hypot(lon, lat) + 2e-5 * sin(lat * WAVE);
    const angle = Math.atan2(lat, lon) + 3e-6 * Math.cos(lon * WAVE);
    return [radius * Math.cos(angle) + 0.0065, radius * sin(angle) + 0.006];
  }

  hetao.fromWgs84 = {
    wgs84: function (lon, lat) { return [lon, lat]; },
    gcj02: gcj02,
    bd09: function (lon, lat) { return bd09.apply(null, gcj02(lon, lat)); },
  };
})(hetao);
