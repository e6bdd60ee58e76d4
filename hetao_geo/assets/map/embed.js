// In a frame inside an article (#embed) the wheel and one finger scroll the article: Ctrl and the
// wheel, or two fingers, move the map.
(hetao => {
  hetao.prepareEmbed = map => {
    const whole = document.getElementById("whole-page");
    const link = () => { whole.href = location.href.split("#")[0] + hetao.address(map).replace("&embed", ""); };
    whole.addEventListener("pointerdown", link);
    whole.addEventListener("focus", link);
    if (!document.documentElement.classList.contains("hz-embed")) return;
    const container = map.getContainer();
    const hint = document.getElementById("scroll-hint");
    let timer = null;

    function tell() {
      hint.hidden = false;
      clearTimeout(timer);
      timer = setTimeout(() => { hint.hidden = true; }, 2000);
    }

    map.scrollWheelZoom.disable();
    container.addEventListener("wheel", event => {
      if (event.ctrlKey || event.metaKey) { hint.hidden = true; map.scrollWheelZoom.enable(); } else { map.scrollWheelZoom.disable(); tell(); }
    }, { capture: true, passive: true });
    // Without dragging, Leaflet leaves one finger to the page; two still move and zoom the map.
    if (window.matchMedia("(pointer: coarse)").matches) map.dragging.disable();
    container.addEventListener("touchmove", event => { if (event.touches.length === 1) tell(); }, { passive: true });
  };
})(hetao);
