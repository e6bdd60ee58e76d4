// Runs before the body is parsed. Where scripts run, the still picture is never painted; should
// the map not be drawn by the time the document is complete, the picture comes back.
(function (root) {
  root.className = "hz-starting";
  document.addEventListener("DOMContentLoaded", function () {
    setTimeout(function () {
      if (!root.classList.contains("hz-live")) root.className = "";
    });
  });
})(document.documentElement);
