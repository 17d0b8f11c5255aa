// Small comforts on pages that work without them.
(function () {
  "use strict";
  // the theme follows the system until a person chooses one
  var root = document.documentElement;
  if (root.getAttribute("data-bs-theme") === "auto") {
    var dark = window.matchMedia("(prefers-color-scheme: dark)");
    var follow = function () { root.setAttribute("data-bs-theme", dark.matches ? "dark" : "light"); };
    dark.addEventListener("change", follow);
    follow();
  }
  // where a bar scrolls sideways, the place one is at is in sight
  document.querySelectorAll(".seg .on, .side .on").forEach(function (here) {
    here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.offsetLeft - 40;
  });
  // what has to be corrected is read out first
  Array.from(document.querySelectorAll(".problems")).filter(function (box) { return box.offsetParent; })
    .slice(0, 1).forEach(function (box) { box.focus(); });
  // a double click makes one record
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    window.setTimeout(function () { delete form.dataset.sent; }, 5000);
  });
  // '/' goes to the search field; Escape closes the menu
  document.addEventListener("keydown", function (event) {
    var field = document.querySelector(".find input");
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typing && field) { event.preventDefault(); field.focus(); }
    if (event.key === "Escape") closeMenus(null);
  });
  function closeMenus(target) {
    document.querySelectorAll(".person details[open]").forEach(function (menu) {
      if (!menu.contains(target)) menu.open = false;
    });
  }
  // leaving a page with something typed asks first
  var typed = false;
  document.addEventListener("input", function (event) { if (event.target.form && event.target.form.method === "post") typed = true; });
  document.addEventListener("submit", function () { typed = false; });
  window.addEventListener("beforeunload", function (event) { if (typed) event.preventDefault(); });
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
    closeMenus(event.target);
  });
})();
