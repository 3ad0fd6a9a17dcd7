"use strict";
// Rows of work that a search does not find are hidden; a site without any says so by its count.
const finder = document.querySelector("search");
const rows = [...document.querySelectorAll(".work tr[data-also]")].map((row) => [row, (row.cells[0].textContent + " " + row.dataset.also).toLowerCase()]);
if (finder && rows.length) {
  finder.hidden = false;
  const count = finder.querySelector("output");
  finder.querySelector("input").addEventListener("input", (event) => {
    const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const [row, text] of rows) {
      row.hidden = !words.every((word) => text.includes(word));
      found += row.hidden ? 0 : 1;
    }
    count.textContent = words.length ? found + " of " + rows.length + " rows" : "";
  });
}
// A served page asks every minute whether there is a newer plan, unless nobody looks.
const shown = document.body.dataset.plan;
if (shown !== undefined) {
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch("/v1/plans?limit=1");
      const newest = answer.ok ? (await answer.json()).plans[0] : undefined;
      if (newest && newest.id !== shown) location.reload();
    } catch {
      // The service is away: what is shown stays.
    }
  }, 60000);
}
