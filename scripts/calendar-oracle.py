#!/usr/bin/env python3
"""Compares our work-day calendar with an independent one: PyPI `chinesecalendar`.

    scripts/calendar-oracle.py                    print `date,is_workday` for every day
    scripts/calendar-oracle.py --check FILE       compare FILE with what PyPI says today
    scripts/calendar-oracle.py --toml YEAR        print that year as a calendar file of a pack

The package is installed, pinned, into a virtual environment of its own
(`--venv DIR`, by default `target/calendar-venv`), never into the system.

Exit 0 fine, 1 FILE differs, 2 usage, 3 not compared (PyPI could not be reached, or
its package does not know the year).

When the State Council publishes next year's days off (each November) and the
package follows: raise VERSION and LAST_YEAR, print the year with `--toml`,
compare it with the notice, name the notice in `source`, and write the fixture anew.
"""

import argparse
import datetime
import pathlib
import subprocess
import sys
import venv

PACKAGE = "chinesecalendar"
VERSION = "1.11.0"
FIRST_YEAR = 2004  # the first year the package knows
LAST_YEAR = 2026
INSTALL_TIMEOUT_S = 180
DIFFERENCES_SHOWN = 20

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Runs inside the virtual environment: one line a day, 1 = people work that day.
ASK = """
import datetime, sys
import chinese_calendar
day, end = datetime.date(int(sys.argv[1]), 1, 1), datetime.date(int(sys.argv[2]), 12, 31)
while day <= end:
    print(f"{day.isoformat()},{int(chinese_calendar.is_workday(day))}")
    day += datetime.timedelta(days=1)
"""

INSTALLED = f"import importlib.metadata as m, sys; sys.exit(m.version('{PACKAGE}') != '{VERSION}')"


def unreachable(reason):
    """Says that there was nobody to ask, so that no reader takes it for agreement."""
    print(f"calendar-oracle: NOT COMPARED: {reason}", file=sys.stderr)
    print("calendar-oracle: this needs Python's venv and the package index; run it again where both are at hand.", file=sys.stderr)
    sys.exit(3)


def python_with_package(folder):
    """The interpreter of a virtual environment that has exactly the pinned package."""
    python = folder / "bin" / "python"
    if not python.exists():
        try:
            venv.create(folder, with_pip=True)
        except (subprocess.CalledProcessError, OSError) as fault:
            unreachable(f"no virtual environment could be made in {folder}: {fault}")
    if subprocess.run([python, "-c", INSTALLED], capture_output=True).returncode == 0:
        return python
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"{PACKAGE}=={VERSION}"]
    try:
        done = subprocess.run(pip, capture_output=True, text=True, timeout=INSTALL_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        unreachable(f"PyPI did not answer within {INSTALL_TIMEOUT_S} seconds")
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["pip gave no reason"])[-1]
        unreachable(f"PyPI did not give us {PACKAGE}=={VERSION}: {last}")
    return python


def ask(python, first, last):
    """The fixture as text: a header line, then `date,is_workday` for every day."""
    done = subprocess.run([python, "-c", ASK, str(first), str(last)], capture_output=True, text=True)
    if done.returncode != 0:
        last_line = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        unreachable(f"{PACKAGE} {VERSION} has no answer for {first} to {last}: {last_line}")
    return "date,is_workday\n" + done.stdout


def check(file, fresh):
    """Lists every day on which FILE and the fresh answer differ."""
    ours = dict(line.split(",") for line in file.read_text(encoding="utf-8").split()[1:])
    theirs = dict(line.split(",") for line in fresh.split()[1:])
    wrong = [day for day in sorted(ours.keys() | theirs.keys()) if ours.get(day) != theirs.get(day)]
    if wrong:
        print(f"calendar-oracle: {file}: {len(wrong)} days differ from {PACKAGE} {VERSION}", file=sys.stderr)
        for day in wrong[:DIFFERENCES_SHOWN]:
            print(f"  {day}: file {ours.get(day, 'missing')}, package {theirs.get(day, 'missing')}", file=sys.stderr)
        return 1
    print(f"calendar-oracle: {file}: all {len(theirs)} days equal {PACKAGE} {VERSION}")
    return 0


def toml(year, fresh):
    """One year in the form of `calendar/YEAR.toml`: what differs from Monday-to-Friday."""
    off, work = [], []
    for line in fresh.split()[1:]:
        day, works = line.split(",")
        weekend = datetime.date.fromisoformat(day).weekday() >= 5
        if weekend and works == "1":
            work.append(day)
        elif not weekend and works == "0":
            off.append(day)

    def block(name, days):
        rows = []
        for month in sorted({day[:7] for day in days}):
            rows.append("  " + " ".join(f'"{day}",' for day in days if day.startswith(month)))
        return f"{name} = [\n" + "\n".join(rows) + "\n]" if rows else f"{name} = []"

    return (
        f'year = {year}\nsource = "derived from {PACKAGE} {VERSION}"\n\n'
        f"# Weekdays on which people are off; weekends need not be listed.\n{block('off', off)}\n\n"
        f"# 调休: weekend days on which people work.\n{block('work', work)}\n"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--venv", type=pathlib.Path, default=ROOT / "target" / "calendar-venv", metavar="DIR")
    parser.add_argument("--check", type=pathlib.Path, metavar="FILE")
    parser.add_argument("--toml", type=int, metavar="YEAR")
    args = parser.parse_args()
    if args.check and not args.check.is_file():
        parser.error(f"no such file: {args.check}")
    python = python_with_package(args.venv)
    if args.toml:
        print(toml(args.toml, ask(python, args.toml, args.toml)), end="")
        return 0
    fresh = ask(python, FIRST_YEAR, LAST_YEAR)
    if args.check:
        return check(args.check, fresh)
    print(fresh, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
