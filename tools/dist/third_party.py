"""Prints the licences of everything that is linked into the binaries: crates, C and C++ code in them, fonts, runtimes.

usage: python3 third_party.py TARGET
"""
import json
import re
import subprocess
import sys
from pathlib import Path

LICENCE = re.compile(r"(licen[cs]e|copying|notice|copyright|unlicense|third_party_notices)([-._].*)?$", re.IGNORECASE)
# Folders of a crate that are not linked in.
ELSEWHERE = {"tests", "test", "examples", "benches", "fuzz", "docs", "node_modules", "check", "catch", "cli11", "nuget"}
RUNTIMES = """\
The Rust standard library is under MIT or Apache-2.0, at your choice: texts as below.

libstdc++ and libgcc, of the GNU Compiler Collection, are under the GNU General Public License, version 3 or later, with the
GCC Runtime Library Exception 3.1, which permits their use in a program under other terms:
https://www.gnu.org/licenses/gcc-exception-3.1.html
"""


def linked(target: str) -> list[dict]:
    """The packages that the workspace's own ones need to run; not what only builds or tests them."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", target]
    metadata = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    # Procedural macros write code while it is built; nothing of them, or of what they need, is linked in.
    macros = {p["id"] for p in metadata["packages"] if any("proc-macro" in t["kind"] for t in p["targets"])}
    reached, left = set(), list(metadata["workspace_members"])
    while left:
        node = left.pop()
        if node not in reached | macros:
            reached.add(node)
            needs = nodes[node]["deps"]
            left.extend(d["pkg"] for d in needs if any(kind["kind"] is None for kind in d["dep_kinds"]))
    packages = [p for p in metadata["packages"] if p["id"] in reached and p["source"]]
    return sorted(packages, key=lambda p: (p["name"], p["version"]))


def texts(folder: Path) -> list[tuple[str, str]]:
    """Every licence in a crate, by its path there."""
    found = []
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and LICENCE.match(path.name) and not ELSEWHERE & {part.lower() for part in inside.parts[:-1]}:
            if path.suffix.lower() not in {".rs", ".c", ".h", ".py", ".toml"}:
                found.append((str(inside), path.read_text(encoding="utf-8", errors="replace").strip() + "\n"))
    return found


def main() -> int:
    packages = linked(sys.argv[1])
    held: dict[str, tuple[str, list[str]]] = {}
    lines = []
    for package in packages:
        name = f"{package['name']} {package['version']}"
        found = texts(Path(package["manifest_path"]).parent)
        by = "" if found else f"; its crate holds no text; by {', '.join(package['authors']) or 'its contributors'}"
        lines.append(f"{name}: {package['license'] or 'see its text'}{by}")
        for inside, text in found:
            held.setdefault(" ".join(text.split()), (text, []))[1].append(f"{name}, {inside}")
    for font in ["README.md", "LICENSE-OFL", "LICENSE-APACHE"]:
        text = (Path("reports/render/fonts") / font).read_text(encoding="utf-8")
        held.setdefault(" ".join(text.split()), (text, []))[1].append(f"fonts of the reports, {font}")
    print("Third-party code and fonts in hourmatch and hourmatch-verify, and their licences\n")
    print("\n".join(lines))
    print(f"\n{RUNTIMES}")
    for text, whose in held.values():
        print("=" * 100, *whose, "-" * 100, text, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
