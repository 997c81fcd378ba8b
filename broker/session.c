/* broker/session.c: who is connected: connections that said HELLO, by routing id and by party. */
#include "broker/session.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS 4096

struct sessions {
	uint64_t
	    seed; /* routing ids are the peers' choice: they shall not be made to collide */
	struct session *by_routing[BUCKETS], *by_party[BUCKETS];
	struct session **all;
	uint32_t count, cap;
};

enum status
session_table(struct sessions **out)
{
	struct sessions *sessions = calloc(1, sizeof(*sessions));

	if (sessions == NULL)
		return STATUS_NO_MEMORY;
	suite_random(&sessions->seed, sizeof(sessions->seed));
	*out = sessions;
	return STATUS_OK;
}

void
session_table_free(struct sessions *sessions)
{
	if (sessions == NULL)
		return;
	for (uint32_t i = 0; i < sessions->count; i++)
		free(sessions->all[i]);
	free(sessions->all);
	free(sessions);
}

static size_t
bucket(const struct sessions *sessions, struct bytes key)
{
	uint64_t hash = sessions->seed;

	for (size_t i = 0; i < key.len; i++) {
		hash = (hash ^ key.data[i]) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 29;
	}
	return (size_t)(hash >> 40) % BUCKETS;
}

static struct bytes
routing(const struct peer *peer)
{
	return (struct bytes){peer->routing, peer->routing_len};
}

static struct session *
by_routing(const struct sessions *sessions, const struct peer *peer)
{
	struct session *session = sessions->by_routing[bucket(sessions, routing(peer))];

	while (session != NULL && !bytes_equal(routing(&session->peer), routing(peer)))
		session = session->next_routing;
	return session;
}

static bool
is_of(const struct session *session, const struct peer *peer)
{
	return session->peer.party == peer->party &&
	       memcmp(session->peer.key, peer->key, sizeof(peer->key)) == 0;
}

struct session *
session_find(const struct sessions *sessions, const struct peer *peer)
{
	struct session *session = by_routing(sessions, peer);

	return session != NULL && is_of(session, peer) ? session : NULL;
}

struct session *
session_of(const struct sessions *sessions, struct bytes party)
{
	struct session *session = sessions->by_party[bucket(sessions, party)];

	while (session != NULL && !bytes_is_text(party, session->peer.party->code))
		session = session->next_party;
	return session;
}

enum status
session_open(
    struct sessions *sessions, const struct peer *peer, struct session **out, struct peer *old)
{
	struct bytes party = bytes_of_text(peer->party->code);
	struct session *session, *former, **all;
	uint32_t cap = sessions->cap == 0 ? 64 : 2 * sessions->cap;

	old->routing_len = 0;
	if (sessions->count == sessions->cap) {
		if ((all = realloc(sessions->all, cap * sizeof(struct session *))) == NULL)
			return STATUS_NO_MEMORY;
		sessions->all = all;
		sessions->cap = cap;
	}
	if ((session = calloc(1, sizeof(*session))) == NULL)
		return STATUS_NO_MEMORY;
	if ((former = by_routing(sessions, peer)) != NULL)
		session_close(sessions, former);
	if ((former = session_of(sessions, party)) != NULL) {
		*old = former->peer;
		session_close(sessions, former);
	}
	session->peer = *peer;
	session->position = sessions->count;
	sessions->all[sessions->count++] = session;
	session->next_routing = sessions->by_routing[bucket(sessions, routing(peer))];
	sessions->by_routing[bucket(sessions, routing(peer))] = session;
	session->next_party = sessions->by_party[bucket(sessions, party)];
	sessions->by_party[bucket(sessions, party)] = session;
	*out = session;
	return STATUS_OK;
}

void
session_close(struct sessions *sessions, struct session *session)
{
	struct session **at = &sessions->by_routing[bucket(sessions, routing(&session->peer))];

	while (*at != session)
		at = &(*at)->next_routing;
	*at = session->next_routing;
	at = &sessions->by_party[bucket(sessions, bytes_of_text(session->peer.party->code))];
	while (*at != session)
		at = &(*at)->next_party;
	*at = session->next_party;
	sessions->all[session->position] = sessions->all[--sessions->count];
	sessions->all[session->position]->position = session->position;
	free(session);
}

struct session *
session_at(const struct sessions *sessions, uint32_t i)
{
	return i < sessions->count ? sessions->all[i] : NULL;
}

uint32_t
session_count(const struct sessions *sessions)
{
	return sessions->count;
}

void
session_wake(struct sessions *sessions, struct bytes party)
{
	struct session *session = session_of(sessions, party);

	if (session != NULL)
		session->waiting = session->credit > 0;
}
