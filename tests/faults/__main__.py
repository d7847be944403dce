"""Plant every fault in a copy of the course, and see whether its tests fail."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.faults.patches import HERE, Fault, PatchError, faults

ROOT = HERE.parents[1]
RESULTS = HERE / "results.json"
COPIED = shutil.ignore_patterns(".*", "__pycache__", "build", "dist", "*.egg-info")
A_FAULT_MAY_HANG = 900  # seconds


def stored() -> list[dict[str, str]]:
    """Return what the tests saw last time."""
    return json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else []


def last_seen() -> dict[str, str]:
    """Return, for each fault, the file whose tests saw it last time."""
    found = {row["fault"]: row["by"].removeprefix("FAILED ").split("::")[0] for row in stored()}
    return {name: path for name, path in found.items() if (ROOT / path).is_file()}


def seen(fault: Fault, everything: bool = False, first: str = "") -> dict[str, object]:
    """Plant one fault and run the tests: those of the file `first`, then all that are named.

    Returns
    -------
    dict
        A row of the results: ``seen`` is True if a test failed.
    """
    started = time.monotonic()
    row: dict[str, object] = {"fault": fault.name, "says": fault.says}
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder, "course")
        shutil.copytree(ROOT, course, ignore=COPIED, symlinks=True)
        try:
            fault.plant(course)
        except PatchError as problem:
            return row | {"seen": False, "by": str(problem)}
        ways = [["-m", "quick"]] if everything else [[first], list(fault.caught_by)]
        for tests in filter(all, ways):
            row |= _tried(course, tests)
            if row["seen"]:
                break
    return row | {"seconds": round(time.monotonic() - started, 1)}


def _tried(course: Path, tests: list[str]) -> dict[str, object]:
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests],
            cwd=course,
            env={**os.environ, "PYTHONPATH": str(course), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=A_FAULT_MAY_HANG,
        )
    except subprocess.TimeoutExpired:
        return {"seen": True, "by": "the tests did not end"}
    lines = ran.stdout.splitlines()
    failed = [line for line in lines if line.startswith(("FAILED tests", "ERROR tests"))]
    by = failed[0].split(" - ")[0] if failed else (lines or ["?"])[-1]
    return {"seen": ran.returncode in (1, 2) and bool(failed), "by": by}


def main() -> int:
    """Run them; the exit code is 1 if a fault was not seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="parts of names (default: all)")
    parser.add_argument("--all", action="store_true", help="run the quick suite for each")
    parser.add_argument("--jobs", type=int, default=2, help="how many at once")
    options = parser.parse_args()
    rows, before = [], last_seen()

    def one(fault: Fault) -> dict[str, object]:
        return seen(fault, options.all, before.get(fault.name, ""))

    with ThreadPoolExecutor(options.jobs) as pool:
        for row in pool.map(one, faults(options.names)):
            print(
                f"{'seen    ' if row['seen'] else 'NOT SEEN'} {row['fault']}: {row['by']}",
                flush=True,
            )
            rows.append(row)
    missed = sum(not row["seen"] for row in rows)
    print(f"{len(rows) - missed} of {len(rows)} faults were seen.")
    told = {row["fault"]: row for row in (*stored(), *rows)}
    kept = [told[each.name] for each in faults() if each.name in told]
    text = json.dumps(kept, indent=1, ensure_ascii=False)
    RESULTS.write_text(text + "\n", "utf-8")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
