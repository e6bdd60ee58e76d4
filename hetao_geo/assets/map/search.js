// Find a place by any of its names, old ones included, in any of the three languages.
(hetao => {
  function plain(text) {
    return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[\s\-–—·()（）]+/g, " ").trim();
  }

  // "LMC" for "Lok Ma Chau Loop".
  function initials(name) {
    const words = name.match(/[A-Za-z]+/g) || [];
    return words.length > 2 ? words.map(word => word[0].toLowerCase()).join("") : "";
  }

  // 0: the name itself, 1: it begins so or its initials do, 2: it holds the words.
  function rank(name, wanted) {
    const at = plain(name).indexOf(wanted);
    if (at < 0) return wanted.length > 2 && initials(name).startsWith(wanted) ? 1 : Infinity;
    return at ? 2 : plain(name) === wanted ? 0 : 1;
  }

  function entries() {
    const seen = new Set();
    const bay = hetao.data.bay.map(one => ({ feature: one, names: Object.values(one.names) }));
    return ["parks", "parts", "crossings", "roads", "river"].flatMap(hetao.features).filter(feature => !seen.has(feature.id) && seen.add(feature.id)).map(feature => ({
      feature: feature,
      names: Object.values(feature.names).concat(feature.aliases || [])
    })).concat(bay);
  }

  // Names that begin with the words typed come before names that only contain them.
  hetao.find = typed => {
    const wanted = plain(typed);
    if (!wanted) return [];
    return entries().map(entry => {
      const ranks = entry.names.map(name => rank(name, wanted));
      const best = Math.min.apply(null, ranks);
      return { feature: entry.feature, rank: best, by: entry.names[ranks.indexOf(best)] };
    }).filter(row => row.rank < Infinity).sort((a, b) => a.rank - b.rank).slice(0, 7);
  };

  // A name of the small map of the Greater Bay Area: there, or where it is hidden in the text.
  function showInBay() {
    const inset = document.getElementById("bay");
    const target = inset.offsetParent ? inset : document.getElementById("zones");
    target.scrollIntoView({ block: "nearest", behavior: hetao.calm() ? "auto" : "smooth" });
    target.focus({ preventScroll: true });
  }

  // The name in the language shown, and the name that was found where that does not hold it.
  function title(row) {
    const name = hetao.name(row.feature);
    const found = plain(name).includes(plain(row.by)) ? name : name + " (" + row.by + ")";
    return row.feature.parts ? found : found + " · " + hetao.word("bay");
  }

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
        item.id = "search-" + index;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", String(index === at));
        item.textContent = title(row);
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
      if (!row.feature.parts) return showInBay();
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
