"""Sittings between real services: from a proposal to final minutes, with a dissent, a correction, and no quorum at first."""

import configparser
import copy
import json
import re
from pathlib import Path

import pytest

import peer
import verify
from api import Description, Desk
from network import Network, Party
from storyteller import day

FILE = Path(__file__).resolve().parents[2] / "services" / "runtime" / "desk" / "openapi.json"
DESCRIPTION = Description(json.loads(FILE.read_text(encoding="utf-8")))
SOCIAL = Party("dienests", "social_service", "Sociālais dienests")
SCHOOL = Party("skola-1", "school", "1. pamatskola")
COURT = Party("tiesa", "orphans_court", "Bāriņtiesa")
POLICE = Party("policija", "municipal_police", "Pašvaldības policija")
MEMBERS = ["dienests", "skola-1", "tiesa", "policija"]
TODAY, TOMORROW = day(0), day(1)
LAW = {"basis": "law", "ground": "cooperation_group", "necessity": "Bērns pusgadu nenāk uz skolu."}
MATTER = {**LAW, "convening": "beyond_one", "age_band": "11-14",
          "content": {"child_name": "Izdomāts Bērns", "question": "Kas palīdz atgriezties skolā?"}}


@pytest.fixture(scope="module")
def network():
    with Network(parties=[SOCIAL, SCHOOL, COURT, POLICE]) as net:
        net.start()
        yield net
        assert net.unsound() == []


class Group:
    """The desks of all members, and what they say to each other."""

    def __init__(self, network):
        self.network = network
        self.desks = {code: Desk(network.desk(code)) for code in MEMBERS}

    def ask(self, who, method, target, body=None, code=200):
        answer = self.desks[who].ask(method, target, body)
        assert answer.code == code, (who, target, answer.body[:600])
        return answer.json if answer.type.endswith("json") else answer.body

    def described(self, who, operation, method, target, body=None):
        """The answer, as the desk's description has it."""
        answer = self.desks[who].ask(method, target, body)
        return DESCRIPTION.check_good(DESCRIPTION.operations[operation], answer)

    def says(self, who, task, verb, code=200, **body):
        return self.ask(who, "POST", f"/v1/tasks/{task}/{verb}", body, code)

    def refused(self, who, task, verb, why, **body):
        answer = self.desks[who].ask("POST", f"/v1/tasks/{task}/{verb}", body)
        assert answer.code >= 400 and answer.json["type"] == f"urn:saikne:{why}", answer.body[:600]

    def propose(self, **more):
        return self.described("dienests", "proposeSitting", "POST", "/v1/conferences", {
            "group": "specialists", "with": MEMBERS[1:], "purpose": "support_measures", "municipality": "Ventspils",
            **more})["task"]

    def proposed(self, **more):
        frame = self.propose(**more)
        self.everywhere(frame, "proposed")
        return frame

    def shown(self, who, frame):
        return self.described(who, "showSitting", "GET", f"/v1/conferences/{frame}")

    def wait(self, condition, what):
        self.network.wait(condition, what)

    def knows(self, who, task):
        return self.desks[who].ask("GET", f"/v1/tasks/{task}").code == 200

    def state(self, who, task):
        return self.ask(who, "GET", f"/v1/tasks/{task}")["state"]

    def everywhere(self, task, state):
        for who in MEMBERS:
            self.wait(lambda: self.knows(who, task) and self.state(who, task) == state, f"{state} at {who}")

    def agenda(self, who, frame):
        return {one["task"]: one for one in self.shown(who, frame)["agenda"]}


@pytest.fixture(scope="module")
def group(network):
    return Group(network)


def convened(group, **more):
    frame = group.proposed(**more)
    group.says("dienests", frame, "convene", starts=TODAY, time="10:30", place="Ventspils, 2. kabinets")
    group.everywhere(frame, "convened")
    return frame


def test_from_a_proposal_to_final_minutes(group):
    frame = convened(group)
    matter = group.described("dienests", "putMatter", "POST", f"/v1/conferences/{frame}/matters", MATTER)["task"]
    group.everywhere(matter, "on_agenda")
    # Two will come; with the police only, nobody has a quorum.
    group.says("skola-1", frame, "will-come")
    group.says("tiesa", frame, "will-not-come", absence_reason="no_capacity")
    group.says("policija", frame, "will-come")
    group.wait(lambda: {m["party"]: m["answer"] for m in group.shown("dienests", frame)["members"]} == {
        "dienests": "none", "skola-1": "will_come", "tiesa": "will_not_come", "policija": "will_come"}, "the answers")
    assert {m["party"]: m["why"] for m in group.shown("skola-1", frame)["members"] if m["why"]} == {"tiesa": "no_capacity"}
    group.refused("skola-1", frame, "delegate", "no_substitute", party="policija")
    group.refused("skola-1", frame, "claim-lead", "wrong_state", claim_reason="suspended")
    group.says("skola-1", matter, "report", **LAW, content={"learning": "Neapmierinošas atzīmes.", "nothing": "x"}, code=400)
    group.says("skola-1", matter, "report", **LAW, content={"learning": "Neapmierinošas atzīmes."})
    group.refused("dienests", matter, "decide", "wrong_state", result="actions_agreed", decision="Vienojās.")
    group.refused("dienests", frame, "held", "no_quorum", parties=["dienests", "policija"])
    group.says("dienests", frame, "inquorate", parties=["dienests", "policija"])
    group.everywhere(frame, "inquorate")
    # For tomorrow: who came nobody knows today.
    group.says("dienests", frame, "convene", starts=TOMORROW, time="11:00", place="Ventspils, 3. kabinets")
    group.everywhere(frame, "convened")
    group.refused("dienests", frame, "held", "too_early", parties=["dienests", "skola-1", "policija"])
    group.refused("dienests", frame, "inquorate", "too_early", parties=["dienests"])
    group.says("dienests", frame, "convene", starts=TODAY, time="11:00", place="Ventspils, 3. kabinets")
    group.everywhere(frame, "convened")
    assert [m["answer"] for m in group.shown("tiesa", frame)["members"]] == ["none"] * 4
    group.says("dienests", frame, "held", parties=["dienests", "skola-1", "policija"])
    group.everywhere(frame, "held")
    group.says("dienests", matter, "decide", result="actions_agreed", decision="Skola piešķir mentoru.",
               childs_view="Gribu palikt savā klasē.")
    group.everywhere(matter, "decisions_issued")
    # Who was there, and when, was recorded: minutes that say otherwise are refused, and nobody types it.
    for wrong in ({"parties": ["dienests", "tiesa"]}, {"parties": ["nekas"]}, {"starts": TOMORROW}):
        answer = group.desks["dienests"].ask("POST", f"/v1/tasks/{matter}/minutes", {"discussion": "Pārrunāja.", **wrong})
        assert (answer.json["type"], answer.json["field"]) == ("urn:saikne:argument", next(iter(wrong)))
    group.says("dienests", matter, "minutes", discussion="Pārrunāja kavējumus.", family="Māte strādā ārzemēs.")
    group.everywhere(matter, "minutes_circulated")
    said = {f["name"]: f["value"] for f in minutes_of(group, "skola-1", matter)["minutes"]["fields"]}
    assert (sorted(said["parties"]), said["starts"]) == (["dienests", "policija", "skola-1"], TODAY)
    assert minutes_of(group, "skola-1", matter)["minutes"]["differs"] == []
    assert group.agenda("skola-1", frame)[matter]["minutes"]["differs"] == []
    first = group.agenda("skola-1", frame)[matter]["minutes"]
    group.says("tiesa", matter, "correct", **LAW, explanation="Māte atgriezās septembrī.")
    group.everywhere(matter, "corrections")
    group.says("skola-1", matter, "sign")
    group.says("policija", matter, "dissent", **LAW, explanation="Mentors ir par vēlu.")
    group.wait(lambda: group.agenda("dienests", frame)[matter]["waiting"] == ["tiesa"], "a dissent from the first")
    group.says("dienests", matter, "minutes", discussion="Pārrunāja kavējumus.", family="Māte atgriezās septembrī.")
    group.everywhere(matter, "minutes_circulated")
    check_earlier_dissent(group, matter, first)
    # Signed over other bytes.
    group.refused("policija", matter, "sign", "other_minutes", minutes=first["message"])
    second = group.agenda("policija", frame)[matter]["minutes"]
    assert second["message"] != first["message"] and second["circulated"] == 2
    assert sorted(group.agenda("policija", frame)[matter]["waiting"]) == ["policija", "skola-1", "tiesa"]
    group.says("policija", matter, "sign", minutes=second["message"])
    group.says("skola-1", matter, "sign")
    group.wait(lambda: group.agenda("dienests", frame)[matter]["waiting"] == ["tiesa"], "two signatures")
    group.refused("dienests", matter, "final", "wrong_state")
    group.says("tiesa", matter, "dissent", **LAW, explanation="Mentors nepietiek.")
    group.wait(lambda: group.agenda("dienests", frame)[matter]["waiting"] == [], "the dissent")
    group.says("dienests", matter, "final")
    group.everywhere(matter, "final")
    group.done = frame, matter


def check_earlier_dissent(group, matter, first):
    """Minutes circulated anew rid nobody of a dissent; of the signatures over other bytes nothing is left."""
    printed = minutes_of(group, "tiesa", matter)
    dissent, = printed["earlier_dissents"]
    assert printed["signatures"] == [] and printed["minutes"]["circulated"] == 2
    assert (dissent["party"], dissent["what"], dissent["over"], dissent["holds"]) == ("policija", "matter_dissent", False, True)
    said = proven(group.network, dissent["proof"])[2]
    assert (said["minutes_of"].hex(), said["minutes_root"].hex()) == (first["message"], first["root"])
    paper = group.network.saikne("tiesa", "--lang", "en", "matter", "print", matter).stdout
    assert "Dissent from earlier minutes" in paper and "Mentors ir par vēlu." in paper


# ---- Minutes that others check by themselves ---------------------------------------------------

def proven(network, proof):
    """What a proof passes on, checked from its bytes and the network's configuration alone."""
    settings = configparser.ConfigParser()
    settings.read(network.network_conf)
    index, leaf, path, note, shown = peer.decode(bytes.fromhex(proof["proven"]))
    at = verify.open_checkpoint(note, verify.parse_key(settings["network"]["log"]))
    assert peer.path_root(peer.leaf_hash(leaf), index, at.size, path) == at.root
    kind, _, raw, parts, signature = peer.decode(leaf)
    header = peer.Header(raw)
    assert kind == 1
    peer.check_batch(bytes.fromhex(proof["key"]), peer.message_digest(raw, parts), signature)
    names = {number: name for name, number in peer.numbers("messages").items()}
    values = peer.read_shown(names[header.type], shown, header.content_root, passed=True)
    return header, names[header.type], values


def minutes_of(group, who, matter, query=""):
    return group.described(who, "printMinutes", "GET", f"/v1/tasks/{matter}/minutes{query}")


@pytest.mark.parametrize("query, left_out", [("", []), ("?without=family%3Bidentity", ["identity", "family"])])
@pytest.mark.parametrize("who", ["dienests", "skola-1"])
def test_minutes_are_checked_by_others_whatever_is_left_out(network, group, who, query, left_out):
    frame, matter = group.done
    printed = minutes_of(group, who, matter, query)
    header, kind, values = proven(network, printed["minutes"]["proof"])
    assert kind == "matter_minutes" and header.sender == "dienests" and printed["minutes"]["holds"]
    assert header.content_root.hex() == printed["minutes"]["root"]
    assert ("child_name" in values) == ("identity" not in left_out)
    assert set(printed["minutes"]["left_out"]) <= set(left_out)
    # Of a family the school has nothing from the start.
    assert ("family" in values) == (who == "dienests" and not left_out)
    assert ("family" in printed["minutes"]["not_had"]) == (who == "skola-1" and not left_out)
    signed = {}
    for one in [*printed["signatures"], printed["final"]]:
        assert one["holds"] and one["over"]
        by, kind, said = proven(network, one["proof"])
        assert by.sender == one["party"] and said["minutes_of"] == header.id
        assert said["minutes_root"] == header.content_root
        signed[by.sender] = kind
    assert printed["earlier_dissents"] == []
    assert signed == {"skola-1": "matter_sign", "policija": "matter_sign", "tiesa": "matter_dissent",
                      "dienests": "matter_final"}
    assert {one["party"]: one["present"] for one in printed["attendance"]} == {
        "dienests": True, "skola-1": True, "policija": True, "tiesa": False}


def test_a_changed_proof_does_not_hold(network, group):
    proof = minutes_of(group, "tiesa", group.done[1])["signatures"][0]["proof"]
    for at in range(0, len(proof["proven"]), 97):
        changed = copy.deepcopy(proof)
        digit = proof["proven"][at]
        changed["proven"] = proof["proven"][:at] + ("0" if digit != "0" else "1") + proof["proven"][at + 1:]
        with pytest.raises(Exception):
            proven(network, changed)


@pytest.mark.parametrize("language, words", [("en", ["Minutes of a sitting", "it holds", "dissents"]),
                                             ("lv", ["Sēdes protokols", "ir spēkā", "atsevišķās domas"])])
def test_minutes_are_printed_in_both_languages(network, group, language, words):
    frame, matter = group.done
    for form in ([], ["--html"]):
        said = network.saikne("dienests", "--lang", language, "matter", "print", matter, *form).stdout
        said = re.sub(r"\s+", " ", said)
        for word in [*words, "Izdomāts Bērns", "Gribu palikt savā klasē."]:
            assert word in said, (form, word, said[:3000])
    assert "Izdomāts" not in network.saikne("dienests", "matter", "print", matter, "--without", "identity").stdout


# ---- Several minutes, one signature -------------------------------------------------------------

def agenda_of(group, count):
    """A sitting that was held, with so many matters, of which all but the last have minutes."""
    frame = convened(group)
    matters = [group.ask("dienests", "POST", f"/v1/conferences/{frame}/matters", MATTER)["task"] for _ in range(count)]
    for matter in matters:
        group.everywhere(matter, "on_agenda")
    group.says("dienests", frame, "held", parties=MEMBERS)
    group.everywhere(frame, "held")
    for matter in matters:
        group.says("dienests", matter, "decide", result="actions_agreed", decision="Vienojās.")
    for matter in matters[:-1]:
        group.says("dienests", matter, "minutes", discussion="Pārrunāja.")
        group.everywhere(matter, "minutes_circulated")
    group.everywhere(matters[-1], "decisions_issued")
    return frame, matters


def to_sign(group, who, matters):
    """Of which of MATTERS somebody's list says that their minutes are to be signed."""
    items = group.ask(who, "GET", "/v1/work?limit=200")["items"]
    return {item["task"] for item in items if item["what"] == "sign" and item["task"] in matters}


def test_one_signature_stands_under_the_minutes_of_a_whole_sitting(network, group):
    frame, matters = agenda_of(group, 4)
    one, two, three, last = matters
    minutes = {task: group.agenda("skola-1", frame)[task]["minutes"]["message"] for task in matters[:-1]}
    everywhere = lambda who, waiting: group.wait(lambda: [sorted(group.agenda(w, frame)[t]["waiting"]) for w in MEMBERS
                                                          for t in matters[:-1]] == waiting * 4, f"what {who} signed")
    assert to_sign(group, "skola-1", matters) == {one, two, three}
    # What nobody can sign is refused by name, and nothing of it is signed.
    for why, named in (("argument", []), ("argument", [{}] * 65), ("argument", "all"), ("argument", [one]),
                       ("argument", [{"matter": one, "root": "00"}]), ("argument", [{"matter": frame}]),
                       ("argument", [{"matter": one}, {"matter": one}]), ("not_found", [{"matter": "0" * 32}]),
                       ("not_found", [{"minutes": minutes[one]}]), ("argument", [{"matter": group.done[1]}]),
                       ("wrong_state", [{"matter": one}, {"matter": last}]),
                       ("other_minutes", [{"matter": one, "minutes": minutes[two]}]),
                       ("other_minutes", [{"matter": one, "minutes": "0"}])):
        group.refused("skola-1", frame, "sign", why, matters=named)
    group.refused("skola-1", frame, "sign", "argument", minutes=minutes[one])
    group.refused("skola-1", one, "sign", "argument", matters=[{"matter": one}])
    assert to_sign(group, "skola-1", matters) == {one, two, three}
    # All that wait; the rest of the agenda is told.
    said = group.described("skola-1", "signMinutes", "POST", f"/v1/tasks/{frame}/sign", {})
    assert {s["matter"]: s["minutes"] for s in said["signed"]} == minutes and said["hidden"] == 0
    assert said["left_out"] == [{"matter": last, "why": "no_minutes"}]
    assert to_sign(group, "skola-1", matters) == set()
    everywhere("skola-1", [["policija", "tiesa"]] * 3)
    group.refused("skola-1", frame, "sign", "wrong_state")
    for who in MEMBERS:
        voice, = group.agenda(who, frame)[two]["voices"]
        assert (voice["party"], voice["dissent"], voice["together"]) == ("skola-1", False, True)
        assert voice["message"] == said["message"]
    # A dissent is given up by name alone.
    group.says("tiesa", two, "dissent", **LAW, explanation="Nepietiek.")
    group.wait(lambda: group.agenda("tiesa", frame)[two]["waiting"] == ["policija"], "the dissent")
    said = group.says("tiesa", frame, "sign")
    assert [s["matter"] for s in said["signed"]] == [one, three]
    assert {s["matter"]: s["why"] for s in said["left_out"]} == {two: "dissented", last: "no_minutes"}
    # At the command line what is signed is shown first, and nothing goes without a yes.
    refused = network.saikne("policija", "--lang", "en", "conference", "sign", frame[-8:], ok=None)
    assert refused.returncode != 0 and refused.stdout.count("minutes of dienests") == 3
    assert to_sign(group, "policija", matters) == {one, two, three}
    shown = network.saikne("policija", "--lang", "en", "conference", "sign", frame[-8:], "--matter", one[-8:], "--yes").stdout
    assert shown.count("the minutes are signed") == 1 and to_sign(group, "policija", matters) == {two, three}
    shown = network.saikne("policija", "--lang", "lv", "conference", "sign", frame[-8:], "--yes").stdout
    assert shown.count("protokols ir parakstīts") == 2 and "protokols vēl nav izsūtīts" in shown
    everywhere("policija", [[], [], []])
    # Circulated anew they wait again, but where the dissent from the former stands.
    group.says("dienests", two, "minutes", discussion="Pārrunāja ilgāk.")
    group.everywhere(two, "minutes_circulated")
    group.wait(lambda: group.agenda("tiesa", frame)[two]["minutes"]["circulated"] == 2, "the new minutes")
    assert to_sign(group, "skola-1", matters) == {two} and not group.agenda("tiesa", frame)[two]["to_sign"]
    group.refused("tiesa", frame, "sign", "wrong_state")
    group.says("tiesa", frame, "sign", matters=[{"matter": two}])
    for who in ("skola-1", "policija"):
        group.wait(lambda: group.agenda(who, frame)[two]["to_sign"], f"the new minutes at {who}")
        assert [s["matter"] for s in group.says(who, frame, "sign")["signed"]] == [two]
    everywhere("each", [[], [], []])
    for task in matters[:-1]:
        group.says("dienests", task, "final")
        group.everywhere(task, "final")
    group.refused("tiesa", frame, "sign", "wrong_state", matters=[{"matter": one}])
    group.signed = frame, matters


def test_nobody_signs_with_the_others_what_it_was_shown_the_acts_of_alone(network, group):
    frame = convened(group)
    consent = {"granter": "Izdomāta Māte", "capacity": "parent", "granted_on": "2026-01-15",
               "child": {"name": "Izdomāts Bērns", "birth_date": "2016-05-01"}, "recipients": ["skola-1", "tiesa"],
               "categories": ["identity", "proceedings"], "purposes": ["support_measures"],
               "childs_view": "Lai palīdz.", "notice": {"code": "sharing", "version": "1", "language": "lv"}}
    put = {**{key: MATTER[key] for key in ("convening", "age_band", "content")}, "basis": "consent", "ground": "consent",
           "consent": consent}
    matter = group.ask("dienests", "POST", f"/v1/conferences/{frame}/matters", put)["task"]
    group.everywhere(matter, "on_agenda")
    group.says("dienests", frame, "held", parties=MEMBERS)
    group.everywhere(frame, "held")
    group.says("dienests", matter, "decide", result="actions_agreed", decision="Vienojās.")
    group.says("dienests", matter, "minutes", discussion="Pārrunāja.")
    group.everywhere(matter, "minutes_circulated")
    assert group.agenda("tiesa", frame)[matter]["to_sign"] and not group.agenda("policija", frame)[matter]["to_sign"]
    group.refused("policija", frame, "sign", "wrong_state")
    shown = network.saikne("policija", "--lang", "en", "conference", "sign", frame[-8:], "--yes", ok=None)
    assert shown.returncode != 0 and "no minutes of this sitting wait for your signature" in shown.stderr
    # Whoever knows what it does says it by name: the root is the one that all others sign.
    said = group.says("policija", frame, "sign", matters=[{"matter": matter}])
    assert [one["matter"] for one in said["signed"]] == [matter]
    group.says("tiesa", frame, "sign")
    group.wait(lambda: group.agenda("dienests", frame)[matter]["waiting"] == ["skola-1"], "both signatures")


def test_a_signature_under_several_minutes_is_checked_by_others_for_each(network, group):
    frame, matters = group.signed
    for matter in matters[:-1]:
        for who in ("dienests", "tiesa"):
            printed = minutes_of(group, who, matter)
            header = proven(network, printed["minutes"]["proof"])[0]
            kinds = {}
            for one in printed["signatures"]:
                assert one["holds"] and one["over"], one
                by, kind, said = proven(network, one["proof"])
                assert by.sender == one["party"] and kind == one["what"] == "conference_sign"
                # Of the others it has ids and roots, and no more.
                assert set(said) == {"task", "applied", "history_count", "history", "minutes_signed"}
                entry, = [entry for entry in said["minutes_signed"] if entry[0].hex() == matter]
                assert entry[1:] == [header.id, header.content_root]
                kinds[by.sender] = kind
            assert set(kinds) == {"skola-1", "tiesa", "policija"} and printed["earlier_dissents"] == []
    for language, words in (("en", "1. pamatskola: signed"), ("lv", "1. pamatskola: parakstīja")):
        assert words in network.saikne("tiesa", "--lang", language, "matter", "print", matters[0]).stdout


# ---- Calendars ----------------------------------------------------------------------------------

def calendar(data):
    """RFC 5545 from its bytes: components as [name, {property: (parameters, value)}, [components]]."""
    assert data.endswith(b"\r\n") and b"\n" not in data.replace(b"\r\n", b"")
    lines = data.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 for line in lines)
    unfolded = []
    for line in lines:
        line.decode()  # no character is broken
        if line[:1] in (b" ", b"\t"):
            unfolded[-1] += line[1:]
        else:
            unfolded.append(line)
    root = ["", {}, []]
    stack = [root]
    for line in (one.decode() for one in unfolded):
        name, parameters, value = re.fullmatch(r"([A-Z-]+)((?:;[A-Z-]+=[^:;]+)*):(.*)", line).groups()
        if name == "BEGIN":
            stack.append([value, {}, []])
            stack[-2][2].append(stack[-1])
        elif name == "END":
            assert stack.pop()[0] == value
        else:
            assert name not in stack[-1][1]
            value = re.sub(r"\\([\\;,nN])", lambda m: "\n" if m[1] in "nN" else m[1], value)
            stack[-1][1][name] = (dict(p.split("=") for p in parameters.split(";")[1:]), value)
    assert stack == [root] and [one[0] for one in root[2]] == ["VCALENDAR"]
    return root[2][0]


def event_of(data):
    _, said, inner = calendar(data)
    assert said["VERSION"][1] == "2.0" and said["PRODID"][1]
    zone, event = inner
    assert zone[0] == "VTIMEZONE" and zone[1]["TZID"][1] == "Europe/Riga" and len(zone[2]) == 2
    assert event[0] == "VEVENT"
    return said["METHOD"][1], event[1]


def test_an_invitation_says_when_and_where_and_nothing_of_a_case(network, group):
    frame = group.proposed()
    group.ask("dienests", "GET", f"/v1/tasks/{frame}/calendar", code=409)
    group.says("dienests", frame, "convene", starts=TOMORROW, time="10:30", place="Ventspils, 2. kabinets; 3. stāvs, pa "
               "labi no kāpnēm")
    group.ask("dienests", "POST", f"/v1/conferences/{frame}/matters", MATTER)
    group.everywhere(frame, "convened")
    for who in MEMBERS:
        method, event = event_of(group.ask(who, "GET", f"/v1/tasks/{frame}/calendar"))
        assert method == "PUBLISH" and event["UID"][1] == f"{frame}@saikne" and event["SEQUENCE"][1] == "0"
        assert event["DTSTART"] == ({"TZID": "Europe/Riga"}, TOMORROW.replace("-", "") + "T103000")
        assert event["SUMMARY"][1] == "Sēde " + frame[-6:].upper()
        assert event["LOCATION"][1].endswith("2. kabinets; 3. stāvs, pa labi no kāpnēm")
        assert "Izdom" not in str(event) and "skol" not in str(event)
    group.says("dienests", frame, "convene", starts=TOMORROW, time="11:00", place="Ventspils")
    assert event_of(network.saikne("dienests", "--lang", "en", "conference", "calendar", frame).stdout.replace(
        "\n", "\r\n").encode())[1]["SEQUENCE"][1] == "1"
    group.says("dienests", frame, "call-off", cancel_reason="no_longer_needed")
    method, event = event_of(group.ask("dienests", "GET", f"/v1/tasks/{frame}/calendar"))
    assert (method, event["STATUS"][1], event["SEQUENCE"][1]) == ("CANCEL", "CANCELLED", "2")
    assert event["UID"][1] == f"{frame}@saikne"


# ---- Refused ------------------------------------------------------------------------------------

@pytest.mark.parametrize("more, why, field", [
    ({"group": "nobody"}, "argument", "group"),
    ({"group": "school_team"}, "not_permitted", "group"),
    ({"group": "management"}, "not_permitted", "with"),
    ({"with": ["skola-1", "skola-1"]}, "bad_recipients", "with"),
    ({"with": ["nekas"]}, "unknown_party", "with"),
    ({"with": []}, "argument", "with"),
    ({"secretary": "skola-1"}, "not_permitted", "secretary"),
    ({"secretary": "nekas"}, "not_a_member", "secretary"),
    ({"quorum": 1}, "argument", "quorum"),
    ({"follows": "0" * 32}, "not_found", "task"),
])
def test_a_proposal_is_held_to_its_group(group, more, why, field):
    answer = group.desks["dienests"].ask("POST", "/v1/conferences", {
        "group": "specialists", "with": MEMBERS[1:], "purpose": "support_measures", "municipality": "Ventspils", **more})
    assert answer.code >= 400 and (answer.json["type"], answer.json["field"]) == (f"urn:saikne:{why}", field)


def test_only_the_chairs_kind_proposes(group):
    answer = group.desks["skola-1"].ask("POST", "/v1/conferences", {
        "group": "specialists", "with": ["dienests"], "purpose": "support_measures", "municipality": "Ventspils"})
    assert answer.json["type"] == "urn:saikne:not_permitted"


def test_a_sitting_is_convened_for_a_day_and_an_hour(group):
    frame = group.proposed()
    group.refused("dienests", frame, "convene", "bad_due", starts=day(-1), time="10:30", place="Ventspils")
    for time in ("25:00", "9:30", "10.30"):
        group.refused("dienests", frame, "convene", "argument", starts=TOMORROW, time=time, place="Ventspils")


def test_a_sitting_that_follows_has_the_group_and_members_of_the_first(group):
    frame, _ = group.done
    later = group.ask("dienests", "POST", "/v1/conferences", {"follows": frame})["task"]
    shown = group.shown("dienests", later)
    assert shown["follows"] == frame and shown["group"] == "specialists"
    assert sorted(one["party"] for one in shown["members"]) == sorted(MEMBERS)


def test_who_wrote_writes_what_follows_where_it_sits_there_and_may(group):
    team = {"group": "team", "with": MEMBERS[1:], "secretary": "skola-1"}
    frame = group.proposed(**team)
    writes = lambda **more: group.shown("dienests", group.ask(
        "dienests", "POST", "/v1/conferences", {"follows": frame, **more})["task"])["secretary"]
    assert group.shown("dienests", frame)["secretary"] == "skola-1"
    assert writes() == "skola-1"
    assert writes(secretary="tiesa") == "tiesa"
    # It does not sit there, or may not write for that group: the chair does.
    assert writes(**{"with": ["tiesa", "policija"]}) == ""
    assert writes(group="specialists") == ""
    later = group.ask("dienests", "POST", "/v1/conferences", {"follows": frame, "with": ["tiesa", "policija"]})["task"]
    for who in ("tiesa", "policija"):
        group.wait(lambda: group.knows(who, later) and group.state(who, later) == "proposed", f"the sitting at {who}")
    assert group.network.unsound() == []


def decided(group, result):
    frame = convened(group)
    matter = group.ask("dienests", "POST", f"/v1/conferences/{frame}/matters", MATTER)["task"]
    group.everywhere(matter, "on_agenda")
    group.says("dienests", frame, "held", parties=MEMBERS)
    group.everywhere(frame, "held")
    group.says("dienests", matter, "decide", result=result, decision="Lemts.")
    group.everywhere(matter, "decisions_issued")
    return matter


def test_the_management_takes_up_what_specialists_could_not_solve_and_nothing_else(group):
    frame = group.ask("dienests", "POST", "/v1/conferences", {
        "group": "management", "with": ["tiesa", "policija"], "purpose": "support_measures", "municipality": "Ventspils"})[
            "task"]
    group.wait(lambda: group.state("dienests", frame) == "proposed", "the proposal")
    matter = {**MATTER, "convening": "not_solved_by_specialists"}
    target = f"/v1/conferences/{frame}/matters"
    for more in ({}, {"earlier": decided(group, "follow_up")}):
        answer = group.desks["dienests"].ask("POST", target, {**matter, **more})
        assert answer.json["type"] == "urn:saikne:specialists_first", answer.body
    escalated = decided(group, "escalate")
    # At the command line a few digits say which.
    put = group.network.ask("dienests", "matter", "put", frame[-8:], "--earlier", escalated[-8:], "--from", "-",
                            stdin=json.dumps(matter))["task"]
    for who in ("dienests", "tiesa", "policija"):
        group.wait(lambda: group.knows(who, put) and group.state(who, put) == "on_agenda", f"the matter at {who}")
        assert group.agenda(who, frame)[put]["earlier"] == escalated


def test_who_takes_no_part_sees_nothing_of_a_sitting(group):
    frame = group.ask("dienests", "POST", "/v1/conferences", {
        "group": "team", "with": ["tiesa"], "purpose": "support_measures", "municipality": "Ventspils"})["task"]
    group.wait(lambda: group.knows("tiesa", frame), "the proposal")
    group.ask("skola-1", "GET", f"/v1/conferences/{frame}", code=404)
    group.refused("skola-1", frame, "will-come", "not_found")
    answer = group.desks["skola-1"].ask("POST", f"/v1/conferences/{frame}/matters", MATTER)
    assert answer.code == 404


# ---- Steps that do not follow -------------------------------------------------------------------

# Each step with what it takes, and in which states it follows for the chair, and for another member.
CANCEL = {"cancel_reason": "no_longer_needed"}
FRAME_STEPS = {
    "convene": ({"starts": TODAY, "time": "10:30", "place": "Ventspils"}, {"proposed", "convened", "inquorate"}, set()),
    "will-come": ({}, set(), {"convened"}),
    "will-not-come": ({"absence_reason": "no_capacity"}, set(), {"convened"}),
    "delegate": ({"party": "dienests"}, set(), {"convened"}),
    "held": ({"parties": MEMBERS}, {"convened"}, set()),
    "inquorate": ({"parties": MEMBERS[:1]}, {"convened"}, set()),
    "call-off": (CANCEL, {"proposed", "convened", "inquorate"}, set()),
    "sign": ({}, {"held"}, {"held"}),
}
ANY = {"on_agenda", "decisions_issued", "minutes_circulated", "corrections"}
MATTER_STEPS = {
    "report": ({**LAW, "explanation": "Vēl."}, {"on_agenda", "decisions_issued"}, {"on_agenda", "decisions_issued"}),
    "drop": (CANCEL, {"on_agenda"}, set()),
    "decide": ({**LAW, "result": "actions_agreed", "decision": "Lemts."}, {"on_agenda"}, set()),
    "minutes": ({**LAW, "discussion": "Pārrunāja."}, ANY - {"on_agenda"}, set()),
    "correct": ({**LAW, "explanation": "Nē."}, {"minutes_circulated", "corrections"}, {"minutes_circulated", "corrections"}),
    "sign": ({}, {"minutes_circulated", "corrections"}, {"minutes_circulated", "corrections"}),
    "dissent": ({**LAW, "explanation": "Nē."}, {"minutes_circulated", "corrections"}, {"minutes_circulated", "corrections"}),
    "final": ({}, {"minutes_circulated"}, set()),
}
TYPES = {"wrong_state", "no_quorum", "no_substitute", "too_late", "other_minutes", "not_permitted"}


def said_in(group, task):
    """The messages of a task as each has them; evidence of them may still come."""
    return [{step["message"] for step in group.ask(who, "GET", f"/v1/tasks/{task}")["timeline"]} for who in MEMBERS]


def try_all(group, task, steps):
    """Every step that does not follow now, by chair and member: refused by name, and nothing changed."""
    state = group.state("dienests", task)
    before, refused = said_in(group, task), 0
    for verb, (body, chair, member) in steps.items():
        for who, allowed in (("dienests", chair), ("tiesa", member)):
            if state in allowed:
                continue
            answer = group.desks[who].ask("POST", f"/v1/tasks/{task}/{verb}", body)
            said = DESCRIPTION.check_problem(answer, 403, 404, 409, 422)
            assert said["type"].removeprefix("urn:saikne:") in TYPES, (state, who, verb, said)
            refused += 1
    # Nor does a step of another sort of task.
    for verb in ("accept", "take-lead", "review", *(set(FRAME_STEPS) ^ set(MATTER_STEPS)) - set(steps)):
        group.refused("dienests", task, verb, "wrong_state")
    assert said_in(group, task) == before
    assert group.state("dienests", task) == state
    return refused


def test_what_does_not_follow_is_refused_in_every_state_and_changes_nothing(group):
    frame = group.proposed()
    assert try_all(group, frame, FRAME_STEPS) > 8
    matter = group.ask("dienests", "POST", f"/v1/conferences/{frame}/matters", MATTER)["task"]
    group.everywhere(matter, "on_agenda")
    chairs = {**MATTER_STEPS, "decide": (MATTER_STEPS["decide"][0], set(), set())}  # it was not held yet
    for verb, body, state in (("convene", FRAME_STEPS["convene"][0], "convened"), ("inquorate", {"parties": MEMBERS[:1]},
                              "inquorate"), ("convene", FRAME_STEPS["convene"][0], "convened"),
                              ("held", {"parties": MEMBERS}, "held")):
        try_all(group, matter, chairs)
        group.says("dienests", frame, verb, **body)
        group.everywhere(frame, state)
        try_all(group, frame, FRAME_STEPS)
    # What nobody has said anything of yet is not final.
    waiting = {**MATTER_STEPS, "final": ({}, set(), set())}
    for who, verb, body, state in (
            ("dienests", "decide", MATTER_STEPS["decide"][0], "decisions_issued"),
            ("dienests", "minutes", {"discussion": "Pārrunāja."}, "minutes_circulated"),
            ("tiesa", "correct", MATTER_STEPS["correct"][0], "corrections"),
            ("dienests", "minutes", {"discussion": "Pārrunāja."}, "minutes_circulated")):
        try_all(group, matter, waiting)
        group.says(who, matter, verb, **body)
        group.everywhere(matter, state)
    try_all(group, matter, waiting)
    for who in MEMBERS[1:]:
        group.says(who, matter, "sign")
    group.wait(lambda: group.agenda("dienests", frame)[matter]["waiting"] == [], "all signatures")
    group.says("dienests", matter, "final")
    group.everywhere(matter, "final")
    try_all(group, matter, MATTER_STEPS)
    dropped = group.proposed()
    gone = group.ask("dienests", "POST", f"/v1/conferences/{dropped}/matters", MATTER)["task"]
    group.everywhere(gone, "on_agenda")
    group.says("dienests", gone, "drop", **CANCEL)
    group.says("dienests", dropped, "call-off", **CANCEL)
    group.everywhere(gone, "dropped")
    group.everywhere(dropped, "called_off")
    try_all(group, gone, MATTER_STEPS)
    try_all(group, dropped, FRAME_STEPS)
    answer = group.desks["dienests"].ask("POST", f"/v1/conferences/{dropped}/matters", MATTER)
    assert answer.json["type"] == "urn:saikne:too_late"
