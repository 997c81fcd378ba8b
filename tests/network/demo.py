"""tests/network/demo.py: the story of one referral, played on a real network and shown as it happens."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from network import AUDITOR, Failed, Network  # noqa: E402

COLOUR = sys.stdout.isatty() and "NO_COLOR" not in os.environ
CHILD = {"child_name": "Izdomāts Bērns", "personal_code": "000000-00000", "school": "Ventspils 2. vidusskola",
         "grade": "7.b", "absence_lessons": 34, "absence_period": "1. semestris",
         "family": "Māte ilgstoši strādā ārzemēs; zēns dzīvo pie vecmāmiņas.",
         "offence": "(nothing known: this line must stay at the school)",
         "steps_taken": "Divas sarunas ar vecmāmiņu, sociālā pedagoga konsultācijas.",
         "childs_view": "Gribu atgriezties klasē, bet esmu daudz iekavējis."}


def paint(code, text):
    return f"\033[{code}m{text}\033[0m" if COLOUR else text


class Story:
    """Numbers the steps and shows what a person would type and see."""

    def __init__(self, network):
        self.network, self.number = network, 0

    def step(self, title):
        self.number += 1
        print(f"\n{paint('1;34', f'{self.number}. {title}')}", flush=True)

    def say(self, text):
        print(f"   {text}", flush=True)

    def at(self, who, *args, stdin=None):
        """Runs `saikne` at a desk and shows the command and what it printed."""
        print(paint("2", f"   {who}$ saikne " + " ".join(a if " " not in str(a) else repr(a) for a in map(str, args))))
        done = self.network.saikne(who, *args, stdin=stdin)
        for line in done.stdout.rstrip().splitlines():
            print(f"     {line}")
        sys.stdout.flush()
        return done.stdout

    def audit(self, *args):
        print(paint("2", "   auditor$ saikne-audit " + " ".join(Path(str(a)).name if "/" in str(a) else str(a) for a in args)))
        done = self.network.audit(*args)
        for line in done.stdout.rstrip().splitlines():
            print(f"     {line}")
        sys.stdout.flush()


def task_at(network, who, peer):
    """The task that WHO's inbox holds from PEER, once it is there."""
    def find():
        items = network.ask(who, "inbox")["items"]
        return next((i["task"] for i in items if i["peer"] == peer), None)
    return network.wait(find, f"a referral from {peer} at {who}")


def state(network, who, task, wanted):
    network.wait(lambda: network.ask(who, "show", task)["state"] == wanted, f"{wanted} at {who}")


def play(network):
    import json
    story = Story(network)
    school, social, police = "school-2", "social-service", "municipal-police"

    story.step("A network on this machine's loopback")
    network.start(say=story.say)
    story.at(school, "directory")

    story.step("The school refers a child to two institutions")
    story.say("34 unexcused lessons in a semester; the support team asks for help. Each recipient will get")
    story.say("its own sealed message, with the categories its profile allows and no others.")
    request = {"to": [social, police], "urgency": "normal", "purpose": "return_to_school",
               "concern": ["unexcused_absence", "parents_away"], "municipality": "Ventspils", "age_band": "11-14",
               "ground": "absence_reporting", "basis": "law", "file_number": "2026/17", "content": CHILD}
    story.at(school, "refer", "--from", "-", stdin=json.dumps(request, ensure_ascii=False))

    story.step("The social service sees a preview without identity, and opens it for review")
    task = task_at(network, social, school)
    story.at(social, "inbox")
    story.at(social, "review", task)
    story.say("The school's service rechecks the ground and releases the content by itself.")
    network.wait(lambda: any(f["name"] == "child_name" for f in network.ask(social, "show", task)["fields"]),
                 "the content at the social service")
    shown = story.at(social, "show", task)
    if "nothing known" in shown:
        raise Failed("a field outside the profile arrived")

    story.step("It asks what it still has to know, and the school answers")
    story.at(social, "ask", task, "--question", "Kā sazināties ar vecmāmiņu?")
    state(network, school, task, "info_requested")
    answer = {"answer": "Vecmāmiņa ir sazvanāma vakaros.", "content": {"phone": "+371 20000000"}}
    story.at(school, "inform", task, "--from", "-", stdin=json.dumps(answer, ensure_ascii=False))
    state(network, social, task, "under_review")

    story.step("It accepts, helps, and reports the outcome; the school closes")
    story.at(social, "accept", task, "--explanation", "Ģimenes asistents no pirmdienas.")
    state(network, school, task, "accepted")
    story.at(social, "outcome", task, "--outcome", "goal_reached", "--explanation", "Zēns apmeklē skolu; vecmāmiņai palīdz ģimenes asistents.")
    state(network, school, task, "outcome_reported")
    story.at(school, "close", task, "--outcome", "goal_reached")
    state(network, social, task, "closed")
    story.at(school, "show", task)
    story.say("The municipal police has not opened its referral: the school sees that, too.")
    story.at(school, "outbox")

    story.step("A cancel and an acceptance cross")
    crossing = task_at(network, police, school)
    network.saikne(police, "review", crossing)
    network.wait(lambda: any(f["name"] == "child_name" for f in network.ask(police, "show", crossing)["fields"]),
                 "the content at the police")
    network.processes["broker"].stop()
    story.say("The broker is away for a moment. Each desk goes on, and neither knows of the other:")
    story.at(school, "cancel", crossing, "--reason", "helped_elsewhere")
    story.at(police, "accept", crossing)
    network.broker().start()
    state(network, school, crossing, "stop_requested")
    state(network, police, crossing, "stop_requested")
    story.say("Both see the same, whichever came first: the acceptance stands, and the cancel asks to stop.")
    story.at(police, "confirm-cancel", crossing, "--explanation", "Nekas vēl nebija sākts.")
    state(network, school, crossing, "cancelled")
    story.at(school, "show", crossing)

    story.step("The school keeps a receipt that anyone can check offline")
    sent = network.ask(school, "show", task)["timeline"][0]["message"]
    receipt = network.folder / "offer.tlog-proof"
    story.at(school, "receipt", sent, "--out", receipt)
    story.audit("verify-receipt", receipt, "--network", network.network_conf)

    story.step("The auditor reads the whole log and trusts nobody")
    log = network.folder / "audit.db"
    keys = network.folder / AUDITOR.code / "keys"
    story.audit("sync", "--network", network.network_conf, "--keys", keys, "--log", log)
    story.audit("verify", "--network", network.network_conf, "--log", log)
    story.audit("search", "--log", log, "--party", school)
    broker_files = b"".join(p.read_bytes() for p in (network.folder / "broker").glob("*") if p.is_file())
    if CHILD["child_name"].encode() in broker_files:
        raise Failed("the broker's files hold the child's name")
    story.say("The child's name is nowhere in the broker's files: only the two institutions can read it.")


def main():
    try:
        with Network() as network:
            play(network)
    except Failed as failure:
        print(f"\nThe demo failed: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    if network.folder.exists() or any(p.running() for p in network.processes.values()):
        print(f"Left behind: {network.folder} or a process", file=sys.stderr)
        return 1
    print(f"\n{paint('1;32', 'Done: every process has stopped and nothing is left behind.')}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
