// For layers that people add with folium: what its snippets expect to find. Only pages with such
// layers carry this.
(function () {
  // folium's popups call jQuery to make an element from markup, its maps to wait for the document.
  if (!window.jQuery) {
    window.$ = window.jQuery = what => {
      if (typeof what === "function") return what();
      if (typeof what !== "string") return { ready: action => action() };
      const holder = document.createElement("template");
      holder.innerHTML = what;
      return Array.from(holder.content.children);
    };
  }

  // The images of Leaflet stand in the style sheet as data.
  const probe = document.createElement("div");
  probe.className = "leaflet-default-icon-path";
  document.body.appendChild(probe);
  const pin = getComputedStyle(probe).backgroundImage.slice(5, -2);
  probe.remove();
  L.Icon.Default.mergeOptions({ iconUrl: pin, iconRetinaUrl: pin, shadowUrl: "" });

  // The colours of Leaflet.awesome-markers 2.0.2, whose images would have to be fetched.
  const COLOURS = { red: "#d63e2a", darkred: "#a23336", lightred: "#ff8e7f", orange: "#f69730", beige: "#ffcb92",
    green: "#72b026", darkgreen: "#728224", lightgreen: "#bbf970", blue: "#38aadd", darkblue: "#0067a3",
    lightblue: "#8adaff", cadetblue: "#436978", purple: "#d252b9", darkpurple: "#5b396b", pink: "#ff91ea",
    white: "#fbfbfb", gray: "#575757", lightgray: "#a3a3a3", black: "#303030" };

  function colour(name, otherwise) {
    return COLOURS[name] || (CSS.supports("color", name) ? name : otherwise);
  }

  // A pin with the sign that a font draws; where that font did not come, with a dot.
  const Pin = L.Icon.extend({
    options: { iconSize: [35, 46], iconAnchor: [17, 45], popupAnchor: [1, -32], className: "awesome-marker",
      prefix: "glyphicon", icon: "home", markerColor: "blue", iconColor: "white" },
    createIcon: function () {
      const options = this.options;
      const box = document.createElement("div");
      box.innerHTML = '<svg width="35" height="46" viewBox="0 0 35 46"><path stroke="#fff" stroke-opacity=".7" d="M17.5 45' +
        'C15 36 2 28 2 16.5a15.5 15.5 0 0 1 31 0C33 28 20 36 17.5 45Z"/><circle cx="17.5" cy="17" r="5"/></svg><i></i>';
      box.querySelector("path").setAttribute("fill", colour(options.markerColor, COLOURS.blue));
      box.querySelector("circle").setAttribute("fill", colour(options.iconColor, "white"));
      const sign = box.lastChild;
      const turn = /fa-rotate-(\d+)/.exec(options.extraClasses || "");
      sign.className = [options.prefix, options.prefix + "-" + String(options.icon).replace(options.prefix + "-", ""),
        options.spin ? "fa-spin" : "", options.extraClasses || ""].join(" ");
      sign.style.color = colour(options.iconColor, "white");
      if (turn && Number(turn[1])) sign.style.transform = "rotate(" + turn[1] + "deg)";
      this._setIconStyles(box, "icon");
      box.classList.add("awesome-marker-icon-" + options.markerColor);
      whenLoaded(function () { if (hasSign(sign)) box.querySelector("circle").remove(); });
      return box;
    },
    createShadow: function () { return null; },
  });

  function hasSign(element) {
    return !/^(none|normal|"")$/.test(getComputedStyle(element, "::before").content);
  }

  function whenLoaded(action) {
    if (document.readyState === "complete") setTimeout(action); else window.addEventListener("load", action);
  }

  L.AwesomeMarkers = L.AwesomeMarkers || { Icon: Pin, icon: function (options) { return new Pin(options); } };

  // A layer that broke is not there to be switched; the others are.
  const addLayer = L.Control.Layers.prototype._addLayer;
  L.Control.Layers.prototype._addLayer = function (layer) {
    if (layer) addLayer.apply(this, arguments);
  };

  // branca's colour bar is 450 pixels wide; a map may be narrower.
  function fitColourBars() {
    document.querySelectorAll(".leaflet-control.legend svg").forEach(function (bar) {
      if (!bar.hasAttribute("viewBox")) bar.setAttribute("viewBox", "0 0 " + bar.getAttribute("width") + " " + bar.getAttribute("height"));
      bar.style.maxWidth = hetao.map.getSize().x - 20 + "px";
    });
  }

  // Controls of others start below (or above) the cards of the page, as far as there is room.
  function clearCards() {
    const frame = hetao.map.getContainer().getBoundingClientRect();
    const cards = hetao.cards(hetao.map);
    document.querySelectorAll(".leaflet-top, .leaflet-bottom").forEach(function (corner) {
      const side = corner.classList.contains("leaflet-top") ? "top" : "bottom";
      let shift = 0;
      for (let round = 0; round <= cards.length; round += 1) {
        corner.style[side] = shift ? shift + "px" : "";
        const box = corner.getBoundingClientRect();
        const hit = cards.find(function (card) {
          return box.right - frame.left > card.left && box.left - frame.left < card.right &&
            box.bottom - frame.top > card.top && box.top - frame.top < card.bottom;
        });
        if (!hit) return;
        shift = side === "top" ? hit.bottom : frame.height - hit.top;
        if (shift + box.height > frame.height) break;
      }
      corner.style[side] = "";
    });
  }

  hetao.on("ready", function () {
    [fitColourBars, clearCards].forEach(function (fit) {
      fit();
      hetao.map.on("resize", fit);
    });
  });
})();
