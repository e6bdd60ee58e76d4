// The layers as Leaflet shapes. Looks come from the style sheet by role; only widths in metres
// are set here.
(hetao => {
  // Drawing order from below; labels lie above folium's own overlays (400).
  const PANES = { ground: 310, halo: 325, band: 330, parks: 350, lines: 370, crossings: 390, labels: 450 };
  const renderers = {};
  hetao.groups = {};
  hetao.shapes = {};

  hetao.makePanes = map => {
    Object.keys(PANES).forEach(name => {
      const pane = map.createPane(name);
      pane.style.zIndex = PANES[name];
      if (name !== "labels") renderers[name] = L.svg({ pane: name, padding: 0.2 });
      if (name !== "parks" && name !== "crossings") pane.setAttribute("aria-hidden", "true");
    });
  };

  function latLngs(line) {
    return line.map(position => [position[1], position[0]]);
  }

  function options(pane, className, more) {
    return Object.assign({
      pane: pane, renderer: renderers[pane], className: className, interactive: false,
      // Opacity, colour and width belong to the style sheet.
      smoothFactor: 0.3,
    }, more);
  }

  function polygon(feature, pane, className, more) {
    const rings = feature.parts.map(part => part.map(latLngs));
    return L.polygon(rings, options(pane, className, more));
  }

  function line(positions, pane, className) {
    return L.polyline(latLngs(positions), options(pane, className, { fill: false }));
  }

  // The positions of one side; line[0] and line[1] are both part of it.
  hetao.side = (feature, side) => feature.parts[0][0].slice(side.line[0], side.line[1] + 1);

  hetao.sides = feature => {
    const ring = feature.parts[0][0];
    return feature.sides || [{ line: [0, ring.length - 1], accuracy: feature.accuracy, inferred: false }];
  };

  // The parks, or where a park has parts, those: the shapes whose edges the reader sees.
  hetao.outlines = () => {
    const parts = hetao.features("parts");
    const parks = hetao.features("parks").filter(park => !parts.some(part => part.park === park.id));
    return parks.concat(parts);
  };

  // The stretches of an open side that join no other water.
  function loose(feature, positions) {
    const others = hetao.features("river").filter(one => one !== feature);
    const joins = new Set(others.flatMap(one => one.parts[0][0].map(String)));
    return positions.slice(1).map((end, index) => [positions[index], end]).filter(pair => !pair.every(position => joins.has(String(position))));
  }

  // Water goes on where the drawing ends: it fades instead of ending in a shore.
  function fade(positions) {
    return [240, 140, 60].map(metres => {
      const shape = line(positions, "ground", "hz-line hz-fade");
      shape.metres = metres;
      return shape;
    });
  }

  const draw = {
    river: function (feature) {
      const ring = feature.parts[0][0];
      const frame = feature.frame || [];
      const shores = [];
      let shore = [ring[0]];
      for (let i = 1; i < ring.length; i += 1) {
        const open = frame.some(pair => i > pair[0] && i <= pair[1]);
        if (open) { if (shore.length > 1) shores.push(shore); shore = [ring[i]]; } else shore.push(ring[i]);
      }
      if (shore.length > 1) shores.push(shore);
      const open = frame.flatMap(pair => loose(feature, ring.slice(pair[0], pair[1] + 1)));
      return [polygon(feature, "ground", "hz-area hz-role-water")].concat(open.flatMap(fade), shores.map(positions => line(positions, "ground", "hz-line hz-role-water")));
    },
    roads: function (feature) {
      const role = feature.role;
      const lines = feature.parts.map(part => line(part[0], "ground", "hz-line hz-role-" + role));
      if (role === "stream") return lines;
      return feature.parts.map(part => line(part[0], "ground", "hz-line hz-casing-" + role)).concat(lines);
    },
    interpretations: function (feature) { return [polygon(feature, "lines", "hz-line hz-role-interpretation")]; },
    parks: function (feature) {
      const role = feature.role;
      const fill = polygon(feature, "parks", "hz-area hz-feature hz-role-" + role, { interactive: true, feature: feature });
      return [fill].concat(hetao.sides(feature).map(side => {
        const dash = side.inferred ? " hz-role-inferred" : "";
        return line(hetao.side(feature, side), "lines", "hz-line hz-role-" + role + dash);
      }), feature.parts.flatMap((part, index) => part.slice(index ? 0 : 1)).map(ring => line(ring, "lines", "hz-line hz-role-" + role)));
    },
    parts: function (feature) {
      return [polygon(feature, "parks", "hz-area hz-feature hz-role-part", { interactive: true, feature: feature })];
    },
    boundary: function (feature) {
      return feature.parts.map(part => line(part[0], "lines", "hz-line hz-role-boundary"));
    },
    crossings: function (feature) {
      const at = feature.parts[0][0][0];
      const place = [at[1], at[0]];
      // The symbol is small; a finger needs a circle of 24 pixels around it.
      return [
        L.circleMarker(place, options("crossings", "hz-role-crossing", { radius: hetao.data.radius.crossing })),
        L.circleMarker(place, options("crossings", "hz-feature hz-hit", { radius: 13, interactive: true, feature: feature })),
      ];
    },
  };

  function shared(features) {
    const seen = new Set();
    const lines = [];
    features.forEach(feature => {
      const ring = feature.parts[0][0];
      for (let i = 1; i < ring.length; i += 1) {
        const key = [ring[i - 1], ring[i]].map(String).sort().join(";");
        if (seen.has(key)) lines.push(line([ring[i - 1], ring[i]], "lines", "hz-line hz-role-part"));
        seen.add(key);
      }
    });
    return lines;
  }

  // A dotted line joins the two ports of a crossing; each pair once.
  hetao.pairs = () => {
    const crossings = hetao.features("crossings");
    return crossings.flatMap(one => {
      const other = crossings.find(each => each.id === one.pair);
      return other && one.id < other.id ? [[one, other]] : [];
    });
  };

  function links() {
    return hetao.pairs().map(pair => line(pair.map(one => one.parts[0][0][0]), "lines", "hz-line hz-role-crossing-link"));
  }

  // Two panes, each of one opacity, make the band soft where strokes overlap: the inner stroke is
  // as wide as the accuracy, the outer reaches that far to either side.
  function bands() {
    return [2, 1].flatMap(times => hetao.outlines().flatMap(feature => hetao.sides(feature).map(side => {
      const shape = line(hetao.side(feature, side), times === 2 ? "halo" : "band", "hz-band hz-band-" + times + " hz-tone-" + feature.role);
      shape.metres = side.accuracy * times;
      return shape;
    })));
  }

  function setWidths(map, shapes) {
    shapes.forEach(shape => {
      shape.setStyle({ weight: shape.metres / hetao.metresPerPixel(map) });
    });
  }

  hetao.layer = key => {
    const group = L.layerGroup();
    if (key === "labels") return (hetao.groups[key] = hetao.labelLayer());
    if (key === "crossings") links().forEach(link => { group.addLayer(link); });
    if (key === "parts") shared(hetao.features(key)).forEach(edge => { group.addLayer(edge); });
    if (key === "accuracy") bands().forEach(shape => { group.addLayer(shape); });
    hetao.features(key).forEach(feature => {
      draw[key](feature).forEach(shape => {
        if (shape.options.interactive) reachable(shape, feature);
        group.addLayer(shape);
      });
    });
    const wide = group.getLayers().filter(shape => shape.metres);
    if (wide.length) {
      setWidths(hetao.map, wide);
      hetao.map.on("zoomend", () => { setWidths(hetao.map, wide); });
    }
    return (hetao.groups[key] = group);
  };

  // A shape that opens a popup can be reached and opened by keyboard, and has a name.
  function reachable(shape, feature) {
    hetao.shapes[feature.id] = shape;
    function name() {
      const element = shape.getElement();
      if (element) element.setAttribute("aria-label", hetao.name(feature) + ": " + hetao.word("open_details"));
    }
    shape.on("add", () => {
      const element = shape.getElement();
      element.setAttribute("tabindex", "0");
      element.setAttribute("role", "button");
      element.dataset.feature = feature.id;
      element.addEventListener("keydown", event => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        event.stopPropagation();
        hetao.openPlace(feature, true);
      });
      element.addEventListener("focus", () => hetao.bringIntoView(feature));
      name();
    });
    shape.on("click", event => {
      L.DomEvent.stopPropagation(event);
      hetao.openPlace(feature, false);
    });
    hetao.on("language", name);
  }
})(hetao);
