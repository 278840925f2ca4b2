/* file.h - opening and reading files whose places somebody else chose. */
#ifndef RT_BASE_FILE_H
#define RT_BASE_FILE_H

#include "base/str.h"

/* Opens `path`, relative to `folder`, with open(2)'s `flags`, through no symbolic link and never
 * above the folder (openat2 where the kernel has it; without it only the last name is safe from
 * links). -1 with errno. The caller closes. */
int rt_file_open(int folder, const char *path, int flags);
/* As above, for paths a person's machine is laid out with: links are followed as a process sees
 * them whose root is `root`, so that none leads out of a mounted image. */
int rt_file_open_inside(int root, const char *path, int flags);
/* At most `most` bytes from the start of a regular file; what lies beyond is left. */
RtStr rt_file_read(RtArena *arena, int fd, size_t most);

#endif
