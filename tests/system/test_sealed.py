"""What a real service seals to each recipient: opened here, and no field stands outside profile and ground."""

import csv
import itertools
import os

import pytest

import network
import party
import peer
import stage as stages

pytestmark = stages.programs("saikne-broker", "saikne-admin", "saikne-school", "saikne-social-service",
                             "saikne-orphans-court", "saikne-police", "saikne-partner")


def rows(name):
    with open(network.LISTS / f"{name}.csv", encoding="utf-8") as file:
        return list(csv.DictReader(file))


# Read from the lists themselves: neither the programs' tables nor those of SPEC.md.
GROUPS = {row["code"]: row["service"] for row in rows("institution-kinds")}
OF_NOTICES = ["incident", "custody_statement", "status_attestation"]
PURPOSES = [row["code"] for row in rows("purposes") if row["code"] not in OF_NOTICES]
PROFILES = {(row["purpose"], row["recipient"]): set(row["categories"].split(";")) for row in rows("profiles")}
ALWAYS = {"act", "ground"}
WIDE = stages.COVERED
NARROW = ["identity", "attendance", "family", "proceedings"]

# Every personal field of a referral, each with a value that stands nowhere else.
CONTENT = {"child_name": "Vārds-Viens Uzvārds", "personal_code": "190713-98765", "birth_date": "2013-07-19",
           "address": "Adreses iela 1111", "phone": "+371 22222222", "school": "Skola-3333", "grade": "7.q4444",
           "learning": "Mācības-5555", "absence_lessons": 4711, "absence_period": "Periods-6666",
           "behaviour": "Uzvedība-7777", "family": "Ģimene-8888", "economic": "Ekonomika-9999",
           "health": "Veselība-aaaa", "offence": "Pārkāpums-bbbb", "custody": "Aizgādība-cccc",
           "steps_taken": "Soļi-dddd", "childs_view": "Viedoklis-eeee", "explanation": "Paskaidrojums-ffff"}
ASKING = {"child_name": CONTENT["child_name"], "personal_code": CONTENT["personal_code"],
          "birth_date": CONTENT["birth_date"], "address": CONTENT["address"], "school": CONTENT["school"],
          "question": "Jautājums-gggg"}
WHO = {name: CONTENT[name] for name in ("child_name", "personal_code", "birth_date", "explanation")}
# Notices of one purpose each: who tells it, what it says in the open, and everything personal.
NOTICES = {
    "incident": ("municipal_police", {"incident": ["found_at_night"], "event_date": "2026-11-20", "place": "Centrs"},
                 {**WHO, **{name: CONTENT[name] for name in ("address", "school", "behaviour", "family", "offence",
                                                             "steps_taken")}}),
    "custody": ("orphans_court", {"custody_event": "placed", "decision_date": "2026-11-19"},
                {**WHO, "decision_number": "Lēmums-kkkk", "custody_person": "Persona Llll",
                 "custody": CONTENT["custody"]}),
    "status": ("social_service", {"valid_from": "2026-11-18"}, {**WHO, "attested": ["low_income"]})}
HEAD = {"municipality": "Ventspils", "age_band": "11-14"}

SENDERS = {"school": "school-s", "social_service": "social-s", "orphans_court": "court-s",
           "municipal_police": "police-s", "ngo": "ngo-s"}


def profile(purpose, kind):
    for key in ((purpose, kind), (purpose, GROUPS[kind]), ("*", kind), ("*", GROUPS[kind])):
        if key in PROFILES:
            return PROFILES[key] | ALWAYS
    return {"act"}


def law(categories, **more):
    return {"basis": "law", "ground": "legal_duty", "necessity": "Nepieciešamība-hhhh", "family_told": "told",
            "provision": "Norma-iiii", "categories": categories, **more}


def consent(categories, **more):
    return {"basis": "consent", "consent": {
        "granter": "Izdomāta Māte", "granter_code": "010180-12345", "capacity": "parent", "granted_on": "2026-03-04",
        "recipients": sorted(GROUPS), "categories": categories, "until": "2027-08-31", "childs_view": "Piekrīt.",
        **more}}


GROUNDS = [law(WIDE), law(NARROW, ground_until="2027-08-31"), consent(WIDE), consent(NARROW)]


def grounds_of(sender):
    """The police shares by law alone."""
    return 2 * GROUNDS[:2] if GROUPS[sender] == "police" else GROUNDS


@pytest.fixture(scope="module")
def town():
    people = [network.Party(code, kind, f"Izdomāta iestāde {code}") for kind, code in SENDERS.items()]
    with stages.played([]) as stage:
        for kind in GROUPS:
            stage.admit(kind, "to-" + kind.replace("_", "-"))
        for person in people:
            stage.enrol(person)
        stage.publish(*[stage.folder / p.code / "admission" for p in people])
        for person in people:
            stage.configure(person)
            stage.service(person).start()
        codes = {"to-" + kind.replace("_", "-") for kind in GROUPS}
        for person in people:
            stage.wait(lambda p=person: codes <= {i["code"] for i in stage.ask(p.code, "directory")["items"]
                                                  if i.get("sealable")}, f"{person.code} to see everyone")
        yield stage


class Reader:
    """A recipient of KIND that keeps what its part held, opened, byte for byte."""

    def __init__(self, town, kind):
        self.kind, self.living = kind, town.peers["to-" + kind.replace("_", "-")]

    def next(self, monkeypatch, record=None):
        """The next message that rests on RECORD, and the bytes of its part."""
        opened = []

        def open_part(*words, real=peer.open_part):
            shown, chain = real(*words)
            opened.append(shown)
            return shown, chain
        with monkeypatch.context() as patched:
            patched.setattr(peer, "open_part", open_part)
            while True:
                self.living.credit(1)
                got = self.living.receive()
                assert got is not None, f"nothing came to {self.kind}"
                if isinstance(got, party.Message):
                    self.living.attest(got)
                    if record in (None, got.values["record"].hex()):
                        return got, opened[-1]
                else:
                    self.living.take(got)


def check_ground(values, ground, record):
    """The fields of the ground say what its record says."""
    assert values["record"].hex() == record
    if ground["basis"] == "law":
        told = {name: ground[name] for name in ("ground", "provision", "necessity", "family_told")}
        told |= {"ground_until": ground["ground_until"]} if "ground_until" in ground else {}
        named = ground["categories"]
    else:
        said = ground["consent"]
        told = {name: said[name] for name in ("granter", "granter_code", "capacity", "granted_on")}
        told |= {"ground": "consent", "ground_until": said["until"], "ground_recipients": said["recipients"]}
        named = said["categories"]
    found = {name: value for name, value in values.items() if peer.FIELDS[name].category == "ground"
             or name in ("ground", "ground_until")}
    assert {name: sorted(v) if isinstance(v, list) else v for name, v in found.items()} == told
    assert sorted(values["ground_categories"]) == sorted(named)


def check(message, shown, kind, purpose, ground, filled, record):
    """Of FILLED exactly that is shown which both profile and ground let KIND have; nothing else is in the bytes."""
    named = ground["categories"] if ground["basis"] == "law" else ground["consent"]["categories"]
    allowed = (profile(purpose, kind) & set(named)) | ALWAYS
    categories = {peer.FIELDS[name].category for name in message.values}
    assert categories <= allowed, (kind, purpose, categories - allowed)
    for name, value in filled.items():
        goes = peer.FIELDS[name].category in allowed
        assert message.values.get(name) == (value if goes else None), (kind, purpose, name)
        if isinstance(value, str):
            assert (value.encode() in shown) == goes, (kind, purpose, name)
    check_ground(message.values, ground, record)


def readers(town, kinds):
    return [Reader(town, kind) for kind in kinds]


def others(sender):
    """Every kind but the sender's own: two of one kind do not refer to each other."""
    return [kind for kind in GROUPS if kind != sender]


def refer(town, code, to, purpose, ground, urgency="urgent"):
    return town.post(code, "/v1/referrals", {
        **HEAD, **ground, "to": [r.living.code for r in to], "urgency": urgency, "purpose": purpose,
        "concern": ["unexcused_absence"], "content": CONTENT})


def check_all(monkeypatch, to, sent):
    """SENT: (answer of the desk, purpose, ground, what was filled in), in the order of sending."""
    for reader in to:
        for said, purpose, ground, filled in sent:
            message, shown = reader.next(monkeypatch, said["record"])
            check(message, shown, reader.kind, purpose, ground, filled, said["record"])


@pytest.mark.parametrize("ground", range(len(GROUNDS)), ids=["law-wide", "law-narrow", "consent-wide", "consent-narrow"])
def test_every_kind_gets_for_every_purpose_what_profile_and_ground_both_allow(town, monkeypatch, ground):
    for sender, kinds in (("school", others("school")), ("social_service", ["school"])):
        to = readers(town, kinds)
        sent = [(refer(town, SENDERS[sender], to, purpose, GROUNDS[ground]), purpose, GROUNDS[ground], CONTENT)
                for purpose in PURPOSES]
        check_all(monkeypatch, to, sent)


@pytest.mark.parametrize("sender", [kind for kind in SENDERS if kind != "school"])
def test_every_service_seals_alike(town, monkeypatch, sender):
    to = readers(town, others(sender))
    sent = [(refer(town, SENDERS[sender], to, purpose, ground), purpose, ground, CONTENT)
            for purpose, ground in zip(("safety", "information_for_decision", "family_assessment", "opinion"),
                                       grounds_of(sender))]
    check_all(monkeypatch, to, sent)


def test_a_preview_shows_acts_alone_and_its_release_what_is_allowed(town, monkeypatch):
    kinds = ["social_service", "municipal_police", "orphans_court", "crisis_centre"]
    to = readers(town, kinds)
    sent = [(refer(town, SENDERS["school"], to, "safety", ground, "normal"), ground) for ground in GROUNDS]
    for reader, (said, ground) in itertools.product(to, sent):
        preview, shown = reader.next(monkeypatch, said["record"])
        assert {peer.FIELDS[name].category for name in preview.values} == {"act"}
        assert not any(v.encode() in shown for v in CONTENT.values() if isinstance(v, str))
        assert preview.values["record"].hex() == said["record"]
        reader.previews = [*getattr(reader, "previews", []), (preview, said, ground)]
    for reader in to:
        for preview, said, ground in reader.previews:
            task = preview.values["task"]
            reader.living.sync()
            reader.living.submit(reader.living.seal(
                "referral_review_opened", {"task": task, "applied": preview.index},
                [(preview.header.sender, "reply", [preview.header.sender, preview.header.id])], case=preview.header.case))
            release, shown = reader.next(monkeypatch, said["record"])
            assert peer.TYPE_NAMES[release.header.type] == "referral_release"
            check(release, shown, reader.kind, "safety", ground, CONTENT, said["record"])


@pytest.mark.parametrize("sender", SENDERS)
def test_a_request_tells_no_more_of_the_child_than_it_may(town, monkeypatch, sender):
    to = readers(town, {"school", "social_service", "orphans_court", "state_police"} - {sender})
    sent = [(town.post(SENDERS[sender], "/v1/requests", {
        **HEAD, **ground, "to": [r.living.code for r in to], "urgency": "normal", "purpose": purpose,
        "asked": ["attendance"], "due": "2036-05-05", "content": ASKING}), purpose, ground, ASKING)
        for purpose, ground in zip(("custody_question", "safety", "return_to_school", "opinion"), grounds_of(sender))]
    check_all(monkeypatch, to, sent)


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_tells_each_kind_what_is_its_own(town, monkeypatch, notice):
    sender, head, content = NOTICES[notice]
    to = readers(town, others(sender))
    sent = [(town.post(SENDERS[sender], "/v1/notices", {
        **HEAD, **head, **ground, "notice": notice, "urgency": "urgent", "to": [r.living.code for r in to],
        "content": content}),
        OF_NOTICES[list(NOTICES).index(notice)], ground, content) for ground in GROUNDS[:2]]
    check_all(monkeypatch, to, sent)


def test_an_answer_stays_within_question_profile_and_ground(town, monkeypatch):
    [reader] = readers(town, ["social_service"])
    living, code = reader.living, SENDERS["school"]
    living.sync()
    values = {"task": peer.new_task(), "applied": 0, "urgency": "urgent", "purpose": "family_assessment", **HEAD,
              "due": "2036-05-05", "asked": ["attendance", "behaviour", "education"], **stages.grounded("legal_duty"),
              "child_name": CONTENT["child_name"], "question": "Kā iet?"}
    living.submit(living.seal("information_request", values, [(code, "law", os.urandom(16))]))
    task = values["task"].hex()
    town.wait(lambda: town.ask(code, "show", task)["state"] == "received", "the question to come")
    asked = {name: CONTENT[name] for name in ("absence_lessons", "absence_period", "behaviour")}

    def answers(content, **ground):
        return lambda: town.post(code, f"/v1/tasks/{task}/answer", {
            **law(WIDE), **ground, "answer": "Atbilde-jjjj", "content": content})
    for content, ground in (({**asked, "learning": CONTENT["learning"]}, {}), ({**asked, "family": "Ģimene-8888"}, {}),
                            (asked, {"categories": ["attendance", "proceedings"]})):
        with pytest.raises(network.Failed, match="outside_profile|outside_ground"):
            answers(content, **ground)()
    ground = law(["attendance", "behaviour", "proceedings"])
    answers(asked, categories=ground["categories"])()
    message = None
    while message is None or peer.TYPE_NAMES[message.header.type] != "information_answer":
        message, shown = reader.next(monkeypatch)
    check(message, shown, reader.kind, "family_assessment", ground, {**asked, "answer": "Atbilde-jjjj"},
          message.values["record"].hex())
