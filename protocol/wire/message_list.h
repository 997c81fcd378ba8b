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
	FIELD(OTHER_GROUND, 175, ACT, CODE, 32, "legal-bases", "cits pamats", "other ground")

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
	    "the ground is renewed")

/* clang-format on */

#endif
