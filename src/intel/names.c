/* names.c - one spelling for each ecosystem, package, host and time.
 *
 * Normalisation is where look-ups are lost: OSV writes "PyPI" and "Flask_Login", pip asks for
 * "pypi" and "flask-login" (google/osv-scanner#1128 missed malware that way). Both sides come
 * through here. */
#include "intel/names.h"

#include <string.h>

static const struct {
    const char *type, *osv, *others; /* `others`: blank-separated, lower case */
} ecosystems[] = {
    { "npm", "npm", "" },
    { "pypi", "PyPI", "python pip" },
    { "gem", "RubyGems", "ruby" },
    { "cargo", "crates.io", "crates rust" },
    { "golang", "Go", "" },
    { "maven", "Maven", "java" },
    { "composer", "Packagist", "php" },
    { "nuget", "NuGet", "" },
    { "hex", "Hex", "" },
    { "pub", "Pub", "dart" },
    { "githubactions", "GitHub Actions", "actions" },
    { "vscode-extension", "VSCode", "vscode:extension" },
    { "openvsx", "OpenVSX", "open-vsx" },
};

static bool has_word(const char *list, RtStr word)
{
    RtStr words = rt_str_from_c(list), piece;
    while (rt_str_next(&words, ' ', &piece))
        if (rt_str_equal(piece, word))
            return true;
    return false;
}

RtStr rt_ecosystem_type(RtArena *arena, RtStr name)
{
    size_t colon = rt_str_find_byte(name, ':');
    RtStr word = rt_str_lower(arena, rt_str_trim(rt_str_sub(name, 0, colon)));
    for (size_t i = 0; i < RT_COUNT(ecosystems) && word.len > 0; i++)
        if (rt_str_equal(word, rt_str_from_c(ecosystems[i].type)) ||
            rt_str_equal_nocase(word, rt_str_from_c(ecosystems[i].osv)) ||
            has_word(ecosystems[i].others, word))
            return rt_str_from_c(ecosystems[i].type);
    return word;
}

RtStr rt_ecosystem_osv(RtStr type)
{
    for (size_t i = 0; i < RT_COUNT(ecosystems); i++)
        if (rt_str_equal(type, rt_str_from_c(ecosystems[i].type)))
            return rt_str_from_c(ecosystems[i].osv);
    return type;
}

/* PEP 503: runs of '-', '_' and '.' are one '-'. */
static RtStr pypi_name(RtArena *arena, RtStr name)
{
    uint8_t *at = rt_arena_bytes(arena, name.len);
    size_t len = 0;
    for (size_t i = 0; i < name.len; i++) {
        bool is_joint = name.at[i] == '-' || name.at[i] == '_' || name.at[i] == '.';
        if (!is_joint)
            at[len++] = name.at[i];
        else if (len == 0 || at[len - 1] != '-')
            at[len++] = '-';
    }
    return (RtStr){ at, len };
}

static RtStr replaced(RtArena *arena, RtStr name, uint8_t from, uint8_t to)
{
    uint8_t *at = rt_arena_bytes(arena, name.len);
    for (size_t i = 0; i < name.len; i++)
        at[i] = name.at[i] == from ? to : name.at[i];
    return (RtStr){ at, name.len };
}

RtStr rt_package_name(RtArena *arena, RtStr type, RtStr name)
{
    name = rt_str_trim(name);
    if (name.len == 0 || rt_str_equal(type, RT_STR("npm")) || rt_str_equal(type, RT_STR("gem")))
        return name;
    if (rt_str_equal(type, RT_STR("maven")))
        return replaced(arena, name, '/', ':');
    RtStr lower = rt_str_lower(arena, name);
    if (rt_str_equal(type, RT_STR("pypi")))
        return pypi_name(arena, lower);
    if (rt_str_equal(type, RT_STR("cargo")))
        return replaced(arena, lower, '_', '-');
    return lower;
}

RtStr rt_refang(RtArena *arena, RtStr text)
{
    static const char *const marks[][2] = {
        { "[.]", "." }, { "(.)", "." }, { "[dot]", "." }, { "[:]", ":" }, { "[://]", "://" },
    };
    text = rt_str_trim(text);
    RtText out = { .arena = arena };
    if (text.len > 4 && rt_str_equal_nocase(rt_str_sub(text, 0, 4), RT_STR("hxxp"))) {
        rt_text_add(&out, RT_STR("http"));
        text = rt_str_from(text, 4);
    }
    for (size_t i = 0; i < text.len;) {
        size_t step = 0;
        for (size_t k = 0; k < RT_COUNT(marks) && step == 0; k++)
            if (rt_str_starts(rt_str_from(text, i), rt_str_from_c(marks[k][0]))) {
                rt_text_add(&out, rt_str_from_c(marks[k][1]));
                step = strlen(marks[k][0]);
            }
        if (step == 0)
            rt_text_byte(&out, text.at[i]);
        i += step ? step : 1;
    }
    return rt_text_str(&out);
}

RtStr rt_host_name(RtArena *arena, RtStr text)
{
    RtStr host = rt_str_lower(arena, rt_refang(arena, text));
    if (rt_str_starts(host, RT_STR("*.")))
        host = rt_str_from(host, 2);
    if (rt_str_ends(host, RT_STR(".")))
        host.len--;
    bool has_dot = false, is_host = host.len > 0 && host.len <= 253 && host.at[0] != '.';
    for (size_t i = 0; i < host.len && is_host; i++) {
        uint8_t byte = host.at[i];
        has_dot = has_dot || byte == '.';
        is_host = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' ||
                  byte == '.' || byte == '_' || byte >= 0x80;
        if (byte == '.' && i + 1 < host.len && host.at[i + 1] == '.')
            is_host = false;
    }
    return is_host && has_dot ? host : (RtStr){ 0 };
}

static bool is_ipv4(RtStr text)
{
    size_t parts = 0;
    RtStr part;
    while (rt_str_next(&text, '.', &part)) {
        unsigned value = 0;
        if (part.len == 0 || part.len > 3 || (part.len > 1 && part.at[0] == '0'))
            return false;
        for (size_t i = 0; i < part.len; i++) {
            if (part.at[i] < '0' || part.at[i] > '9')
                return false;
            value = value * 10 + part.at[i] - '0';
        }
        if (value > 255 || ++parts > 4)
            return false;
    }
    return parts == 4;
}

static bool is_ipv6(RtStr text)
{
    size_t colons = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = text.at[i];
        bool is_hex = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') ||
                      (byte >= 'A' && byte <= 'F');
        colons += byte == ':';
        if (!is_hex && byte != ':' && byte != '.')
            return false;
    }
    return colons >= 2 && colons <= 7 && text.len >= 3 && text.len <= 45;
}

bool rt_is_ip(RtStr text) { return is_ipv4(text) || is_ipv6(text); }

/* ---- times --------------------------------------------------------------------------------- */

/* Days from 1970-01-01 of a Gregorian date (Howard Hinnant, "days_from_civil"). */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = year / 400, of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool digits(RtStr text, size_t at, size_t len, int64_t *ret_number)
{
    int64_t number = 0;
    if (at + len > text.len)
        return false;
    for (size_t i = at; i < at + len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
        number = number * 10 + text.at[i] - '0';
    }
    *ret_number = number;
    return true;
}

/* The offset behind the seconds: "Z", "+02:00" or nothing. */
static int64_t zone_seconds(RtStr zone)
{
    int64_t hours = 0, minutes = 0;
    if (zone.len < 3 || (zone.at[0] != '+' && zone.at[0] != '-') || !digits(zone, 1, 2, &hours))
        return 0;
    (void)(digits(zone, 4, 2, &minutes) || digits(zone, 3, 2, &minutes));
    int64_t seconds = hours * 3600 + minutes * 60;
    return zone.at[0] == '-' ? -seconds : seconds;
}

int64_t rt_time_read(RtStr text)
{
    int64_t year, month, day, hour = 0, minute = 0, second = 0;
    text = rt_str_trim(text);
    if (!digits(text, 0, 4, &year) || !digits(text, 5, 2, &month) || !digits(text, 8, 2, &day) ||
        text.at[4] != '-' || text.at[7] != '-')
        return 0;
    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31)
        return 0;
    if (text.len == 10)
        return days_of(year, month, day) * 86400;
    if ((text.at[10] != 'T' && text.at[10] != 't' && text.at[10] != ' ') ||
        !digits(text, 11, 2, &hour) || !digits(text, 14, 2, &minute) ||
        !digits(text, 17, 2, &second) || hour > 23 || minute > 59 || second > 60)
        return 0;
    size_t at = 19;
    if (at < text.len && text.at[at] == '.')
        for (at++; at < text.len && text.at[at] >= '0' && text.at[at] <= '9';)
            at++;
    int64_t seconds = days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
    seconds -= zone_seconds(rt_str_from(text, at));
    return seconds > 0 ? seconds : 0;
}

RtStr rt_time_text(RtArena *arena, int64_t seconds)
{
    const int64_t most = 253402300799; /* 9999-12-31T23:59:59Z */
    seconds = seconds < 0 ? 0 : seconds > most ? most : seconds;
    int64_t days = seconds / 86400 + 719468, rest = seconds % 86400;
    int64_t era = days / 146097, of_era = days - era * 146097;
    int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * of_year + 2) / 153;
    int64_t day = of_year - (153 * shifted + 2) / 5 + 1;
    int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
    int64_t year = year_of_era + era * 400 + (month <= 2);
    return rt_str_format(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", (int)year, (int)month, (int)day,
                         (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
}
