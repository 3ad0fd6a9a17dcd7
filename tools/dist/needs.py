"""Checks that binaries are stripped and need glibc alone; prints the oldest glibc that has all they ask for.

usage: python3 needs.py BINARY...
"""
import re
import subprocess
import sys

# glibc in the parts it was in before 2.34, and its loader.
OF_GLIBC = re.compile(r"(lib(c|m|pthread|dl|rt|util)\.so\.\d+|ld-linux[-\w]*\.so\.\d+)$")


def dump(option: str, path: str) -> str:
    return subprocess.run(["objdump", option, path], check=True, capture_output=True, text=True).stdout


def problems(path: str) -> list[str]:
    needed = re.findall(r"NEEDED\s+(\S+)", dump("-p", path))
    found = [f"{path} needs {name}, which is no part of glibc" for name in needed if not OF_GLIBC.match(name)]
    sections = re.findall(r"^\s*\d+ (\S+)", dump("-h", path), re.MULTILINE)
    if ".debug_info" in sections or "no symbols" not in dump("-t", path):
        found.append(f"{path} is not stripped")
    return found


def glibc(path: str) -> tuple[int, ...]:
    versions = re.findall(r"\bGLIBC_(\d+(?:\.\d+)+)\b", dump("-T", path))
    return max(tuple(map(int, version.split("."))) for version in versions)


def main() -> int:
    found = [problem for path in sys.argv[1:] for problem in problems(path)]
    for problem in found:
        print(f"dist: {problem}", file=sys.stderr)
    print(".".join(map(str, max(glibc(path) for path in sys.argv[1:]))))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
