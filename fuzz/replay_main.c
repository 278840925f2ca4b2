/* Feeds files to a fuzz target without libFuzzer, so that `make check` replays every seed and every
 * past crash with any compiler (the idea is zstd's libregression).
 *
 * Arguments: files, or folders whose files are taken (not their subfolders). The empty input is
 * always tried first. Prints one TAP line; a crash is the failure. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { REPLAY_FILE_CAP = 16 * 1024 * 1024 };

/* Reads at most REPLAY_FILE_CAP bytes of `path` into a block of exactly that many, so that ASan
 * sees the first byte read beyond them. False when it is no readable file. */
static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return 0;
    if (fseek(file, 0, SEEK_END) != 0) {
        fclose(file);
        return 0;
    }
    long size = ftell(file);
    rewind(file);
    if (size < 0 || size > REPLAY_FILE_CAP) {
        fclose(file);
        return 0;
    }
    uint8_t *bytes = malloc(size > 0 ? (size_t)size : 1);
    size_t len = bytes ? fread(bytes, 1, (size_t)size, file) : 0;
    fclose(file);
    if (bytes)
        LLVMFuzzerTestOneInput(bytes, len);
    free(bytes);
    return bytes != NULL;
}

static size_t replay_folder(DIR *folder, const char *path)
{
    size_t file_count = 0;
    const struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        char name[4096];
        int len = snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (entry->d_type == DT_REG && len > 0 && (size_t)len < sizeof name)
            file_count += (size_t)replay_file(name);
    }
    return file_count;
}

int main(int argc, char **argv)
{
    size_t file_count = 0;
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        if (folder) {
            file_count += replay_folder(folder, argv[i]);
            closedir(folder);
        } else {
            file_count += (size_t)replay_file(argv[i]);
        }
    }
    printf("ok 1 - %zu seeds\n", file_count);
    return 0;
}
