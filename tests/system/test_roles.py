"""Which roles may do what: the desks of all kinds of institution are asked, and do as openapi.json says (x-roles)."""

import json
import re
from pathlib import Path

import pytest

from api import Desk
from network import Network, Party

FILE = Path(__file__).resolve().parents[2] / "services" / "runtime" / "desk" / "openapi.json"
SAID = json.loads(FILE.read_text(encoding="utf-8"))
CAST = {"saikne-school": Party("skola", "school", "Skola"),
        "saikne-social-service": Party("dienests", "social_service", "Sociālais dienests"),
        "saikne-orphans-court": Party("tiesa", "orphans_court", "Bāriņtiesa"),
        "saikne-police": Party("policija", "state_police", "Policija"),
        "saikne-partner": Party("biedriba", "ngo", "Biedrība")}
NOBODY = "0" * 32
NOTICES = [kind["properties"]["notice"]["const"] for kind in SAID["components"]["schemas"]["Notice"]["oneOf"]]
# What is asked there decides who may.
BODIES = {"/v1/notices": [{"notice": notice} for notice in NOTICES],
          "/v1/cases/{case}/consents": [{"event": "give"}]}


@pytest.mark.parametrize("role", ["specialist", "case_manager", "auditor", "administrator"])
def test_a_role_may_do_what_is_said_of_it_and_nothing_else(role):
    with Network(parties=list(CAST.values()), role=role) as net:
        net.start()
        for program, party in CAST.items():
            desk = Desk(net.desk(party.code))
            asked = 0
            for path, item in SAID["paths"].items():
                may = item.get("post", {}).get("x-roles")
                if may is None:
                    continue
                asked += 1
                answers = [desk.ask("POST", re.sub(r"{\w+}", NOBODY, path), body) for body in BODIES.get(path, [{}])]
                # Of several acts behind one address it may do one, or none.
                refused = all(answer.json["type"] == "urn:saikne:not_allowed" for answer in answers)
                assert refused == (role not in may[program]), (program, path, answers[0].body[:300])
            assert asked > 60
            desk.close()
        assert not net.unsound()
