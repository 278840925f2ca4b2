/* standing.c - from the features found to a level.
 *
 * Points are summed within a family and capped there, because ten features of one kind are one
 * observation; families are added. A level above consistent-with wants families that do not come
 * from the same source: code can be copied, a protocol can be copied, both together with the same
 * targets seldom are. Even an exact match (a wallet, a key) stands alone no higher than
 * consistent-with: whoever copies a loader copies its constants. */
#include "link/attribute.h"

static const double caps[RT_TRAIT_FAMILIES] = {
    [RT_TRAIT_EXACT] = 8, [RT_TRAIT_CODE] = 4,    [RT_TRAIT_PROTOCOL] = 3, [RT_TRAIT_TARGETS] = 3,
    [RT_TRAIT_LURE] = 3,  [RT_TRAIT_ACCOUNT] = 3, [RT_TRAIT_TIME] = 0.5,   [RT_TRAIT_AGAINST] = 0,
};
static const double exact_weight = 6, strong_from = 7, consistent_from = 4, family_from = 1;

RtStanding rt_standing(const RtTrait *traits, size_t count, RtVerdictLevel verdict)
{
    double sums[RT_TRAIT_FAMILIES] = { 0 };
    bool has_exact = false;
    for (size_t i = 0; i < count; i++) {
        sums[traits[i].family] += traits[i].weight;
        has_exact |= traits[i].family == RT_TRAIT_EXACT && traits[i].weight >= exact_weight;
    }
    RtStanding standing = { 0 };
    for (int f = 0; f < RT_TRAIT_FAMILIES; f++) {
        double most = caps[f];
        standing.points += f != RT_TRAIT_AGAINST && sums[f] > most ? most : sums[f];
        standing.families += f != RT_TRAIT_AGAINST && f != RT_TRAIT_TIME && sums[f] >= family_from;
    }
    bool rooted = sums[RT_TRAIT_EXACT] > 0 || sums[RT_TRAIT_CODE] > 0;
    if (standing.points < consistent_from || verdict < RT_VERDICT_SUSPICIOUS)
        return standing;
    if (has_exact && standing.families >= 2 && standing.points >= strong_from &&
        verdict == RT_VERDICT_MALICIOUS)
        standing.level = RT_EXACT_MATCH;
    else if (standing.points >= strong_from && standing.families >= 3 && rooted)
        standing.level = RT_STRONG_LINK;
    else if (standing.families >= 2 || has_exact)
        standing.level = RT_CONSISTENT_WITH;
    return standing;
}
