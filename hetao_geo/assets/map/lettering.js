// Names as SVG text: how large they are, measured once for each font, and writing them.
(hetao => {
  const SVG = "http://www.w3.org/2000/svg";
  const KINDS = ["park", "narrow", "part", "crossing", "water", "road", "boundary", "region", "place", "plant", "planned", "station", "note"];
  const canvas = document.createElement("canvas").getContext("2d");
  let fonts = null;
  let widths = new Map();
  let paths = 0;

  // Reads all styles in one go: each read alone would lay out the page again.
  function readFonts() {
    const probes = KINDS.map(kind => {
      const probe = document.createElementNS(SVG, "text");
      probe.setAttribute("class", "hz-label hz-label-" + kind);
      return hetao.labelRoot.appendChild(probe);
    });
    fonts = {};
    probes.forEach((probe, index) => { fonts[KINDS[index]] = measure(getComputedStyle(probe)); });
    probes.forEach(probe => probe.remove());
  }

  function measure(style) {
    const size = parseFloat(style.fontSize);
    const css = [style.fontStyle, style.fontWeight, style.fontSize, style.fontFamily].join(" ");
    canvas.font = css;
    const line = canvas.measureText("Ag骨");
    // A row is 1.25 sizes high with the baseline at 1; fonts reach beyond, Chinese ones most.
    const reach = Math.max((line.fontBoundingBoxAscent || size) - size, (line.fontBoundingBoxDescent || size / 4) - size / 4, size * 0.2);
    return { css: css, size: size, reach: reach, spacing: parseFloat(style.letterSpacing) || 0, upper: style.textTransform === "uppercase" };
  }

  function font(kind) {
    if (!fonts) readFonts();
    return fonts[kind];
  }

  function width(kind, text) {
    const key = kind + "|" + text;
    if (!widths.has(key)) {
      const type = font(kind);
      canvas.font = type.css;
      const shown = type.upper ? text.toUpperCase() : text;
      widths.set(key, canvas.measureText(shown).width + type.spacing * Array.from(shown).length);
    }
    return widths.get(key);
  }

  // A text box of rows, each [kind, text]: its size and rows with their height.
  function textBox(rows) {
    const heights = rows.map(row => font(row[0]).size * 1.25);
    const reach = Math.max(...rows.map(row => font(row[0]).reach));
    const widths = rows.map(row => width(row[0], row[1]) + 4);
    return { rows: rows, heights: heights, widths: widths, width: Math.max(...widths),
      reach: reach, height: heights.reduce((sum, height) => sum + height, 2 * reach) };
  }

  function element(parent, name, attributes) {
    const made = document.createElementNS(SVG, name);
    Object.keys(attributes).forEach(key => { made.setAttribute(key, attributes[key]); });
    return parent.appendChild(made);
  }

  function group(parent, label) {
    const made = element(parent, "g", { class: "hz-label-block" });
    made.dataset.names = label.id;
    return made;
  }

  const styled = (kind, label) => "hz-label hz-label-" + kind + (label.role ? " hz-text-" + label.role : "");

  function write(parent, label, place) {
    const box = place.block;
    const into = group(parent, label);
    into.setAttribute("transform", "translate(" + place.x.toFixed(1) + " " + place.y.toFixed(1) + ")");
    const anchor = place.anchor || "middle";
    const shift = anchor === "start" ? -box.width / 2 + 2 : anchor === "end" ? box.width / 2 - 2 : 0;
    let top = box.reach - box.height / 2;
    box.rows.forEach((row, index) => {
      // 0.8 of the row puts the baseline where Latin and Chinese both look centred.
      const text = element(into, "text", { class: styled(row[0], label), "text-anchor": anchor, x: shift.toFixed(1),
        y: (top + box.heights[index] * 0.8).toFixed(1) });
      text.textContent = row[1];
      top += box.heights[index];
    });
  }

  // A point 24 pixels beyond `to`, seen from `from`.
  function longer(from, to) {
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
    return [to[0] + (to[0] - from[0]) * 24 / length, to[1] + (to[1] - from[1]) * 24 / length];
  }

  // One row along a cubic curve.
  function writeAlong(parent, label, place) {
    const into = group(parent, label);
    const row = place.block.rows[0];
    // Straight ends: what does not fit on the path would not be drawn.
    const ends = [longer(place.curve[1], place.curve[0]), ...place.curve, longer(place.curve[2], place.curve[3])];
    const at = ends.map(p => p[0].toFixed(1) + " " + p[1].toFixed(1));
    paths += 1;
    const id = "hz-path-" + paths;
    element(into, "path", { id: id, d: "M" + at[0] + "L" + at[1] + "C" + at.slice(2, 5).join(" ") + "L" + at[5], fill: "none" });
    const text = element(into, "text", { class: styled(row[0], label), "text-anchor": "middle" });
    element(text, "textPath", { href: "#" + id, startOffset: "50%" }).textContent = row[1];
  }

  function leader(parent, label, line) {
    const at = line.map(v => v.toFixed(1));
    const made = element(parent, "path", { class: "hz-leader" + (label.role ? " hz-leader-" + label.role : ""), d: "M" + at[0] + " " + at[1] + "L" + at[2] + " " + at[3] });
    made.dataset.names = label.id;
  }

  function badge(parent, id, role, number, place, radius) {
    const into = element(parent, "g", { class: "hz-badge" + (role ? " hz-badge-" + role : ""), transform: "translate(" + place.x.toFixed(1) + " " + place.y.toFixed(1) + ")" });
    into.dataset.names = id;
    element(into, "circle", { r: radius });
    element(into, "text", { "text-anchor": "middle", y: "4" }).textContent = number;
  }

  function reset() {
    fonts = null;
    widths = new Map();
  }

  // A new drawing numbers its paths anew.
  function begin() { paths = 0; }

  hetao.lettering = { begin, textBox, size: kind => font(kind).size, write, writeAlong, leader, badge, reset };
})(hetao);
