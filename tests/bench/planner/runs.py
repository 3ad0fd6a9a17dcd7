"""One method on one instance: whole processes, each with its time, its memory and a limit that is kept."""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

# Beyond its time limit a process may take this much more of it, and so many seconds, before it is ended.
BEYOND, MORE_S = 0.5, 60.0
WRONG = ("failed", "ended", "absent")


def asked(command):
    """The line of JSON a command prints; its failure ends the bench."""
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command[1]}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def once(command, limit):
    """What it printed, and its largest resident size in MB. A failure is a status, with what was said."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        child = subprocess.Popen([str(c) for c in command], stdout=out, stderr=err)
        late = threading.Event()

        def end():
            late.set()
            child.kill()

        timer = threading.Timer(limit * (1.0 + BEYOND) + MORE_S, end)
        timer.start()
        try:
            # With what it used, which `wait` does not tell.
            _, status, usage = os.wait4(child.pid, 0)
        finally:
            timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        said, wrong = out.read(), err.read().strip()
    unit = 1 if sys.platform == "darwin" else 1024
    memory = usage.ru_maxrss * unit / 1e6
    if late.is_set():
        return {"status": "ended", "note": "it went on past its limit and was ended"}, memory
    if child.returncode:
        return {"status": "failed", "note": wrong.splitlines()[-1] if wrong else f"exit {child.returncode}"}, memory
    return json.loads(said), memory


def result(instance, method, answers, memory):
    """The median time of runs; what they say is what the first says, or the one that went wrong."""
    first = next((a for a in answers if a["status"] in WRONG), answers[0])
    times = [a["solve_s"] for a in answers if a.get("solve_s") is not None]
    return instance.said() | {
        "method": method,
        "status": first["status"],
        "note": first.get("note", ""),
        "runs": len(answers),
        "seconds": statistics.median(times) if times else None,
        "times": times,
        "memory_mb": round(memory),
        **{key: first.get(key) for key in ("objective", "bound", "gap", "rows", "columns", "missed")},
    }


def measured(instance, method, command, limit, repeats):
    """Repeats as long as they fit into the limit together."""
    answers, memory = [], 0.0
    while len(answers) < repeats:
        answer, most = once(command, limit)
        answers.append(answer)
        memory = max(memory, most)
        spent = sum(a.get("solve_s") or 0.0 for a in answers)
        if answer["status"] in (*WRONG, "time_limit") or spent >= limit:
            break
    return result(instance, method, answers, memory)


def left_out(instance, method, why):
    return result(instance, method, [{"status": "left out", "note": why}], 0.0) | {"runs": 0}


def highspy(python):
    """Whether an interpreter has HiGHS with HiPO: `pip install highspy==1.15.1 highspy-extras==1.15.1`."""
    test = "import highspy; h = highspy.Highs(); h.setOptionValue('output_flag', False); " \
           "raise SystemExit(h.setOptionValue('solver', 'hipo') != highspy.HighsStatus.kOk)"
    try:
        return subprocess.run([python, "-c", test], capture_output=True).returncode == 0
    except OSError:
        return False


def elsewhere(instance, solve, python, limit, repeats):
    """HiPO of another build of HiGHS, on the same model as MPS."""
    mps = instance.path.with_suffix(".mps")
    asked([solve, instance.path, "--mps", mps])
    script = Path(__file__).parent / "mps.py"
    try:
        return measured(instance, "highs-hipo", [python, script, mps, "hipo", limit], limit, repeats)
    finally:
        mps.unlink()
