/* broker/gate_zap.h: who may come in: the ZAP handler (ZeroMQ RFC 27) over the directory. */
#ifndef SAIKNE_GATE_ZAP_H
#define SAIKNE_GATE_ZAP_H

#include "protocol/trust/directory.h"

#define GATE_ZAP_DOMAIN "saikne"

struct gate_zap;

/* Bound before any other socket of CONTEXT is: without a handler ZeroMQ admits everyone. */
MUST_CHECK enum status gate_zap_open(
    void *context, const struct directory *directory, struct gate_zap **out);
void gate_zap_close(struct gate_zap *zap);
void *gate_zap_socket(const struct gate_zap *zap);
/* Answers all that ask. STATUS_INTERNAL: the handler failed, and the process must end. */
MUST_CHECK enum status gate_zap_run(struct gate_zap *zap, uint64_t now_ms);

/* Handshakes so far. */
uint64_t gate_zap_admitted(const struct gate_zap *zap);
uint64_t gate_zap_refused(const struct gate_zap *zap);

/*
 * For a crash: libzmq 4.3.4 aborts when an admitted peer has forged the next automatic routing
 * id. Whoever came in last is the suspect. Safe in a signal handler.
 */
void gate_zap_tell_last(void);

#endif
