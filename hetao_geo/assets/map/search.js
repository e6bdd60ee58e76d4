// The search field: a combobox over what hetao.find returns.
(hetao => {
  // A name of the small map of the Greater Bay Area: there, or where it is hidden in the text.
  function showInBay() {
    const inset = document.getElementById("bay");
    hetao.showSection(inset.offsetParent ? inset : document.getElementById("zones"));
  }

  // The name in the language shown, and the name that was found where that does not hold it.
  function title(row) {
    if (row.place) return hetao.word("go_to") + " " + row.place[1].toFixed(5) + "° N " + row.place[0].toFixed(5) + "° E";
    const name = hetao.name(row.feature);
    const text = row.rank > 3 || hetao.holds(name, row.by) || (row.feature.pinyin || []).indexOf(row.by) >= 0 ? name : name + " (" + row.by + ")";
    return row.feature.parts ? text : text + " · " + hetao.word("bay");
  }

  hetao.prepareSearch = map => {
    const field = document.getElementById("search-field");
    const list = document.getElementById("search-list");
    const status = document.getElementById("search-status");
    let rows = [];
    let at = -1;

    function show() {
      list.textContent = "";
      rows.forEach((row, index) => {
        const item = document.createElement("li");
        item.id = "search-" + index;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", String(index === at));
        item.textContent = title(row);
        item.addEventListener("mousedown", event => { event.preventDefault(); go(index); });
        list.appendChild(item);
      });
      list.hidden = rows.length === 0;
      field.setAttribute("aria-expanded", String(rows.length > 0));
      if (at >= 0) field.setAttribute("aria-activedescendant", "search-" + at); else field.removeAttribute("aria-activedescendant");
    }

    function go(index) {
      const row = rows[index];
      if (!row) return;
      if (!row.place) field.value = hetao.name(row.feature);
      close();
      if (row.place) {
        map.setView([row.place[1], row.place[0]], Math.max(map.getZoom(), 14), { animate: false });
        hetao.showReadout(row.place[0], row.place[1], false);
      } else if (row.feature.parts) {
        hetao.showFeature(map, row.feature, true);
        hetao.openPlace(row.feature, false);
      } else showInBay();
    }

    function close() { rows = []; at = -1; show(); }

    function look() {
      const place = hetao.readCoordinates(field.value);
      rows = place ? [{ place: place }] : hetao.find(field.value);
      at = -1;
      show();
      status.textContent = field.value.trim() && !rows.length ? hetao.word("search_none") : "";
    }

    field.addEventListener("input", look);
    field.addEventListener("keydown", event => {
      // While an input method composes, Enter and the arrows are its own.
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        at = rows.length ? (at < 0 && step < 0 ? rows.length - 1 : (at + step + rows.length) % rows.length) : -1;
        show();
      } else if (event.key === "Enter") { event.preventDefault(); go(Math.max(at, 0)); } else if (event.key === "Escape" && rows.length) { event.stopPropagation(); close(); }
    });
    field.addEventListener("blur", close);
    hetao.on("language", close);
  };
})(hetao);
