// What the style sheet cannot switch: dates, and links that need a new window.
(function (hetao) {
  // "2023-09-05" as the language writes it; a year, or a year and month, stay so.
  hetao.date = function (iso) {
    const parts = iso.split("-");
    if (hetao.language !== "en") {
      return parts.map(function (part, index) { return Number(part) + "年月日"[index]; }).join("");
    }
    const months = hetao.word("months").split(" ");
    return [parts[2] && String(Number(parts[2])), parts[1] && months[Number(parts[1]) - 1], parts[0]].filter(Boolean).join(" ");
  };

  function writeDates() {
    document.querySelectorAll("time").forEach(function (element) {
      if (!element.dateTime) element.dateTime = element.textContent;
      element.textContent = hetao.date(element.dateTime);
    });
  }

  // The number of a source opens the source itself; without scripts it leads to the list.
  hetao.openSources = function (root) {
    root.querySelectorAll('a[href^="#s"]').forEach(function (link) {
      const source = document.querySelector(link.getAttribute("href") + " a");
      if (!source) return;
      link.href = source.href;
      link.dataset.source = source.textContent;
    });
    root.querySelectorAll('a[href^="http"]').forEach(function (link) {
      link.target = "_blank";
      link.rel = "noopener noreferrer";
      if (link.dataset.source) link.title = link.dataset.source;
    });
  };

  // The facts of a place, with who said them and when, copied from where the panel states them.
  hetao.fillFacts = function (root) {
    root.querySelectorAll("[data-facts]").forEach(function (target) {
      target.dataset.facts.split(" ").forEach(function (id) {
        const fact = document.getElementById(id);
        const said = fact.closest(".said");
        const row = target.appendChild(document.createElement("div"));
        row.className = "said";
        const text = row.appendChild(document.createElement("div"));
        Array.from(fact.childNodes).forEach(function (node) {
          if (node.nodeName !== "SMALL") text.appendChild(node.cloneNode(true));
        });
        row.appendChild(said.querySelector("small").cloneNode(true));
      });
    });
  };

  hetao.on("language", writeDates);
})(hetao);
