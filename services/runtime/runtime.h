/* services/runtime/runtime.h: a service's program: everything but what its kind is. */
#ifndef SAIKNE_RUNTIME_H
#define SAIKNE_RUNTIME_H

#include "services/runtime/task/descriptor.h"

/* Runs the program: parse, acquire, spin, release. The exit status of main(). */
int runtime_main(int argc, char **argv, const struct descriptor *descriptor);

#endif
