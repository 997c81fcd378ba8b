/* services/runtime/people/accounts_password.c: which passwords are taken, and how they are kept. */
#include <string.h>
#include <strings.h>

#include "protocol/host/lang.h"
#include "services/runtime/people/accounts.h"
#include "services/runtime/people/hasher.h"

static const char table[] = "people", column[] = "password";

/* What comes first to who must think of twelve characters. */
static const char *const absurd[] = {"password1234", "passwordpassword", "password12345",
    "parole123456", "paroleparole", "parole1234567", "manaparole123", "qwertyuiop12",
    "qwertyuiop[]", "qwertyqwerty", "1q2w3e4r5t6y", "asdfghjkl123", "abcdefghijkl",
    "abcdefghijklm", "administrator", "administrators", "iloveyou1234", "saiknesaikne",
    "letmeinletmein", "changemechangeme", "welcome12345", "latvija12345", "latvijalatvija"};

static bool
is_absurd(const char *password)
{
	size_t len = strlen(password);

	for (size_t i = 0; i < sizeof(absurd) / sizeof(absurd[0]); i++)
		if (strcasecmp(absurd[i], password) == 0)
			return true;
	/* Nothing but digits in a row, or one character over and over. */
	for (size_t i = 1; i < len; i++) {
		bool next = password[i] == password[i - 1] ||
		            password[i] == password[i - 1] + 1 ||
		            (password[i] == '0' && password[i - 1] == '9');

		if (!next)
			return false;
	}
	return true;
}

/* Nothing but the login, over and over, and digits. */
static bool
is_login(const char *login, const char *password)
{
	size_t len = strlen(login);

	if (len == 0)
		return false;
	while (*password != '\0') {
		if (strncasecmp(password, login, len) == 0)
			password += len;
		else if (*password >= '0' && *password <= '9')
			password++;
		else
			return false;
	}
	return true;
}

static size_t
characters(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

const char *
accounts_password_fault(const char *login, const char *password)
{
	if (!bytes_is_utf8(bytes_of_text(password)))
		return N_("the password must be text without control characters");
	if (characters(password) < ACCOUNTS_PASSWORD_MIN)
		return N_("the password must have 12 characters at least; a sentence is good");
	if (strlen(password) > HASHER_PASSWORD_MAX)
		return N_("the password must have 256 bytes at most");
	if (is_login(login, password))
		return N_("the password must not be the login");
	if (is_absurd(password))
		return N_("this password is among the first that are guessed; take another");
	return NULL;
}

enum status
accounts_password(
    const struct service *service, uint64_t person, char stored[static SUITE_PASSWORD_STORED])
{
	const struct vault_place place = {table, person, column};
	struct buffer sealed = {0}, plain = {0};
	enum status rc = people_store_password(service->db, person, &sealed);

	memset(stored, 0, SUITE_PASSWORD_STORED);
	if (rc == STATUS_OK && sealed.len > 0) {
		rc = vault_open_own(service->vault, &place, bytes_of_buffer(&sealed), &plain);
		if (rc == STATUS_OK &&
		    !bytes_to_text(bytes_of_buffer(&plain), stored, SUITE_PASSWORD_STORED))
			rc = STATUS_DATABASE;
	}
	buffer_free(&sealed);
	buffer_free(&plain);
	return rc;
}

enum status
accounts_take_password(
    struct service *service, uint64_t person, const char stored[static SUITE_PASSWORD_STORED])
{
	const struct vault_place place = {table, person, column};
	struct buffer sealed = {0};
	enum status rc = vault_seal_own(service->vault, &place, bytes_of_text(stored), &sealed);

	if (rc == STATUS_OK)
		rc = people_store_set_password(service->db, person, bytes_of_buffer(&sealed));
	if (rc == STATUS_OK)
		rc = people_store_set_code(service->db, person, (struct bytes){0}, 0);
	if (rc == STATUS_OK)
		rc = credential_store_drop_of(service->db, person);
	buffer_free(&sealed);
	return rc;
}
