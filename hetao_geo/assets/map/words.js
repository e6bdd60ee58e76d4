// The words of the page in the chosen language: texts, dates, and links to sources.
(hetao => {
  // "2023-09-05" as the language writes it; a year, or a year and month, stay so.
  hetao.date = iso => {
    const parts = iso.split("-");
    if (hetao.language !== "en") {
      return parts.map((part, index) => Number(part) + "年月日"[index]).join("");
    }
    const months = hetao.word("months").split(" ");
    return [parts[2] && String(Number(parts[2])), parts[1] && months[Number(parts[1]) - 1], parts[0]].filter(Boolean).join(" ");
  };

  // A saved page may hold an open card, whose texts are copies.
  document.querySelector(".hz-card-body").textContent = "";

  // The document holds one language; the table has the others by number. The first language goes
  // into the document as well when another is shown, so that a saved page still has all. Marks are
  // counted; one whose text stood before has its number.
  const texts = JSON.parse(document.getElementById("hetao-texts").textContent);
  const first = document.getElementById("hetao-first");
  let count = 0;
  const marks = Array.from(document.querySelectorAll("body i, body tspan")).filter(element => !element.closest(".hz-added")).map(element => {
    const number = element.dataset.t === undefined ? count : Number(element.dataset.t);
    if (number === count) count += 1;
    return { element: element, number: number };
  });
  if (first.textContent === "null") {
    texts[hetao.data.language] = [];
    marks.forEach(mark => { texts[hetao.data.language][mark.number] = mark.element.textContent; });
  } else texts[hetao.data.language] = JSON.parse(first.textContent);

  // Traditional texts are written as what changes in the simplified ones.
  if (texts.same) {
    const table = {};
    for (let i = 0; i < texts.same.length; i += 2) table[texts.same[i]] = texts.same[i + 1];
    texts["zh-Hant"] = texts["zh-Hant"].map((changes, number) => {
      const letters = Array.from(texts["zh-Hans"][number], letter => table[letter] || letter);
      for (let i = changes ? changes.length - 3 : -1; i >= 0; i -= 3) letters.splice(changes[i], changes[i + 1], changes[i + 2]);
      return letters.join("");
    });
  }

  function writeTexts() {
    if (hetao.written === hetao.language) return;
    hetao.written = hetao.language;
    if (first.textContent === "null") first.textContent = JSON.stringify(texts[hetao.data.language]);
    const words = texts[hetao.language];
    marks.forEach(mark => { mark.element.textContent = words[mark.number]; });
  }

  function writeDates() {
    document.querySelectorAll("time").forEach(element => {
      if (!element.dateTime) element.dateTime = element.textContent;
      element.textContent = hetao.date(element.dateTime);
    });
  }

  // The name of a source opens the source itself; without scripts it leads to the list.
  hetao.openSources = root => {
    root.querySelectorAll('a[href^="#s"]').forEach(link => {
      const source = document.querySelector(link.getAttribute("href") + " > a[href]");
      if (!source) return;
      link.href = source.href;
      link.title = source.textContent;
    });
    root.querySelectorAll('a[href^="http"]').forEach(link => {
      link.target = "_blank";
      link.rel = "noopener noreferrer";
    });
  };

  // The facts of a place, with who said them and when, copied from where the panel states them.
  hetao.fillFacts = root => {
    root.querySelectorAll("[data-facts]").forEach(target => {
      target.dataset.facts.split(" ").forEach(id => {
        const fact = document.getElementById(id);
        const said = fact.closest(".hz-said");
        const by = said.querySelector("small");
        const last = target.lastElementChild;
        // Two facts of one statement need its author once.
        const same = last && last.lastElementChild.textContent === by.textContent;
        const row = same ? last : target.appendChild(document.createElement("div"));
        row.className = "hz-said";
        const text = row.insertBefore(document.createElement("div"), same ? row.lastElementChild : null);
        Array.from(fact.childNodes).forEach(node => {
          if (node.nodeName !== "SMALL") text.appendChild(node.cloneNode(true));
        });
        if (!same) row.appendChild(by.cloneNode(true));
      });
    });
  };

  hetao.on("language", writeTexts);
  hetao.on("language", writeDates);
  writeTexts();
  writeDates();
})(hetao);
