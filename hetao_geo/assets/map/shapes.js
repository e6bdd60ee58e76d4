// The layers as Leaflet shapes. Looks come from the style sheet by role; only widths in metres
// are set here.
(function (hetao) {
  // Drawing order from below; labels lie above folium's own overlays (400).
  const PANES = { ground: 310, halo: 325, band: 330, parks: 350, lines: 370, crossings: 390, labels: 450 };
  const renderers = {};
  hetao.groups = {};
  hetao.shapes = {};

  hetao.makePanes = function (map) {
    Object.keys(PANES).forEach(function (name) {
      const pane = map.createPane(name);
      pane.style.zIndex = PANES[name];
      if (name !== "labels") renderers[name] = L.svg({ pane: name, padding: 0.2 });
      if (name !== "parks" && name !== "crossings") pane.setAttribute("aria-hidden", "true");
    });
  };

  function latLngs(line) {
    return line.map(function (position) { return [position[1], position[0]]; });
  }

  function options(pane, className, more) {
    return Object.assign({
      pane: pane, renderer: renderers[pane], className: className, interactive: false,
      // Opacity, colour and width belong to the style sheet.
      smoothFactor: 0.3,
    }, more);
  }

  function polygon(feature, pane, className, more) {
    const rings = feature.parts.map(function (part) { return part.map(latLngs); });
    return L.polygon(rings, options(pane, className, more));
  }

  function line(positions, pane, className) {
    return L.polyline(latLngs(positions), options(pane, className, { fill: false }));
  }

  // The positions of one side; line[0] and line[1] are both part of it.
  hetao.side = function (feature, side) {
    return feature.parts[0][0].slice(side.line[0], side.line[1] + 1);
  };

  hetao.sides = function (feature) {
    const ring = feature.parts[0][0];
    return feature.sides || [{ line: [0, ring.length - 1], accuracy: feature.accuracy, fitted: false }];
  };

  // The parks, or where a park has parts, those: the shapes whose edges the reader sees.
  hetao.outlines = function () {
    const parts = hetao.features("parts");
    const parks = hetao.features("parks").filter(function (park) {
      return !parts.some(function (part) { return part.park === park.id; });
    });
    return parks.concat(parts);
  };

  const draw = {
    river: function (feature) {
      const ring = feature.parts[0][0];
      const frame = feature.frame || [];
      const shores = [];
      let shore = [ring[0]];
      for (let i = 1; i < ring.length; i += 1) {
        const open = frame.some(function (pair) { return i > pair[0] && i <= pair[1]; });
        if (open) { if (shore.length > 1) shores.push(shore); shore = [ring[i]]; } else shore.push(ring[i]);
      }
      if (shore.length > 1) shores.push(shore);
      return [polygon(feature, "ground", "area role-water")].concat(shores.map(function (positions) {
        return line(positions, "ground", "line role-water");
      }));
    },
    roads: function (feature) {
      const role = feature.role;
      const lines = feature.parts.map(function (part) { return line(part[0], "ground", "line role-" + role); });
      if (role !== "road") return lines;
      return feature.parts.map(function (part) {
        return line(part[0], "ground", "line casing-" + role);
      }).concat(lines);
    },
    outer_limits: function (feature) { return [polygon(feature, "lines", "role-outer-limit")]; },
    parks: function (feature) {
      const role = feature.role;
      const fill = polygon(feature, "parks", "area feature role-" + role, { interactive: true, feature: feature });
      return [fill].concat(hetao.sides(feature).map(function (side) {
        const fitted = side.fitted ? " role-fitted" : "";
        return line(hetao.side(feature, side), "lines", "line role-" + role + fitted);
      }), feature.parts.slice(1).map(function (part) { return line(part[0], "lines", "line role-" + role); }));
    },
    parts: function (feature) {
      return [polygon(feature, "parks", "area feature role-part", { interactive: true, feature: feature })];
    },
    boundary: function (feature) {
      return feature.parts.map(function (part) { return line(part[0], "lines", "line role-boundary"); });
    },
    crossings: function (feature) {
      const at = feature.parts[0][0][0];
      return [L.circleMarker([at[1], at[0]], options("crossings", "feature role-crossing", {
        radius: hetao.data.radius.crossing, interactive: true, feature: feature,
      }))];
    },
  };

  function shared(features) {
    const seen = new Set();
    const lines = [];
    features.forEach(function (feature) {
      const ring = feature.parts[0][0];
      for (let i = 1; i < ring.length; i += 1) {
        const key = [ring[i - 1], ring[i]].map(String).sort().join(";");
        if (seen.has(key)) lines.push(line([ring[i - 1], ring[i]], "lines", "line role-part"));
        seen.add(key);
      }
    });
    return lines;
  }

  // A dotted line joins the two ports of a crossing; each pair once.
  hetao.pairs = function () {
    const crossings = hetao.features("crossings");
    return crossings.flatMap(function (one) {
      const other = crossings.find(function (each) { return each.id === one.pair; });
      return other && one.id < other.id ? [[one, other]] : [];
    });
  };

  function links() {
    return hetao.pairs().map(function (pair) {
      return line(pair.map(function (one) { return one.parts[0][0][0]; }), "lines", "line role-crossing-link");
    });
  }

  // Two panes, each of one opacity, make the band soft where strokes overlap: the inner stroke is
  // as wide as the accuracy, the outer reaches that far to either side.
  function bands() {
    return [2, 1].flatMap(function (times) {
      return hetao.outlines().flatMap(function (feature) {
        return hetao.sides(feature).map(function (side) {
          const shape = line(hetao.side(feature, side), times === 2 ? "halo" : "band", "band band-" + times + " tone-" + feature.role);
          shape.metres = side.accuracy * times;
          return shape;
        });
      });
    });
  }

  function setWidths(map, shapes) {
    shapes.forEach(function (shape) {
      shape.setStyle({ weight: shape.metres / hetao.metresPerPixel(map) });
    });
  }

  hetao.layer = function (key) {
    const group = L.layerGroup();
    const own = key === "accuracy" ? bands() : [];
    if (key === "labels") return (hetao.groups[key] = hetao.labelLayer());
    if (key === "crossings") links().forEach(function (link) { group.addLayer(link); });
    if (key === "parts") shared(hetao.features(key)).forEach(function (edge) { group.addLayer(edge); });
    own.forEach(function (shape) { group.addLayer(shape); });
    hetao.features(key).forEach(function (feature) {
      draw[key](feature).forEach(function (shape) {
        if (shape.options.interactive) reachable(shape, feature);
        group.addLayer(shape);
      });
    });
    if (own.length) group.on("add", function () {
      const map = group._map;
      setWidths(map, own);
      map.on("zoomend", function () { setWidths(map, own); });
    });
    return (hetao.groups[key] = group);
  };

  // A shape that opens a popup can be reached and opened by keyboard, and has a name.
  function reachable(shape, feature) {
    hetao.shapes[feature.id] = shape;
    function name() {
      const element = shape.getElement();
      if (element) element.setAttribute("aria-label", hetao.name(feature) + ": " + hetao.word("open_details"));
    }
    shape.on("add", function () {
      const element = shape.getElement();
      element.setAttribute("tabindex", "0");
      element.setAttribute("role", "button");
      element.dataset.feature = feature.id;
      element.addEventListener("keydown", function (event) {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        event.stopPropagation();
        hetao.openPlace(feature, true);
      });
      name();
    });
    shape.on("click", function (event) {
      L.DomEvent.stopPropagation(event);
      hetao.openPlace(feature, false);
    });
    hetao.on("language", name);
  }
})(hetao);
