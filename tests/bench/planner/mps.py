"""Solves a model in MPS with highspy, for methods that the build of HiGHS in hourmatch lacks, and prints a line of JSON.

usage: mps.py FILE METHOD SECONDS
"""
import json
import os
import sys
import time

import highspy


def main():
    path, method, limit = sys.argv[1], sys.argv[2], float(sys.argv[3])
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    options = {"solver": method, "run_crossover": "off", "time_limit": limit, "threads": os.cpu_count() or 1}
    for name, value in options.items():
        if highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            sys.exit(f"HiGHS refused option {name} {value}")
    if highs.readModel(path) == highspy.HighsStatus.kError:
        sys.exit(f"{path} is not read")
    start = time.monotonic()
    highs.run()
    seconds = time.monotonic() - start
    status = highs.getModelStatus()
    ended = status == highspy.HighsModelStatus.kOptimal
    late = status == highspy.HighsModelStatus.kTimeLimit
    objective = highs.getInfo().objective_function_value if ended else None
    print(json.dumps({
        "status": "optimal" if ended else "time_limit" if late else highs.modelStatusToString(status),
        "objective": objective,
        "bound": objective,
        "gap": 0.0 if ended else None,
        "solve_s": seconds,
        "rows": highs.getNumRow(),
        "columns": highs.getNumCol(),
    }))


if __name__ == "__main__":
    main()
