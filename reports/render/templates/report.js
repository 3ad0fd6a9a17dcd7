"use strict";
// Says of what is wider than its place that it scrolls; tables folded away are measured when they open.
const measure = () => document.querySelectorAll(".box").forEach((box) => box.classList.toggle("scrolls", box.scrollWidth > box.clientWidth + 1));
measure();
window.addEventListener("resize", measure);
document.querySelectorAll("details").forEach((details) => details.addEventListener("toggle", measure));
document.querySelectorAll("figure[data-heat]").forEach((figure) => {
  const svg = figure.querySelector("svg");
  const out = figure.querySelector("output");
  const box = figure.querySelector(".box");
  const cursor = svg.querySelector(".cursor");
  const days = JSON.parse(figure.querySelector("script").textContent);
  const [left, top, width, height] = ["x", "y", "w", "h"].map((key) => Number(svg.dataset[key]));
  const two = (n) => String(n).padStart(2, "0");
  const locale = document.documentElement.lang.split("-").pop().toLowerCase() || "en";
  const written = (value, least, most) => value.toLocaleString(locale, { minimumFractionDigits: least, maximumFractionDigits: most });
  const dated = (day) => locale === "en" ? day : new Date(day).toLocaleDateString(locale, { timeZone: "UTC", year: "numeric", month: "2-digit", day: "2-digit" });
  let at = null;

  // One day: date, first row, UTC offset, shares, unmatched Wh, and where clocks change rows, clock hours, offsets.
  const cell = (x, row) => {
    const day = days[x];
    if (!day) return null;
    const i = day[5] ? day[5].indexOf(row) : row - day[1];
    if (i < 0 || i >= day[3].length) return null;
    const minutes = day[7] ? day[7][i] : day[2];
    const wall = day[6] ? day[6][i] : row;
    const zone = (minutes < 0 ? "\u2212" : "+") + two(Math.floor(Math.abs(minutes) / 60)) + ":" + two(Math.abs(minutes) % 60);
    const share = day[3][i] < 0 ? "no load" : written(day[3][i] / 100, 2, 2) + " % matched";
    const left = written(day[4][i] / 1e6, 0, 6) + " MWh unmatched";
    return dated(day[0]) + " " + two(wall) + ":00 (UTC" + zone + "): " + share + ", " + left;
  };
  const show = (x, row) => {
    const text = cell(x, row);
    if (!text) return false;
    at = [x, row];
    out.textContent = text;
    cursor.setAttribute("x", left + x * width);
    cursor.setAttribute("y", top + row * height);
    cursor.setAttribute("visibility", "visible");
    return true;
  };
  svg.addEventListener("pointermove", (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    show(Math.floor((point.x - left) / width), Math.floor((point.y - top) / height));
  });
  box.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!move) return;
    event.preventDefault();
    if (!at && days.length) show(0, days[0][1]);
    else if (at) {
      const [x, row] = at;
      // Past hours that the clock skipped, to the next that there is.
      for (let n = 1; n <= 25 && !show(x + move[0] * n, row + move[1] * n); n += 1);
    }
  });
  out.textContent = "Point at an hour, or focus the map and use the arrow keys.";
});
