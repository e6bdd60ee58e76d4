// Labels as SVG text: how large they are, and writing them.
(function (hetao) {
  const SVG = "http://www.w3.org/2000/svg";
  const KINDS = ["park", "narrow", "part", "crossing", "water", "road", "boundary", "region", "note"];
  const canvas = document.createElement("canvas").getContext("2d");
  let fonts = null;
  let widths = new Map();

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
    const line = canvas.measureText("Ag");
    // A row is 1.25 sizes high with the baseline at 1; fonts reach beyond, Chinese ones most.
    const reach = Math.max(line.fontBoundingBoxAscent - size, line.fontBoundingBoxDescent - size / 4, size * 0.2);
    return { css: css, size: size, reach: reach, spacing: parseFloat(style.letterSpacing) || 0,
      upper: style.textTransform === "uppercase" };
  }

  function font(kind) {
    if (!fonts) readFonts();
    return fonts[kind];
  }

  function width(kind, text) {
    const key = kind + "|" + text;
    if (widths.has(key)) return widths.get(key);
    const one = font(kind);
    canvas.font = one.css;
    const shown = one.upper ? text.toUpperCase() : text;
    const found = canvas.measureText(shown).width + one.spacing * shown.length;
    widths.set(key, found);
    return found;
  }

  // A block of rows, each [kind, text]: its size and rows with their height.
  function block(rows) {
    const heights = rows.map(row => font(row[0]).size * 1.25);
    const reach = Math.max(...rows.map(row => font(row[0]).reach));
    return { rows: rows, heights: heights, width: Math.max.apply(null, rows.map(row => width(row[0], row[1]))) + 4,
      reach: reach, height: heights.reduce((sum, one) => sum + one, 2 * reach) };
  }

  function write(parent, label, x, y, angle, anchor) {
    const group = document.createElementNS(SVG, "g");
    group.setAttribute("class", "hz-label-block");
    if (label.id) group.dataset.names = label.id;
    const turn = angle ? " rotate(" + (angle * 180 / Math.PI).toFixed(1) + ")" : "";
    group.setAttribute("transform", "translate(" + x.toFixed(1) + " " + y.toFixed(1) + ")" + turn);
    let top = label.block.reach - label.block.height / 2;
    label.block.rows.forEach((row, index) => {
      const text = document.createElementNS(SVG, "text");
      text.setAttribute("class", "hz-label hz-label-" + row[0] + (label.role ? " hz-text-" + label.role : ""));
      text.setAttribute("text-anchor", anchor || "middle");
      const shift = anchor === "start" ? -label.block.width / 2 + 2 : anchor === "end" ? label.block.width / 2 - 2 : 0;
      text.setAttribute("x", shift.toFixed(1));
      // 0.8 of the row puts the baseline where Latin and Chinese both look centred.
      text.setAttribute("y", (top + label.block.heights[index] * 0.8).toFixed(1));
      text.textContent = row[1];
      top += label.block.heights[index];
      group.appendChild(text);
    });
    parent.appendChild(group);
  }

  function leader(parent, from, to, role) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", "hz-leader" + (role ? " hz-leader-" + role : ""));
    path.setAttribute("d", "M" + from.map(v => v.toFixed(1)).join(" ") + "L" + to.map(v => v.toFixed(1)).join(" "));
    parent.insertBefore(path, parent.firstChild);
  }

  function forget() {
    fonts = null;
    widths = new Map();
  }

  hetao.lettering = { block, write, leader, forget };
})(hetao);
