// What is here: a place on the map in four coordinate systems, in or how far from the parks.
(hetao => {
  const box = document.getElementById("readout");
  const SVG = "http://www.w3.org/2000/svg";
  let at = null;
  let from = null;
  let opener = null;

  function metres(value) {
    if (value >= 1000) return hetao.word("km").replace("{n}", (value / 1000).toFixed(value < 10000 ? 2 : 1));
    return hetao.word("m").replace("{n}", String(value < 20 ? Math.round(value) : Math.round(value / 10) * 10));
  }

  // "text {name}" with its names filled in.
  function fill(key, values) {
    return Object.keys(values).reduce((text, name) => text.replace("{" + name + "}", values[name]), hetao.word(key));
  }

  function limit(place) {
    return (place.limit && place.limit[hetao.language]) || hetao.word("its_limit");
  }

  // The two lines: inside what; how far from which limit, and how well that is known.
  hetao.describe = (lon, lat) => {
    const where = hetao.locate(lon, lat);
    if (!where.park) return [hetao.word("here"), ""];
    const park = hetao.name(where.park.feature);
    const part = where.part && where.part.answer === "inside" ? hetao.name(where.part.feature) : "";
    const values = { distance: metres(where.park.metres), limit: limit(where.park), error: where.park.error, park: park,
      percent: Math.round(100 * where.park.chance) };
    const head = { inside: fill(part ? "here_inside_part" : "here_inside", { park: park, part: part }),
      near: fill("here_near", { park: park }), outside: hetao.word("here_outside") }[where.park.answer];
    return [head, fill(where.park.error ? "here_" + where.park.answer + "_line" : "here_line", values)];
  };

  function degrees(lon, lat) { return lat.toFixed(5) + "° N " + lon.toFixed(5) + "° E"; }
  function grid(pair) { return pair.map(value => Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, "\u2009")); }

  function rows(lon, lat) {
    const hk = grid(hetao.toGrid.hk1980(lon, lat));
    const gk = grid(hetao.toGrid.cgcs2000(lon, lat));
    const gcj = hetao.fromWgs84.gcj02(lon, lat);
    return [["WGS 84", degrees(lon, lat)], [hetao.word("hk1980"), hk[0] + " E " + hk[1] + " N"],
      ["CGCS2000 GK 114E", gk[0] + " E " + gk[1] + " N"], ["GCJ-02", degrees(gcj[0], gcj[1])]];
  }

  function write() {
    const lines = hetao.describe(...at);
    box.querySelector("h3").textContent = lines[0];
    box.querySelector("#readout-line").textContent = lines[1];
    box.querySelector("#readout-distance").textContent = from ? fill("from_start", { distance: metres(hetao.distance(from, at)) }) : "";
    const list = box.querySelector("tbody");
    list.textContent = "";
    rows(...at).forEach(row => {
      const line = list.appendChild(document.createElement("tr"));
      const head = line.appendChild(document.createElement("th"));
      head.scope = "row";
      head.textContent = row[0];
      line.appendChild(document.createElement("td")).textContent = row[1];
      const button = line.appendChild(document.createElement("td")).appendChild(document.createElement("button"));
      button.type = "button";
      button.className = "hz-copy";
      button.setAttribute("aria-label", hetao.word("copy") + " " + row[0]);
      button.addEventListener("click", () => { hetao.copy(row[1].replace(/\u2009/g, ""), button); });
    });
    box.setAttribute("aria-label", lines[0]);
  }

  function mark() {
    const layer = document.getElementById("pins");
    layer.textContent = "";
    if (!at) return;
    const units = [from, at].filter(Boolean).map(place => hetao.toUnits(place).map(Math.round).join(" "));
    if (from) add(layer, "hz-measure", "M" + units.join("L"));
    units.forEach(place => { add(layer, "hz-pin-rim", "M" + place + "h0"); add(layer, "hz-pin", "M" + place + "h0"); });
  }

  function add(layer, className, data) {
    const path = layer.appendChild(document.createElementNS(SVG, "path"));
    path.setAttribute("class", className);
    path.setAttribute("d", data);
  }

  hetao.showReadout = (lon, lat, byKeyboard) => {
    const before = document.activeElement;
    hetao.closeCard();
    if (box.hidden) opener = before;
    at = [lon, lat];
    box.hidden = false;
    write();
    mark();
    dock();
    hetao.refreshLabels();
    if (byKeyboard) box.focus({ preventScroll: true });
  };

  // Lower left, or upper left where the place itself is there.
  function dock() {
    box.dataset.corner = hetao.narrow() ? "sheet" : "lower-left";
    const pixel = hetao.map.latLngToContainerPoint([at[1], at[0]]);
    const frame = hetao.map.getContainer().getBoundingClientRect();
    const own = box.getBoundingClientRect();
    const hit = pixel.x > own.left - frame.left - 12 && pixel.x < own.right - frame.left + 12 && pixel.y > own.top - frame.top - 12;
    if (!hit) return;
    if (hetao.narrow()) hetao.map.panBy([0, pixel.y - (own.top - frame.top) / 2], { animate: false });
    else box.dataset.corner = "lower-right";
  }

  hetao.closeReadout = () => {
    if (box.hidden) return;
    const inside = box.contains(document.activeElement);
    box.hidden = true;
    at = from = null;
    mark();
    hetao.refreshLabels();
    if (inside && opener && opener.isConnected) opener.focus({ preventScroll: true });
  };

  // A finger that taps closes what is open; one that stays asks what is here.
  let touched = false;

  function onClick(event) {
    const target = event.originalEvent.target;
    if (target.closest("[data-feature]") || (target.closest(".leaflet-interactive, .leaflet-marker-icon"))) return;
    const byTouch = touched || event.originalEvent.pointerType === "touch";
    if (byTouch && !from) { hetao.closeCard(); hetao.closeReadout(); return; }
    hetao.showReadout(event.latlng.lng, event.latlng.lat, false);
  }

  hetao.prepareReadout = map => {
    const container = map.getContainer();
    container.addEventListener("touchstart", () => { touched = true; }, { passive: true });
    container.addEventListener("mousemove", event => { if (!event.sourceCapabilities || !event.sourceCapabilities.firesTouchEvents) touched = false; });
    map.on("click", onClick);
    map.on("contextmenu", event => { hetao.showReadout(event.latlng.lng, event.latlng.lat, false); });
    container.addEventListener("keydown", event => {
      if (event.target !== container || event.key !== "Enter") return;
      const middle = map.getCenter();
      hetao.showReadout(middle.lng, middle.lat, true);
    });
    box.querySelector(".hz-close").addEventListener("click", hetao.closeReadout);
    box.querySelector("#measure").addEventListener("click", () => {
      from = at;
      box.querySelector("#readout-distance").textContent = hetao.word("measure_hint");
      mark();
    });
    hetao.on("language", () => { if (!box.hidden) write(); });
  };
})(hetao);
