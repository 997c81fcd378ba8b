/* protocol/wire/message_list.h: THE list of data categories, fields and message types. */
#ifndef SAIKNE_MESSAGE_LIST_H
#define SAIKNE_MESSAGE_LIST_H

/*
 * Everything that depends on message types comes from here: codec, policy, the desk's schema,
 * the command line's flags, SPEC.md's tables (make spec) and the fuzz seeds. Numbers are on
 * the wire and are never reused. A changed list of fields is a new type number.
 */

/* These are tables, and clang-format does not settle on one form of them. */
/* clang-format off */

/* CATEGORY(NAME, number): the data categories; labels stand in lists/categories.csv. */
#define CATEGORY_LIST(CATEGORY)                                                                \
	CATEGORY(ACT, 0) /* codes, dates, ids: to every recipient, no personal data */         \
	CATEGORY(IDENTITY, 1)                                                                  \
	CATEGORY(CONTACT, 2)                                                                   \
	CATEGORY(EDUCATION, 3)                                                                 \
	CATEGORY(ATTENDANCE, 4)                                                                \
	CATEGORY(BEHAVIOUR, 5)                                                                 \
	CATEGORY(FAMILY, 6)                                                                    \
	CATEGORY(ECONOMIC, 7)                                                                  \
	CATEGORY(HEALTH, 8)                                                                    \
	CATEGORY(OFFENCE, 9)                                                                   \
	CATEGORY(CUSTODY, 10)                                                                  \
	CATEGORY(PROCEEDINGS, 11)                                                              \
	CATEGORY(GROUND, 12) /* what the sharing rests on: to whoever gets content */

/*
 * FIELD(NAME, number, category, kind, limit, list, label_lv, label_en)
 *
 * kind   ID     16 bytes (bin)             limit unused
 *        UINT   unsigned integer           limit: greatest value
 *        CODE   text, a code of LIST       limit: bytes
 *        CODES  array of codes of LIST     limit: elements
 *        DATE   text, YYYY-MM-DD           limit unused
 *        TEXT   text                       limit: bytes
 *        FILES  documents (attachment.h)   limit: elements
 *        PROVEN a message of others, with its proof (forwarded.h)   limit: bytes
 *        HASH   32 bytes (bin)             limit unused
 *        MINUTES  of which matters (minutes.h)   limit: elements
 * The list "institutions" of a CODE or CODES is the directory.
 */
#define FIELD_LIST(FIELD)                                                                      \
	FIELD(TASK, 1, ACT, ID, 0, "", "uzdevums", "task")                                     \
	FIELD(APPLIED, 2, ACT, UINT, UINT64_MAX, "", "pēdējais pielietotais ieraksts",         \
	    "last applied log index")                                                          \
	FIELD(URGENCY, 3, ACT, CODE, 16, "urgencies", "steidzamība", "urgency")                \
	FIELD(PURPOSE, 4, ACT, CODE, 32, "purposes", "mērķis", "purpose")                      \
	FIELD(CONCERN, 5, ACT, CODES, 16, "risk-catalogue", "bažas (riski)", "concern (risks)") \
	FIELD(MUNICIPALITY, 6, ACT, TEXT, 80, "", "pašvaldība", "municipality")                \
	FIELD(AGE_BAND, 7, ACT, CODE, 8, "age-bands", "vecuma grupa", "age band")              \
	FIELD(GROUND, 8, ACT, CODE, 32, "legal-bases", "pamats", "ground")                     \
	FIELD(DECLINE_REASON, 9, ACT, CODE, 32, "decline-reasons", "atteikuma iemesls",        \
	    "reason for declining")                                                            \
	FIELD(OUTCOME, 10, ACT, CODE, 32, "outcomes", "iznākums", "outcome")                   \
	FIELD(DUE, 11, ACT, DATE, 0, "", "termiņš", "due date")                                \
	FIELD(SUPPORT, 12, ACT, CODES, 16, "support-providers", "atbalsta veidi",              \
	    "kinds of support")                                                                \
	FIELD(HOLD_REASON, 13, ACT, CODE, 32, "hold-reasons", "apturēšanas iemesls",           \
	    "reason for the hold")                                                             \
	FIELD(UNTIL, 14, ACT, DATE, 0, "", "līdz", "until")                                    \
	FIELD(REDIRECT_KIND, 15, ACT, CODE, 40, "institution-kinds", "ieteiktā iestāde",       \
	    "kind of institution proposed")                                                    \
	FIELD(CANCEL_REASON, 16, ACT, CODE, 32, "cancel-reasons", "atsaukšanas iemesls",       \
	    "reason for cancelling")                                                           \
	FIELD(FOLLOW_UP, 17, ACT, CODE, 32, "follow-ups", "kas seko", "what follows")          \
	FIELD(ERROR_REASON, 18, ACT, CODE, 32, "error-reasons", "kļūda", "mistake")            \
	FIELD(CHILD_NAME, 20, IDENTITY, TEXT, 120, "", "bērna vārds, uzvārds", "child's name") \
	FIELD(PERSONAL_CODE, 21, IDENTITY, TEXT, 16, "", "personas kods", "personal code")     \
	FIELD(BIRTH_DATE, 22, IDENTITY, DATE, 0, "", "dzimšanas datums", "date of birth")      \
	FIELD(ADDRESS, 30, CONTACT, TEXT, 200, "", "adrese", "address")                        \
	FIELD(PHONE, 31, CONTACT, TEXT, 40, "", "tālrunis", "telephone")                       \
	FIELD(SCHOOL, 40, EDUCATION, TEXT, 120, "", "izglītības iestāde", "school")            \
	FIELD(GRADE, 41, EDUCATION, TEXT, 16, "", "klase vai kurss", "grade or year")          \
	FIELD(LEARNING, 42, EDUCATION, TEXT, 8000, "", "mācību situācija", "learning")         \
	FIELD(ABSENCE_LESSONS, 50, ATTENDANCE, UINT, 10000, "",                                \
	    "neattaisnoti kavētās stundas", "unexcused lessons missed")                        \
	FIELD(ABSENCE_PERIOD, 51, ATTENDANCE, TEXT, 80, "", "kavējumu periods",                \
	    "period of absence")                                                               \
	FIELD(BEHAVIOUR, 60, BEHAVIOUR, TEXT, 8000, "", "uzvedība", "behaviour")               \
	FIELD(FAMILY, 70, FAMILY, TEXT, 8000, "", "ģimenes situācija", "family situation")     \
	FIELD(ECONOMIC, 80, ECONOMIC, TEXT, 8000, "", "ekonomiskā situācija",                  \
	    "economic situation")                                                              \
	FIELD(HEALTH, 90, HEALTH, TEXT, 8000, "", "veselība", "health")                        \
	FIELD(OFFENCE, 100, OFFENCE, TEXT, 8000, "", "likumpārkāpumi", "offences")             \
	FIELD(CUSTODY, 110, CUSTODY, TEXT, 8000, "", "aizgādība", "custody")                   \
	FIELD(STEPS_TAKEN, 120, PROCEEDINGS, TEXT, 8000, "", "jau darītais", "steps taken")    \
	FIELD(CHILDS_VIEW, 121, PROCEEDINGS, TEXT, 8000, "", "bērna viedoklis",                \
	    "the child's own view")                                                            \
	FIELD(EXPLANATION, 122, PROCEEDINGS, TEXT, 8000, "", "paskaidrojums", "explanation")   \
	FIELD(QUESTION, 123, PROCEEDINGS, TEXT, 8000, "", "jautājums", "question")             \
	FIELD(ANSWER, 124, PROCEEDINGS, TEXT, 8000, "", "atbilde", "answer")                   \
	FIELD(FILES_IDENTITY, 201, IDENTITY, FILES, 16, "", "dokumenti (identitāte)",          \
	    "documents (identity)")                                                            \
	FIELD(FILES_CONTACT, 202, CONTACT, FILES, 16, "", "dokumenti (saziņa)",                \
	    "documents (contact)")                                                             \
	FIELD(FILES_EDUCATION, 203, EDUCATION, FILES, 16, "", "dokumenti (izglītība)",         \
	    "documents (education)")                                                           \
	FIELD(FILES_ATTENDANCE, 204, ATTENDANCE, FILES, 16, "", "dokumenti (apmeklējums)",     \
	    "documents (attendance)")                                                          \
	FIELD(FILES_BEHAVIOUR, 205, BEHAVIOUR, FILES, 16, "", "dokumenti (uzvedība)",          \
	    "documents (behaviour)")                                                           \
	FIELD(FILES_FAMILY, 206, FAMILY, FILES, 16, "", "dokumenti (ģimene)",                  \
	    "documents (family)")                                                              \
	FIELD(FILES_ECONOMIC, 207, ECONOMIC, FILES, 16, "", "dokumenti (ekonomiskā situācija)", \
	    "documents (economic situation)")                                                  \
	FIELD(FILES_HEALTH, 208, HEALTH, FILES, 16, "", "dokumenti (veselība)",                \
	    "documents (health)")                                                              \
	FIELD(FILES_OFFENCE, 209, OFFENCE, FILES, 16, "", "dokumenti (likumpārkāpumi)",        \
	    "documents (offences)")                                                            \
	FIELD(FILES_CUSTODY, 210, CUSTODY, FILES, 16, "", "dokumenti (aizgādība)",             \
	    "documents (custody)")                                                             \
	FIELD(FILES_PROCEEDINGS, 211, PROCEEDINGS, FILES, 16, "", "dokumenti (lietas virzība)", \
	    "documents (proceedings)")                                                         \
	FIELD(ASKED, 140, ACT, CODES, 12, "categories", "prasītās datu kategorijas",           \
	    "data asked for")                                                                  \
	FIELD(REFUSAL_REASON, 141, ACT, CODE, 32, "refusal-reasons", "atteikuma iemesls",      \
	    "reason for refusing")                                                             \
	FIELD(HANDLING, 142, ACT, CODE, 32, "handling", "īpaša norāde", "handling mark")       \
	FIELD(INCIDENT, 143, ACT, CODES, 8, "incidents", "notikums", "incident")               \
	FIELD(EVENT_DATE, 144, ACT, DATE, 0, "", "notikuma datums", "date of the event")       \
	FIELD(PLACE, 145, ACT, TEXT, 80, "", "vieta (bez adreses)", "place (no address)")      \
	FIELD(CUSTODY_EVENT, 146, ACT, CODE, 32, "custody-events", "aizgādības izmaiņa",       \
	    "change of custody")                                                               \
	FIELD(DECISION_NUMBER, 147, PROCEEDINGS, TEXT, 60, "", "lēmuma numurs",                \
	    "number of the decision")                                                          \
	FIELD(DECISION_DATE, 148, ACT, DATE, 0, "", "lēmuma datums", "date of the decision")   \
	FIELD(ATTESTED, 149, ECONOMIC, CODES, 8, "attested-statuses", "apliecinātais statuss", \
	    "attested status")                                                                 \
	FIELD(VALID_FROM, 150, ACT, DATE, 0, "", "spēkā no", "valid from")                     \
	FIELD(VALID_UNTIL, 151, ACT, DATE, 0, "", "spēkā līdz", "valid until")                 \
	FIELD(NECESSITY, 152, GROUND, TEXT, 4000, "", "kāpēc nepieciešams",               \
	    "why it is necessary")                                                             \
	FIELD(DONE, 153, ACT, CODES, 8, "notice-actions", "kas izdarīts", "what was done")     \
	FIELD(OTHER_TASK, 154, ACT, ID, 0, "", "cits uzdevums", "other task")                  \
	FIELD(RECORD, 160, ACT, ID, 0, "", "pamata ieraksts", "record of the ground")          \
	FIELD(GROUND_CATEGORIES, 161, ACT, CODES, 16, "categories",                            \
	    "datu kategorijas, uz kurām pamats attiecas", "data that the ground covers")       \
	FIELD(GROUND_UNTIL, 162, ACT, DATE, 0, "", "pamats spēkā līdz", "ground valid until")  \
	FIELD(CAPACITY, 163, GROUND, CODE, 32, "capacities", "kā deva piekrišanu",             \
	    "in what capacity consent was given")                                              \
	FIELD(GRANTER, 164, GROUND, TEXT, 120, "", "kas deva piekrišanu", "who gave consent")  \
	FIELD(GRANTER_CODE, 165, GROUND, TEXT, 16, "", "piekrišanas devēja personas kods",     \
	    "personal code of who gave consent")                                               \
	FIELD(GRANTED_ON, 166, GROUND, DATE, 0, "", "piekrišana dota", "consent given on")     \
	FIELD(GROUND_RECIPIENTS, 167, GROUND, CODES, 32, "institution-kinds",                  \
	    "kam drīkst nodot", "to whom it may go")                                           \
	FIELD(PROVISION, 168, GROUND, TEXT, 300, "", "tiesību norma", "provision of law")      \
	FIELD(FAMILY_TOLD, 169, GROUND, CODE, 32, "family-told", "vai ģimene informēta",       \
	    "whether the family was told")                                                     \
	FIELD(STOP_REASON, 170, ACT, CODE, 32, "stop-reasons", "kāpēc pamats beidzies",        \
	    "why the ground ended")                                                            \
	FIELD(STOP_ANSWER, 171, ACT, CODE, 32, "stop-answers", "kas notiek ar datiem",         \
	    "what becomes of the data")                                                        \
	FIELD(CUSTODY_PERSON, 172, CUSTODY, TEXT, 120, "", "kura aizgādība", "whose custody")  \
	FIELD(CUSTODY_PERSON_CODE, 173, CUSTODY, TEXT, 16, "", "tās personas kods, kuras "     \
	    "aizgādība", "personal code of whose custody")                                     \
	FIELD(STATEMENT, 174, CUSTODY, PROVEN, 24576, "", "pārsūtītais paziņojums",            \
	    "the statement passed on")                                                         \
	FIELD(OTHER_GROUND, 175, ACT, CODE, 32, "legal-bases", "cits pamats", "other ground")  \
	/* What several institutions share: circle.h */                                        \
	FIELD(MISTAKEN, 176, ACT, ID, 0, "", "kļūdas dēļ nosūtītais", "what was sent in error") \
	FIELD(HISTORY_COUNT, 177, ACT, UINT, UINT64_MAX, "", "ierakstu skaits vēsturē",        \
	    "entries in the history")                                                          \
	FIELD(HISTORY, 178, ACT, HASH, 0, "", "vēstures kontrolsumma", "digest of the history") \
	FIELD(SINCE, 179, ACT, UINT, UINT64_MAX, "", "kopš ieraksta", "since entry")           \
	FIELD(PARTIES, 180, ACT, CODES, 16, "institutions", "iestādes", "institutions")        \
	FIELD(PARTY, 181, ACT, CODE, 48, "institutions", "iestāde", "institution")             \
	FIELD(ROLE, 182, ACT, CODE, 32, "roles", "loma", "role")                               \
	FIELD(LEAVE_REASON, 183, ACT, CODE, 32, "leave-reasons", "kāpēc dalība beidzas",       \
	    "why participation ends")                                                          \
	FIELD(LINK_KIND, 184, ACT, CODE, 32, "link-kinds", "saistība", "kind of link")         \
	FIELD(REOPEN_REASON, 185, ACT, CODE, 32, "reopen-reasons", "kāpēc atsākts",            \
	    "why it is opened again")                                                          \
	FIELD(TRANSFER_REASON, 186, ACT, CODE, 32, "transfer-reasons", "kāpēc nepārņem vadību", \
	    "why the lead is not taken")                                                       \
	FIELD(FAIL_REASON, 187, ACT, CODE, 32, "fail-reasons", "kāpēc neizdevās",              \
	    "why it failed")                                                                   \
	FIELD(GROUP, 188, ACT, CODE, 32, "cooperation-groups", "sadarbības grupa",             \
	    "cooperation group")                                                               \
	FIELD(STARTS, 189, ACT, DATE, 0, "", "sēdes diena", "day of the sitting")              \
	FIELD(TIME, 190, ACT, TEXT, 5, "", "sēdes laiks", "time of the sitting")               \
	FIELD(QUORUM, 191, ACT, UINT, 16, "", "kvorums", "quorum")                             \
	FIELD(SECRETARY, 192, ACT, CODE, 48, "institutions", "sekretārs (iestāde)",            \
	    "secretary (institution)")                                                         \
	FIELD(ABSENCE_REASON, 193, ACT, CODE, 32, "absence-reasons", "kāpēc nepiedalās",       \
	    "why not coming")                                                                  \
	FIELD(CONVENING, 194, ACT, CODE, 40, "convening-grounds", "sasaukšanas pamats",        \
	    "ground for convening")                                                            \
	FIELD(EARLIER, 195, ACT, ID, 0, "", "agrāk izskatīts", "taken up before")              \
	FIELD(MINUTES_OF, 196, ACT, ID, 0, "", "protokols", "minutes")                         \
	FIELD(MINUTES_ROOT, 197, ACT, HASH, 0, "", "protokola satura sakne",                   \
	    "content root of the minutes")                                                     \
	FIELD(RESULT, 198, ACT, CODE, 32, "sitting-results", "sēdes iznākums",                 \
	    "result of the sitting")                                                           \
	FIELD(LEVEL, 199, ACT, CODE, 32, "escalation-levels", "līmenis", "level")              \
	FIELD(OWED, 212, ACT, CODE, 32, "owed", "kas nokavēts", "what is overdue")             \
	FIELD(DISPUTE, 213, ACT, CODE, 32, "disputes", "domstarpība par", "disagreement about") \
	FIELD(RESPONSIBLE, 214, PROCEEDINGS, TEXT, 120, "", "atbildīgā persona",               \
	    "person responsible")                                                              \
	FIELD(DECISION, 215, PROCEEDINGS, TEXT, 8000, "", "lēmums", "decision")                \
	FIELD(DISCUSSION, 216, PROCEEDINGS, TEXT, 16000, "", "sēdē teiktais", "what was said")  \
	FIELD(PASSED_ACTS, 217, ACT, PROVEN, 24576, "", "nodots ieraksts (bez satura)",        \
	    "entry passed on (acts)")                                                          \
	/* Whatever may go is passed on in it, so it is itself of no category that a ground names. */ \
	FIELD(PASSED, 218, GROUND, PROVEN, 49152, "", "nodots ieraksts", "entry passed on")    \
	FIELD(MINUTES_SIGNED, 219, ACT, MINUTES, 64, "", "parakstītie protokoli",              \
	    "minutes signed")                                                                 \
	FIELD(CLAIM_REASON, 221, ACT, CODE, 32, "claim-reasons", "kāpēc piesakās vadīt",       \
	    "why the lead is claimed")

/* Documents of each category: whoever may have the category may have them. */
#define FILES_FIELDS(USES)                                                                     \
	USES(FILES_IDENTITY, OPTIONAL) USES(FILES_CONTACT, OPTIONAL)                           \
	USES(FILES_EDUCATION, OPTIONAL) USES(FILES_ATTENDANCE, OPTIONAL)                       \
	USES(FILES_BEHAVIOUR, OPTIONAL) USES(FILES_FAMILY, OPTIONAL)                           \
	USES(FILES_ECONOMIC, OPTIONAL) USES(FILES_HEALTH, OPTIONAL)                            \
	USES(FILES_OFFENCE, OPTIONAL) USES(FILES_CUSTODY, OPTIONAL)                            \
	USES(FILES_PROCEEDINGS, OPTIONAL)

/* What the sharing rests on: the sender's service fills it in from its record of the ground. */
#define GROUND_FIELDS(USES)                                                                    \
	USES(GROUND, REQUIRED) USES(RECORD, REQUIRED) USES(GROUND_CATEGORIES, REQUIRED)        \
	USES(GROUND_UNTIL, OPTIONAL) USES(CAPACITY, OPTIONAL) USES(GRANTER, OPTIONAL)          \
	USES(GRANTER_CODE, OPTIONAL) USES(GRANTED_ON, OPTIONAL)                                \
	USES(GROUND_RECIPIENTS, OPTIONAL) USES(PROVISION, OPTIONAL) USES(NECESSITY, OPTIONAL)  \
	USES(FAMILY_TOLD, OPTIONAL)

/* The personal fields of a referral: what the profile lets the recipient have. */
#define REFERRAL_CONTENT_FIELDS(USES)                                                          \
	USES(CHILD_NAME, OPTIONAL) USES(PERSONAL_CODE, OPTIONAL) USES(BIRTH_DATE, OPTIONAL)    \
	USES(ADDRESS, OPTIONAL) USES(PHONE, OPTIONAL) USES(SCHOOL, OPTIONAL)                   \
	USES(GRADE, OPTIONAL) USES(LEARNING, OPTIONAL) USES(ABSENCE_LESSONS, OPTIONAL)         \
	USES(ABSENCE_PERIOD, OPTIONAL) USES(BEHAVIOUR, OPTIONAL) USES(FAMILY, OPTIONAL)        \
	USES(ECONOMIC, OPTIONAL) USES(HEALTH, OPTIONAL) USES(OFFENCE, OPTIONAL)                \
	USES(CUSTODY, OPTIONAL) USES(STEPS_TAKEN, OPTIONAL) USES(CHILDS_VIEW, OPTIONAL)        \
	USES(EXPLANATION, OPTIONAL) FILES_FIELDS(USES)

#define REFERRAL_OFFER_FIELDS(USES)                                                            \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(URGENCY, REQUIRED)                   \
	USES(PURPOSE, REQUIRED) USES(CONCERN, REQUIRED) USES(MUNICIPALITY, REQUIRED)           \
	USES(AGE_BAND, REQUIRED) USES(SUPPORT, OPTIONAL)                                       \
	GROUND_FIELDS(USES) REFERRAL_CONTENT_FIELDS(USES)

#define REFERRAL_RELEASE_FIELDS(USES)                                                          \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED)                                           \
	GROUND_FIELDS(USES) REFERRAL_CONTENT_FIELDS(USES)

#define REFERRAL_REVIEW_FIELDS(USES)                                                           \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED)

#define REFERRAL_ACCEPT_FIELDS(USES)                                                           \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(DUE, OPTIONAL)                       \
	USES(EXPLANATION, OPTIONAL)

#define REFERRAL_DECLINE_FIELDS(USES)                                                          \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(DECLINE_REASON, REQUIRED)            \
	USES(DUE, OPTIONAL) USES(EXPLANATION, REQUIRED)

#define REFERRAL_OUTCOME_FIELDS(USES)                                                          \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(OUTCOME, REQUIRED)                   \
	USES(SUPPORT, OPTIONAL) USES(CHILDS_VIEW, OPTIONAL) USES(EXPLANATION, REQUIRED)        \
	FILES_FIELDS(USES)

#define REFERRAL_CLOSE_FIELDS(USES)                                                            \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(OUTCOME, REQUIRED)                   \
	USES(EXPLANATION, OPTIONAL)

#define REFERRAL_START_FIELDS(USES)                                                            \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(DUE, OPTIONAL)                       \
	USES(EXPLANATION, OPTIONAL)

#define REFERRAL_HOLD_FIELDS(USES)                                                             \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(HOLD_REASON, REQUIRED)               \
	USES(UNTIL, REQUIRED) USES(EXPLANATION, OPTIONAL)

#define REFERRAL_RESUME_FIELDS(USES)                                                           \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(DUE, OPTIONAL)                       \
	USES(EXPLANATION, OPTIONAL)

#define REFERRAL_INFORMATION_REQUEST_FIELDS(USES)                                              \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(DUE, OPTIONAL)                       \
	USES(QUESTION, REQUIRED)

#define REFERRAL_INFORMATION_FIELDS(USES)                                                      \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED)                                           \
	GROUND_FIELDS(USES) REFERRAL_CONTENT_FIELDS(USES) USES(ANSWER, REQUIRED)

#define REFERRAL_REDIRECT_FIELDS(USES)                                                         \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(REDIRECT_KIND, REQUIRED)             \
	USES(EXPLANATION, REQUIRED)

#define REFERRAL_FOLLOW_UP_FIELDS(USES)                                                        \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(FOLLOW_UP, REQUIRED)                 \
	USES(EXPLANATION, OPTIONAL)

#define REFERRAL_CANCEL_FIELDS(USES)                                                           \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(CANCEL_REASON, REQUIRED)             \
	USES(EXPLANATION, OPTIONAL)

#define REFERRAL_CANCEL_CONFIRM_FIELDS(USES)                                                   \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(EXPLANATION, OPTIONAL)

#define REFERRAL_ENTERED_IN_ERROR_FIELDS(USES)                                                 \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(ERROR_REASON, REQUIRED)              \
	USES(EXPLANATION, OPTIONAL)

/* Who the child is, sent at once: without it nobody could look for what is asked. */
#define WHO_FIELDS(USES)                                                                       \
	USES(CHILD_NAME, REQUIRED) USES(PERSONAL_CODE, OPTIONAL) USES(BIRTH_DATE, OPTIONAL)

#define INFORMATION_REQUEST_FIELDS(USES)                                                       \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(URGENCY, REQUIRED)                   \
	USES(PURPOSE, REQUIRED) USES(CONCERN, OPTIONAL) USES(MUNICIPALITY, REQUIRED)           \
	USES(AGE_BAND, REQUIRED) USES(DUE, REQUIRED) USES(ASKED, REQUIRED)                     \
	GROUND_FIELDS(USES) WHO_FIELDS(USES) USES(ADDRESS, OPTIONAL) USES(SCHOOL, OPTIONAL)    \
	USES(QUESTION, REQUIRED)

#define INFORMATION_START_FIELDS(USES)                                                         \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(DUE, OPTIONAL)                       \
	USES(EXPLANATION, OPTIONAL)

#define INFORMATION_ANSWER_FIELDS(USES)                                                        \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED)                                           \
	GROUND_FIELDS(USES) REFERRAL_CONTENT_FIELDS(USES) USES(ANSWER, REQUIRED)

#define INFORMATION_REFUSE_FIELDS(USES)                                                        \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(REFUSAL_REASON, REQUIRED)            \
	USES(EXPLANATION, REQUIRED)

/* What every notice says; OTHER_TASK: the notice that it corrects. */
#define NOTICE_HEAD_FIELDS(USES)                                                               \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(URGENCY, REQUIRED)                   \
	USES(PURPOSE, REQUIRED) USES(MUNICIPALITY, REQUIRED) USES(AGE_BAND, REQUIRED)          \
	USES(OTHER_TASK, OPTIONAL) GROUND_FIELDS(USES)

#define NOTICE_INCIDENT_FIELDS(USES)                                                           \
	NOTICE_HEAD_FIELDS(USES) USES(HANDLING, OPTIONAL) USES(INCIDENT, REQUIRED)             \
	USES(EVENT_DATE, REQUIRED) USES(PLACE, REQUIRED) WHO_FIELDS(USES)                      \
	USES(ADDRESS, OPTIONAL) USES(SCHOOL, OPTIONAL) USES(BEHAVIOUR, OPTIONAL)               \
	USES(FAMILY, OPTIONAL) USES(OFFENCE, OPTIONAL) USES(STEPS_TAKEN, OPTIONAL)             \
	USES(EXPLANATION, OPTIONAL) FILES_FIELDS(USES)

#define NOTICE_CUSTODY_FIELDS(USES)                                                            \
	NOTICE_HEAD_FIELDS(USES) USES(CUSTODY_EVENT, REQUIRED) USES(DECISION_NUMBER, REQUIRED) \
	USES(DECISION_DATE, REQUIRED) USES(VALID_FROM, OPTIONAL) USES(VALID_UNTIL, OPTIONAL)   \
	USES(CUSTODY_PERSON, OPTIONAL) USES(CUSTODY_PERSON_CODE, OPTIONAL)                     \
	WHO_FIELDS(USES) USES(CUSTODY, OPTIONAL) USES(EXPLANATION, OPTIONAL)                   \
	FILES_FIELDS(USES)

#define NOTICE_STATUS_FIELDS(USES)                                                             \
	NOTICE_HEAD_FIELDS(USES) USES(ATTESTED, REQUIRED) USES(VALID_FROM, REQUIRED)           \
	USES(VALID_UNTIL, OPTIONAL) WHO_FIELDS(USES) USES(EXPLANATION, OPTIONAL)               \
	FILES_FIELDS(USES)

#define NOTICE_CONCERN_FIELDS(USES)                                                            \
	NOTICE_HEAD_FIELDS(USES) USES(CONCERN, REQUIRED) USES(EVENT_DATE, OPTIONAL)            \
	WHO_FIELDS(USES) USES(ADDRESS, OPTIONAL) USES(SCHOOL, OPTIONAL)                        \
	USES(ABSENCE_LESSONS, OPTIONAL) USES(ABSENCE_PERIOD, OPTIONAL)                         \
	USES(BEHAVIOUR, OPTIONAL) USES(FAMILY, OPTIONAL) USES(STEPS_TAKEN, OPTIONAL)           \
	USES(CHILDS_VIEW, OPTIONAL) USES(EXPLANATION, REQUIRED) FILES_FIELDS(USES)

#define NOTICE_ACKNOWLEDGE_FIELDS(USES)                                                        \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(DONE, REQUIRED)                      \
	USES(EXPLANATION, OPTIONAL)

#define NOTICE_SUPERSEDE_FIELDS(USES)                                                          \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(OTHER_TASK, REQUIRED)

/* A custody statement of the orphan's court, passed on by who holds the child's data. */
#define NOTICE_FORWARDED_FIELDS(USES)                                                          \
	NOTICE_HEAD_FIELDS(USES) USES(STATEMENT, REQUIRED)

/* Of a reference, which the header names; all acts, so that nothing hinders them. */
#define GROUND_STOP_FIELDS(USES)                                                               \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(RECORD, REQUIRED)                    \
	USES(STOP_REASON, REQUIRED) USES(EVENT_DATE, REQUIRED)

#define GROUND_STOP_ANSWER_FIELDS(USES)                                                        \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(STOP_ANSWER, REQUIRED)               \
	USES(OTHER_GROUND, OPTIONAL)

#define GROUND_RENEW_FIELDS(USES)                                                              \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(RECORD, REQUIRED)                    \
	USES(GROUND_CATEGORIES, REQUIRED) USES(GROUND_UNTIL, OPTIONAL)

/* ---- What several institutions share (circle.h) ------------------------------------------ */

/* Of every act that goes to a whole circle; of what opens it, all but TASK says nothing yet. */
#define CIRCLE_HEAD_FIELDS(USES)                                                               \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED)                                           \
	USES(HISTORY_COUNT, REQUIRED) USES(HISTORY, REQUIRED)

#define CASE_OPEN_FIELDS(USES)                                                                 \
	CIRCLE_HEAD_FIELDS(USES) USES(PARTIES, REQUIRED) USES(URGENCY, REQUIRED)               \
	USES(PURPOSE, REQUIRED) USES(CONCERN, REQUIRED) USES(MUNICIPALITY, REQUIRED)           \
	USES(AGE_BAND, REQUIRED) GROUND_FIELDS(USES) REFERRAL_CONTENT_FIELDS(USES)

#define CASE_ADD_FIELDS(USES) CIRCLE_HEAD_FIELDS(USES) USES(PARTIES, REQUIRED)

#define CASE_REMOVE_FIELDS(USES)                                                               \
	CIRCLE_HEAD_FIELDS(USES) USES(PARTY, REQUIRED) USES(LEAVE_REASON, REQUIRED)

#define CASE_LEAVE_FIELDS(USES) CIRCLE_HEAD_FIELDS(USES) USES(LEAVE_REASON, REQUIRED)

/* Who takes its place: with it go the open actions. */
#define CASE_HAND_OVER_FIELDS(USES) CIRCLE_HEAD_FIELDS(USES) USES(PARTY, REQUIRED)

#define CASE_REPORT_FIELDS(USES)                                                               \
	CIRCLE_HEAD_FIELDS(USES) GROUND_FIELDS(USES) REFERRAL_CONTENT_FIELDS(USES)

#define CASE_CLOSE_FIELDS(USES) CIRCLE_HEAD_FIELDS(USES) USES(OUTCOME, REQUIRED)

#define CASE_REOPEN_FIELDS(USES) CIRCLE_HEAD_FIELDS(USES) USES(REOPEN_REASON, REQUIRED)

#define CASE_LINK_FIELDS(USES)                                                                 \
	CIRCLE_HEAD_FIELDS(USES) USES(LINK_KIND, REQUIRED) USES(OTHER_TASK, REQUIRED)

/* A report of its author's that no member is to go by any more. */
#define CASE_MISTAKE_FIELDS(USES)                                                              \
	CIRCLE_HEAD_FIELDS(USES) USES(MISTAKEN, REQUIRED) USES(ERROR_REASON, REQUIRED)

#define LEAD_OFFER_FIELDS(USES)                                                                \
	CIRCLE_HEAD_FIELDS(USES) USES(PARTY, REQUIRED) USES(DUE, REQUIRED)

/* By a member that does not lead; DUE: until when who leads may object. */
#define LEAD_CLAIM_FIELDS(USES)                                                                \
	CIRCLE_HEAD_FIELDS(USES) USES(CLAIM_REASON, REQUIRED) USES(DUE, REQUIRED)

#define LEAD_ACCEPT_FIELDS(USES) CIRCLE_HEAD_FIELDS(USES)

#define LEAD_REJECT_FIELDS(USES) CIRCLE_HEAD_FIELDS(USES) USES(TRANSFER_REASON, REQUIRED)

#define LEAD_REVOKE_FIELDS(USES) CIRCLE_HEAD_FIELDS(USES)

/* OTHER_TASK: the matter of a sitting at which it was decided. */
#define ACTION_ASSIGN_FIELDS(USES)                                                             \
	CIRCLE_HEAD_FIELDS(USES) USES(PARTY, REQUIRED) USES(ROLE, OPTIONAL)                    \
	USES(URGENCY, REQUIRED) USES(DUE, REQUIRED) USES(OTHER_TASK, OPTIONAL)                 \
	GROUND_FIELDS(USES) USES(RESPONSIBLE, OPTIONAL) USES(EXPLANATION, REQUIRED)

#define ACTION_ACCEPT_FIELDS(USES) CIRCLE_HEAD_FIELDS(USES)

#define ACTION_DECLINE_FIELDS(USES) CIRCLE_HEAD_FIELDS(USES) USES(DECLINE_REASON, REQUIRED)

#define ACTION_DONE_FIELDS(USES)                                                               \
	CIRCLE_HEAD_FIELDS(USES) GROUND_FIELDS(USES) USES(CHILDS_VIEW, OPTIONAL)               \
	USES(EXPLANATION, REQUIRED) FILES_FIELDS(USES)

#define ACTION_RETURN_FIELDS(USES) CIRCLE_HEAD_FIELDS(USES) USES(DUE, REQUIRED)

#define ACTION_FAIL_FIELDS(USES) CIRCLE_HEAD_FIELDS(USES) USES(FAIL_REASON, REQUIRED)

#define ACTION_WITHDRAW_FIELDS(USES) CIRCLE_HEAD_FIELDS(USES) USES(CANCEL_REASON, REQUIRED)

/* OTHER_TASK: the sitting that this one follows. */
#define CONFERENCE_PROPOSE_FIELDS(USES)                                                        \
	CIRCLE_HEAD_FIELDS(USES) USES(PARTIES, REQUIRED) USES(GROUP, REQUIRED)                 \
	USES(PURPOSE, REQUIRED) USES(MUNICIPALITY, REQUIRED) USES(QUORUM, REQUIRED)            \
	USES(SECRETARY, OPTIONAL) USES(OTHER_TASK, OPTIONAL)

#define CONFERENCE_CONVENE_FIELDS(USES)                                                        \
	CIRCLE_HEAD_FIELDS(USES) USES(STARTS, REQUIRED) USES(TIME, REQUIRED)                   \
	USES(PLACE, REQUIRED)

#define CONFERENCE_ACCEPT_FIELDS(USES) CIRCLE_HEAD_FIELDS(USES)

#define CONFERENCE_DECLINE_FIELDS(USES) CIRCLE_HEAD_FIELDS(USES) USES(ABSENCE_REASON, REQUIRED)

/* PARTY sits for it: a member that the group's composition lets stand in. */
#define CONFERENCE_DELEGATE_FIELDS(USES) CIRCLE_HEAD_FIELDS(USES) USES(PARTY, REQUIRED)

/* PARTIES: who was there. */
#define CONFERENCE_HELD_FIELDS(USES) CIRCLE_HEAD_FIELDS(USES) USES(PARTIES, REQUIRED)

#define CONFERENCE_INQUORATE_FIELDS(USES) CIRCLE_HEAD_FIELDS(USES) USES(PARTIES, REQUIRED)

#define CONFERENCE_CANCEL_FIELDS(USES) CIRCLE_HEAD_FIELDS(USES) USES(CANCEL_REASON, REQUIRED)

/* Of several matters at once: as though each were signed by itself. */
#define CONFERENCE_SIGN_FIELDS(USES) CIRCLE_HEAD_FIELDS(USES) USES(MINUTES_SIGNED, REQUIRED)

/* A case for the sitting. OTHER_TASK: the case over institutions, EARLIER: the specialists' matter. */
#define MATTER_PUT_FIELDS(USES)                                                                \
	CIRCLE_HEAD_FIELDS(USES) USES(CONVENING, REQUIRED) USES(PURPOSE, REQUIRED)             \
	USES(AGE_BAND, REQUIRED) USES(MUNICIPALITY, REQUIRED) USES(OTHER_TASK, OPTIONAL)       \
	USES(EARLIER, OPTIONAL) GROUND_FIELDS(USES) WHO_FIELDS(USES) USES(QUESTION, REQUIRED)

#define MATTER_REPORT_FIELDS(USES)                                                             \
	CIRCLE_HEAD_FIELDS(USES) GROUND_FIELDS(USES) REFERRAL_CONTENT_FIELDS(USES)

#define MATTER_DROP_FIELDS(USES) CIRCLE_HEAD_FIELDS(USES) USES(CANCEL_REASON, REQUIRED)

#define MATTER_DECIDE_FIELDS(USES)                                                             \
	CIRCLE_HEAD_FIELDS(USES) USES(RESULT, REQUIRED) GROUND_FIELDS(USES)                    \
	USES(DECISION, REQUIRED) USES(CHILDS_VIEW, OPTIONAL)

/* What the signatures are over: its content root. */
#define MATTER_MINUTES_FIELDS(USES)                                                            \
	CIRCLE_HEAD_FIELDS(USES) USES(RESULT, REQUIRED) USES(PARTIES, REQUIRED)                \
	USES(STARTS, REQUIRED) GROUND_FIELDS(USES) WHO_FIELDS(USES) USES(LEARNING, OPTIONAL)   \
	USES(BEHAVIOUR, OPTIONAL) USES(FAMILY, OPTIONAL) USES(ECONOMIC, OPTIONAL)              \
	USES(HEALTH, OPTIONAL) USES(OFFENCE, OPTIONAL) USES(CUSTODY, OPTIONAL)                 \
	USES(DISCUSSION, OPTIONAL) USES(DECISION, REQUIRED) USES(CHILDS_VIEW, OPTIONAL)        \
	FILES_FIELDS(USES)

#define MATTER_CORRECT_FIELDS(USES)                                                            \
	CIRCLE_HEAD_FIELDS(USES) USES(MINUTES_OF, REQUIRED) GROUND_FIELDS(USES)                \
	USES(EXPLANATION, REQUIRED)

#define MATTER_SIGN_FIELDS(USES)                                                               \
	CIRCLE_HEAD_FIELDS(USES) USES(MINUTES_OF, REQUIRED) USES(MINUTES_ROOT, REQUIRED)

#define MATTER_DISSENT_FIELDS(USES)                                                            \
	CIRCLE_HEAD_FIELDS(USES) USES(MINUTES_OF, REQUIRED) USES(MINUTES_ROOT, REQUIRED)       \
	GROUND_FIELDS(USES) USES(EXPLANATION, REQUIRED)

#define MATTER_FINAL_FIELDS(USES)                                                              \
	CIRCLE_HEAD_FIELDS(USES) USES(MINUTES_OF, REQUIRED) USES(MINUTES_ROOT, REQUIRED)

/* To one member: an entry of the history by its author, who did not address it, or its acts alone. */
#define HISTORY_PASS_ACTS_FIELDS(USES)                                                         \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(PASSED_ACTS, REQUIRED)

#define HISTORY_PASS_FIELDS(USES)                                                              \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(PURPOSE, REQUIRED)                   \
	GROUND_FIELDS(USES) USES(PASSED, REQUIRED)

/* The history of whoever asks ends at SINCE as the others know it: what each wrote after it. */
#define HISTORY_ASK_FIELDS(USES)                                                               \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(SINCE, REQUIRED)                     \
	USES(HISTORY_COUNT, REQUIRED) USES(HISTORY, REQUIRED)

/* ---- Disagreement ------------------------------------------------------------------------ */

/* OTHER_TASK: what it is about, a task of the two. */
#define DISAGREEMENT_RAISE_FIELDS(USES)                                                        \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(OTHER_TASK, REQUIRED)                \
	USES(DISPUTE, REQUIRED) USES(URGENCY, REQUIRED) USES(PURPOSE, REQUIRED)                \
	GROUND_FIELDS(USES) USES(EXPLANATION, REQUIRED)

#define DISAGREEMENT_ANSWER_FIELDS(USES)                                                       \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(EXPLANATION, REQUIRED)

#define DISAGREEMENT_CLIMB_FIELDS(USES)                                                        \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(LEVEL, REQUIRED)

#define DISAGREEMENT_SETTLE_FIELDS(USES)                                                       \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(EXPLANATION, OPTIONAL)

/* To the chair of the management group, which learns that something waits, not about whom. */
#define CLIMBED_FIELDS(USES)                                                                   \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(URGENCY, REQUIRED)                   \
	USES(PURPOSE, REQUIRED) USES(MUNICIPALITY, REQUIRED) USES(LEVEL, REQUIRED)             \
	USES(OWED, REQUIRED) USES(PARTY, REQUIRED) USES(DUE, REQUIRED)                         \
	USES(OTHER_TASK, REQUIRED)

#define CLIMBED_TAKEN_FIELDS(USES)                                                             \
	USES(TASK, REQUIRED) USES(APPLIED, REQUIRED) USES(DONE, REQUIRED)

#define CLIMBED_OVER_FIELDS(USES) USES(TASK, REQUIRED) USES(APPLIED, REQUIRED)

/* MESSAGE(NAME, number, fields, label_lv, label_en) */
#define MESSAGE_LIST(MESSAGE)                                                                  \
	MESSAGE(REFERRAL_OFFER, 1, REFERRAL_OFFER_FIELDS, "nosūtījums", "referral")            \
	MESSAGE(REFERRAL_REVIEW_OPENED, 2, REFERRAL_REVIEW_FIELDS, "sākta izskatīšana",        \
	    "review opened")                                                                   \
	MESSAGE(                                                                               \
	    REFERRAL_RELEASE, 3, REFERRAL_RELEASE_FIELDS, "nodots saturs", "content released") \
	MESSAGE(REFERRAL_ACCEPT, 4, REFERRAL_ACCEPT_FIELDS, "pieņemts", "accepted")            \
	MESSAGE(REFERRAL_DECLINE, 5, REFERRAL_DECLINE_FIELDS, "noraidīts", "declined")         \
	MESSAGE(REFERRAL_OUTCOME, 6, REFERRAL_OUTCOME_FIELDS, "ziņots iznākums",               \
	    "outcome reported")                                                                \
	MESSAGE(REFERRAL_CLOSE, 7, REFERRAL_CLOSE_FIELDS, "slēgts", "closed")                  \
	MESSAGE(REFERRAL_START, 8, REFERRAL_START_FIELDS, "darbs sākts", "work started")       \
	MESSAGE(REFERRAL_HOLD, 9, REFERRAL_HOLD_FIELDS, "apturēts", "put on hold")             \
	MESSAGE(REFERRAL_RESUME, 10, REFERRAL_RESUME_FIELDS, "atsākts", "resumed")             \
	MESSAGE(REFERRAL_INFORMATION_REQUEST, 11, REFERRAL_INFORMATION_REQUEST_FIELDS,         \
	    "pieprasīta informācija", "information requested")                                 \
	MESSAGE(REFERRAL_INFORMATION, 12, REFERRAL_INFORMATION_FIELDS, "sniegta informācija",  \
	    "information given")                                                               \
	MESSAGE(REFERRAL_REDIRECT, 13, REFERRAL_REDIRECT_FIELDS, "ieteikta cita iestāde",      \
	    "another institution proposed")                                                    \
	MESSAGE(REFERRAL_FOLLOW_UP, 14, REFERRAL_FOLLOW_UP_FIELDS, "nolemts, kas seko",        \
	    "what follows decided")                                                            \
	MESSAGE(REFERRAL_CANCEL, 15, REFERRAL_CANCEL_FIELDS, "lūgts atsaukt",                  \
	    "cancellation requested")                                                          \
	MESSAGE(REFERRAL_CANCEL_CONFIRM, 16, REFERRAL_CANCEL_CONFIRM_FIELDS,                   \
	    "atsaukums apstiprināts", "cancellation confirmed")                                \
	MESSAGE(REFERRAL_ENTERED_IN_ERROR, 17, REFERRAL_ENTERED_IN_ERROR_FIELDS,               \
	    "ievadīts kļūdas dēļ", "entered in error")                                         \
	MESSAGE(INFORMATION_REQUEST, 40, INFORMATION_REQUEST_FIELDS,                           \
	    "informācijas pieprasījums", "information request")                                \
	MESSAGE(INFORMATION_START, 41, INFORMATION_START_FIELDS, "sākta atbildes sagatavošana", \
	    "answer being prepared")                                                           \
	MESSAGE(INFORMATION_ANSWER, 42, INFORMATION_ANSWER_FIELDS, "atbilde", "answer")        \
	MESSAGE(INFORMATION_REFUSE, 43, INFORMATION_REFUSE_FIELDS, "atteikts sniegt",          \
	    "refused to answer")                                                               \
	MESSAGE(INFORMATION_WITHDRAW, 44, REFERRAL_CANCEL_FIELDS, "pieprasījums atsaukts",     \
	    "request withdrawn")                                                               \
	MESSAGE(INFORMATION_ENTERED_IN_ERROR, 45, REFERRAL_ENTERED_IN_ERROR_FIELDS,            \
	    "ievadīts kļūdas dēļ", "entered in error")                                         \
	MESSAGE(NOTICE_INCIDENT, 50, NOTICE_INCIDENT_FIELDS, "policijas paziņojums par notikumu", \
	    "police incident notice")                                                          \
	MESSAGE(NOTICE_CUSTODY, 51, NOTICE_CUSTODY_FIELDS, "paziņojums par aizgādību",         \
	    "custody statement")                                                               \
	MESSAGE(NOTICE_STATUS, 52, NOTICE_STATUS_FIELDS, "statusa apliecinājums",              \
	    "status attestation")                                                              \
	MESSAGE(NOTICE_CONCERN, 53, NOTICE_CONCERN_FIELDS, "ziņojums par bažām",               \
	    "concern notice")                                                                  \
	MESSAGE(NOTICE_ACKNOWLEDGE, 54, NOTICE_ACKNOWLEDGE_FIELDS, "pieņemts zināšanai",       \
	    "acknowledged")                                                                    \
	MESSAGE(NOTICE_SUPERSEDE, 55, NOTICE_SUPERSEDE_FIELDS, "aizstāts ar labotu",           \
	    "superseded by a corrected one")                                                   \
	MESSAGE(NOTICE_ENTERED_IN_ERROR, 56, REFERRAL_ENTERED_IN_ERROR_FIELDS,                 \
	    "ievadīts kļūdas dēļ", "entered in error")                                         \
	MESSAGE(NOTICE_FORWARDED, 57, NOTICE_FORWARDED_FIELDS,                                 \
	    "pārsūtīts paziņojums par aizgādību", "custody statement passed on")               \
	MESSAGE(GROUND_STOP, 60, GROUND_STOP_FIELDS, "pamats vairs nav spēkā",                 \
	    "the ground is stopped")                                                           \
	MESSAGE(GROUND_STOP_ANSWER, 61, GROUND_STOP_ANSWER_FIELDS,                             \
	    "atbilde, kas notiek ar datiem", "answer what becomes of the data")                \
	MESSAGE(GROUND_RENEW, 62, GROUND_RENEW_FIELDS, "pamats pagarināts",                    \
	    "the ground is renewed")                                                           \
	MESSAGE(CASE_OPEN, 70, CASE_OPEN_FIELDS, "kopīgs gadījums", "case over institutions")  \
	MESSAGE(CASE_ADD, 71, CASE_ADD_FIELDS, "pievienotas iestādes", "institutions added")   \
	MESSAGE(CASE_REMOVE, 72, CASE_REMOVE_FIELDS, "izbeigta iestādes dalība",               \
	    "institution removed")                                                             \
	MESSAGE(CASE_LEAVE, 73, CASE_LEAVE_FIELDS, "iestāde izstājas", "institution left")     \
	MESSAGE(CASE_HAND_OVER, 74, CASE_HAND_OVER_FIELDS, "nodota vieta citai iestādei",      \
	    "place handed over")                                                               \
	MESSAGE(CASE_REPORT, 75, CASE_REPORT_FIELDS, "ziņots visiem", "told to all")           \
	MESSAGE(CASE_CLOSE, 76, CASE_CLOSE_FIELDS, "kopīgais gadījums slēgts", "case closed")  \
	MESSAGE(CASE_REOPEN, 77, CASE_REOPEN_FIELDS, "kopīgais gadījums atsākts",            \
	    "case opened again")                                                               \
	MESSAGE(CASE_LINK, 78, CASE_LINK_FIELDS, "saistīts ar citu gadījumu",                  \
	    "linked to another case")                                                          \
	MESSAGE(CASE_MISTAKE, 79, CASE_MISTAKE_FIELDS, "ziņots kļūdas dēļ", "told in error")   \
	MESSAGE(LEAD_OFFER, 80, LEAD_OFFER_FIELDS, "piedāvāta vadība", "lead offered")         \
	MESSAGE(LEAD_ACCEPT, 81, LEAD_ACCEPT_FIELDS, "vadība pārņemta", "lead taken")          \
	MESSAGE(LEAD_REJECT, 82, LEAD_REJECT_FIELDS, "vadība nav pārņemta", "lead not taken")  \
	MESSAGE(LEAD_REVOKE, 83, LEAD_REVOKE_FIELDS, "vadība paliek", "the lead stays")        \
	MESSAGE(ACTION_ASSIGN, 84, ACTION_ASSIGN_FIELDS, "uzdota rīcība", "action assigned")   \
	MESSAGE(ACTION_ACCEPT, 85, ACTION_ACCEPT_FIELDS, "rīcība uzņemta", "action accepted")  \
	MESSAGE(ACTION_DECLINE, 86, ACTION_DECLINE_FIELDS, "rīcība noraidīta", "action declined") \
	MESSAGE(ACTION_START, 87, ACTION_ACCEPT_FIELDS, "rīcība sākta", "action started")      \
	MESSAGE(ACTION_DONE, 88, ACTION_DONE_FIELDS, "rīcība izpildīta", "action done")        \
	MESSAGE(ACTION_VERIFY, 89, ACTION_ACCEPT_FIELDS, "izpilde pārbaudīta", "action verified") \
	MESSAGE(ACTION_RETURN, 90, ACTION_RETURN_FIELDS, "atdota turpināšanai", "action returned") \
	MESSAGE(ACTION_FAIL, 91, ACTION_FAIL_FIELDS, "rīcība neizdevās", "action failed")      \
	MESSAGE(ACTION_WITHDRAW, 92, ACTION_WITHDRAW_FIELDS, "rīcība atsaukta", "action withdrawn") \
	MESSAGE(LEAD_CLAIM, 93, LEAD_CLAIM_FIELDS, "pieteikta vadības pārņemšana",             \
	    "lead claimed")                                                                    \
	MESSAGE(CONFERENCE_PROPOSE, 100, CONFERENCE_PROPOSE_FIELDS, "ierosināta sēde",         \
	    "sitting proposed")                                                                \
	MESSAGE(CONFERENCE_CONVENE, 101, CONFERENCE_CONVENE_FIELDS, "sēde sasaukta",           \
	    "sitting convened")                                                                \
	MESSAGE(CONFERENCE_ACCEPT, 102, CONFERENCE_ACCEPT_FIELDS, "piedalīsies", "will come")  \
	MESSAGE(CONFERENCE_DECLINE, 103, CONFERENCE_DECLINE_FIELDS, "nepiedalīsies",           \
	    "will not come")                                                                   \
	MESSAGE(CONFERENCE_DELEGATE, 104, CONFERENCE_DELEGATE_FIELDS, "pārstāvēs cita iestāde", \
	    "another institution sits for it")                                                 \
	MESSAGE(CONFERENCE_HELD, 105, CONFERENCE_HELD_FIELDS, "sēde notikusi", "sitting held") \
	MESSAGE(CONFERENCE_INQUORATE, 106, CONFERENCE_INQUORATE_FIELDS, "nav kvoruma",         \
	    "no quorum")                                                                       \
	MESSAGE(CONFERENCE_CANCEL, 107, CONFERENCE_CANCEL_FIELDS, "sēde atcelta",              \
	    "sitting cancelled")                                                               \
	MESSAGE(CONFERENCE_SIGN, 108, CONFERENCE_SIGN_FIELDS, "protokoli parakstīti",          \
	    "minutes of several matters signed")                                               \
	MESSAGE(MATTER_PUT, 110, MATTER_PUT_FIELDS, "iekļauts darba kārtībā",                  \
	    "put on the agenda")                                                               \
	MESSAGE(MATTER_REPORT, 111, MATTER_REPORT_FIELDS, "ziņojums sēdei", "report for the sitting") \
	MESSAGE(MATTER_DROP, 112, MATTER_DROP_FIELDS, "izņemts no darba kārtības",             \
	    "taken off the agenda")                                                            \
	MESSAGE(MATTER_DECIDE, 113, MATTER_DECIDE_FIELDS, "lēmumi izsniegti", "decisions issued") \
	MESSAGE(MATTER_MINUTES, 114, MATTER_MINUTES_FIELDS, "protokols izsūtīts",              \
	    "minutes circulated")                                                              \
	MESSAGE(MATTER_CORRECT, 115, MATTER_CORRECT_FIELDS, "labojums protokolam",             \
	    "correction to the minutes")                                                       \
	MESSAGE(MATTER_SIGN, 116, MATTER_SIGN_FIELDS, "protokols parakstīts", "minutes signed") \
	MESSAGE(MATTER_DISSENT, 117, MATTER_DISSENT_FIELDS, "atsevišķās domas", "dissent")     \
	MESSAGE(MATTER_FINAL, 118, MATTER_FINAL_FIELDS, "protokols galīgs", "minutes final")   \
	MESSAGE(MATTER_MISTAKE, 119, CASE_MISTAKE_FIELDS, "ziņojums sēdei kļūdas dēļ",         \
	    "report in error")                                                                 \
	MESSAGE(HISTORY_PASS_ACTS, 120, HISTORY_PASS_ACTS_FIELDS,                              \
	    "nodots vēstures ieraksts (bez satura)", "entry of the history passed on (acts)")  \
	MESSAGE(HISTORY_PASS, 121, HISTORY_PASS_FIELDS, "nodots vēstures ieraksts",            \
	    "entry of the history passed on")                                                  \
	MESSAGE(HISTORY_ASK, 122, HISTORY_ASK_FIELDS, "lūgti trūkstošie ieraksti",             \
	    "missing entries asked for")                                                       \
	MESSAGE(DISAGREEMENT_RAISE, 130, DISAGREEMENT_RAISE_FIELDS, "domstarpība",             \
	    "disagreement")                                                                    \
	MESSAGE(DISAGREEMENT_ANSWER, 131, DISAGREEMENT_ANSWER_FIELDS, "atbilde uz domstarpību", \
	    "answer to a disagreement")                                                        \
	MESSAGE(DISAGREEMENT_CLIMB, 132, DISAGREEMENT_CLIMB_FIELDS, "domstarpība nodota augstāk", \
	    "disagreement taken higher")                                                       \
	MESSAGE(DISAGREEMENT_SETTLE, 133, DISAGREEMENT_SETTLE_FIELDS, "domstarpība atrisināta", \
	    "disagreement settled")                                                            \
	MESSAGE(CLIMBED, 135, CLIMBED_FIELDS, "nokavēts jautājums vadības grupai",             \
	    "overdue matter for the management group")                                         \
	MESSAGE(CLIMBED_TAKEN, 136, CLIMBED_TAKEN_FIELDS, "vadības grupa pārņem",              \
	    "taken up by the management group")                                                \
	MESSAGE(CLIMBED_OVER, 137, CLIMBED_OVER_FIELDS, "nokavētais ir izdarīts",              \
	    "no longer overdue")

/* clang-format on */

#endif
