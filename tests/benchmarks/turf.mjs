// Areas of rings of five positions by turf: reads doubles, writes doubles, prints its seconds.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { area } = require("@turf/area");
const [source, target] = process.argv.slice(2);
const bytes = readFileSync(source);
const xy = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
const polygons = [];
for (let at = 0; at < xy.length; at += 10) {
  const ring = [];
  for (let k = at; k < at + 10; k += 2) ring.push([xy[k], xy[k + 1]]);
  polygons.push({ type: "Polygon", coordinates: [ring] });
}
const areas = new Float64Array(polygons.length);
const start = process.hrtime.bigint();
for (let i = 0; i < polygons.length; i++) areas[i] = area(polygons[i]);
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
writeFileSync(target, Buffer.from(areas.buffer));
const version = require("@turf/area/package.json").version;
console.log(JSON.stringify({ seconds, version }));
