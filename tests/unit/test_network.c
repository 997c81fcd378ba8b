/* tests/unit/test_network.c: network.conf reads back as written, and nothing else is taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "protocol/host/network.h"

static struct network example;
static char path[] = "/tmp/saikne-test-network-XXXXXX";

static int
start(void **state)
{
	uint8_t log[32];
	int fd;

	(void)state;
	if (suite_start() != STATUS_OK || (fd = mkstemp(path)) < 0)
		return -1;
	close(fd);
	strcpy(example.id, "test-net");
	strcpy(example.broker, "tcp://broker.example:7700");
	memset(example.root, 1, sizeof(example.root));
	memset(example.broker_key, 2, sizeof(example.broker_key));
	memset(log, 3, sizeof(log));
	return note_key_make("test-net/log", log, &example.log) == STATUS_OK ? 0 : -1;
}

static int
stop(void **state)
{
	(void)state;
	return unlink(path);
}

/* Reads what FORMAT gives with FROM exchanged for TO. */
static enum status
read_with(const char *from, const char *to, struct network *out)
{
	struct buffer text = {0};
	char *at;
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	network_format(&example, &text);
	buffer_append_byte(&text, 0);
	assert_false(text.failed);
	at = strstr((char *)text.data, from);
	assert_non_null(at);
	fprintf(file, "%.*s%s%s", (int)(at - (char *)text.data), (char *)text.data, to,
	    at + strlen(from));
	fclose(file);
	buffer_free(&text);
	return network_read(path, out);
}

static void
what_is_written_reads_back(void **state)
{
	struct network read;

	(void)state;
	assert_int_equal(read_with("", "", &read), STATUS_OK);
	assert_string_equal(read.id, example.id);
	assert_string_equal(read.broker, example.broker);
	assert_memory_equal(read.root, example.root, 32);
	assert_memory_equal(read.broker_key, example.broker_key, 32);
	assert_string_equal(read.log.name, "test-net/log");
	assert_int_equal(read.log.id, example.log.id);
	assert_memory_equal(read.log.public, example.log.public, 32);
}

static void
anything_else_is_refused(void **state)
{
	static const char *const changes[][2] = {{"id = test-net", "id = Test Net"},
	    {"id = test-net\n", ""}, {"broker_key = 02", "broker_key = 0"},
	    {"root = 01", "root = zz"}, {"log = test-net/log+", "log = test-net/log-"},
	    {"[network]", "[networks]"}, {"broker =", "brokers ="}};
	struct network read = {.id = "untouched"};

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		assert_int_equal(
		    read_with(changes[i][0], changes[i][1], &read), STATUS_BAD_CONFIG);
		assert_string_equal(read.id, "untouched");
	}
}

int
main(void)
{
	const struct CMUnitTest network[] = {
	    cmocka_unit_test(what_is_written_reads_back),
	    cmocka_unit_test(anything_else_is_refused),
	};

	return cmocka_run_group_tests(network, start, stop);
}
