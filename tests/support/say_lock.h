/* say_lock.h - a lockfile's reading as lines, so that a golden file can hold it. */
#ifndef SUPPORT_SAY_LOCK_H
#define SUPPORT_SAY_LOCK_H

#include "model/dependency.h"

/* Per dependency "LINE ecosystem name@version source=… flags=… parent=… …", then notes and
 * requests. */
void say_lock(RtText *out, const RtLock *lock);

#endif
