// A walk through a page by keyboard alone: what is wrong with it, in words.

// Stops of the walk; a page with more is walked so far.
const MOST = 400;

// The element that has the focus, as far as the walk needs it.
const focused = () => {
  const element = document.activeElement;
  if (!element || element === document.body || element === document.documentElement) return null;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const words = element.getAttribute("aria-label") || element.textContent || "";
  const all = (window.__all ??= new Map());
  if (!all.has(element)) all.set(element, all.size);
  return {
    key: all.get(element),
    name: `${element.tagName.toLowerCase()} "${words.trim().slice(0, 40)}"`,
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1,
    seen: box.width && box.height && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
    skip: element.classList.contains("skip"),
  };
};

// Every stop in turn: seen, with a ring around it, and none of them holds the focus for good.
async function stops(page, faults) {
  const visited = new Set();
  for (let n = 0; n < MOST; n += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(focused);
    if (!at) break;
    if (n === 0 && !at.skip) faults.push(`the first stop is ${at.name}, not the way past the head of the page`);
    if (visited.has(at.key)) {
      if (visited.size < (await page.evaluate(() => window.__stops))) faults.push(`the focus is caught at ${at.name}`);
      break;
    }
    visited.add(at.key);
    if (!at.outlined) faults.push(`nothing shows that ${at.name} has the focus`);
    if (!at.seen) faults.push(`${at.name} has the focus and is not to be seen`);
  }
  return visited.size;
}

async function folds(page, faults) {
  const first = await page.$("details:not([open]) > summary");
  if (!first) return;
  await first.focus();
  await page.keyboard.press("Enter");
  if (!(await first.evaluate((summary) => summary.parentElement.open))) faults.push("Enter does not unfold a table");
}

async function search(page, faults) {
  const input = await page.$("search:not([hidden]) input");
  if (!input) return;
  const shown = () => page.$$eval(".work tr[data-also]", (rows) => rows.filter((row) => row.getClientRects().length).length);
  const all = await shown();
  const name = await page.$eval(".work tr[data-also] th", (cell) => cell.firstChild.textContent);
  await input.focus();
  await page.keyboard.type(name);
  const some = await shown();
  if (some < 1 || (all > 1 && some >= all)) faults.push(`a search for ${name} shows ${some} of ${all} rows`);
  const said = await page.$eval("search output", (output) => output.textContent);
  if (!said) faults.push("a search does not say what it found");
}

async function heatMap(page, faults) {
  const box = await page.$("figure[data-heat] .box");
  if (!box) return;
  await box.focus();
  const said = () => page.$eval("figure[data-heat] output", (output) => output.textContent);
  await page.keyboard.press("ArrowRight");
  const first = await said();
  await page.keyboard.press("ArrowRight");
  if (!/matched|no load/.test(first)) faults.push(`arrow keys on the map say "${first}"`);
  if (first === (await said())) faults.push("arrow keys do not move over the map");
}

// The faults of a page that was just opened.
export async function walk(page) {
  const faults = [];
  // What takes part: a walk that ends before all of them was caught.
  await page.evaluate(() => {
    const able = [...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")];
    window.__stops = able.filter((element) => element.checkVisibility()).length;
  });
  const count = await stops(page, faults);
  const all = await page.evaluate(() => window.__stops);
  if (count < Math.min(all, MOST)) faults.push(`Tab reaches ${count} of ${all} places`);
  await page.reload();
  await folds(page, faults);
  await search(page, faults);
  await heatMap(page, faults);
  return faults;
}
