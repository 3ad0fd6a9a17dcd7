"""Checks every dependency's licence against deny.toml, where cargo-deny is not installed.

usage: python3 licences.py deny.toml
"""
import json
import re
import subprocess
import sys
import tomllib


def allowed(expression: str, known: set[str]) -> bool:
    """Evaluates an SPDX expression of AND, OR and parentheses; `A/B` is the old spelling of OR."""
    text = expression.replace("/", " OR ")
    tokens = re.findall(r"\(|\)|[^\s()]+", text)
    position = 0

    def peek():
        return tokens[position] if position < len(tokens) else None

    def take():
        nonlocal position
        position += 1
        return tokens[position - 1]

    def term():
        if peek() == "(":
            take()
            value = either()
            take()
            return value
        name = take()
        if peek() == "WITH":
            take()
            name = f"{name} WITH {take()}"
        return name in known

    def both():
        value = term()
        while peek() == "AND":
            take()
            value = term() and value
        return value

    def either():
        value = both()
        while peek() == "OR":
            take()
            value = both() or value
        return value

    return either()


def main() -> int:
    with open(sys.argv[1], "rb") as file:
        known = set(tomllib.load(file)["licenses"]["allow"])
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", "x86_64-unknown-linux-gnu"]
    packages = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["packages"]
    bad = [
        f"{p['name']} {p['version']}: {p['license'] or 'no licence stated'}"
        for p in packages
        if p["source"] and not allowed(p["license"] or "", known)
    ]
    foreign = [p["name"] for p in packages if p["source"] and not p["source"].startswith("registry+")]
    for line in bad + [f"{name}: not from the registry" for name in foreign]:
        print(line, file=sys.stderr)
    print(f"licences: {len(packages)} packages, {len(bad)} not allowed")
    return 1 if bad or foreign else 0


if __name__ == "__main__":
    sys.exit(main())
