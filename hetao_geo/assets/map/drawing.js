// The drawing of the document becomes a layer of the map: its paths are in units of Web Mercator,
// so a new view is one transform and no path is written again.
(hetao => {
  const svg = document.getElementById("drawing");
  const scene = document.getElementById("scene");
  const marks = Array.from(scene.querySelectorAll("[data-mark]"), element => ({ element: element, place: element.getAttribute("transform").split(")")[0] + ")" }));
  const patterns = Array.from(svg.querySelectorAll("pattern"));
  // What appears from which zoom on: the style sheet has a class for each.
  const STEPS = [12, 13, 14, 15];
  hetao.shapes = {};

  // A width between those of the zooms 12, 14, 15 and 17.
  function widthAt(widths, zoom) {
    const zooms = [12, 14, 15, 17];
    if (zoom <= zooms[0]) return widths[0];
    for (let i = 1; i < zooms.length; i += 1) {
      const share = (zoom - zooms[i - 1]) / (zooms[i] - zooms[i - 1]);
      if (share <= 1) return widths[i - 1] + share * (widths[i] - widths[i - 1]);
    }
    return widths[widths.length - 1];
  }

  function setZoom(zoom, scale) {
    const inverse = "scale(" + 1 / scale + ")";
    marks.forEach(mark => { mark.element.setAttribute("transform", mark.place + inverse); });
    patterns.forEach(pattern => { pattern.setAttribute("patternTransform", inverse); });
    STEPS.forEach(step => { svg.classList.toggle("hz-from-" + step, zoom >= step); });
    Object.keys(hetao.data.widths).forEach(role => {
      svg.style.setProperty("--width-" + role, widthAt(hetao.data.widths[role], zoom).toFixed(2) + "px");
    });
  }

  const Drawing = L.SVG.extend({
    _initContainer: function () {
      this._container = svg;
      this._rootGroup = scene;
      svg.removeAttribute("role");
      svg.removeAttribute("aria-label");
      svg.removeAttribute("preserveAspectRatio");
      svg.setAttribute("pointer-events", "none");
    },

    _update: function () {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize();
      const zoom = this._map.getZoom();
      svg.setAttribute("width", size.x);
      svg.setAttribute("height", size.y);
      L.DomUtil.setPosition(svg, this._bounds.min);
      svg.setAttribute("viewBox", [this._bounds.min.x, this._bounds.min.y, size.x, size.y].join(" "));
      const scale = this._map.options.crs.scale(zoom) / Math.pow(2, hetao.data.level);
      const corner = this._map.getPixelOrigin();
      const origin = hetao.data.origin;
      scene.setAttribute("transform", "translate(" + (origin[0] * scale - corner.x) + " " + (origin[1] * scale - corner.y) + ") scale(" + scale + ")");
      if (zoom !== this._drawnZoom) setZoom(zoom, scale);
      this._drawnZoom = zoom;
      this.fire("update");
    },
  });

  hetao.addDrawing = map => {
    map.createPane("drawing").style.zIndex = 350;
    map.createPane("labels").style.zIndex = 450;
    new Drawing({ pane: "drawing", padding: 0.3 }).addTo(map);
  };

  // A layer is one or more groups of the drawing.
  const Group = L.Layer.extend({
    initialize: function (key) { this.elements = Array.from(scene.querySelectorAll('[data-group="' + key + '"]')); },
    onAdd: function () { this.elements.forEach(element => { element.classList.remove("hz-off"); }); },
    onRemove: function () { this.elements.forEach(element => { element.classList.add("hz-off"); }); },
  });

  hetao.layer = key => {
    hetao.groups[key] = key === "labels" ? hetao.labelLayer() : new Group(key);
    return hetao.groups[key];
  };

  // What opens a card can be reached by keyboard, and has a name.
  function nameShapes() {
    Object.keys(hetao.shapes).forEach(id => {
      hetao.shapes[id].setAttribute("aria-label", hetao.name(hetao.feature(id)) + ": " + hetao.word("open_details"));
    });
  }

  hetao.prepareShapes = () => {
    scene.querySelectorAll("[data-feature]").forEach(element => {
      hetao.shapes[element.dataset.feature] = element;
      element.setAttribute("tabindex", "0");
      element.setAttribute("role", "button");
      element.classList.add("leaflet-interactive");
    });
    svg.addEventListener("keydown", event => {
      const id = event.target.dataset.feature;
      if (!id || (event.key !== "Enter" && event.key !== " ")) return;
      event.preventDefault();
      event.stopPropagation();
      hetao.openPlace(hetao.feature(id), true);
    });
    svg.addEventListener("focusin", event => {
      const feature = hetao.feature(event.target.dataset.feature);
      if (feature) hetao.bringIntoView(feature);
    });
    hetao.on("language", nameShapes);
    nameShapes();
  };
})(hetao);
