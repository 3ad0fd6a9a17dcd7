"""Who only asks: a scheduler that polls, a dashboard, an auditor's reports, and questions that make no sense."""

from datetime import timedelta
from urllib.parse import quote

import world
from threads import Thread

# How long a listing may take to be read through, in pages.
MOST_PAGES = 500
TEXT = "text/plain"


def listed(asker, kind, path, key):
    """Every row of a listing, page by page; none where it does not answer."""
    rows, after = [], ""
    for _ in range(MOST_PAGES):
        joined = "&" if "?" in path else "?"
        answer = asker.ask(kind, "GET", path + (f"{joined}after={quote(after)}" if after else ""))
        if answer.status != 200:
            return None
        page = answer.json()
        rows += page[key]
        after = page.get("next")
        if not after:
            return rows
    return None


class Poller(Thread):
    """Once a second, as a scheduler's plug-in does."""

    def pause(self):
        return 1.0

    def step(self):
        self.asker.ask("windows", "GET", "/v1/windows?duration=2h&mw=1&top=1")
        site = self.rng.choice(list(world.SITES))
        answer = self.asker.ask("capacity", "GET", f"/v1/capacity?site={site}")
        if answer.status == 200:
            for row in answer.json()["intervals"]:
                if row["cap_mw"] > world.SITES[site][2] + 1e-6:
                    self.soak.findings.add("a cap over the capacity", f"{site}: {row}")


class Dashboard(Thread):
    """The page, plans and lists."""

    def pause(self):
        return self.rng.uniform(0.5, 2.5)

    def step(self):
        self.rng.choice([self.page, self.plans, self.current, self.reservations, self.work, self.small])()

    def page(self):
        answer = self.asker.ask("page", "GET", "/", expect=(503,))
        if answer.status == 200 and b"</html>" not in answer.body:
            self.soak.findings.add("a page that is cut short", answer.text())

    def plans(self):
        answer = self.asker.ask("plans", "GET", "/v1/plans?limit=10")
        plans = answer.json().get("plans") if answer.status == 200 else None
        if plans:
            name = self.rng.choice(plans)["id"]
            whole = self.asker.ask("plan", "GET", f"/v1/plans/{name}")
            if whole.status == 404 or whole.status == 200 and whole.json().get("id") != name:
                self.soak.findings.add("a plan that is listed is not there", f"{name}: {whole.text()}")

    def current(self):
        answer = self.asker.ask("plan", "GET", "/v1/plans/current")
        if answer.status == 200 and "schedule" not in answer.json():
            self.soak.findings.add("a plan that is cut short", answer.text())

    def reservations(self):
        listed(self.asker, "list", "/v1/reservations", "reservations")

    def work(self):
        state = self.rng.choice(["queued", "running", "done"])
        listed(self.asker, "list", f"/v1/work?state={state}", "work")

    def small(self):
        path = self.rng.choice(["/healthz", "/openapi.json"])
        answer = self.asker.ask("health", "GET", path)
        if answer.status >= 400 and answer.status != 503:
            self.wrong("a right question is refused", f"{path}: {answer.text()}", answer)


class Auditor(Thread):
    """Reports, short and of a year; two at a time may be made, so 503 is an answer."""

    def pause(self):
        return self.rng.uniform(2, 6)

    def step(self):
        days = self.rng.choice([1, 7, 31, 365])
        to = self.soak.world.began.replace(hour=0)
        query = f"from={world.stamp(to - timedelta(days=days))}&to={world.stamp(to)}"
        if days < 365 and self.rng.random() < 0.3:
            query += f"&as_of={world.stamp(world.now())}"
        answer = self.asker.ask("report", "GET", f"/v1/reports?{query}", timeout=60, expect=(503,))
        if answer.status == 200:
            report = answer.json()
            counted = report.get("period", {}).get("intervals")
            if counted != days * 24:
                self.soak.findings.add("a report that is cut short", f"{query}: {counted} intervals")
        elif answer.status and answer.status != 503:
            self.wrong("a right question is refused", f"report {query}: {answer.text()}", answer)


class Stranger(Thread):
    """Questions that must be refused, each with a problem that says why."""

    ASKED = [
        ("GET", "/v1/nothing", None, {404}),
        ("GET", "/v1/plans/p-none", None, {404}),
        ("GET", "/v1/reservations/none-there", None, {404}),
        ("GET", "/v1/windows?duration=4h", None, {400}),
        ("GET", "/v1/windows?duration=forever&mw=2", None, {400}),
        ("GET", "/v1/windows?duration=4h&mw=2&hours=3", None, {400}),
        ("GET", "/v1/capacity?site=nowhere", None, {400, 404}),
        ("GET", "/v1/reports?from=yesterday&to=today", None, {400}),
        ("GET", "/v1/plans?limit=0", None, {400}),
        ("GET", "/v1/windows?duration=4h&mw=2&site=" + "x" * 20_000, None, {400, 414, 431}),
        ("PUT", "/v1/windows", None, {405}),
        ("DELETE", "/v1/plans", None, {405}),
        ("POST", "/v1/reservations", (b'{"id":', "application/json"), {400}),
        ("POST", "/v1/reservations", (b'{"id":"a b","duration":"1h","mw":1}', "application/json"), {400}),
        ("POST", "/v1/reservations", (b"id=x", TEXT), {400, 415}),
        ("POST", "/v1/work", (b'[{"id":"x","release":"soon"}]', "application/json"), {400}),
        ("POST", "/v1/work", (b"\xff\xfe", "application/json"), {400}),
        ("PATCH", "/v1/work/none-there", (b'{"state":"running"}', "application/json"), {404}),
        ("PATCH", "/v1/work/none-there", (b'{"stat":"running"}', "application/json"), {400}),
    ]

    def pause(self):
        return self.rng.uniform(0.5, 1.5)

    def step(self):
        method, path, raw, right = self.rng.choice(self.ASKED)
        answer = self.asker.ask("wrong question", method, path, raw=raw)
        if answer.status and answer.status < 500 and answer.status not in right:
            self.wrong("a wrong question is answered otherwise", f"{method} {path[:80]}: {answer.text()}", answer)
