"""tests/faults/run.py: dies at the commits of every story, once each, and again as the power goes.

Founding and referrals die at every commit. Of the other stories each process dies at the first and
the last of its commits of each kind, and at every one of the kinds that the story is about (its
`each`), or of its `kinds` alone; the auditor, who does the same in all of them, lives. Environment: SAIKNE_BIN (programs of
the test build), FAULTS_ONLY (a regular expression over names such as
"referrals/kill/broker-journal-before-3": only what it fits is played).
"""

import contextlib
import os
import re
import signal
import sys
import time
import zlib

from playing import Unreached, count, play
from cast import AUDIT, WAIT_LONG, Failed, Fault, Stage
from story import STORIES

CASES_MAX = 2000  # above that somebody commits in a loop


def occurrences(story, victim, kind, total):
    """Which of its TOTAL commits of KIND the victim dies at."""
    each, kinds = STORIES[story].each, STORIES[story].kinds
    if kinds is not None and kind not in kinds:
        return []
    if each is None or kind in each:
        return range(1, total + 1)
    return sorted({1, total}) if victim != AUDIT else []


def cases(story, counted):
    """(name, fault, how to play it): SIGKILL alone; with the power lost; in the middle of a sync."""
    for mode, vfs, points in (("kill", None, ("before", "after")),
                              ("power", "power", ("before", "during", "after"))):
        for (victim, kind), total in counted.items():
            for n in occurrences(story, victim, kind, total):
                for when in points:
                    fault = Fault(victim, kind, when, n)
                    name = f"{story}/{mode}/{fault}"
                    yield name, fault, {"vfs": vfs, "seed": zlib.crc32(name.encode())} if vfs else {}


def choose(stages, only):
    """[(story, (name, fault, how))] of the cases that ONLY fits."""
    chosen = []
    for story in STORIES:
        counted = count(stages[STORIES[story].institutions], story)
        for (victim, kind), total in counted.items():
            print(f"  {story}: {victim} commits {kind} {total} times", flush=True)
        chosen += [(story, case) for case in cases(story, counted) if only.search(case[0])]
    if len(chosen) > CASES_MAX:
        raise Failed(f"{len(chosen)} cases: too many")
    return chosen


def main():
    only = re.compile(os.environ.get("FAULTS_ONLY", ""))
    passed, unreached, failed, long = 0, [], [], []
    with contextlib.ExitStack() as stack:
        stages = {story.institutions: None for story in STORIES.values()}
        stages = {who: stack.enter_context(Stage(who)) for who in stages}
        chosen = choose(stages, only)
        for i, (story, (name, fault, how)) in enumerate(chosen, 1):
            start = time.monotonic()
            try:
                waits = play(stages[STORIES[story].institutions], story, fault, **how)
                passed, said = passed + 1, "\n".join(["passed", *waits])
                long += [name] * bool(waits)
            except Unreached:
                unreached.append(name)
                said = "not reached"
            except Exception as failure:  # whatever went wrong, the others are still played
                failed.append(name)
                said = f"FAILED: {failure if isinstance(failure, Failed) else repr(failure)}"
            print(f"[{i}/{len(chosen)}] {name} ({time.monotonic() - start:.1f} s): {said}", flush=True)
    # What the count saw and no playing reaches again came of chance: how much one commit takes.
    for name in unreached:
        print(f"not reached: {name}")
    for name in long:
        print(f"waited more than {WAIT_LONG} s: {name}")
    for name in failed:
        print(f"failed: {name}")
    print(f"faults: {passed} passed ({len(long)} with a long wait), {len(failed)} failed, "
          f"{len(unreached)} not reached")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # no process is left behind
    try:
        sys.exit(main())
    except Failed as failure:
        sys.exit(f"faults: {failure}")
