// Find features by any name that a reader may type: old and short names, three scripts, pinyin,
// one wrong letter; or coordinates.
(hetao => {
  // Traditional characters by their simplified ones: learned from the names that the map has in
  // both, with one that no name teaches.
  const simple = { "後": "后" };

  function learn(feature) {
    const hans = Array.from(feature.names["zh-Hans"] || "");
    const hant = Array.from(feature.names["zh-Hant"] || "");
    if (hans.length === hant.length) hant.forEach((character, index) => { if (character !== hans[index]) simple[character] = hans[index]; });
  }

  function plain(text) {
    const folded = Array.from(text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase()).map(c => simple[c] || c).join("");
    return folded.replace(/[\s\-–—·()（）'’.,，]+/g, " ").trim();
  }

  // "LMC" for "Lok Ma Chau Loop".
  function initials(name) {
    const words = name.match(/[A-Za-z]+/g) || [];
    return words.length > 2 ? words.map(word => word[0].toLowerCase()).join("") : "";
  }

  // Are two words the same but for one letter more, less, other, or two that changed places?
  function alike(a, b) {
    if (Math.abs(a.length - b.length) > 1) return false;
    let i = 0;
    while (i < a.length && a[i] === b[i]) i += 1;
    const rest = [a.slice(i), b.slice(i)];
    return rest[0].slice(1) === rest[1].slice(1) || rest[0].slice(1) === rest[1] || rest[0] === rest[1].slice(1) ||
      (rest[0][0] === rest[1][1] && rest[0][1] === rest[1][0] && rest[0].slice(2) === rest[1].slice(2));
  }

  // 0: the name itself, 1: it begins so or its initials do, 2: it holds the words, 3: spelt in one
  // piece it does, 4: with one letter wrong. Infinity: not at all.
  function rank(entry, wanted) {
    const tight = wanted.replace(/ /g, "");
    const at = entry.plain.indexOf(wanted);
    if (at >= 0) return at ? 2 : entry.plain === wanted ? 0 : 1;
    if (wanted.length > 2 && entry.initials.indexOf(tight) === 0) return 1;
    if (tight.length > 1 && entry.tight.indexOf(tight) >= 0) return 3;
    if (tight.length < 4) return Infinity;
    const chinese = /[\u3400-\u9fff]/.test(tight);
    const starts = [entry.tight.slice(0, tight.length - 1), entry.tight.slice(0, tight.length), entry.tight.slice(0, tight.length + 1)];
    if (!chinese && starts.some(start => alike(start, tight))) return 4;
    return !chinese && wanted.indexOf(" ") < 0 && entry.plain.split(" ").some(word => word.length > 3 && alike(word, wanted)) ? 4 : Infinity;
  }

  let list = null;

  function spelt(feature, name) {
    const words = plain(name);
    return { feature: feature, name: name, plain: words, tight: words.replace(/ /g, ""), initials: initials(name) };
  }

  // Every name of every feature, in the order of the layers; names of the small map come last.
  function entries() {
    if (list) return list;
    const order = ["parks", "parts", "crossings", "river", "boundary", "roads", "railways", "places", "stations"];
    const features = [].concat(...order.map(hetao.features)).concat(hetao.data.bay);
    features.forEach(learn);
    list = [].concat(...features.map(feature => {
      const names = Object.keys(feature.names).map(code => feature.names[code]).concat(feature.aliases || [], feature.pinyin || []);
      return names.map(name => spelt(feature, name));
    }));
    return list;
  }

  const GRIDS = [["hk1980", 790000, 880000, 790000, 850000], ["cgcs2000", 400000, 620000, 2400000, 2600000]];

  // Two numbers are a place: degrees in either order, or a grid.
  hetao.readCoordinates = typed => {
    const numbers = (typed.replace(/(\d)[\s\u2009,](?=\d{3}(?!\d))/g, "$1").match(/-?\d+(\.\d+)?/g) || []).map(Number);
    if (numbers.length !== 2 || /[a-z]{3,}|[\u3400-\u9fff]/i.test(typed.replace(/deg|east|north/gi, ""))) return null;
    const inside = (value, low, high) => value >= low && value <= high;
    for (const pair of [numbers, [numbers[1], numbers[0]]]) {
      if (inside(pair[0], 73, 136) && inside(pair[1], 3, 54)) return pair;
      const grid = GRIDS.find(row => inside(pair[0], row[1], row[2]) && inside(pair[1], row[3], row[4]));
      if (grid) return hetao.fromGrid(grid[0], pair[0], pair[1]);
    }
    return null;
  };

  // Features by how well a name fits, each once, with the name that did.
  hetao.find = typed => {
    // Reading the names teaches `plain` the traditional characters.
    const names = entries();
    const wanted = plain(typed);
    if (!wanted) return [];
    const best = new Map();
    names.forEach(entry => {
      const found = rank(entry, wanted);
      const before = best.get(entry.feature.id);
      if (found < Infinity && (!before || found < before.rank)) best.set(entry.feature.id, { feature: entry.feature, rank: found, by: entry.name });
    });
    return Array.from(best.values()).sort((a, b) => a.rank - b.rank).slice(0, 7);
  };

  hetao.holds = (name, part) => plain(name).indexOf(plain(part)) >= 0;
})(hetao);
