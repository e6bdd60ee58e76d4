// Base maps: none until the reader chooses one. A map in another datum is drawn cell by cell under
// the data, so that it lies right at every zoom, also while the map moves.
(function (hetao) {
  // The side of a cell in pixels of a tile. BD-09 waves by up to 0.019 in 1 near the zone, so over
  // half a cell it is off by 0.15 pixels; over a whole tile it would be 2.4.
  const CELL = 16;
  // Milliseconds until a picture counts as lost, and until the reader is told of a silent server.
  const PATIENCE = 20000;
  const QUIET = 8000;
  const KEPT = 256;
  const list = hetao.data.basemaps;
  let shown = [];
  let credit = null;

  // Leaflet rounds the place of a level of tiles to whole pixels, which between two levels is up
  // to half a pixel off.
  const exact = {
    _setZoomTransform: function (level, center, zoom) {
      const scale = this._map.getZoomScale(zoom, level.zoom);
      const origin = this._map._getNewPixelOrigin(center, zoom);
      L.DomUtil.setTransform(level.el, level.origin.multiplyBy(scale).subtract(origin), scale);
    },
  };
  const Plain = L.TileLayer.extend(exact);

  const Moved = Plain.extend({
    initialize: function (url, options) {
      Plain.prototype.initialize.call(this, url, options);
      this._pictures = new Map();
    },

    createTile: function (coords, done) {
      const size = this.getTileSize().x;
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
      Promise.all(wanted).then(function (found) {
        const pieces = found.filter(Boolean);
        if (!pieces.length) return done(new Error("no tile"), canvas);
        draw(canvas, pieces, nodes, first, last, size);
        done(null, canvas);
      });
      return canvas;
    },

    // Where the corners of the cells lie on the provider's map, in its pixels at this level.
    _nodes: function (coords, size) {
      const nodes = [];
      for (let v = 0; v <= size; v += CELL) {
        for (let u = 0; u <= size; u += CELL) {
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
    _abortLoading: L.GridLayer.prototype._abortLoading || function () {},
    _removeTile: L.GridLayer.prototype._removeTile,
    _tileReady: L.GridLayer.prototype._tileReady,
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
  function draw(canvas, pieces, nodes, first, last, size) {
    const ratio = pieces[0].image.naturalWidth / size || 1;
    const whole = document.createElement("canvas");
    whole.width = (last[0] - first[0] + 1) * size * ratio;
    whole.height = (last[1] - first[1] + 1) * size * ratio;
    const pen = whole.getContext("2d");
    pieces.forEach(function (piece) {
      pen.drawImage(piece.image, (piece.x - first[0]) * size * ratio, (piece.y - first[1]) * size * ratio, size * ratio, size * ratio);
    });
    canvas.width = canvas.height = size * ratio;
    const brush = canvas.getContext("2d");
    const row = size / CELL + 1;
    for (let v = 0; v + 1 < row; v += 1) {
      for (let u = 0; u + 1 < row; u += 1) {
        const corners = [0, 1, row, row + 1].map(function (step) { return nodes[v * row + u + step]; });
        const left = (corners[0][0] + corners[2][0]) / 2;
        const right = (corners[1][0] + corners[3][0]) / 2;
        const top = (corners[0][1] + corners[1][1]) / 2;
        const bottom = (corners[2][1] + corners[3][1]) / 2;
        brush.drawImage(whole, (left - first[0] * size) * ratio, (top - first[1] * size) * ratio, (right - left) * ratio, (bottom - top) * ratio,
          u * CELL * ratio, v * CELL * ratio, CELL * ratio, CELL * ratio);
      }
    }
  }

  function address(base, template) {
    return base.languages ? template.replace("{language}", base.languages[hetao.language]) : template;
  }

  // The provider's credit as text, with its link and logo.
  const Credit = L.Control.extend({
    options: { position: "bottomright" },
    onAdd: function () {
      const box = L.DomUtil.create("div", "leaflet-control-attribution hz-basemap-credit");
      const base = this.options.base;
      const words = box.appendChild(document.createElement(base.link ? "a" : "span"));
      words.textContent = base.credit[hetao.language];
      if (base.link) { words.href = base.link; words.target = "_blank"; words.rel = "noopener noreferrer"; }
      if (base.logo) {
        const logo = box.appendChild(document.createElement("img"));
        logo.alt = "";
        logo.src = base.logo;
      }
      return box;
    },
  });

  // Show one base map, or none.
  hetao.showBasemap = function (base) {
    const map = hetao.map;
    shown.forEach(function (layer) { clearTimeout(layer.waiting); map.removeLayer(layer); });
    shown = [];
    if (credit) map.removeControl(credit);
    credit = null;
    tell(false);
    map.getContainer().classList.toggle("hz-with-basemap", Boolean(base));
    if (!base) return;
    shown = base.templates.map(function (template) {
      const options = { maxNativeZoom: base.maxZoom, maxZoom: map.getMaxZoom(), datum: base.datum,
        referrerPolicy: base.referer ? "strict-origin-when-cross-origin" : false };
      const Kind = base.datum === "wgs84" ? Plain : Moved;
      const layer = new Kind(address(base, template), options);
      layer.template = template;
      return watch(layer).addTo(map);
    });
    shown.base = base;
    credit = new Credit({ base: base }).addTo(map);
  };

  // A base map that does not answer is worth a line, no more: the drawn map is complete without.
  function watch(layer) {
    let good = 0;
    layer.on("loading", function () {
      good = 0;
      clearTimeout(layer.waiting);
      layer.waiting = setTimeout(function () { if (!good) tell(true); }, QUIET);
    });
    layer.on("tileload", function () { good += 1; if (layer === shown[0]) tell(false); });
    layer.on("load", function () {
      clearTimeout(layer.waiting);
      if (!good && layer === shown[0]) tell(true);
    });
    return layer;
  }

  let choices = null;
  let status = null;

  function tell(silent) {
    if (status) status.textContent = silent ? hetao.word("base_failed") : "";
  }

  function choice(base) {
    const label = choices.appendChild(document.createElement("label"));
    const button = label.appendChild(document.createElement("input"));
    button.type = "radio";
    button.name = "basemap";
    button.checked = !base;
    label.appendChild(document.createElement("span"));
    label.base = base;
    button.addEventListener("change", function () { hetao.showBasemap(base); });
  }

  // A provider that wants to know the site cannot be asked from a file or a notebook.
  function usable(base) {
    return !base.referer || /^https?:$/.test(location.protocol);
  }

  function offer() {
    choices = document.createElement("fieldset");
    choices.className = "hz-basemaps";
    choices.appendChild(document.createElement("legend"));
    [null].concat(list.filter(usable)).forEach(choice);
    status = choices.appendChild(document.createElement("p"));
    status.setAttribute("role", "status");
    document.querySelector(".hz-legend details").appendChild(choices);
  }

  function name() {
    choices.firstChild.textContent = hetao.word("base_map");
    choices.querySelectorAll("label").forEach(function (label) {
      label.lastChild.textContent = label.base ? label.base.names[hetao.language] : hetao.word("base_none");
    });
    if (status.textContent) tell(true);
    shown.forEach(function (layer) {
      if (shown.base.languages) layer.setUrl(address(shown.base, layer.template));
    });
    if (credit) { hetao.map.removeControl(credit); credit.addTo(hetao.map); }
  }

  if (list.some(usable)) {
    offer();
    hetao.on("language", name);
  }
})(hetao);
