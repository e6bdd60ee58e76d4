// The card of a place: docked in a corner clear of what it speaks of, a sheet on a phone.
(hetao => {
  const GAP = 16;
  const SVG = "http://www.w3.org/2000/svg";
  const card = document.getElementById("card");
  const body = card.querySelector(".hz-card-body");
  let opener = null;

  // The vertices of a feature; a point counts as the square of its symbol.
  function pixels(map, feature) {
    const points = [].concat(...feature.parts.map(part => part[0])).map(p => map.latLngToContainerPoint([p[1], p[0]]));
    if (points.length > 1) return points;
    return [[-14, -14], [14, -14], [14, 14], [-14, 14]].map(by => L.point(points[0].x + by[0], points[0].y + by[1]));
  }

  function hides(box, points) {
    return points.filter(p => p.x > box.left - 8 && p.x < box.right + 8 && p.y > box.top - 8 && p.y < box.bottom + 8).length;
  }

  // The corner that hides least of the feature: lower right if it can be.
  function dock(map, feature) {
    if (hetao.narrow()) { card.dataset.corner = "sheet"; return 0; }
    const points = pixels(map, feature);
    let best = null;
    ["lower-right", "lower-left", "upper-left", "upper-right"].forEach(corner => {
      card.dataset.corner = corner;
      const hidden = hides(hetao.cardBox(map).pop(), points);
      if (!best || hidden < best.hidden) best = { corner: corner, hidden: hidden };
    });
    card.dataset.corner = best.corner;
    return best.hidden;
  }

  // What the card still hides moves to where it is free.
  function bringClear(map, feature) {
    const box = hetao.cardBox(map).pop();
    const size = map.getSize();
    const lower = hetao.narrow() || box.top > size.y / 3;
    const bounds = hetao.boundsOf(feature);
    const pad = { paddingTopLeft: [GAP, GAP * 3], paddingBottomRight: [GAP, GAP * 3], maxZoom: map.getZoom(), animate: false };
    if (lower) pad.paddingBottomRight = [GAP, Math.max(GAP, size.y - box.top + GAP)];
    else pad.paddingTopLeft = [GAP, box.bottom + GAP];
    map.fitBounds(bounds, pad);
  }

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // The names in the languages not shown, each once and marked with its language.
  function otherNames(feature) {
    const line = element("p", "hz-small");
    const seen = [hetao.name(feature)];
    Object.keys(feature.names).forEach(code => {
      const name = feature.names[code];
      if (seen.indexOf(name) >= 0) return;
      if (line.firstChild) line.appendChild(document.createTextNode(" · "));
      line.appendChild(element("span", "", name)).lang = code;
      seen.push(name);
    });
    return line;
  }

  // The article about the place in the panel is the one source of its words; a feature without
  // one is for orientation, and says what it is and how well its place is known.
  function content(feature) {
    const article = document.getElementById("place-" + feature.id);
    const copy = document.createDocumentFragment();
    const others = otherNames(feature);
    if (article) {
      Array.from(article.children).forEach(child => { copy.appendChild(child.cloneNode(true)); });
      copy.insertBefore(others, copy.children[1] || null);
    } else {
      copy.appendChild(element("h3", "", hetao.name(feature)));
      copy.appendChild(others);
      const kind = hetao.data.kinds[hetao.language][feature.role] || "";
      const exact = feature.accuracy ? hetao.word("known_to").replace("{metres}", feature.accuracy) : "";
      copy.appendChild(element("p", "", [kind, exact].filter(Boolean).join(" · ")));
    }
    copy.querySelectorAll("[data-copy]").forEach(place => {
      place.replaceWith(...document.getElementById(place.dataset.copy).cloneNode(true).childNodes);
    });
    const title = copy.querySelector("h3 button");
    if (title) title.replaceWith(...title.childNodes);
    hetao.fillFacts(copy);
    copy.querySelectorAll("[id]").forEach(child => { child.removeAttribute("id"); });
    copy.querySelectorAll("[data-place]").forEach(button => {
      button.addEventListener("click", () => { hetao.openPlaceById(button.dataset.place, true); });
    });
    const more = copy.querySelector(".hz-unfold");
    if (more && more.children.length) {
      const details = element("details", "hz-unfold");
      details.appendChild(element("summary", "", hetao.word("more")));
      details.append(...more.children);
      details.addEventListener("toggle", hetao.refreshLabels);
      more.replaceWith(details);
    }
    return copy;
  }

  hetao.openPlaceById = (id, byKeyboard) => {
    const feature = hetao.feature(id);
    if (feature) hetao.openPlace(feature, byKeyboard);
  };

  hetao.openPlace = (feature, byKeyboard) => {
    const map = hetao.map;
    const before = document.activeElement;
    hetao.closeReadout();
    opener = hetao.shapes[feature.id] || (card.contains(before) ? opener : before);
    hetao.place = feature.id;
    card.dataset.place = feature.id;
    card.dataset.tone = feature.park || feature.role;
    body.textContent = "";
    body.appendChild(content(feature));
    card.setAttribute("aria-label", hetao.name(feature));
    card.hidden = false;
    body.scrollTop = 0;
    highlight(feature);
    if (dock(map, feature) || hetao.narrow()) bringClear(map, feature);
    hetao.refreshLabels();
    hetao.writeAddress(map);
    if (byKeyboard) card.focus({ preventScroll: true });
  };

  hetao.closeCard = () => {
    if (card.hidden) return;
    const inside = card.contains(document.activeElement) || document.activeElement === document.body;
    card.hidden = true;
    hetao.place = null;
    highlight(null);
    hetao.refreshLabels();
    hetao.writeAddress(hetao.map);
    if (inside && opener && opener.isConnected) opener.focus({ preventScroll: true });
  };

  // A shape of its own is marked by the style sheet; anything else gets a line or ring over it.
  function highlight(feature) {
    Object.keys(hetao.shapes).forEach(id => { hetao.shapes[id].classList.toggle("hz-chosen", Boolean(feature) && id === feature.id); });
    const layer = document.getElementById("highlight");
    layer.textContent = "";
    if (!feature) return;
    const positions = [].concat(...feature.parts.map(part => part[0].map(hetao.toUnits)));
    if (positions.length > 1 && feature.area) return;
    const path = layer.appendChild(document.createElementNS(SVG, "path"));
    path.setAttribute("class", positions.length > 1 ? "hz-highlight" : "hz-highlight hz-ring");
    path.setAttribute("d", "M" + positions.map(p => p.map(Math.round).join(" ")).join("L") + (positions.length > 1 ? "" : "h0"));
  }

  function copyLink(button) {
    const address = location.href.split("#")[0] + hetao.address(hetao.map);
    hetao.copy(address, button);
  }

  // The clipboard where the browser allows it, else an old command on a text field.
  hetao.copy = (text, button) => {
    const words = button.textContent;
    const tell = () => {
      button.classList.add("hz-done");
      document.getElementById("announcement").textContent = hetao.word("copied");
      setTimeout(() => { button.classList.remove("hz-done"); button.textContent = words; }, 1500);
    };
    const byCommand = () => {
      const field = document.body.appendChild(document.createElement("textarea"));
      field.value = text;
      field.className = "hz-unseen";
      field.select();
      document.execCommand("copy");
      field.remove();
      button.focus({ preventScroll: true });
      tell();
    };
    if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(text).then(tell, byCommand); else byCommand();
  };

  function rewrite() {
    const feature = card.hidden ? null : hetao.feature(card.dataset.place);
    if (!feature) return;
    const open = Array.from(body.querySelectorAll("details")).map(details => details.open);
    body.textContent = "";
    body.appendChild(content(feature));
    body.querySelectorAll("details").forEach((details, at) => { details.open = open[at]; });
    card.setAttribute("aria-label", hetao.name(feature));
  }

  hetao.prepareCard = map => {
    card.querySelector(".hz-close").addEventListener("click", hetao.closeCard);
    card.querySelector(".hz-copy-link").addEventListener("click", event => { copyLink(event.currentTarget); });
    document.addEventListener("keydown", event => {
      if (event.key !== "Escape" || event.isComposing) return;
      hetao.closeCard();
      hetao.closeReadout();
    });
    map.on("click", event => {
      const shape = event.originalEvent.target.closest("[data-feature]");
      if (shape) hetao.openPlaceById(shape.dataset.feature, false);
    });
    hetao.on("language", rewrite);
  };
})(hetao);
