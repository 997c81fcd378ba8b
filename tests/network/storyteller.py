"""tests/network/storyteller.py: how a story on a real network is told: what people type, and what they see."""

import datetime
import json
import os
import sys
import zoneinfo
from pathlib import Path

COLOUR = sys.stdout.isatty() and "NO_COLOR" not in os.environ


def paint(code, text):
    return f"\033[{code}m{text}\033[0m" if COLOUR else text


class Story:
    """Shows what a person types and sees, under days and numbered steps."""

    def __init__(self, network):
        self.network, self.number = network, 0

    def day(self, title):
        print(f"\n{paint('1;35', f'== {title} ==')}", flush=True)

    def step(self, title):
        self.number += 1
        print(f"\n{paint('1;34', f'{self.number}. {title}')}", flush=True)

    def say(self, text):
        print(f"   {text}", flush=True)

    def show(self, prompt, args, text, lines=200):
        words = (str(a) if " " not in str(a) else repr(str(a)) for a in args)
        print(paint("2", f"   {prompt} " + " ".join(words)))
        for line in text.rstrip().splitlines()[:lines]:
            print(f"     {line}")
        sys.stdout.flush()
        return text

    def at(self, who, *args, body=None, lines=200):
        """Runs `saikne` as somebody; BODY goes in by --from -, as what is about a child should."""
        stdin = None if body is None else json.dumps(body, ensure_ascii=False)
        args = args if body is None else (*args, "--from", "-")
        done = self.network.saikne(who, *args, stdin=stdin)
        return self.show(f"{who}$ saikne", args, done.stdout, lines)

    def audit(self, *args):
        done = self.network.audit(*args)
        self.show("auditor$ saikne-audit", [Path(str(a)).name if "/" in str(a) else a for a in args], done.stdout)

    def task(self, who, peer, **wanted):
        """The newest task that WHO's list holds with PEER and these members, once it is there."""
        def find():
            items = self.network.ask(who, "inbox")["items"]
            return next((i["task"] for i in items if i["peer"] == peer
                         and all(i.get(k) == v for k, v in wanted.items())), None)
        return self.network.wait(find, f"a task from {peer} for {who}")

    def until(self, who, task, state):
        self.network.wait(lambda: self.network.ask(who, "show", task)["state"] == state, f"{state} at {who}")

    def until_content(self, who, task):
        self.network.wait(lambda: any(f["name"] == "child_name" for f in self.network.ask(who, "show", task)["fields"]),
                          f"the content for {who}")


def day(days):
    """A date as institutions write it: in Riga it may be tomorrow already."""
    today = datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Riga")).date()
    return (today + datetime.timedelta(days=days)).isoformat()


def moment(hours):
    return (datetime.datetime.utcnow() + datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
