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

  // The document holds the first language; the table has the others by number.
  const texts = JSON.parse(document.getElementById("hetao-texts").textContent);
  texts[hetao.language] = [];
  document.querySelectorAll("[data-t]").forEach(element => {
    texts[hetao.language][element.dataset.t] = element.textContent;
  });

  let written = hetao.language;

  function writeTexts() {
    if (written === hetao.language) return;
    written = hetao.language;
    const words = texts[hetao.language];
    document.querySelectorAll("[data-t]").forEach(element => {
      element.textContent = words[element.dataset.t];
    });
  }

  function writeDates() {
    document.querySelectorAll("time").forEach(element => {
      if (!element.dateTime) element.dateTime = element.textContent;
      element.textContent = hetao.date(element.dateTime);
    });
  }

  // The number of a source opens the source itself; without scripts it leads to the list.
  hetao.openSources = root => {
    root.querySelectorAll('a[href^="#s"]').forEach(link => {
      const source = document.querySelector(link.getAttribute("href") + " a");
      if (!source) return;
      link.href = source.href;
      link.dataset.source = source.textContent;
    });
    root.querySelectorAll('a[href^="http"]').forEach(link => {
      link.target = "_blank";
      link.rel = "noopener noreferrer";
      if (link.dataset.source) link.title = link.dataset.source;
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
})(hetao);
