// Details of a place: a card that stands clear of the shape it explains, a sheet on a phone.
(hetao => {
  const P = hetao.placing;
  const GAP = 16;
  const HEIGHTS = [480, 380, 300, 240];
  let opener = null;

  // Leaflet's popup hangs over its point and would hide the shape; this one looks for room.
  const Card = L.Popup.extend({
    _updatePosition: function () { if (this._map) standClear(this); },
    _animateZoom: function () {},
    _adjustPan: function () {},
  });

  // The open card as a rectangle in pixels of the map, or nothing.
  hetao.cardBox = map => {
    if (!hetao.card || !hetao.card.isOpen()) return [];
    const frame = map.getContainer().getBoundingClientRect();
    const box = hetao.card.getElement().getBoundingClientRect();
    return [{ left: box.left - frame.left, top: box.top - frame.top, right: box.right - frame.left, bottom: box.bottom - frame.top }];
  };

  hetao.narrow = () => window.matchMedia("(max-width: 820px)").matches;

  // The rings of a shape; a point counts as the square of its symbol.
  function shapeInPixels(map, feature) {
    return feature.parts.map(part => {
      const ring = part[0].map(p => { const q = map.latLngToContainerPoint([p[1], p[0]]); return [q.x, q.y]; });
      if (ring.length > 1) return ring;
      const [x, y] = ring[0];
      return [[x - 14, y - 14], [x + 14, y - 14], [x + 14, y + 14], [x - 14, y + 14], [x - 14, y - 14]];
    });
  }

  function standClear(card) {
    const map = card._map;
    const element = card.getElement();
    if (hetao.narrow()) { element.querySelector(".leaflet-popup-content-wrapper").style.maxHeight = ""; element.style.left = element.style.top = ""; return drawLeader(map, null); }
    const size = map.getSize();
    const rings = shapeInPixels(map, card.options.feature);
    const edges = rings.flatMap(P.segments);
    const sheet = element.querySelector(".leaflet-popup-content-wrapper");
    let best = null;
    // A lower card that scrolls is better than one that hides the shape.
    for (const height of HEIGHTS) {
      sheet.style.maxHeight = Math.min(height, size.y - 2 * GAP) + "px";
      const spot = bestSpot(map, rings, edges, element.offsetWidth, element.offsetHeight);
      spot.price += (HEIGHTS[0] - height) / 60;
      if (!best || spot.price < best.price) best = Object.assign(spot, { height: height });
    }
    sheet.style.maxHeight = Math.min(best.height, size.y - 2 * GAP) + "px";
    element.style.left = Math.round(best.box.left) + "px";
    element.style.top = Math.round(best.box.top) + "px";
    drawLeader(map, best.box, rings, edges);
  }

  function bestSpot(map, rings, edges, w, h) {
    const size = map.getSize();
    const shape = P.bounds(rings.flat());
    const spots = [];
    const xs = [shape.left - w - GAP, shape.right + GAP, (shape.left + shape.right - w) / 2, size.x - w - GAP, GAP];
    const ys = [shape.top - h - GAP, shape.bottom + GAP, (shape.top + shape.bottom - h) / 2, size.y - h - 40, GAP];
    xs.forEach(x => { ys.forEach(y => { spots.push([x, y]); }); });
    const cards = hetao.cards(map);
    const others = Object.values(hetao.outlines()).flatMap(f => shapeInPixels(map, f));
    let best = null;
    spots.forEach(spot => {
      const x = Math.max(GAP, Math.min(size.x - w - GAP, spot[0]));
      const y = Math.max(GAP, Math.min(size.y - h - 2 * GAP, spot[1]));
      const box = { left: x, top: y, right: x + w, bottom: y + h };
      const price = covered(box, rings) * 40 + (rings.some(ring => inside(ring, box)) ? 40 : 0) + covered(box, others) * 45 +
        cards.filter(other => P.overlap(other, box)).length * 12 +
        P.nearest(x + w / 2, y + h / 2, edges) / 60;
      if (!best || price < best.price) best = { price: price, box: box };
    });
    return best;
  }

  function inside(ring, box) {
    return ring.every(p => p[0] > box.left && p[0] < box.right && p[1] > box.top && p[1] < box.bottom);
  }

  // The share of a box that lies over shapes, from a grid of samples.
  function covered(box, rings) {
    let hits = 0;
    for (let i = 0; i <= 8; i += 1) for (let k = 0; k <= 8; k += 1) {
      const x = box.left + (box.right - box.left) * i / 8;
      const y = box.top + (box.bottom - box.top) * k / 8;
      if (rings.some(ring => P.contains([ring], x, y))) hits += 1;
    }
    return hits / 81;
  }

  function drawLeader(map, box, rings, edges) {
    const path = document.getElementById("card-leader");
    const none = !box || P.contains(rings, (box.left + box.right) / 2, (box.top + box.bottom) / 2);
    path.parentNode.toggleAttribute("hidden", none);
    if (none) return;
    const x = (box.left + box.right) / 2;
    const y = (box.top + box.bottom) / 2;
    const start = edges.map(s => P.pointOn(s, x, y)).sort((a, b) => Math.hypot(a[0] - x, a[1] - y) - Math.hypot(b[0] - x, b[1] - y))[0];
    const end = [Math.max(box.left, Math.min(box.right, start[0])), Math.max(box.top, Math.min(box.bottom, start[1]))];
    path.setAttribute("d", "M" + start.map(Math.round).join(" ") + "L" + end.map(Math.round).join(" "));
  }

  // The article about the place in the panel is the one source of its words.
  function content(feature) {
    const article = document.getElementById("place-" + feature.id);
    const copy = document.createElement("div");
    if (article) {
      Array.from(article.children).forEach(child => { copy.appendChild(child.cloneNode(true)); });
    } else {
      copy.appendChild(document.createElement("h3")).textContent = hetao.name(feature);
    }
    const title = copy.querySelector("h3 button");
    if (title) title.replaceWith(...title.childNodes);
    hetao.fillFacts(copy);
    const caution = copy.appendChild(document.createElement("p"));
    caution.className = "hz-small";
    caution.append(...document.querySelector(".hz-notice strong").cloneNode(true).childNodes);
    copy.querySelectorAll("[id]").forEach(element => { element.removeAttribute("id"); });
    copy.querySelectorAll("[data-place]").forEach(button => {
      button.addEventListener("click", () => { hetao.openPlaceById(button.dataset.place, true); });
    });
    return copy;
  }

  hetao.openPlaceById = (id, byKeyboard) => {
    const feature = hetao.everyFeature().find(one => one.id === id);
    if (feature) hetao.openPlace(feature, byKeyboard);
  };

  hetao.openPlace = (feature, byKeyboard) => {
    const map = hetao.map;
    const before = document.activeElement;
    if (hetao.card) map.closePopup(hetao.card);
    opener = hetao.shapes[feature.id] && hetao.shapes[feature.id].getElement() || before;
    const rings = feature.parts[0][0];
    hetao.card = new Card({ pane: "card", className: "hz-place-card", autoPan: false, closeOnClick: true, maxWidth: 320, minWidth: 260, feature: feature });
    hetao.card.setLatLng([rings[0][1], rings[0][0]]).setContent(content(feature)).openOn(map);
    dress(hetao.card, feature);
    select(feature.id);
    hetao.refreshLabels();
    if (hetao.narrow() && !byKeyboard) keepInSight(map, feature);
    if (byKeyboard) hetao.card.getElement().focus();
  };

  function dress(card, feature) {
    const element = card.getElement();
    element.setAttribute("role", "dialog");
    element.setAttribute("tabindex", "-1");
    element.dataset.place = feature.id;
    const close = element.querySelector(".leaflet-popup-close-button");
    close.setAttribute("aria-label", hetao.word("close"));
    element.setAttribute("aria-label", hetao.name(feature));
    element.addEventListener("keydown", event => {
      if (event.key === "Escape") { event.stopPropagation(); hetao.map.closePopup(card); }
    });
    card.once("remove", () => {
      const inside = element.contains(document.activeElement) || document.activeElement === document.body;
      select(null);
      hetao.refreshLabels();
      document.getElementById("card-leader").parentNode.setAttribute("hidden", "");
      if (inside && opener && opener.isConnected) opener.focus({ preventScroll: true });
    });
  }

  function select(id) {
    Object.keys(hetao.shapes).forEach(key => {
      const element = hetao.shapes[key].getElement();
      if (element) element.classList.toggle("hz-chosen", key === id);
    });
  }

  // A sheet covers the lower part of the window; the shape moves above it.
  function keepInSight(map, feature) {
    const sheet = hetao.card.getElement().getBoundingClientRect();
    const frame = map.getContainer().getBoundingClientRect();
    const hidden = frame.bottom - sheet.top;
    if (hidden <= 0 || hidden > frame.height * 0.8) return;
    const shape = P.bounds(shapeInPixels(map, feature).flat());
    const room = frame.height - hidden;
    const middle = (shape.top + shape.bottom) / 2;
    if (shape.bottom > room) map.panBy([0, Math.round(middle - room / 2)], { animate: !hetao.calm() });
  }

  hetao.preparePopups = map => {
    const pane = map.createPane("card", map.getContainer().parentNode);
    pane.classList.add("hz-card-pane");
    map.on("moveend resize", () => { if (hetao.card && hetao.card.isOpen()) hetao.card._updatePosition(); });
    map.on("movestart", () => { drawLeader(map, null); });
    hetao.on("language", () => {
      if (!hetao.card || !hetao.card.isOpen()) return;
      const feature = hetao.card.options.feature;
      hetao.card.getElement().setAttribute("aria-label", hetao.name(feature));
      hetao.card.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", hetao.word("close"));
      hetao.card._updatePosition();
    });
    document.addEventListener("keydown", event => {
      if (event.key === "Escape" && hetao.card && hetao.card.isOpen()) map.closePopup(hetao.card);
    });
  };
})(hetao);
