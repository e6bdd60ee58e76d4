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

  // Coloured pins without the fonts of Awesome Markers, which would have to be fetched.
  L.AwesomeMarkers = L.AwesomeMarkers || {
    icon: options => {
      const colour = /^[a-z]+$/.test(options.markerColor || "") ? options.markerColor : "blue";
      const shape = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 36"><path fill="${colour}" ` +
        'stroke="white" d="M12 35C8 25 1 20 1 12a11 11 0 0 1 22 0c0 8-7 13-11 23Z"/><circle fill="white" cx="12" cy="12" r="4"/></svg>';
      return L.icon({ iconUrl: "data:image/svg+xml," + encodeURIComponent(shape), iconSize: [24, 36], iconAnchor: [12, 36], popupAnchor: [0, -32] });
    },
  };
})();
