/* tests/fuzz/replay.c: feeds a fuzz target its seeds, where libFuzzer is not at hand. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define SEED_MAX (1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The target gets memory of exactly the seed's size, so that a byte too far is noticed. */
static void
feed(FILE *file)
{
	static uint8_t content[SEED_MAX];
	size_t size = fread(content, 1, sizeof(content), file);
	uint8_t *copy = malloc(size == 0 ? 1 : size);

	if (copy == NULL)
		abort();
	for (size_t i = 0; i < size; i++)
		copy[i] = content[i];
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static unsigned
feed_folder(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	unsigned count = 0;
	char name[4096];
	FILE *file;

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		if (snprintf(name, sizeof(name), "%s/%s", path, entry->d_name) >=
			(int)sizeof(name) ||
		    (file = fopen(name, "re")) == NULL)
			abort();
		feed(file);
		fclose(file);
		count++;
	}
	if (folder != NULL)
		closedir(folder);
	return count;
}

int
main(int argc, char **argv)
{
	static const uint8_t nothing[1];
	unsigned count = 0;

	LLVMFuzzerTestOneInput(nothing, 0);
	for (int i = 1; i < argc; i++)
		count += feed_folder(argv[i]);
	printf("replayed %u seeds\n", count);
	return 0;
}
