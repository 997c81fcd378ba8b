/* protocol/base/status.h: THE list of outcomes: number on the wire, what it means, what to do. */
#ifndef SAIKNE_STATUS_H
#define SAIKNE_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/base/bytes.h"

/*
 * STATUS(NAME, number, meaning, what to do)
 *
 * Numbers below 100 stay inside a program; 100 to 199 are refusals a peer may send
 * (REFUSED, UNREADABLE), and are never reused; 200 and above are for an operator.
 * SPEC.md's table of refusals is generated from this list (make spec).
 */
#define STATUS_LIST(STATUS)                                                                    \
	STATUS(OK, 0, "done", "nothing to do")                                                 \
	STATUS(INTERNAL, 1, "an internal error", "report it with the time and the program")    \
	STATUS(NO_MEMORY, 2, "memory ran out", "free memory and try again")                    \
	STATUS(NOT_FOUND, 3, "there is no such thing", "check the identifier")                 \
	STATUS(AGAIN, 4, "not yet", "wait")                                                    \
	STATUS(NOT_READY, 5, "not connected to the broker",                                    \
	    "it is stored and goes out by itself when the connection is back")                 \
	STATUS(                                                                                \
	    ARGUMENT, 6, "the request is not usable as it is", "read the detail, correct it")  \
	STATUS(NOT_ALLOWED, 7, "your role may not do this",                                    \
	    "ask your administrator which role may, or ask a colleague who has it")            \
	STATUS(WRONG_STATE, 8, "this step does not follow from the present state",             \
	    "show the task to see where it stands")                                            \
	STATUS(NOT_SIGNED_IN, 9, "you are not signed in, or no longer",                        \
	    "sign in: saikne sign-in")                                                         \
	STATUS(BAD_SIGN_IN, 10, "this sign-in is not taken",                                   \
	    "check login and password; after failed attempts an account waits for up to 15 "   \
	    "minutes; the administrator can tell and reset it")                                \
                                                                                               \
	STATUS(MALFORMED, 100, "the bytes are not of the form the protocol gives",             \
	    "update the sending program; nothing was stored")                                  \
	STATUS(NOT_CANONICAL, 101, "the bytes are not in the one canonical form",              \
	    "update the sending program; nothing was stored")                                  \
	STATUS(TOO_LARGE, 102, "a limit on size or count is exceeded",                         \
	    "shorten it or send it in several messages")                                       \
	STATUS(BAD_VERSION, 103, "this protocol version or suite is not spoken here",          \
	    "update the older program")                                                        \
	STATUS(WRONG_NETWORK, 104, "this belongs to another network",                          \
	    "check which network.conf the program uses")                                       \
	STATUS(UNKNOWN_COMMAND, 105, "the command is not known", "update the older program")   \
	STATUS(UNKNOWN_TYPE, 106, "the message type is not known here",                        \
	    "the recipient must update before it can take this type")                          \
	STATUS(UNKNOWN_PARTY, 107, "the institution is not in the directory",                  \
	    "check its code with saikne directory")                                            \
	STATUS(SUSPENDED, 108, "the institution is suspended",                                 \
	    "speak with the network's authority")                                              \
	STATUS(UNKNOWN_KEY, 109, "the key is not in the directory",                            \
	    "fetch the directory again; enrol or rotate the key if it is yours")               \
	STATUS(KEY_REVOKED, 110, "the key is revoked or past its time",                        \
	    "rotate the key with saikne-admin and seal the message again")                     \
	STATUS(BAD_SIGNATURE, 111, "the signature does not fit",                               \
	    "treat the message as forged; tell the institution it names")                      \
	STATUS(WRONG_SENDER, 112, "the sender named is not the one connected",                 \
	    "send it over the sender's own connection")                                        \
	STATUS(NOT_PERMITTED, 113, "no rule permits this type between these institutions",     \
	    "see the policy table in SPEC.md")                                                 \
	STATUS(NO_BASIS, 114, "no ground that permits this sharing is cited",                  \
	    "cite a consent, a legal basis, or the message it answers")                        \
	STATUS(UNKNOWN_REPLY, 115, "the message answered is not one that came the other way",  \
	    "answer a message that its sender addressed to you")                               \
	STATUS(STOPPED, 116, "the ground cited has been stopped",                              \
	    "find another ground or do not share")                                             \
	STATUS(ID_CONFLICT, 117, "this id was used for another message",                       \
	    "seal it again under a new id")                                                    \
	STATUS(CLOCK_SKEW, 118, "the time of creation lies more than 5 minutes ahead",         \
	    "set the clock of the sending machine")                                            \
	STATUS(EXPIRED, 119, "its time is over", "send it again with a later expiry")          \
	STATUS(BAD_EXPIRY, 120, "it would expire after a key it is sealed to",                 \
	    "seal it to the newest sealing epoch or shorten its time")                         \
	STATUS(UNKNOWN_EPOCH, 121, "the recipient has no such sealing epoch in force",         \
	    "fetch the directory and seal it again")                                           \
	STATUS(BAD_RECIPIENTS, 122,                                                            \
	    "the list of recipients is empty, doubled or has the sender",                      \
	    "name each recipient once, and not yourself")                                      \
	STATUS(MAILBOX_FULL, 123, "the recipient's mailbox is full",                           \
	    "it goes out by itself later; tell the recipient that its service is behind")      \
	STATUS(RATE_LIMITED, 124, "too many requests in a short time", "wait, then go on")     \
	STATUS(NO_SPACE, 125, "the broker's disk is full",                                     \
	    "it goes out by itself later; tell the broker's operator")                         \
	STATUS(CLOCK_STOPPED, 126,                                                             \
	    "the broker's clock is in doubt; intake waits for its operator",                   \
	    "it goes out by itself later")                                                     \
	STATUS(HELLO_FIRST, 127, "the connection has not said HELLO", "say HELLO first")       \
	STATUS(NOT_YOURS, 128, "this is not for this institution to say or read",              \
	    "nothing; it was logged")                                                          \
	STATUS(NO_SUCH_ENTRY, 129, "the log has no such entry", "ask within the log's size")   \
	STATUS(BAD_STATEMENT, 130,                                                             \
	    "the directory statement does not follow from the directory",                      \
	    "make it again against the present directory")                                     \
	STATUS(STALE_DIRECTORY, 131, "the directory has no head of the last 7 days",           \
	    "the network's authority must issue a head; nothing new is sealed until then")     \
	STATUS(CANNOT_OPEN, 132, "the sealed part cannot be opened",                           \
	    "the sender's service seals it again")                                             \
	STATUS(BAD_CONTENT, 133, "the content is not what the type or its root says",          \
	    "the sender's program is at fault; nothing was applied")                           \
	STATUS(BAD_PROOF, 134, "the proof does not lead to the signed checkpoint",             \
	    "keep both and tell an auditor: the log may have been changed")                    \
	STATUS(FORKED_LOG, 135, "two checkpoints of the log contradict each other",            \
	    "stop, keep both checkpoints and tell every auditor")                              \
	STATUS(BAD_CHECKPOINT, 136, "the checkpoint is not signed by the log's key",           \
	    "check network.conf; otherwise tell an auditor")                                   \
	STATUS(OUTSIDE_PROFILE, 137,                                                           \
	    "a field of a category that may not go to this recipient", "leave the field out")  \
	STATUS(FOREIGN_REFERENCE, 138,                                                         \
	    "the reference cited is another's, or was made for another recipient or class",    \
	    "cite a reference of your own, made for this recipient")                           \
	STATUS(OUTSIDE_GROUND, 139, "the ground cited does not cover this",                    \
	    "leave it out, or record a ground that names this recipient, purpose and data")    \
	STATUS(NO_NECESSITY, 140,                                                              \
	    "the legal basis does not say which provision and why it "                         \
	    "is necessary",                                                                    \
	    "say the provision and why sharing is necessary")                                  \
	STATUS(UNCONFIRMED, 141, "the provision is not confirmed for this institution",        \
	    "have an administrator confirm it with the name of the advice: saikne provisions") \
	STATUS(NO_CONSENT, 142,                                                                \
	    "the consent cited is not in force: it was not given, "                            \
	    "or it was refused, withdrawn, revoked or objected to",                            \
	    "ask for consent, or record the legal basis that sharing rests on")                \
	STATUS(GROUND_EXPIRED, 143, "the ground cited has expired",                            \
	    "have the consent renewed, or decide anew on the legal basis")                     \
	STATUS(NO_CUSTODY, 144, "who gave this consent has no custody of the child",           \
	    "ask who has custody, or record the legal basis that sharing rests on")            \
	STATUS(ERASED, 145, "the content was erased",                                          \
	    "nothing: the log still proves what was exchanged")                                \
	STATUS(NOT_A_MEMBER, 146, "the institution does not take part in this",                \
	    "ask the institution that leads to add it first")                                  \
	STATUS(NO_QUORUM, 147, "too few were there for a quorum",                              \
	    "record the sitting as inquorate and convene it again")                            \
	STATUS(TOO_LATE, 148, "the time for this is over",                                     \
	    "show it to see until when it could be done, and by whom it can be done anew")     \
	STATUS(SPECIALISTS_FIRST, 149, "the specialist group has not taken this up yet",       \
	    "put it to the specialists; the management group takes what they could not solve") \
                                                                                               \
	STATUS(CHUNKS_MISSING, 150, "an attachment is not whole",                              \
	    "it goes out by itself once all of the attachment is there")                       \
	STATUS(BAD_CHUNK, 151, "the chunk is not the attachment's next",                       \
	    "ask which chunks are held and go on from there")                                  \
	STATUS(ATTACHMENTS_FULL, 152, "the institution's room for attachments is full",        \
	    "wait until earlier ones are delivered, or ask the operator for more room")        \
	STATUS(ATTACHMENT_TOO_LARGE, 153, "the attachment is larger than this side takes",     \
	    "send it in parts or smaller, or ask the operator for a higher limit")             \
	STATUS(BAD_ATTACHMENT, 154, "an attachment is not what its key, size or root says",    \
	    "attach the file anew")                                                            \
	STATUS(OTHER_MINUTES, 156, "this is said of other minutes than the last circulated",   \
	    "show the matter, read the minutes as they are now and sign those")                \
	STATUS(NO_SUBSTITUTE, 157, "this institution may not stand in for the other",          \
	    "see the group's composition (saikne lists cooperation-groups)")                   \
	STATUS(ALREADY_OFFERED, 158, "the lead is offered to somebody already",                \
	    "wait for the answer or revoke the offer first")                                   \
	STATUS(BAD_DUE, 159, "the due date lies before the beginning",                         \
	    "give a day from today on")                                                        \
	STATUS(TOO_EARLY, 160, "the time for this has not come yet",                           \
	    "show it to see from when it can be done, and do it then")                         \
	STATUS(FILE_TYPE, 155, "the file is of no type that may be sent",                      \
	    "send a signed document (ASiC-E), PDF, JPEG, PNG, HEIC or plain text")             \
                                                                                               \
	STATUS(BAD_CONFIG, 200, "the configuration is wrong", "correct the line named")        \
	STATUS(NO_KEY, 201, "a key file is missing or not readable",                           \
	    "restore it from its backup, or make one with saikne-admin")                       \
	STATUS(OPEN_KEY, 202, "a key file can be read by others", "chmod 600 it")              \
	STATUS(NEWER_DATABASE, 203, "the database was written by a newer version",             \
	    "install that version; nothing was changed")                                       \
	STATUS(DATABASE, 204, "the database failed", "see the log; check the disk")            \
	STATUS(IN_USE, 205, "the address or database is in use by another process",            \
	    "stop that process or configure another")                                          \
	STATUS(IO, 206, "a file or the disk failed", "see the log; check the disk")            \
	STATUS(OPERATOR_CLOCK, 207, "the clock jumped",                                        \
	    "set the clock, then start the broker once with --confirm-clock")

#define STATUS_ENUM(name, number, meaning, remedy) STATUS_##name = (number),
enum status { STATUS_LIST(STATUS_ENUM) };
#undef STATUS_ENUM

/* The name in lower case, as commands, JSON and logs show it ("id_conflict"). */
const char *status_name(enum status status);
/* English; message ids for gettext. Never NULL. */
const char *status_meaning(enum status status);
const char *status_remedy(enum status status);
/* The status a peer sent, or false when it is none that a peer may send. */
MUST_CHECK bool status_from_wire(uint64_t number, enum status *out);
/* Walks the list: the I-th status, false past the end. */
MUST_CHECK bool status_at(unsigned i, enum status *out);

#endif
