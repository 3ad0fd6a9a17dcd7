"""Checks a wheel: both programs are in it, the very same ones as in the tarball, and its platform has the glibc they need.

usage: python3 wheel.py WHEEL BIN GLIBC
"""
import re
import sys
import zipfile
from pathlib import Path


def main() -> int:
    wheel, folder, glibc = Path(sys.argv[1]), Path(sys.argv[2]), tuple(map(int, sys.argv[3].split(".")))
    problems = []
    with zipfile.ZipFile(wheel) as held:
        for program in ["hourmatch", "hourmatch-verify"]:
            inside = [name for name in held.namelist() if name.endswith(f".data/scripts/{program}")]
            if len(inside) != 1:
                problems.append(f"{wheel.name} does not hold {program}")
            elif held.read(inside[0]) != (folder / program).read_bytes():
                problems.append(f"{wheel.name} holds another {program} than {folder}")
    platform = re.search(r"-py3-none-manylinux_(\d+)_(\d+)_\w+\.whl$", wheel.name)
    if not platform or tuple(map(int, platform.groups())) < glibc:
        problems.append(f"{wheel.name} does not say that it needs glibc {sys.argv[3]}")
    for problem in problems:
        print(f"dist: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
