// Layers of tiles that lie right under the data in every state: at rest, while the map moves and
// between two levels. A map in another datum is drawn cell by cell. Tiles are canvases: images at a
// fractional zoom leave lines between them (0.4 of a white tile on black, measured in Chromium).
(function (hetao) {
  // The side of a cell in pixels of a tile. BD-09 waves by up to 0.019 in 1 near the zone, so over
  // half a cell it is off by 0.15 pixels; over a whole tile it would be 2.4.
  const CELL = 16;
  // Milliseconds until a picture counts as lost.
  const PATIENCE = 20000;
  const KEPT = 256;
  const Grid = L.GridLayer.prototype;

  const Tiles = L.TileLayer.extend({
    initialize: function (url, options) {
      L.TileLayer.prototype.initialize.call(this, url, options);
      this._pictures = new Map();
      // In WGS 84 a tile is one cell, and lies where it lies.
      this._cell = options.datum === "wgs84" ? this.getTileSize().x : CELL;
    },

    // Leaflet rounds the place of a level of tiles to whole pixels, which between two levels is up
    // to half a pixel off.
    _setZoomTransform: function (level, center, zoom) {
      const scale = this._map.getZoomScale(zoom, level.zoom);
      const origin = this._map._getNewPixelOrigin(center, zoom);
      L.DomUtil.setTransform(level.el, level.origin.multiplyBy(scale).subtract(origin), scale);
    },

    // Leaflet drops all tiles where the view jumps. The place of a level is exact in every view, so
    // the tiles of the level before stay until those of the new one are there.
    _invalidateAll: function () {},

    _updateLevels: function () {
      const before = this._level;
      const level = Grid._updateLevels.call(this);
      if (!level || level === before) return level;
      const shown = level.el.style.visibility !== "hidden" && level.el.children.length;
      this._pending = !shown && this._some(function (tile) { return tile.loaded; });
      level.el.style.visibility = this._pending ? "hidden" : "";
      return level;
    },

    _update: function (center) {
      Grid._update.call(this, center);
      this._settle();
      // Back in a view whose tiles were kept, none is left to load, which Leaflet does not notice.
      if (this._loading && this._noTilesToLoad()) {
        this._loading = false;
        this.fire("load", { kept: true });
      }
    },

    // A new level is shown as a whole: never one half of a thing from it and one from the old one.
    _settle: function () {
      if (!this._pending || !this._level || !this.isComplete()) return;
      this._pending = false;
      this._level.el.style.visibility = "";
      this._pruneTiles();
    },

    // Has every tile of this view come, or failed?
    isComplete: function () {
      return !this._some(function (tile) { return tile.current && !tile.loaded; });
    },

    _some: function (test) {
      return Object.keys(this._tiles).some(function (key) { return test(this._tiles[key]); }, this);
    },

    _pruneTiles: function () {
      if (!this._pending) Grid._pruneTiles.call(this);
    },

    createTile: function (coords, done) {
      const size = this.getTileSize().x;
      const cell = this._cell;
      const canvas = document.createElement("canvas");
      const nodes = this._nodes(coords, size);
      const first = [0, 1].map(function (k) {
        return Math.floor(Math.min.apply(null, nodes.map(function (p) { return p[k]; })) / size);
      });
      const last = [0, 1].map(function (k) {
        return Math.ceil(Math.max.apply(null, nodes.map(function (p) { return p[k]; })) / size) - 1;
      });
      const wanted = [];
      for (let y = first[1]; y <= last[1]; y += 1) {
        for (let x = first[0]; x <= last[0]; x += 1) wanted.push(this._piece(x, y, coords.z));
      }
      Promise.all(wanted).then(function (answers) {
        const pieces = answers.filter(Boolean);
        if (!pieces.length) return done(new Error("no tile"), canvas);
        draw(canvas, pieces, nodes, first, last, size, cell);
        done(null, canvas);
      });
      return canvas;
    },

    // Where the corners of the cells lie on the provider's map, in its pixels at this level.
    _nodes: function (coords, size) {
      const nodes = [];
      for (let v = 0; v <= size; v += this._cell) {
        for (let u = 0; u <= size; u += this._cell) {
          if (this._cell === size) { nodes.push([coords.x * size + u, coords.y * size + v]); continue; }
          const at = this._map.unproject([coords.x * size + u, coords.y * size + v], coords.z);
          const moved = hetao.fromWgs84[this.options.datum](at.lng, at.lat);
          const there = this._map.project([moved[1], moved[0]], coords.z);
          nodes.push([there.x, there.y]);
        }
      }
      return nodes;
    },

    // One tile of the provider; null where it has none or does not answer.
    _piece: function (x, y, z) {
      const count = Math.pow(2, z);
      if (y < 0 || y >= count) return Promise.resolve(null);
      const at = L.point((x % count + count) % count, y);
      at.z = z;
      const url = this.getTileUrl(at);
      if (!this._pictures.has(url)) this._pictures.set(url, picture(url, this.options.referrerPolicy));
      if (this._pictures.size > KEPT) this._pictures.delete(this._pictures.keys().next().value);
      return this._pictures.get(url).then(function (image) { return image && { image: image, x: x, y: y }; });
    },

    // Leaflet's own would treat the canvas as an image that is still loading.
    _abortLoading: function () {
      Object.keys(this._tiles).forEach(function (key) {
        const tile = this._tiles[key];
        if (tile.coords.z === this._tileZoom || tile.loaded) return;
        L.DomUtil.remove(tile.el);
        delete this._tiles[key];
      }, this);
    },
    _removeTile: Grid._removeTile,
    _tileReady: function () {
      Grid._tileReady.apply(this, arguments);
      this._settle();
    },
  });

  function picture(url, referrerPolicy) {
    return new Promise(function (resolve) {
      const image = new Image();
      const timer = setTimeout(function () { resolve(null); }, PATIENCE);
      function end(value) { clearTimeout(timer); resolve(value); }
      image.onload = function () { end(image); };
      image.onerror = function () { end(null); };
      if (typeof referrerPolicy === "string") image.referrerPolicy = referrerPolicy;
      image.alt = "";
      image.src = url;
    });
  }

  // The pieces side by side, then each cell from where it lies on them. Cells begin and end at
  // whole pixels, so none leaves a gap.
  function draw(canvas, pieces, nodes, first, last, size, cell) {
    const ratio = pieces[0].image.naturalWidth / size || 1;
    const whole = document.createElement("canvas");
    whole.width = (last[0] - first[0] + 1) * size * ratio;
    whole.height = (last[1] - first[1] + 1) * size * ratio;
    const context = whole.getContext("2d");
    pieces.forEach(function (piece) {
      context.drawImage(piece.image, (piece.x - first[0]) * size * ratio, (piece.y - first[1]) * size * ratio, size * ratio, size * ratio);
    });
    canvas.width = canvas.height = size * ratio;
    const target = canvas.getContext("2d");
    const row = size / cell + 1;
    for (let v = 0; v + 1 < row; v += 1) {
      for (let u = 0; u + 1 < row; u += 1) {
        const corners = [0, 1, row, row + 1].map(function (step) { return nodes[v * row + u + step]; });
        const left = (corners[0][0] + corners[2][0]) / 2;
        const right = (corners[1][0] + corners[3][0]) / 2;
        const top = (corners[0][1] + corners[1][1]) / 2;
        const bottom = (corners[2][1] + corners[3][1]) / 2;
        target.drawImage(whole, (left - first[0] * size) * ratio, (top - first[1] * size) * ratio, (right - left) * ratio, (bottom - top) * ratio,
          u * cell * ratio, v * cell * ratio, cell * ratio, cell * ratio);
      }
    }
  }

  hetao.tiles = function (url, options) { return new Tiles(url, options); };
})(hetao);
