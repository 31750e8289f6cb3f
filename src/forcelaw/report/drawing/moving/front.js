"use strict";
// Shows the formula of the dot that is pointed at or in focus.
for (const front of document.querySelectorAll(".front")) {
  const told = [...front.querySelectorAll("[data-row]")].filter(one => !one.closest("svg"));
  function show(event) {
    const dot = event.target.closest("circle[data-row]");
    if (!dot) return;
    for (const one of told) one.hidden = one.dataset.row !== dot.dataset.row;
    for (const one of front.querySelectorAll("circle.picked")) one.classList.remove("picked");
    dot.classList.add("picked");
  }
  for (const name of ["pointerover", "focusin", "click"]) front.addEventListener(name, show);
}
