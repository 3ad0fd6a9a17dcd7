"""Time and gap against pieces, as SVG: both on logarithmic scales, one picture for each kind of work."""
import math
import re
from xml.sax.saxutils import escape

import summary

WIDTH, PANEL, LEFT, RIGHT, TOP, BOTTOM = 740, 300, 74, 200, 34, 44
# What is smaller is drawn there: a proved gap of zero has no logarithm.
LEAST_GAP = 1e-9
# Methods are told apart by marks too and not by colour alone, sites and kinds of instances by dashes.
LOOKS = {
    "hourmatch": ("#0b6e4f", "circle"),
    "highs-simplex": ("#b3541e", "square"),
    "highs-ipm": ("#6a4fb5", "diamond"),
    "highs-hipo": ("#1f6fb5", "triangle"),
    "highs-branch": ("#b3541e", "square"),
}
DASHES = ("", "7 4", "2 4", "9 3 2 3")


def decades(values):
    """The powers of ten around values."""
    low, high = math.floor(math.log10(min(values)) + 1e-9), math.ceil(math.log10(max(values)) - 1e-9)
    return low, max(high, low + 1)


def family(result):
    """What instances of one line have in common beside sites: their name without its numbers."""
    return re.sub(r"[0-9]+", "N", result["instance"].split(":")[0])


def lines_of(results, figure):
    """(method, sites, family) -> points (pieces, figure, whole), where `whole` is false for what a limit cut short."""
    lines = {}
    for r in results:
        value = figure(r)
        if value is not None:
            whole = r["status"] in ("optimal", "feasible")
            lines.setdefault((r["method"], r["sites"], family(r)), []).append((r["pieces"], value, whole))
    order = list(LOOKS)
    key = lambda item: (order.index(item[0][0]) if item[0][0] in order else len(order), item[0][1:])
    return [(name, sorted(points)) for name, points in sorted(lines.items(), key=key)]


def mark(shape, x, y, colour, whole):
    paint = f'fill="{colour if whole else "#fff"}" stroke="{colour}" stroke-width="1.6"'
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" {paint}/>'
    corners = {
        "square": ((-4, -4), (4, -4), (4, 4), (-4, 4)),
        "diamond": ((0, -5), (5, 0), (0, 5), (-5, 0)),
        "triangle": ((0, -5), (5, 4), (-5, 4)),
    }[shape]
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    return f'<polygon points="{points}" {paint}/>'


def power(exponent):
    return f"{10 ** exponent:g}" if -3 <= exponent <= 5 else f'10<tspan dy="-4" font-size="9">{exponent}</tspan>'


class Panel:
    """A frame with both scales."""

    def __init__(self, top, lines, level):
        points = [p for _, line in lines for p in line]
        values = [p[1] for p in points] + ([level] if level else [])
        (self.x0, self.x1), (self.y0, self.y1) = decades([p[0] for p in points]), decades(values)
        self.top, self.bottom = top + TOP, top + PANEL - BOTTOM
        self.right = WIDTH - RIGHT

    def x(self, pieces):
        return LEFT + (math.log10(pieces) - self.x0) / (self.x1 - self.x0) * (self.right - LEFT)

    def y(self, value):
        return self.bottom - (math.log10(value) - self.y0) / (self.y1 - self.y0) * (self.bottom - self.top)

    def frame(self, title, across):
        out = [f'<text x="{LEFT}" y="{self.top - 14}" font-weight="600">{escape(title)}</text>']
        for e in range(self.y0, self.y1 + 1):
            y = self.y(10.0 ** e)
            out.append(f'<path d="M{LEFT} {y:.1f}H{self.right}" stroke="#ddd"/>')
            out.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{power(e)}</text>')
        for e in range(self.x0, self.x1 + 1):
            x = self.x(10.0 ** e)
            out.append(f'<path d="M{x:.1f} {self.top}V{self.bottom}" stroke="#eee"/>')
            out.append(f'<text x="{x:.1f}" y="{self.bottom + 17}" text-anchor="middle">{10 ** e:,}</text>')
        middle = (LEFT + self.right) / 2
        out.append(f'<text x="{middle:.1f}" y="{self.bottom + 35}" text-anchor="middle">{escape(across)}</text>')
        return out

    def level(self, value, words):
        y = self.y(value)
        return [f'<path d="M{LEFT} {y:.1f}H{self.right}" stroke="#888" stroke-dasharray="4 4"/>',
                f'<text x="{self.right - 6}" y="{y - 5:.1f}" text-anchor="end" fill="#666">{escape(words)}</text>']

    def line(self, at, method, words, points, dash):
        colour, shape = LOOKS.get(method, ("#555", "diamond"))
        path = "M" + "L".join(f"{self.x(p):.1f} {self.y(v):.1f}" for p, v, _ in points)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        out = [f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.8"{dashed}/>']
        out += [mark(shape, self.x(p), self.y(v), colour, whole) for p, v, whole in points]
        x, y = self.right + 10, self.top + 8 + 19 * at
        out.append(f'<path d="M{x} {y}h26" stroke="{colour}" stroke-width="1.8"{dashed}/>')
        out.append(mark(shape, x + 13, y, colour, True))
        out.append(f'<text x="{x + 32}" y="{y + 4}">{escape(words)}</text>')
        return out


def panel(top, results, figure, title, across, level=None):
    lines = lines_of(results, figure)
    if not lines:
        return [f'<text x="{LEFT}" y="{top + TOP}">{escape(title)}: nothing was measured</text>']
    frame = Panel(top, lines, level[0] if level else None)
    out = frame.frame(title, across)
    if level:
        out += frame.level(*level)
    kinds = sorted({name[1:] for name, _ in lines})
    many = len({name[2] for name, _ in lines}) > 1
    for at, ((method, sites, named), points) in enumerate(lines):
        words = f"{method}, {named}, {sites}" if many else f"{method}, {sites} site{'s' if sites > 1 else ''}"
        out += frame.line(at, method, words, points, DASHES[kinds.index((sites, named)) % len(DASHES)])
    return out


def chart(kind, results, gap, limit):
    """The SVG of a kind of work."""
    mine = [r for r in results if r["kind"] == kind]
    words = {"divisible": "Divisible work", "gpu": "GPU jobs", "training": "Training beside GPU jobs"}[kind]
    across = {"divisible": "pieces of work", "gpu": "jobs", "training": "jobs and runs"}[kind]
    time = lambda r: max(r["seconds"], 1e-3) if r["seconds"] is not None else None
    shown = lambda r: max(r["gap"], LEAST_GAP) if r["gap"] is not None else None
    # What proves its optimum by ending has no gap to draw.
    gaps = [r for r in mine if r["method"] in (summary.OURS, "highs-branch")]
    label = summary.portion(gap)
    body = panel(0, mine, time, f"{words}: seconds; hollow where the limit of {limit:g} s came first", across)
    body += panel(PANEL, gaps, shown, f"{words}: gap proved, as a part of the objective", across, (gap, f"asked: {label}"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {2 * PANEL}" role="img" aria-labelledby="t" '
        f'font-family="system-ui, sans-serif" font-size="12" fill="#222"><title id="t">{escape(words)}: seconds and proved gap '
        f'against pieces</title><rect width="{WIDTH}" height="{2 * PANEL}" fill="#fff"/>\n' + "\n".join(body) + "\n</svg>\n"
    )
