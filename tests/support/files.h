/* files.h: temporary folders, files and commands for the tests. */
#ifndef TL_TESTS_SUPPORT_FILES_H
#define TL_TESTS_SUPPORT_FILES_H

#include "base/buf.h"

/* A new folder under $TMPDIR or /tmp; test_folder_free removes it with all in it. */
char *test_folder_new(void);
void test_folder_free(char *folder);

/* "folder/name", which lives to the end of the program. */
const char *test_path(const char *folder, const char *name);

/* Writes or reads a whole file; aborts when that fails. */
void test_file_write(const char *path, tl_str bytes);
tl_buf test_file_read(const char *path);

/* True when the program is in $PATH. */
bool test_have(const char *program);

/* Runs a shell command; its exit status. */
int test_shell(const char *fmt, ...) TL_PRINTF(1, 2);

#endif
