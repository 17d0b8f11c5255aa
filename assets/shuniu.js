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
  // a double click sends once; the server makes one record of two in any case
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    window.setTimeout(function () { delete form.dataset.sent; }, 5000);
  });
  // whoever goes back to the page goes on typing
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
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
  // what is typed is kept as a draft, after a pause and when the page is left; leaving asks first where that cannot be
  var PAUSE_MS = 1500, typed = new Set(), unkept = new Set(), timer = 0;
  function keep(form, isLeaving) {
    fetch("/drafts", { method: "POST", body: new URLSearchParams(new FormData(form)), keepalive: isLeaving })
      .then(function (reply) { if (reply.status !== 204) throw new Error(String(reply.status)); unkept.delete(form); })
      .catch(function () { unkept.add(form); });
  }
  function keepAll(isLeaving) {
    window.clearTimeout(timer);
    typed.forEach(function (form) { keep(form, isLeaving); });
    typed.clear();
  }
  function noteTyped(event) {
    var form = event.target.form;
    if (!form || form.method !== "post" || form.dataset.sent) return;
    (form.elements.draft ? typed : unkept).add(form);
    window.clearTimeout(timer);
    timer = window.setTimeout(keepAll, PAUSE_MS);
  }
  // what a page carries to be sent again is nowhere else
  document.querySelectorAll("form[data-carried]").forEach(function (form) { unkept.add(form); });
  document.addEventListener("input", noteTyped);
  document.addEventListener("change", noteTyped);
  document.addEventListener("submit", function (event) { typed.delete(event.target); unkept.delete(event.target); });
  window.addEventListener("pagehide", function () { keepAll(true); });
  window.addEventListener("beforeunload", function (event) { if (unkept.size > 0) event.preventDefault(); });
  /* Paper cannot be unfolded. */
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details[data-print-open]:not([open])").forEach(function (details) {
      details.open = true;
      details.dataset.printing = "1";
    });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("details[data-printing]").forEach(function (details) {
      details.open = false;
      delete details.dataset.printing;
    });
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
    closeMenus(event.target);
  });
})();
