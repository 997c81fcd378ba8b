"""tests/faults/playing.py: plays a story with one fault; counts the commits that there are to die at."""

import collections

from cast import PROGRAMS, Cast, Failed
from story import STORIES

VICTIMS = {program: victim for victim, program in PROGRAMS.items()}


class Unreached(Exception):
    """The story ended before the commit that was to be died at."""


def play(stage, name, fault=None, **cast):
    """All of story NAME; what took too long. Failed when something does not hold, Unreached when nobody died."""
    story = STORIES[name]
    if story.begins_with == "running" and not stage.kept("running").exists():
        play(stage, "founding")
        stage.keep("running")
    stage.restore(story.begins_with)
    with Cast(stage.network, fault, **cast) as playing:
        told = story(playing)
        told.play()
        told.check()
        if fault and not playing.died:
            raise Unreached(str(fault))
        return playing.long


def count(stage, name):
    """Plays it without a fault: {(victim, kind): how many commits}."""
    counts = stage.network.folder / "commits"
    play(stage, name, count=counts)
    counted = collections.Counter(tuple(line.split()) for line in counts.read_text().splitlines())
    for program, _ in counted:
        if program not in VICTIMS:
            raise Failed(f"{program} commits, and nobody kills it")
    return {(VICTIMS[program], kind): n for (program, kind), n in sorted(counted.items())}
