// Time one node peer in a process of its own: worker.mjs PEER VERB IN OUT; see worker.py.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const [peer, verb, source, target] = process.argv.slice(2);
const library = require(peer);
const version = JSON.parse(
  readFileSync(new URL(`node_modules/${peer}/package.json`, import.meta.url)),
).version;

const transform = (from, to) => (lon, lat) =>
  library.transform([lon, lat], library[from], library[to]);
const swapped = (name) => (lon, lat) => {
  const result = library[name]({ lon, lat });
  return [result.lon, result.lat];
};
const functions = {
  gcoord: {
    forward: () => transform('WGS84', 'GCJ02'),
    inverse: () => transform('GCJ02', 'WGS84'),
    bd09: () => transform('BD09', 'GCJ02'),
  },
  coordtransform: {
    forward: () => library.wgs84togcj02,
    inverse: () => library.gcj02towgs84,
    bd09: () => library.bd09togcj02,
  },
  prcoords: {
    forward: () => swapped('wgs_gcj'),
    inverse: () => swapped('gcj_wgs_bored'),
    bd09: () => swapped('bd_gcj_bored'),
  },
};

console.warn = () => {};
const call = functions[peer][verb]();
const bytes = readFileSync(source);
const numbers = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
const size = numbers.length / 2;
const result = new Float64Array(2 * size);

function run(count) {
  for (let i = 0; i < count; i++) {
    const point = call(numbers[i], numbers[size + i]);
    result[i] = point[0];
    result[size + i] = point[1];
  }
}

run(Math.min(size, 50_000)); // let the compiler see it
const start = process.hrtime.bigint();
run(size);
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
writeFileSync(target, result);
console.log(JSON.stringify({ seconds, version }));
