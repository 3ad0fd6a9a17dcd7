"""Random portfolios through the product and the second audit.

`python3 tests/independent/random_portfolios.py --bin PATH --seed N --count K [--jobs 2]`: each portfolio is made of the
seed and its index alone, taken in, packed and audited. What does not agree is kept in a folder with `run.sh` and
`said.txt`. Exits 0 if everything agreed or was rightly refused, else 1.
"""

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from portfolios.trial import run  # noqa: E402

# A run that is long enough must have met each of these, or the generator no longer makes what it promises.
PROMISED = 2000


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, type=Path, help="the hourmatch binary")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--first", type=int, default=0, help="index of the first portfolio")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--ruleset", default=None, help="pinned in every portfolio, such as hourly-2026@2")
    parser.add_argument("--without", default="", help="features left out, separated by commas")
    parser.add_argument("--keep", type=Path, default=None, help="where folders that do not agree are kept")
    parser.add_argument("--keep-all", action="store_true", help="keep every folder")
    parser.add_argument("--show", type=int, default=10, help="how many that do not agree are printed in full")
    return parser.parse_args()


def main():
    """0 if everything agreed or was rightly refused."""
    asked = arguments()
    keep = asked.keep or Path(tempfile.mkdtemp(prefix="random-portfolios-"))
    without = tuple(word for word in asked.without.split(",") if word)
    tasks = [(asked.seed, index, asked.ruleset, without, str(asked.bin.resolve()), str(keep), asked.keep_all)
             for index in range(asked.first, asked.first + asked.count)]
    outcomes, refused, features, notes, wrong = Counter(), Counter(), Counter(), Counter(), []
    began = time.monotonic()
    with multiprocessing.Pool(asked.jobs) as pool:
        for result in pool.imap_unordered(run, tasks, chunksize=4):
            outcomes[result.outcome] += 1
            notes.update(result.notes)
            if result.outcome == "refused":
                refused[result.said] += 1
                continue
            features.update(result.features)
            if result.outcome != "agreed":
                wrong.append(result)
                if len(wrong) <= asked.show:
                    print(f"{result.outcome} {result.folder}\n{result.said}\n", flush=True)
    print(f"features of {outcomes['agreed'] + outcomes['differs']} audited:",
          " ".join(f"{name}={count}" for name, count in sorted(features.items())))
    print("refused:", " ".join(f"{name!r}={count}" for name, count in sorted(refused.items())) or "none")
    for text, count in notes.most_common(20):
        print(f"{count} x {text}")
    if not wrong and not asked.keep_all and asked.keep is None:
        keep.rmdir()
    never = sorted(MUST_OCCUR - features.keys() - set(without) - NOT_UNDER.get(asked.ruleset, set()))
    if never and asked.count >= PROMISED:
        print("never occurred:", " ".join(never))
    print(f"seed {asked.seed}: {asked.count} portfolios, {outcomes['agreed']} agreed, "
          f"{outcomes['refused']} rightly refused, {outcomes['differs']} differ, {outcomes['broken']} broken, "
          f"{time.monotonic() - began:.0f} s"
          + (f"; kept in {keep}" if wrong or asked.keep_all else ""))
    return 1 if wrong or (never and asked.count >= PROMISED) else 0


MUST_OCCUR = {
    "missing_load", "missing_import", "missing_discharge", "partial_load", "partial_generation", "negative_generation",
    "off_grid_load", "long_load", "double_issuance", "certificate_wrong_device", "certificate_wrong_hour",
    "certificate_wrong_technology", "certificate_wrong_beneficiary", "certificate_over_meter", "resold", "shaped",
    "plant_shared", "saw_own_fossil_served_load", "saw_estimate", "saw_stored_clean", "saw_reissued",
    "saw_crossed_a_link", "saw_standard_supply", "saw_legacy", "saw_unbundled", "saw_backed", "saw_rule_equal_share",
    "saw_rule_priority", "saw_rule_pro_rata_contract", "saw_net_exporter", "saw_own_fossil_over_load",
    "saw_no_certificate_known", "saw_estimate_of_a_part", "missing_export", "missing_onsite_generation",
    "missing_charge", "storage_never_read", "negative_onsite", "long_import", "off_utc_generation", "legacy_required",
    "overlapping_pack", "factor_source",
}
# What never comes about under a version, by its rules.
EARLIER = {"saw_backed", "saw_estimate_of_a_part", "saw_net_exporter", "saw_no_certificate_known",
           "saw_own_fossil_over_load"}
BY_GOOGLE = {"saw_reissued", "saw_stored_clean", "saw_crossed_a_link"}
NOT_UNDER = {"hourly-2026@2": EARLIER, "annual-2015@1": EARLIER, "google-cfe-2021@1": EARLIER | BY_GOOGLE,
             "google-cfe-2021@2": BY_GOOGLE, "google-cfe-2021@3": BY_GOOGLE}

if __name__ == "__main__":
    sys.exit(main())
