"""Latvian and English: the programs speak the language of who reads, and of programs none."""

import json
import os
import re
import subprocess

import pytest

import peer
from network import Network, Party

BIN = os.environ.get("SAIKNE_BIN") or peer.ROOT / "build" / "release" / "bin"
SCHOOL = Party("skola-1", "school", "1. pamatskola")
COURT = Party("tiesa", "orphans_court", "Bāriņtiesa")
LATVIAN = {"LANGUAGE": "lv"}
CHILD = {"child_name": "Izdomāts Bērns", "steps_taken": "Divas sarunas.", "offence": "Nav zināms."}


def alone(program, *args, **environment):
    """What PROGRAM prints in an environment that has only what is given here."""
    done = subprocess.run([f"{BIN}/{program}", *args], env=environment, capture_output=True,
                          text=True, timeout=60, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize("program, latvian, english", [
    ("saikne", "darbs ar jūsu institūcijas gadījumiem", "work with the cases of your institution"),
    ("saikne-audit", "lasa tīkla žurnālu un pārbauda to", "reads a network's log and checks it"),
    ("saikne-admin", "reģistrators tūlīt aptur institūciju", "suspends an institution at once"),
])
def test_help_is_in_the_language_of_the_environment_or_the_option(program, latvian, english):
    for environment in ({"LANG": "C.UTF-8", "LANGUAGE": "lv"}, {"LANG": "lv_LV.UTF-8"}, {"LANGUAGE": "lv"}):
        assert latvian in alone(program, "help", **environment)
    for line in (["--lang", "lv", "help"], ["help", "--lang=lv"]):
        assert latvian in alone(program, *line)
    for environment in ({}, {"LANG": "C.UTF-8"}, {"LANG": "en_GB.UTF-8"}, {"LANG": "de_DE.UTF-8"}):
        assert english in alone(program, "help", **environment)
    assert english in alone(program, "help", "--lang", "en", LANG="lv_LV.UTF-8")
    assert "--lang is lv or en" in alone(program, "help", "--lang", "de")
    assert "--lang ir lv vai en" in alone(program, "help", "--lang", "de", LANGUAGE="lv")


def test_every_command_explains_itself_in_latvian():
    english = ("Usage:", "usage:", "Exit status", "Example", "the ")
    commands = re.findall(r"^  ([a-z][a-z-]*) ", alone("saikne", "help", LANGUAGE="lv"), re.M)
    assert {"inbox", "refer", "accept", "lists"} <= set(commands)
    for command in commands:
        if command == "help":
            continue
        said = alone("saikne", "help", command, LANGUAGE="lv")
        text = said.split("Piemērs:")[0]
        assert "Lietošana: saikne" in text and not any(w in text for w in english), text
    for line in alone("saikne-admin", "help", LANGUAGE="lv").splitlines()[2:]:
        if not line.strip():
            break
        text = alone("saikne-admin", line.split()[0], "--help", LANGUAGE="lv")
        assert "Lietošana: saikne-admin" in text and not any(w in text for w in english), text
    for name in re.findall(r"^  (\S+).*\n      ", alone("saikne-audit", "help", LANGUAGE="lv"), re.M):
        text = alone("saikne-audit", name, "--help", LANGUAGE="lv")
        assert text.startswith(f"  {name} ") and "Valoda:" in text, text
        assert not any(w in text for w in english), text


@pytest.fixture(scope="module")
def network():
    with Network(parties=[SCHOOL, COURT]) as net:
        net.start()
        yield net
        assert net.unsound() == []


def request(**changes):
    return json.dumps({"to": ["tiesa"], "urgency": "urgent", "purpose": "family_assessment",
                       "concern": ["parents_away"], "municipality": "Ventspils", "age_band": "11-14",
                       "ground": "absence_reporting", "basis": "law",
                       "necessity": "Bērnam vajag palīdzību.", "content": CHILD, **changes})


def at(network, code, *args, ok=(0,), stdin=None, env=None):
    done = network.saikne(code, *args, ok=ok, stdin=stdin, env=LATVIAN if env is None else env)
    return done.stdout + done.stderr


@pytest.mark.parametrize("changes, said", [
    ({"to": ["nav"]}, "1. vieta laukā to: tādas institūcijas katalogā nav"),
    ({"purpose": None}, "trūkst: mērķis"),
    ({"urgency": "soon"}, "steidzamība nav kods no saraksta urgencies"),
    ({"child_name": "x"}, 'bērna vārds, uzvārds jānorāda laukā "content"'),
    ({"content": {"child_name": "x"}, "urgency": "normal"}, "skolas parastā nosūtījumā pasaka"),
])
def test_what_the_desk_refuses_is_said_in_latvian(network, changes, said):
    text = at(network, "skola-1", "refer", "--from", "-", stdin=request(**changes), ok=(1,))
    assert said in text and "Ko darīt:" in text
    assert " the " not in text and " is " not in text


def test_a_referral_is_previewed_sent_and_shown_in_latvian(network):
    text = at(network, "skola-1", "refer", "--from", "-", stdin=request())
    assert 'kategoriju "Likumpārkāpumi" šim saņēmējam (Bāriņtiesa)' in " ".join(text.split())
    task = network.wait(lambda: network.ask("tiesa", "inbox")["items"], "the referral")[0]["task"]
    assert "STEIDZAMĪBA" in at(network, "tiesa", "inbox")
    text = at(network, "tiesa", "close", task, "--outcome", "goal_reached", ok=(1,))
    assert "šis solis tagad nav iespējams" in text and '"nosūtīts"' in text
    at(network, "tiesa", "review", task)
    network.wait(lambda: "gadījuma vadītājs" in at(network, "tiesa", "show", task), "who has read it")
    assert "Kas noticis" in at(network, "skola-1", "show", task)
    assert "savienots ar starpnieku" in at(network, "tiesa", "status")
    assert "VAR NOSŪTĪT" in at(network, "skola-1", "directory")


def test_times_are_of_the_language_and_json_is_of_none(network):
    at(network, "skola-1", "refer", "--from", "-", stdin=request())
    day = r"\d\d\.\d\d\.\d{4} \d\d:\d\d"
    assert re.search(day, at(network, "skola-1", "outbox"))
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d", at(network, "skola-1", "outbox", env={"LANGUAGE": "en"}))
    assert network.ask("skola-1", "outbox", env=LATVIAN) == network.ask("skola-1", "outbox")


def test_the_authority_and_the_auditor_read_latvian(network):
    who = "--as", network.registrar_keys, "--network", network.network_conf
    assert "sasniedzams" in network.admin("status", *who, env=LATVIAN).stdout
    assert "PAŠVALDĪBA" in network.admin("list", *who, env=LATVIAN).stdout
    said = network.admin("suspend", "nav", "--reason", "test", *who, ok=(1,), env=LATVIAN).stderr
    assert "iemesls: tāds dalībnieks nav uzņemts" in said and "unknown_party" in said
    copy = network.folder / "audit.db"
    network.audit("sync", "--network", network.network_conf, "--keys", network.folder / "auditor-1" / "keys",
                  "--log", copy, env=LATVIAN)
    said = network.audit("verify", "--network", network.network_conf, "--log", copy, env=LATVIAN).stdout
    assert "PĀRBAUDĪTS" in said and "pieņemtas ziņas" in said
    shown = [network.audit("show", "0", "--log", copy, "--json", env=env).stdout for env in (LATVIAN, {})]
    assert shown[0] == shown[1]
