// Makes the map; what answers the reader follows when the document is complete (ready.js).
(hetao => {
  const ZOOMS = { zoomSnap: 0, zoomDelta: 0.75, wheelPxPerZoomLevel: 90 };

  hetao.open = id => {
    const frame = document.getElementById(id);
    const still = document.querySelector(".hz-still");
    // A saved page holds the map as it was left: the drawing comes out, the rest is made again.
    still.appendChild(document.getElementById("drawing"));
    frame.textContent = "";
    const motion = !hetao.reducedMotion();
    const map = L.map(frame, Object.assign({ zoomControl: false, attributionControl: false,
      zoomAnimation: motion, fadeAnimation: motion, inertia: motion,
      center: [hetao.data.middle[1], hetao.data.middle[0]], zoom: 14 }, ZOOMS, hetao.zoomLimits()));
    hetao.map = map;
    frame.setAttribute("role", "region");
    frame.dataset.label = "map_name";
    // A browser scrolls to what takes the focus, even where nothing may scroll.
    const stage = frame.parentNode;
    stage.addEventListener("scroll", () => { stage.scrollTop = 0; stage.scrollLeft = 0; });
    // "?lang=" asks for the first language only: afterwards the fragment holds the state.
    const asked = hetao.matchLanguage(new URLSearchParams(location.search).get("lang"));
    hetao.setLanguage(hetao.readAddress().lang || asked || hetao.language);
    document.documentElement.classList.toggle("hz-embed", hetao.readAddress().embed);
    const view = hetao.readAddress().view;
    if (view) map.setView([view[1], view[2]], view[0], { animate: false }); else hetao.fitZone(map);
    map.on("movestart zoomstart", () => { hetao.untouched = hetao.fitting; });
    hetao.addDrawing(map);
    hetao.addScale(map);
    return map;
  };
})(hetao);
