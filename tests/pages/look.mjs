// Looks at every page that the program makes: ./dev look
//
//   node tests/pages/look.mjs BIN OUT [NAME=PAGE ...]
//
// Makes the demo, a report of it with the period before, a backtest and the page of the service with BIN, and opens each in
// headless Chromium, and any other page named. At 1400 and 390 px, light and dark, it takes a picture, looks for a page
// that scrolls sideways, and runs axe with everything unfolded; then it walks through the page by keyboard alone. Pictures
// and what was found lie in OUT. Ends with 1 where anything serious was found. `puppeteer-core` and `axe-core` are looked for
// in OUT/node_modules, where `./dev look` puts them.

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import fs from "node:fs";
import path from "node:path";
import { walk } from "./keyboard.mjs";

const WIDTHS = [1400, 390];
const SCHEMES = ["light", "dark"];
const SERIOUS = ["serious", "critical"];
// The demo's clock, and the address that its page is served on.
const NOW = "2026-03-29T22:00:00Z";
const TALLEST = 12000;

const [bin, out, ...named] = process.argv.slice(2);
if (!bin || !out) {
  console.error("usage: node tests/pages/look.mjs BIN OUT [NAME=PAGE ...]");
  process.exit(2);
}
const require = createRequire(path.resolve(out, "package.json"));
const puppeteer = require("puppeteer-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const found = [];
const say = (serious, page, text) => {
  found.push({ serious, page, text });
  console.log(`${serious ? "SERIOUS" : "note"}  ${page}: ${text}`);
};

// The pages of the demo, by name.
function demo() {
  const dir = path.resolve(out, "demo");
  fs.rmSync(dir, { recursive: true, force: true });
  const stdio = ["ignore", "ignore", "ignore"];
  const run = (args, cwd = dir) => execFileSync(path.resolve(bin), args, { cwd, stdio });
  run(["demo", dir], path.resolve(out));
  const report = (from, to, name) => run(["report", "--from", from, "--to", to, "--compare", "-o", name]);
  report("2026-03-16", "2026-03-30", "compared.html");
  report("2026-03-16", "2026-03-30", "compared.pdf");
  run(["backtest", "--from", "2026-03-26", "--to", "2026-03-28", "--every", "12h", "-o", "backtest.html"]);
  const file = (name) => "file://" + path.join(dir, name);
  const names = ["plan", "report", "compared", "backtest"];
  return Object.fromEntries(names.map((name) => [name, file(`${name}.html`)]));
}

// The service on the demo's store, once it says where it listens.
function serve() {
  // With a source that nobody answers for: the page says how sources stand.
  const cwd = path.resolve(out, "demo");
  const source = '\n[source.nobody]\nkind = "gb"\nurl = "http://127.0.0.1:9"\narea = "EAST"\n';
  fs.appendFileSync(path.join(cwd, "hourmatch.toml"), source);
  spawnSync(path.resolve(bin), ["follow", "--once", "--now", NOW], { cwd, stdio: "ignore" });
  const args = ["serve", "--now", NOW, "--listen", "127.0.0.1:0"];
  const child = spawn(path.resolve(bin), args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  return new Promise((done, fail) => {
    let said = "";
    const hear = (text) => {
      said += text;
      const at = said.match(/127\.0\.0\.1:[1-9]\d*/);
      if (at) done([child, `http://${at[0]}/`]);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("exit", () => fail(new Error(`the service ended: ${said}`)));
  });
}

async function look(browser, name, url, width, scheme) {
  const at = `${name}, ${width} px, ${scheme}`;
  const page = await browser.newPage();
  await page.setViewport({ width, height: width < 600 ? 844 : 1000 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  page.on("pageerror", (error) => say(true, at, `the script fails: ${error.message}`));
  // The service's own policy refuses the tool's script, not the page's.
  await page.setBypassCSP(true);
  await page.goto(url);
  const [height, wide] = await page.evaluate(() => {
    const { scrollHeight, scrollWidth } = document.documentElement;
    return [scrollHeight, scrollWidth];
  });
  if (wide > width) say(true, at, `the page scrolls sideways: ${wide} px wide`);
  const shot = path.join(out, `${name}-${width}-${scheme}`);
  await page.screenshot({ path: `${shot}-first.png` });
  const clip = { x: 0, y: 0, width, height: Math.min(height, TALLEST) };
  await page.screenshot({ path: `${shot}.png`, clip, captureBeyondViewport: true });
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
  // Shadows at the edges of what scrolls keep axe from telling the ground that text stands on.
  await page.addStyleTag({ content: ".box { background: none !important; }" });
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  for (const { id, impact, help, nodes } of violations) {
    const where = `${nodes.length} times, first ${nodes[0].target.join(" ")}`;
    say(SERIOUS.includes(impact), at, `axe, ${impact}: ${id}, ${help}; ${where}`);
  }
  if (scheme === "light") {
    await page.reload();
    for (const text of await walk(page)) say(true, at, `keyboard: ${text}`);
  }
  await page.close();
}

fs.mkdirSync(out, { recursive: true });
const pages = demo();
const [service, url] = await serve();
pages.served = url;
for (const page of named) {
  const [name, where] = page.split("=");
  pages[name] = where.includes("://") ? where : "file://" + path.resolve(where);
}
const browsers = ["chromium", "chromium-browser", "google-chrome"].map((name) => `/usr/bin/${name}`);
const executablePath = browsers.find((file) => fs.existsSync(file));
const browser = await puppeteer.launch({ executablePath, args: ["--no-sandbox"] });
try {
  for (const [name, url] of Object.entries(pages)) {
    for (const width of WIDTHS) for (const scheme of SCHEMES) await look(browser, name, url, width, scheme);
  }
} finally {
  await browser.close();
  service.removeAllListeners("exit");
  service.kill("SIGTERM");
}
fs.writeFileSync(path.join(out, "found.json"), JSON.stringify(found, null, 1) + "\n");
const serious = found.filter((line) => line.serious).length;
console.log(`${Object.keys(pages).length} pages looked at, ${serious} serious findings; pictures in ${out}`);
process.exit(serious ? 1 : 0);
