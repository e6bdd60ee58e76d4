// Files made in the page itself: polygons as GeoJSON, areas as CSV, the view as SVG, each with
// its licence and sources.
(hetao => {
  const PAINT = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin",
    "stroke-opacity", "opacity", "paint-order", "font-family", "font-size", "font-weight", "font-style", "letter-spacing", "text-anchor", "vector-effect", "text-transform"];

  function save(name, type, text) {
    const link = document.body.appendChild(document.createElement("a"));
    link.href = URL.createObjectURL(new Blob([text], { type: type + ";charset=utf-8" }));
    link.download = name;
    link.hidden = true;
    link.click();
    link.remove();
    setTimeout(() => { URL.revokeObjectURL(link.href); }, 10000);
  }

  const about = () => ({ title: hetao.word("title"), notice: hetao.word("approximate"), licence: "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/", sources: document.querySelector(".hz-on-paper").textContent, sources_until: hetao.data.until });

  function areaOf(id) {
    const row = hetao.data.areas.find(area => area.id === id);
    return row ? { stated_km2: row.stated_km2, drawn_km2: row.drawn_km2, uncertainty_km2: row.uncertainty_km2 } : {};
  }

  function polygons() {
    return hetao.features("parks").concat(hetao.features("parts")).map(feature => {
      const rings = feature.parts.map(part => part.map(ring => ring));
      const single = rings.length === 1;
      return { type: "Feature", id: feature.id, properties: Object.assign({ name_en: feature.names.en, name_zh_hans: feature.names["zh-Hans"],
        name_zh_hant: feature.names["zh-Hant"], part_of: feature.park || null, accuracy_m: feature.accuracy, approximate: true },
        areaOf(feature.id)),
        geometry: { type: single ? "Polygon" : "MultiPolygon", coordinates: single ? rings[0] : rings } };
    });
  }

  const files = {
    geojson: () => save("hetao.geojson", "application/geo+json", JSON.stringify(Object.assign({ type: "FeatureCollection" }, about(), { features: polygons() }))),
    csv: () => {
      const quote = value => '"' + String(value === undefined || value === null ? "" : value).replace(/"/g, '""') + '"';
      const columns = ["id", "name_en", "name_zh_hans", "name_zh_hant", "stated_km2", "drawn_km2", "uncertainty_km2", "verdict"];
      const notes = Object.entries(about()).map(([key, value]) => [key, value].map(quote).join(","));
      const rows = hetao.data.areas.map(row => [row.id].concat(row.names, row.stated_km2, row.drawn_km2, row.uncertainty_km2, row.verdict).map(quote).join(","));
      save("hetao-areas.csv", "text/csv", "\ufeff" + [columns.join(",")].concat(rows, "", notes).join("\r\n") + "\r\n");
    },
    svg: () => save("hetao.svg", "image/svg+xml", picture(hetao.map)),
  };

  // A copy without anything hidden, each element with its paint written out.
  function painted(from, to) {
    Array.from(from.childNodes).forEach(node => {
      if (node.nodeType === Node.TEXT_NODE) return to.appendChild(node.cloneNode());
      if (node.nodeType !== Node.ELEMENT_NODE) return;
      const style = getComputedStyle(node);
      if (style.display === "none" && node.tagName !== "defs" && !node.closest("defs")) return;
      const copy = to.appendChild(node.cloneNode(false));
      ["class", "tabindex", "role", "aria-label"].forEach(name => { copy.removeAttribute(name); });
      PAINT.forEach(name => { const value = style.getPropertyValue(name); if (value) copy.setAttribute(name, value); });
      painted(node, copy);
    });
  }

  function picture(map) {
    const size = map.getSize();
    const corner = map.containerPointToLayerPoint([0, 0]);
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const part = name => svg.appendChild(document.createElementNS(svg.namespaceURI, name));
    svg.setAttribute("width", size.x);
    svg.setAttribute("height", size.y + 44);
    svg.setAttribute("viewBox", "0 0 " + size.x + " " + (size.y + 44));
    const facts = about();
    part("title").textContent = facts.title;
    part("desc").textContent = Object.keys(facts).map(key => key + ": " + facts[key]).join("\n");
    const land = part("rect");
    land.setAttribute("width", "100%");
    land.setAttribute("height", "100%");
    land.setAttribute("fill", getComputedStyle(map.getContainer()).backgroundColor);
    const drawing = part("g");
    drawing.setAttribute("transform", "translate(" + -corner.x + " " + -corner.y + ")");
    painted(document.getElementById("drawing"), drawing);
    const labels = part("g");
    if (hetao.labelRoot) painted(hetao.labelRoot, labels);
    [facts.notice + " · " + facts.licence, facts.sources].forEach((line, index) => {
      const text = part("text");
      text.setAttribute("x", 8);
      text.setAttribute("y", size.y + 18 + index * 16);
      text.setAttribute("font-size", 11);
      text.setAttribute("font-family", "sans-serif");
      text.setAttribute("fill", getComputedStyle(document.body).color);
      text.textContent = line;
    });
    return new XMLSerializer().serializeToString(svg);
  }

  document.addEventListener("click", event => {
    const button = event.target.closest && event.target.closest("[data-download]");
    if (button) files[button.dataset.download]();
  });
})(hetao);
