/* php_calls.c - PHP's functions: those that only change text are computed, those that act become
 * facts, those whose result comes from outside give their fact to what they return. */
#include "facts/languages/php_parts.h"

#include "base/base64.h"

enum { INFLATE_LIMIT = 4 * 1024 * 1024 };

static RtPhpValue known(RtStr text, const RtShellFlow *flow)
{
    return (RtPhpValue){ .text = text, .known = true, .flow = *flow };
}

static RtPhpValue from_fact(RtFactId id)
{
    RtPhpValue value = { 0 };
    rt_shell_flow_add(&value.flow, id);
    return value;
}

static RtPhpValue decoded(RtPhp *php, const char *how, RtStr text, bool is_known,
                          const RtShellFlow *flow)
{
    RtShellRun *run = php->run;
    RtPhpValue value = from_fact(rt_php_fact(php, RT_FACT_DATA_DECODE, rt_str_from_c(how),
                                             rt_str_sub(text, 0, 4096), RT_STR(""), flow));
    value.text = text;
    value.known = is_known;
    if (is_known && text.len >= 8)
        run->sink->layer(run->sink, (RtLayer){ .parent = run->layer,
                                               .via = RT_VIA_DECODED,
                                               .name = rt_str_from_c(how),
                                               .bytes = text,
                                               .source = { .from = run->from, .len = run->len } });
    return value;
}

static RtStr rot13(RtArena *arena, RtStr text)
{
    uint8_t *out = rt_arena_bytes(arena, text.len);
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = text.at[i], low = byte | 32;
        bool letter = low >= 'a' && low <= 'z';
        out[i] = letter ? (uint8_t)(byte + (low < 'n' ? 13 : -13)) : byte;
    }
    return (RtStr){ .at = out, .len = text.len };
}

static RtStr reversed(RtArena *arena, RtStr text)
{
    uint8_t *out = rt_arena_bytes(arena, text.len);
    for (size_t i = 0; i < text.len; i++)
        out[i] = text.at[text.len - 1 - i];
    return (RtStr){ .at = out, .len = text.len };
}

static uint32_t hex_digit(uint8_t byte)
{
    uint8_t low = byte | 32;
    return byte >= '0' && byte <= '9' ? byte - (uint32_t)'0'
           : low >= 'a' && low <= 'f' ? low - (uint32_t)'a' + 10
                                      : 16;
}

static RtStr unhex(RtArena *arena, RtStr text)
{
    RtText out = { .arena = arena };
    for (size_t i = 0; i + 1 < text.len; i += 2) {
        uint32_t high = hex_digit(text.at[i]), low = hex_digit(text.at[i + 1]);
        if (high > 15 || low > 15)
            break;
        rt_text_byte(&out, (uint8_t)(high << 4 | low));
    }
    return rt_text_str(&out);
}

static RtStr percent_decoded(RtArena *arena, RtStr text)
{
    RtText out = { .arena = arena };
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '%' && i + 2 < text.len && hex_digit(text.at[i + 1]) < 16 &&
            hex_digit(text.at[i + 2]) < 16) {
            rt_text_byte(&out,
                         (uint8_t)(hex_digit(text.at[i + 1]) << 4 | hex_digit(text.at[i + 2])));
            i += 2;
        } else {
            rt_text_byte(&out, text.at[i]);
        }
    }
    return rt_text_str(&out);
}

static RtStr replaced(RtArena *arena, RtStr text, RtStr what, RtStr with)
{
    RtText out = { .arena = arena, .limit = INFLATE_LIMIT };
    while (what.len > 0) {
        size_t at = rt_str_find(text, what);
        if (at == RT_NOT_FOUND)
            break;
        rt_text_add(&out, rt_str_sub(text, 0, at));
        rt_text_add(&out, with);
        text = rt_str_from(text, at + what.len);
    }
    rt_text_add(&out, text);
    return rt_text_str(&out);
}

/* The decoders whose argument is wanted whole. */
static bool decode_call(RtPhp *php, RtStr name, const RtPhpValue *arg, const RtShellFlow *flow,
                        RtPhpValue *ret)
{
    RtArena *arena = php->run->sink->arena;
    if (!rt_word_in(name, "base64_decode gzinflate gzuncompress gzdecode str_rot13 strrev hex2bin "
                          "urldecode rawurldecode convert_uudecode "
                          "html_entity_decode openssl_decrypt mcrypt_decrypt unserialize"))
        return false;
    RtStr text = { 0 };
    bool is_known = arg->known && arg->text.len > 0 && rt_php_afford(php, arg->text.len);
    if (is_known && rt_word_in(name, "base64_decode")) {
        is_known = rt_base64_decode(arena, arg->text, &text);
    } else if (is_known && rt_word_in(name, "gzinflate")) {
        text = rt_php_inflate(arena, arg->text, INFLATE_LIMIT);
    } else if (is_known && rt_word_in(name, "gzuncompress")) {
        text = rt_php_inflate(arena, rt_str_from(arg->text, 2), INFLATE_LIMIT);
    } else if (is_known && rt_word_in(name, "gzdecode")) {
        text = rt_php_inflate(arena, rt_str_from(arg->text, 10), INFLATE_LIMIT);
    } else if (is_known && rt_word_in(name, "str_rot13")) {
        text = rot13(arena, arg->text);
    } else if (is_known && rt_word_in(name, "strrev")) {
        text = reversed(arena, arg->text);
    } else if (is_known && rt_word_in(name, "hex2bin")) {
        text = unhex(arena, arg->text);
    } else if (is_known && rt_word_in(name, "urldecode rawurldecode")) {
        text = percent_decoded(arena, arg->text);
    } else {
        is_known = false;
    }
    bool counts =
        !rt_word_in(name, "strrev urldecode rawurldecode html_entity_decode unserialize") ||
        text.len > 32;
    if (rt_php_afford(php, text.len) && counts)
        *ret = decoded(php, rt_str_c(arena, name), text, is_known && text.len > 0, flow);
    else
        *ret = (RtPhpValue){ .text = text, .known = is_known, .flow = *flow };
    return true;
}

static uint64_t number_of(const RtPhpValue *value)
{
    uint64_t number = 0;
    (void)rt_str_number(rt_str_trim(value->text), &number);
    return number;
}

/* Functions of text alone. */
static bool text_call(RtPhp *php, RtStr name, RtPhpValue args[RT_PHP_ARGS], size_t count,
                      const RtShellFlow *flow, RtPhpValue *ret)
{
    RtArena *arena = php->run->sink->arena;
    bool all = true;
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        all &= args[i].known || args[i].items != NULL;
        total += args[i].text.len;
    }
    if (!rt_word_in(name, "chr str_replace str_ireplace implode join trim rtrim ltrim strtolower "
                          "strtoupper substr pack sprintf strval "
                          "stripslashes addslashes array array_map0 preg_quote explode str_split "
                          "dirname basename"))
        return false;
    *ret = (RtPhpValue){ .flow = *flow };
    if (!all || count == 0 || !rt_php_afford(php, total))
        return true;
    if (rt_word_in(name, "chr")) {
        uint8_t *byte = rt_arena_bytes(arena, 1);
        *byte = (uint8_t)number_of(&args[0]);
        *ret = known((RtStr){ .at = byte, .len = 1 }, flow);
    } else if (rt_word_in(name, "str_replace str_ireplace") && count >= 3) {
        RtStr text = args[2].text;
        if (args[0].items == NULL)
            text = replaced(arena, text, args[0].text, args[1].text);
        for (size_t i = 0; args[0].items && i < args[0].count && rt_php_afford(php, text.len); i++)
            text = replaced(arena, text, args[0].items[i],
                            args[1].items ? (i < args[1].count ? args[1].items[i] : RT_STR(""))
                                          : args[1].text);
        *ret = known(text, flow);
    } else if (rt_word_in(name, "implode join")) {
        const RtPhpValue *list = args[0].items                ? &args[0]
                                 : count > 1 && args[1].items ? &args[1]
                                                              : NULL;
        RtStr glue = list == &args[0] ? (count > 1 ? args[1].text : RT_STR("")) : args[0].text;
        RtText out = { .arena = arena, .limit = INFLATE_LIMIT };
        for (size_t i = 0; list && i < list->count && rt_php_afford(php, list->items[i].len); i++) {
            if (i > 0)
                rt_text_add(&out, glue);
            rt_text_add(&out, list->items[i]);
        }
        *ret = known(rt_text_str(&out), flow);
    } else if (rt_word_in(name, "strtolower")) {
        *ret = known(rt_str_lower(arena, args[0].text), flow);
    } else if (rt_word_in(
                   name,
                   "trim rtrim ltrim strval stripslashes addslashes strtoupper dirname basename")) {
        *ret = known(rt_str_trim(args[0].text), flow);
    } else if (rt_word_in(name, "substr") && count >= 2 &&
               !rt_str_starts(args[1].text, RT_STR("-"))) {
        size_t len = count > 2 && !rt_str_starts(args[2].text, RT_STR("-"))
                         ? (size_t)number_of(&args[2])
                         : SIZE_MAX;
        *ret = known(rt_str_sub(args[0].text, (size_t)number_of(&args[1]), len), flow);
    } else if (rt_word_in(name, "pack") && count >= 2 && rt_str_starts(args[0].text, RT_STR("H"))) {
        *ret = decoded(php, "hex", unhex(arena, args[1].text), true, flow);
    } else if (rt_word_in(name, "sprintf")) {
        RtStr text = args[0].text;
        for (size_t i = 1; i < count; i++) {
            size_t at = rt_str_find(text, RT_STR("%s"));
            if (at == RT_NOT_FOUND)
                break;
            text = rt_str_format(arena, "%.*s%.*s%.*s", RT_FMT(rt_str_sub(text, 0, at)),
                                 RT_FMT(args[i].text), RT_FMT(rt_str_from(text, at + 2)));
        }
        *ret = known(text, flow);
    } else if (rt_word_in(name, "explode") && count >= 2 && args[0].text.len == 1) {
        RtStr rest = args[1].text, piece;
        while (ret->count < 4096 && rt_str_next(&rest, args[0].text.at[0], &piece))
            RT_PUSH(arena, ret->items, ret->count, ret->capacity) = piece;
    } else if (rt_word_in(name, "str_split")) {
        for (size_t i = 0; i < args[0].text.len && ret->count < 4096; i++)
            RT_PUSH(arena, ret->items, ret->count, ret->capacity) = rt_str_sub(args[0].text, i, 1);
    }
    return true;
}

static bool is_remote(RtStr path)
{
    return rt_str_starts(path, RT_STR("http://")) || rt_str_starts(path, RT_STR("https://")) ||
           rt_str_starts(path, RT_STR("ftp://"));
}

static bool code_call(RtPhp *php, RtStr name, RtPhpValue args[RT_PHP_ARGS], size_t count,
                      const RtShellFlow *flow, RtPhpValue *ret)
{
    const RtPhpValue none = { 0 };
    const RtPhpValue *first = count > 0 ? &args[0] : &none, *second = count > 1 ? &args[1] : &none;
    if (rt_word_in(name, "eval assert")) {
        bool plain = rt_word_in(name, "assert") && flow->count == 0 && !first->known;
        *ret = plain ? none
                     : rt_php_eval(php, first, rt_word_in(name, "eval") ? "eval" : "assert", flow);
    } else if (rt_word_in(name, "create_function")) {
        *ret = rt_php_eval(php, second, "create_function", flow);
        ret->is_closure = true;
    } else if (rt_word_in(name, "preg_replace mb_ereg_replace preg_filter")) {
        RtStr pattern = first->text;
        size_t last = pattern.len > 0 ? rt_str_rfind_byte(pattern, pattern.at[0]) : RT_NOT_FOUND;
        bool runs = last != RT_NOT_FOUND && last > 0 &&
                    rt_str_find_byte(rt_str_from(pattern, last), 'e') != RT_NOT_FOUND;
        *ret = runs ? rt_php_eval(php, second, "preg_replace /e", flow)
                    : (RtPhpValue){ .flow = *flow };
    } else if (rt_word_in(name, "call_user_func call_user_func_array array_map array_filter usort "
                                "uasort array_walk register_shutdown_function "
                                "preg_replace_callback ob_start array_reduce iterator_apply "
                                "set_error_handler forward_static_call")) {
        const RtPhpValue *callback =
            rt_word_in(name, "array_filter usort uasort array_walk preg_replace_callback "
                             "array_reduce iterator_apply")
                ? second
                : first;
        if (callback->known && callback->text.len > 0 && php->depth < 20) {
            RtPhpValue rest[RT_PHP_ARGS] = { 0 };
            const RtPhpValue *data = callback == first ? second : first;
            rest[0] = *data;
            rt_shell_flow_join(&rest[0].flow, flow);
            if (data->items && data->count > 0 && !data->known)
                rest[0].text = data->items[0], rest[0].known = true;
            php->depth++;
            *ret = rt_php_call(php, callback->text, rest, 1, php->at);
            php->depth--;
        } else {
            *ret = callback->flow.count > 0 ? rt_php_eval(php, callback, "callback", flow)
                                            : (RtPhpValue){ .flow = *flow };
        }
    } else if (rt_word_in(name, "include include_once require require_once")) {
        bool wrapper = rt_str_starts(first->text, RT_STR("data:")) ||
                       rt_str_starts(first->text, RT_STR("php://"));
        if (is_remote(first->text) || wrapper || flow->count > 0)
            *ret = rt_php_eval(php, is_remote(first->text) || wrapper ? first : &none, "include",
                               flow);
        else
            rt_php_fact(php, RT_FACT_CODE_REQUIRE, first->text, RT_STR("include"), RT_STR(""),
                        flow);
    } else {
        return false;
    }
    return true;
}

static bool act_call(RtPhp *php, RtStr name, RtPhpValue args[RT_PHP_ARGS], size_t count,
                     const RtShellFlow *flow, RtPhpValue *ret)
{
    RtStr first = count > 0 ? args[0].text : RT_STR(""),
          second = count > 1 ? args[1].text : RT_STR(""), none = RT_STR("");
    RtFactId id = 0;
    if (rt_word_in(name, "system exec shell_exec passthru popen proc_open pcntl_exec expect_popen"))
        id = rt_php_fact(php, RT_FACT_PROC_EXEC, first, name, none, flow);
    else if (rt_word_in(name, "file_get_contents fopen file readfile curl_init simplexml_load_file "
                              "copy get_headers fopen_url") &&
             is_remote(first))
        id = rt_php_fact(php, RT_FACT_NET_REQUEST, first, RT_STR("GET"), none, flow);
    else if (rt_word_in(name, "file_get_contents file readfile highlight_file show_source") &&
             rt_str_starts(first, RT_STR("php://input")))
        id = rt_php_fact(php, RT_FACT_CALL, RT_STR("http-input"), first, none, flow);
    else if (rt_word_in(
                 name, "file_get_contents file readfile highlight_file show_source parse_ini_file"))
        id = rt_php_fact(php, RT_FACT_FILE_READ, first, none, none, flow);
    else if (rt_word_in(name, "curl_setopt") && rt_word_in(second, "CURLOPT_URL"))
        id = rt_php_fact(php, RT_FACT_NET_REQUEST, count > 2 ? args[2].text : none, RT_STR("GET"),
                         none, flow);
    else if (rt_word_in(name, "curl_setopt") && rt_word_in(second, "CURLOPT_POSTFIELDS"))
        id = rt_php_fact(php, RT_FACT_NET_REQUEST, none, RT_STR("POST"),
                         count > 2 ? args[2].text : none, flow);
    else if (rt_word_in(name, "fsockopen pfsockopen stream_socket_client socket_connect"))
        id = rt_php_fact(php, RT_FACT_NET_CONNECT, first, second, none, flow);
    else if (rt_word_in(name, "file_put_contents move_uploaded_file copy fwrite fputs"))
        id = rt_php_fact(php, RT_FACT_FILE_WRITE,
                         rt_word_in(name, "fwrite fputs")        ? none
                         : rt_word_in(name, "file_put_contents") ? first
                                                                 : second,
                         rt_word_in(name, "file_put_contents") ? second : none, none, flow);
    else if (rt_word_in(name, "unlink rmdir"))
        id = rt_php_fact(php, RT_FACT_FILE_DELETE, first, none, none, flow);
    else if (rt_word_in(name, "chmod"))
        id = rt_php_fact(php, RT_FACT_FILE_CHMOD, first, second, none, flow);
    else if (rt_word_in(name, "rename"))
        id = rt_php_fact(php, RT_FACT_FILE_RENAME, first, second, none, flow);
    else if (rt_word_in(name, "scandir glob opendir"))
        id = rt_php_fact(php, RT_FACT_FILE_LIST, first, none, none, flow);
    else if (rt_word_in(name, "getenv"))
        id = rt_php_fact(php, RT_FACT_ENV_READ, count > 0 ? first : RT_STR("*"), none, none, flow);
    else if (rt_word_in(
                 name,
                 "gethostname php_uname get_current_user phpinfo posix_getpwuid sys_getloadavg"))
        id = rt_php_fact(php, RT_FACT_HOST_INFO,
                         rt_word_in(name, "gethostname") ? RT_STR("hostname") : RT_STR("platform"),
                         none, none, flow);
    else if (rt_word_in(name, "mail wp_mail"))
        id = rt_php_fact(php, RT_FACT_NET_REQUEST,
                         rt_str_format(php->run->sink->arena, "mailto:%.*s", RT_FMT(first)),
                         RT_STR("POST"), count > 2 ? args[2].text : none, flow);
    else if (rt_word_in(name, "gethostbyname dns_get_record checkdnsrr"))
        id = rt_php_fact(php, RT_FACT_NET_DNS, first, second, none, flow);
    else
        return false;
    *ret = from_fact(id);
    if (rt_word_in(name, "curl_setopt") && count > 0)
        ret->flow = *flow;
    return true;
}

RtPhpValue rt_php_call(RtPhp *php, RtStr name, RtPhpValue args[RT_PHP_ARGS], size_t count,
                       size_t at)
{
    RtShellFlow flow = { 0 };
    RtPhpValue value = { 0 };
    (void)at;
    for (size_t i = 0; i < count; i++)
        rt_shell_flow_join(&flow, &args[i].flow);
    while (name.len > 0 && name.at[0] == '\\')
        name = rt_str_from(name, 1);
    if ((count > 0 && decode_call(php, name, &args[0], &flow, &value)) ||
        text_call(php, name, args, count, &flow, &value) ||
        code_call(php, name, args, count, &flow, &value) ||
        act_call(php, name, args, count, &flow, &value))
        return value;
    value.flow = flow;
    return value;
}
