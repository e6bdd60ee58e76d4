// The key of the numbers: a short list over the lower edge of the map.
(hetao => {
  let list = null;
  let shown = "";

  function make(map) {
    list = document.createElement("ul");
    list.className = "hz-key";
    list.dataset.card = "";
    list.dataset.label = "key";
    list.setAttribute("aria-label", hetao.word("key"));
    list.hidden = true;
    map.getContainer().parentNode.appendChild(list);
  }

  function row(entry) {
    const item = document.createElement("li");
    item.dataset.names = entry.id;
    const button = item.appendChild(document.createElement("button"));
    button.type = "button";
    const mark = button.appendChild(document.createElement("b"));
    mark.className = entry.role ? "hz-badge-" + entry.role : "";
    mark.textContent = entry.number;
    button.appendChild(document.createElement("span")).textContent = entry.text;
    button.addEventListener("click", () => { hetao.openPlaceById(entry.id, false); });
    return item;
  }

  const inFrame = (box, frame) => ({ left: box.left - frame.left, top: box.top - frame.top, right: box.right - frame.left, bottom: box.bottom - frame.top });

  // How much of the shapes and crossings a box would hide, in points of a sample.
  function hidden(scene, box) {
    let count = Object.keys(scene.symbols).filter(id => hetao.placing.overlap(scene.symbols[id].boxes[0], box)).length;
    const near = hetao.placing.grow(box, 6);
    scene.polygons.forEach(polygon => polygon.rings.forEach(ring => ring.forEach(p => {
      if (p[0] > near.left && p[0] < near.right && p[1] > near.top && p[1] < near.bottom) count += 1;
    })));
    for (let i = 0; i <= 6; i += 1) for (let k = 0; k <= 3; k += 1) {
      if (scene.over(box.left + (box.right - box.left) * i / 6, box.top + (box.bottom - box.top) * k / 3).length) count += 1;
    }
    return count;
  }

  // The key stands in a lower corner, above what else lies there; where it hides least.
  function stand(map, scene) {
    const frame = map.getContainer().getBoundingClientRect();
    const others = Array.from(document.querySelectorAll("[data-card]")).filter(card => card !== list).map(card => card.getBoundingClientRect())
      .filter(box => box.width && box.height).map(box => inFrame(box, frame));
    const width = list.offsetWidth, height = list.offsetHeight;
    const spots = [frame.width - width - 8, 8].map(left => {
      let bottom = frame.height - 8;
      const box = () => ({ left: left, right: left + width, top: bottom - height, bottom: bottom });
      for (let tries = 0; tries < others.length; tries += 1) {
        const hit = others.find(other => hetao.placing.overlap(hetao.placing.grow(box(), 4), other));
        if (!hit) break;
        bottom = hit.top - 6;
      }
      return { box: box(), price: hidden(scene, box()) * 50 + (frame.height - bottom) + (box().top < 0 ? 1000 : 0) };
    });
    const best = spots[0].price <= spots[1].price ? spots[0] : spots[1];
    list.style.left = Math.round(best.box.left) + "px";
    list.style.top = Math.round(best.box.top) + "px";
    return hidden(scene, best.box) > 0;
  }

  hetao.hideKey = () => { if (list) { hold(false); list.hidden = true; } };

  hetao.keyBox = map => list && !list.hidden ? inFrame(list.getBoundingClientRect(), map.getContainer().getBoundingClientRect()) : null;

  let moved = "";

  // At the opening view the shapes move clear of a key that covers them; once for each key.
  hetao.clearOfKey = (map, round) => {
    if (!round.key.length || !hetao.untouched || !list || list.dataset.hides !== "true") return;
    const size = map.getSize();
    const state = [size.x, size.y, hetao.language, list.offsetHeight].join();
    if (state === moved) return;
    moved = state;
    hetao.fitZone(map);
  };

  function write(rows) {
    while (list.firstChild) list.removeChild(list.firstChild);
    rows.forEach(entry => { list.appendChild(row(entry)); });
  }

  const room = () => [list.hidden, list.offsetLeft, list.offsetTop, list.offsetWidth, list.offsetHeight].join();

  function hold(on) {
    list.style.minWidth = on ? list.offsetWidth + "px" : "";
    list.style.minHeight = on ? list.offsetHeight + "px" : "";
  }

  // Writes the key; true if the room that it takes has changed. While `growing` it does not shrink.
  hetao.showKey = (map, round, growing) => {
    const rows = round.key;
    if (!list) make(map);
    const before = room();
    if (growing && !list.hidden) hold(true);
    const now = JSON.stringify([hetao.language, rows]);
    if (now !== shown) write(rows);
    shown = now;
    list.hidden = !rows.length && !list.style.minHeight;
    if (!list.hidden) list.dataset.hides = String(stand(map, round.scene));
    return before !== room();
  };

  // All is placed: the key gives back what it does not need, and stays in its corner.
  hetao.settleKey = (map, round) => {
    hetao.showKey(map, round, true);
    const right = list.offsetLeft + list.offsetWidth, bottom = list.offsetTop + list.offsetHeight, left = list.offsetLeft;
    hold(false);
    list.hidden = !round.key.length;
    if (list.hidden) return;
    if (left > 8) list.style.left = right - list.offsetWidth + "px";
    list.style.top = bottom - list.offsetHeight + "px";
  };
})(hetao);
