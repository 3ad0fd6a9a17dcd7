"""`python3 tests/soak --bin PATH [--minutes 30] [--store sqlite|postgres]...`: hourmatch serve under load and faults."""

import argparse
import json
import resource
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True

import stores  # noqa: E402
import summary  # noqa: E402
from soak import Soak  # noqa: E402

KINDS = {"sqlite": stores.Sqlite, "postgres": stores.Postgres}


def arguments():
    parser = argparse.ArgumentParser(prog="soak", description="hourmatch serve under load and faults")
    parser.add_argument("--bin", required=True, type=Path, help="the release binary of hourmatch")
    parser.add_argument("--minutes", type=float, default=30.0, help="how long, on each store; without it, 30")
    parser.add_argument("--store", action="append", choices=sorted(KINDS), help="only this one; may be repeated")
    parser.add_argument("--seed", type=int, help="order of faults and of questions; without it, of the time")
    parser.add_argument("--fault", action="append", metavar="NAME", help="only this one, as the summary calls it")
    parser.add_argument("--json", type=Path, metavar="FILE", help="the summary as JSON too")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep portfolio, logs and packs there")
    asked = parser.parse_args()
    if not asked.bin.is_file():
        parser.error(f"{asked.bin} is no program: build it with cargo build --release")
    if asked.minutes <= 0:
        parser.error("--minutes is not over 0")
    return asked


def say(text):
    print(time.strftime("%H:%M:%S ") + text, file=sys.stderr, flush=True)


def soak(kind, asked, seed):
    """One store's document; its folder goes away unless something is to be looked at."""
    folder = Path(tempfile.mkdtemp(prefix="hourmatch-soak-"))
    # The server's user looks into it.
    folder.chmod(0o711)
    one = None
    held = False
    try:
        one = Soak(str(asked.bin.resolve()), kind, folder, asked.minutes, seed, set(asked.fault or []))
        say(f"{kind.name}: {asked.minutes:g} minutes, seed {seed}, in {folder}")
        one.run(say)
        document = summary.document(one)
        held = document["held"]
        return document
    finally:
        if one:
            one.stopping.set()
            if one.service.alive():
                one.service.kill()
            if asked.keep:
                shutil.copytree(folder, asked.keep / kind.__name__.lower(), dirs_exist_ok=True,
                                ignore=shutil.ignore_patterns("conf", "disk", "pg", "filler"))
            one.store.close()
        if held or asked.keep:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            say(f"the log is in {folder / 'serve.log'}")


def main():
    """0 if all held, 1 if not."""
    asked = arguments()
    seed = asked.seed if asked.seed is not None else int(time.time())
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, most), most))
    # The end of a shell's patience is as good as Ctrl-C: what was mounted and started goes away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    documents = [soak(KINDS[name], asked, seed) for name in asked.store or KINDS]
    if asked.json:
        asked.json.write_text(json.dumps(documents, indent=2) + "\n")
    for document in documents:
        print("\n".join(summary.markdown(document)), flush=True)
    return 0 if all(document["held"] for document in documents) else 1


if __name__ == "__main__":
    sys.exit(main())
