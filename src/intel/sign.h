/* sign.h - signatures of feeds that go between organisations, in minisign's formats (Ed25519 over
 * BLAKE2b-512), so that either side may use minisign in our place. sign.c is the one file that
 * knows libsodium. */
#ifndef RT_INTEL_SIGN_H
#define RT_INTEL_SIGN_H

#include "base/str.h"

/* Fresh keys as the texts of their files. The secret one is not encrypted (as `minisign -W`): keep
 * its file to yourself. */
RtErr rt_sign_keys(RtText *secret, RtText *public_) RT_MUST_USE;
/* The text of FEED.minisig. The comment is signed, too; one line. */
RtErr rt_sign_make(RtStr secret, RtStr bytes, RtStr comment, RtText *signature) RT_MUST_USE;
/* RT_ERR_FORMAT, in words, when the signature is not that of these bytes by this key. */
RtErr rt_sign_check(RtArena *arena, RtStr public_, RtStr signature, RtStr bytes) RT_MUST_USE;

#endif
