"""tests/network/demo.py: two weeks of several institutions, played on a real network as they happen."""

import datetime
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import demo_case  # noqa: E402
from network import AUDITOR, Failed, Network  # noqa: E402
from storyteller import Story, day, moment, paint  # noqa: E402

NAME = "Izdomāts Bērns"
PLACE = {"municipality": "Ventspils", "age_band": "11-14"}
MOTHER = "Izdomāta Māte"
BORN = datetime.date.today().replace(day=1) - datetime.timedelta(days=12 * 365 + 90)
CHILD = {"child_name": NAME, "personal_code": "000000-00000", "birth_date": BORN.isoformat()}
KNOWN = {**CHILD, "school": "Ventspils 2. vidusskola", "grade": "7.b", "absence_lessons": 34,
         "absence_period": "1. semestris",
         "family": "Māte ilgstoši strādā ārzemēs; zēns dzīvo pie vecmāmiņas.",
         "offence": "(nothing known: this line must stay at the school)",
         "steps_taken": "Divas sarunas ar vecmāmiņu, sociālā pedagoga konsultācijas.",
         "childs_view": "Gribu atgriezties klasē, bet esmu daudz iekavējis."}


OPINION = b"%PDF-1.4\n% " + 9000 * b"an invented opinion of an invented psychologist. " + b"\n%%EOF\n"


class Cast:
    """Who works where. Everybody is invented; nobody shares a session."""

    def __init__(self, network):
        self.pedagogue = network.person("school-2", "sociala-pedagoge", "specialist")
        self.deputy = network.person("school-2", "vietniece", "case_manager")
        self.worker = network.person("social-service", "sociala-darbiniece", "case_manager")
        self.night = network.person("social-service", "dezurante", "specialist")
        self.head = network.person("social-service", "nodalas-vaditaja", "supervisor")
        self.clerk = network.person("orphans-court", "sekretare", "case_manager")
        self.officer = network.person("municipal-police", "inspektors", "specialist")
        self.sergeant = network.person("municipal-police", "dezuras-vaditajs", "supervisor")
        self.adviser = network.person("education-board", "metodike", "case_manager")
        self.detective = network.person("state-police", "izmekletaja", "case_manager")


def monday(story, cast):
    network = story.network
    story.day("Monday: the school refers")
    story.step("The school has a case of its own, and its own file on it")
    story.at(cast.pedagogue, "case-new", "--file-number", "2026/17", "--label", "7.b", body={"content": KNOWN})
    case = network.ask(cast.pedagogue, "cases")["items"][0]["case"]
    story.at(cast.pedagogue, "note", case, body={"text": "Otrā saruna ar vecmāmiņu; sola atvest rīt."})
    story.say("Who leads the support team joins the case; the pedagogue, its author, goes on knowing it.")
    story.at(cast.pedagogue, "assign", case, "--to", cast.deputy.login, "--why", "vada atbalsta komandu")
    network.case = case

    story.step("It refers the child to two institutions")
    story.say("34 unexcused lessons in a semester; the support team asks for help. Each recipient will get its own")
    story.say("sealed message, with the kinds of data that its profile allows for this purpose and no others.")
    opinion = network.folder / "atzinums.pdf"
    opinion.write_bytes(OPINION)
    story.at(cast.pedagogue, "refer", "--attach", f"{opinion}:proceedings", body={
        "to": ["social-service", "municipal-police"], "urgency": "normal", "purpose": "return_to_school",
        "concern": ["unexcused_absence", "parents_away"], **PLACE, "ground": "absence_reporting", "basis": "law",
        "necessity": "Bez palīdzības ģimenei viņš neatsāks mācības.",
        "case": case})

    story.step("The social service sees a preview without identity, and opens it for review")
    task = story.task(cast.worker, "school-2")
    story.at(cast.worker, "inbox")
    story.at(cast.worker, "review", task)
    story.say("The school's service rechecks the ground and releases the content by itself.")
    story.until_content(cast.worker, task)
    if "nothing known" in story.at(cast.worker, "show", task):
        raise Failed("a field outside the profile arrived")
    story.at(cast.worker, "attachments", task)
    document = network.ask(cast.worker, "attachments", task)[0]["attachment"]
    story.at(cast.worker, "fetch", document, "--out", network.folder / "fetched.pdf")
    if (network.folder / "fetched.pdf").read_bytes() != OPINION:
        raise Failed("the document that arrived is not the one that was sent")

    story.step("It asks what it still has to know; the school answers; it accepts")
    story.at(cast.worker, "ask", task, body={"question": "Kā sazināties ar vecmāmiņu?"})
    story.until(cast.pedagogue, task, "info_requested")
    story.at(cast.pedagogue, "inform", task, body={"answer": "Vakaros pa tālruni.", "content": {"phone": "+371 20000000"}})
    story.until(cast.worker, task, "under_review")
    story.at(cast.worker, "accept", task, body={"explanation": "Ģimenes asistents no ceturtdienas."})
    story.until(cast.pedagogue, task, "accepted")
    story.say("Sent, received, read and accepted are four things, and the school sees each:")
    story.at(cast.pedagogue, "outbox")
    network.task = task


def consents(story, cast, **words):
    """The mother says yes on the telephone, and the pedagogue takes it down."""
    story.at(cast.pedagogue, "consent", "give", story.network.case, *(["--new"] if words.pop("again", False) else []), body={
        "granter": MOTHER, "capacity": "parent", "method": "spoken", "recipients": ["education_board"],
        "purposes": ["opinion"], "until": day(120), "child_consent": "not_asked",
        "notice": {"code": "sharing", "version": "1", "language": "lv"}, **words})
    records = story.network.ask(cast.pedagogue, "consent", "list", story.network.case)["items"]
    return next(r["record"] for r in records if r["basis"] == "consent" and r["state"] == "given")


def refer_to_board(story, cast, record):
    """A referral on that consent; the education board opens it for review, and gets what it covers."""
    network = story.network
    known = {i["task"] for i in network.ask(cast.adviser, "inbox")["items"]}
    story.at(cast.pedagogue, "refer", body={
        "to": ["education-board"], "urgency": "normal", "purpose": "opinion", "concern": ["unexcused_absence"], **PLACE,
        "case": network.case, "record": record})
    task = network.wait(lambda: next((i["task"] for i in network.ask(cast.adviser, "inbox")["items"]
                                      if i["sort"] == "referral" and i["task"] not in known), None), "the referral")
    network.saikne(cast.adviser, "review", task)
    story.until_content(cast.adviser, task)
    return task


def monday_consent(story, cast):
    story.step("For an opinion it needs consent: the mother gives it, and the boy says what he thinks")
    record = consents(story, cast, categories=["identity", "education", "attendance", "behaviour"],
                      childs_view="Labi, ja tas palīdzēs tikt galā ar matemātiku.")
    network = story.network
    story.at(cast.pedagogue, "--lang", "lv", "consent", "receipt", network.case, "--record", record[-8:], lines=24)
    story.say("(The mother takes it home; --html prints it.) Now the school may share, on that and no more:")
    task = refer_to_board(story, cast, record)
    story.at(cast.adviser, "show", task)
    if {f["name"] for f in network.ask(cast.adviser, "show", task)["fields"]} & {"family", "steps_taken", "offence"}:
        raise Failed("a field outside the consent arrived")
    network.board_task, network.consent = task, record


def tuesday(story, cast):
    story.day("Tuesday: a question to the court, and one to the police")
    ask = {**PLACE, "urgency": "normal", "purpose": "family_assessment", "ground": "public_task", "basis": "law",
           "due": day(7)}
    story.step("The social service asks two institutions for information, on a ground of its own")
    case = story.network.ask(cast.worker, "show", story.network.task)["case"]
    story.at(cast.worker, "label", case, "--file-number", "SD-2026-118")
    story.at(cast.worker, "request", body={
        **ask, "case": case, "to": ["orphans-court"], "asked": ["custody"],
        "necessity": "Jāzina, kurš var parakstīt atbalsta plānu.",
        "content": {**CHILD, "question": "Kam ir aizgādība, kamēr māte ir ārzemēs?"}})
    story.at(cast.worker, "request", body={
        **ask, "case": case, "to": ["state-police"], "asked": ["offence"],
        "necessity": "Ģimenes drošības izvērtēšana.",
        "content": {**CHILD, "question": "Vai pret ģimeni ir lietvedība?"}})

    story.step("The orphan's court answers on its ground; the police refuses, with a reason")
    asked = story.task(cast.clerk, "social-service", sort="information")
    story.at(cast.clerk, "answer", asked, body={
        "basis": "law", "ground": "public_task", "necessity": "Dienestam jāzina bērna likumiskais pārstāvis.",
        "answer": "Aizgādība ir mātei; vecmāmiņai ir pilnvara.",
        "content": {"custody": "Aizgādība nav pārtraukta; pilnvara līdz 2027. gada janvārim."}})
    refused = story.task(cast.detective, "social-service", sort="information")
    story.at(cast.detective, "refuse", refused, "--reason", "investigation_secrecy",
             "--explanation", "Atbildēsim, tiklīdz to ļaus izmeklēšana.")
    story.until(cast.worker, asked, "answered")
    story.until(cast.worker, refused, "answer_refused")
    story.at(cast.worker, "show", asked)


def wednesday(story, cast):
    story.day("Wednesday: something happens at night")
    story.step("The municipal police tells of an incident, and it cannot wait")
    story.at(cast.officer, "notice", "incident", body={
        "to": ["social-service"], "urgency": "immediate", "purpose": "incident", **PLACE, "ground": "vital_interest",
        "basis": "law", "necessity": "Bērns naktī palika viens.", "incident": ["found_at_night"], "event_date": day(0), "place": "Pilsētas centrs",
        "content": {**CHILD, "behaviour": "Atrasts viens autoostā plkst. 2; nogādāts pie vecmāmiņas."}})
    story.say("It is night; who is on duty sees what came in, and nothing that others hold.")
    story.at(cast.head, "duty-set", "--person", cast.night.login, "--until", moment(12))
    told = story.task(cast.night, "municipal-police", sort="notice")
    story.at(cast.night, "mailbox")
    story.at(cast.night, "show", told)

    story.step("She has to know more, and breaks the glass: for a reason, for three hours, in plain sight")
    story.at(cast.night, "find", "--file-number", "SD-2026-118")
    story.at(cast.night, "break-glass", "--file-number", "SD-2026-118", body={"reason": "Bērns viens naktī; jāzina, kam zvanīt."})
    story.at(cast.night, "find", "--file-number", "SD-2026-118")
    story.at(cast.night, "show", story.network.task)
    story.at(cast.night, "acknowledge", told, "--done", "family_contacted")
    story.until(cast.officer, told, "acknowledged")
    story.say("Her supervisor was told at once, and every look is in the institution's own access log.")
    story.at(cast.head, "broken-glass")
    story.at(cast.head, "access")

    story.step("The school sees bruises, and tells the same day: that waits for nobody's consent")
    story.at(cast.pedagogue, "notice", "concern", body={
        "to": ["social-service", "state-police"], "urgency": "immediate", "purpose": "safety", **PLACE,
        "ground": "duty_to_report", "basis": "law", "necessity": "Aizdomas par vardarbību; likums liek ziņot tajā pašā dienā.",
        "family_told": "danger_to_child", "concern": ["family_violence"], "event_date": day(0), "case": story.network.case,
        "content": {**CHILD, "explanation": "Zilumi uz rokām; zēns neteica, no kā.", "behaviour": "Noslēgts, baidās iet mājās."}})

    story.step("The state police adds what the family must not learn yet")
    story.at(cast.detective, "notice", "incident", body={
        "to": ["social-service"], "urgency": "urgent", "purpose": "incident", **PLACE, "ground": "duty_to_report",
        "basis": "law", "necessity": "Likums liek ziņot tajā pašā dienā.", "incident": ["neglect"], "event_date": day(0), "place": "Pārventa",
        "handling": "do_not_alert_family",
        "content": CHILD})
    marked = story.task(cast.worker, "state-police", sort="notice")
    story.at(cast.worker, "show", marked)
    story.network.marked = marked


def thursday(story, cast):
    network = story.network
    story.day("Thursday: two answers cross")
    story.step("The school cancels at the police while the police accepts, and the broker is away")
    network.saikne(cast.sergeant, "duty-set", "--person", cast.officer.login, "--until", moment(12))
    crossing = story.task(cast.officer, "school-2")
    network.saikne(cast.officer, "review", crossing)
    story.until_content(cast.officer, crossing)
    network.processes["broker"].stop()
    story.say("Each desk goes on, and neither knows of the other:")
    story.at(cast.deputy, "cancel", crossing, "--reason", "helped_elsewhere")
    story.at(cast.officer, "accept", crossing)
    network.broker().start()
    story.until(cast.deputy, crossing, "stop_requested")
    story.until(cast.officer, crossing, "stop_requested")
    story.say("Both see the same, whichever came first: the acceptance stands, and the cancel asks to stop.")
    story.at(cast.officer, "confirm-cancel", crossing, "--explanation", "Nekas vēl nebija sākts.")
    story.until(cast.deputy, crossing, "cancelled")
    story.at(cast.deputy, "show", crossing)


def told(story, cast, record):
    """Whom the school told that RECORD ended, and what they answered."""
    one = story.network.ask(cast.pedagogue, "consent", "show", story.network.case, "--record", record[-8:])
    return [s for s in one["shared"] if not s["live"]]


def withdrawal(story, cast):
    network = story.network
    story.step("The mother withdraws her consent, and it reaches whoever got something on it")
    story.at(cast.pedagogue, "consent", "withdraw", network.case, "--record", network.consent[-8:],
             "--text", "Māte zvanīja: vairs nevēlas.")
    stop = story.task(cast.adviser, "school-2", sort="stop")
    story.at(cast.adviser, "show", network.board_task, lines=9)
    story.at(cast.adviser, "answer-stop", stop, "--answer", "stopped")
    network.wait(lambda: all(s["answer"] for s in told(story, cast, network.consent)), "the answer of the education board")
    story.say("The school sees who answered what:")
    story.at(cast.pedagogue, "consent", "show", network.case, "--record", network.consent[-8:])


def knows_custody(network, who):
    """Whether a statement of the orphan's court came to an institution, and is kept in a case of its own."""
    return any(i["purpose"] == "custody_statement" for i in network.ask(who, "inbox")["items"]) and any(
        network.ask(who, "case", c["case"])["custody"] for c in network.ask(who, "cases")["items"])


def custody(story, cast):
    network = story.network
    story.step("The mother consents anew, to less; then the orphan's court interrupts her custody")
    record = consents(story, cast, again=True, categories=["identity", "attendance"],
                      childs_view="Lai zina tikai par stundām.")
    refer_to_board(story, cast, record)
    story.at(cast.clerk, "notice", "custody", body={
        "to": ["school-2", "social-service"], "urgency": "urgent", **PLACE, "ground": "legal_duty", "basis": "law",
        "necessity": "Iestādēm jāzina, kurš pārstāv bērnu.", "custody_event": "interrupted", "decision_date": day(0),
        "content": {**CHILD, "decision_number": "1-6/214", "custody_person": MOTHER}})
    story.say("It told two; each passes it on to whom it gave the child's data, with the court's own signature:")
    people = {"school-2": cast.pedagogue, "social-service": cast.head, "education-board": cast.adviser,
              "municipal-police": cast.officer, "state-police": cast.detective}
    for code, who in people.items():
        network.wait(lambda w=who: knows_custody(network, w), f"the statement at {code}")
        story.say(f"  {code:18} knows that custody is interrupted")
    stop = story.task(cast.adviser, "school-2", sort="stop", state="received")
    network.saikne(cast.adviser, "answer-stop", stop, "--answer", "stopped")
    network.wait(lambda: all(s["answer"] for s in told(story, cast, record)), "the answer of the education board")
    story.say("What she consented to is revoked wherever it is, and the education board answered:")
    story.at(cast.pedagogue, "consent", "show", network.case, "--record", record[-8:])


def friday(story, cast):
    network, task = story.network, story.network.task
    story.day("Friday: the outcome, and the account")
    withdrawal(story, cast)
    custody(story, cast)
    story.step("The social service reports the outcome; the school closes")
    story.at(cast.worker, "outcome", task, "--outcome", "goal_reached",
             "--explanation", "Zēns apmeklē skolu; vecmāmiņai palīdz ģimenes asistents.")
    story.until(cast.deputy, task, "outcome_reported")
    story.at(cast.deputy, "close", task, "--outcome", "goal_reached")
    story.until(cast.worker, task, "closed")
    story.at(cast.deputy, "show", task)

    story.step("The family asks who got what")
    case = network.ask(cast.deputy, "show", task)["case"]
    args = ["--lang", "lv", "disclosure", case]
    statement = network.saikne(cast.deputy, *args).stdout
    board = [block for block in statement.split("\n\n") if "Izglītības pārvalde" in block.split("\n")[0]]
    if not any("atsauk" in block for block in board):
        raise Failed("the statement does not tell of the withdrawal")
    story.show(f"{cast.deputy}$ saikne", args, "\n".join(statement.splitlines()[:40]))
    story.say("What the education board got, and what became of the consent:")
    story.show(f"{cast.deputy}$ saikne", args, "\n\n".join(board), lines=60)
    story.say("(All of it is some pages; --html gives it as a file to print.)")

    story.step("The school keeps a receipt that anyone can check offline")
    sent = network.ask(cast.deputy, "show", task)["timeline"][0]["message"]
    receipt = network.folder / "offer.tlog-proof"
    story.at(cast.deputy, "receipt", sent, "--out", receipt)
    story.audit("verify-receipt", receipt, "--network", network.network_conf)

    story.step("The auditor reads the whole log and trusts nobody")
    log, keys = network.folder / "audit.db", network.folder / AUDITOR.code / "keys"
    story.audit("sync", "--network", network.network_conf, "--keys", keys, "--log", log)
    story.audit("verify", "--network", network.network_conf, "--log", log)
    story.audit("search", "--log", log, "--party", "orphans-court")
    broker_files = b"".join(p.read_bytes() for p in (network.folder / "broker").rglob("*") if p.is_file())
    if NAME.encode() in broker_files:
        raise Failed("the broker's files hold the child's name")
    story.say("The child's name is nowhere in the broker's files: only who it was sent to can read it.")


def play(network):
    story = Story(network)
    story.step("A network on this machine's loopback")
    network.start(say=story.say)
    story.at("school-2", "directory")
    story.step("People get accounts at their institution's desk")
    cast = Cast(network)
    story.at("social-service", "people")
    for chapter in (monday, monday_consent, tuesday, wednesday, thursday, friday):
        chapter(story, cast)
    demo_case.play(story)


def main():
    try:
        with Network(role="administrator") as network:
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
