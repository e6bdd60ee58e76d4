// Find a place by any of its names, old ones included, in any of the three languages.
(hetao => {
  function plain(text) {
    return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[\s\-–—·()（）]+/g, " ").trim();
  }

  function entries() {
    const seen = new Set();
    return ["parks", "parts", "crossings", "roads", "river"].flatMap(hetao.features).filter(feature => !seen.has(feature.id) && seen.add(feature.id)).map(feature => ({
      feature: feature,
      names: Object.values(feature.names).concat(feature.aliases || [])
    }));
  }

  // Names that begin with the words typed come before names that only contain them.
  hetao.find = typed => {
    const wanted = plain(typed);
    if (!wanted) return [];
    return entries().map(entry => {
      const ranks = entry.names.map(name => { const at = plain(name).indexOf(wanted); return at < 0 ? Infinity : at ? 2 : plain(name) === wanted ? 0 : 1; });
      const rank = Math.min.apply(null, ranks);
      return { feature: entry.feature, rank: rank, by: entry.names[ranks.indexOf(rank)] };
    }).filter(row => row.rank < Infinity).sort((a, b) => a.rank - b.rank).slice(0, 7);
  };

  hetao.prepareSearch = map => {
    const field = document.getElementById("search-field");
    const list = document.getElementById("search-list");
    const status = document.getElementById("search-status");
    let found = [];
    let at = -1;

    function show() {
      list.textContent = "";
      found.forEach((row, index) => {
        const item = document.createElement("li");
        const name = hetao.name(row.feature);
        item.id = "search-" + index;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", String(index === at));
        item.textContent = row.by === name ? name : name + " (" + row.by + ")";
        item.addEventListener("mousedown", event => { event.preventDefault(); go(index); });
        list.appendChild(item);
      });
      list.hidden = found.length === 0;
      field.setAttribute("aria-expanded", String(found.length > 0));
      if (at >= 0) field.setAttribute("aria-activedescendant", "search-" + at); else field.removeAttribute("aria-activedescendant");
    }

    function go(index) {
      const row = found[index];
      if (!row) return;
      field.value = hetao.name(row.feature);
      close();
      hetao.showFeature(map, row.feature);
      hetao.openPlace(row.feature, false);
    }

    function close() { found = []; at = -1; show(); }

    field.addEventListener("input", () => {
      found = hetao.find(field.value);
      at = -1;
      show();
      status.textContent = field.value.trim() && !found.length ? hetao.word("search_none") : "";
    });
    field.addEventListener("keydown", event => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        at = found.length ? (at + step + found.length) % found.length : -1;
        show();
      } else if (event.key === "Enter") { event.preventDefault(); go(Math.max(at, 0)); } else if (event.key === "Escape") close();
    });
    field.addEventListener("blur", close);
    hetao.on("language", close);
  };
})(hetao);
