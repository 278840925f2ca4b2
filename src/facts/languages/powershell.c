/* powershell.c - PowerShell by a small expression reader: strings with their escapes, +, -f, -join,
 * -replace, casts to char, Convert and Encoding calls are folded; cmdlets and .NET methods that act
 * become facts.
 *
 * Not a parser of the language: control flow is passed through, script blocks run where they stand.
 * Backticks inside words are noise and go. Values are text with the facts that flowed into them;
 * lists are kept as lists of text so that [char[]](72,105) -join '' reads "Hi". Source:
 * about_Operators, about_Parsing. */
#include "facts/languages/powershell_parts.h"

enum { DEPTH_LIMIT = 40, LIST_LIMIT = 4096, VALUE_LIMIT = 1024 * 1024, STATEMENT_LIMIT = 20000 };

static RtPsValue pipeline(RtPs *ps);
static RtPsValue expression(RtPs *ps);

static uint8_t peek(const RtPs *ps, size_t ahead)
{
    return ps->at + ahead < ps->text.len ? ps->text.at[ps->at + ahead] : 0;
}

static bool is_name(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_';
}

static void skip_blanks(RtPs *ps)
{
    for (;;) {
        uint8_t byte = peek(ps, 0);
        if (byte == ' ' || byte == '\t' || byte == '\r') {
            ps->at++;
        } else if (byte == '`' &&
                   (peek(ps, 1) == '\n' || (peek(ps, 1) == '\r' && peek(ps, 2) == '\n'))) {
            ps->at += peek(ps, 1) == '\n' ? 2 : 3;
        } else if (byte == '#' || (byte == '<' && peek(ps, 1) == '#')) {
            RtStr rest = rt_str_from(ps->text, ps->at);
            size_t end =
                byte == '#' ? rt_str_find_byte(rest, '\n') : rt_str_find(rest, RT_STR("#>"));
            ps->at = end == RT_NOT_FOUND ? ps->text.len : ps->at + end + (byte == '#' ? 0 : 2);
        } else {
            return;
        }
    }
}

static void skip_space(RtPs *ps)
{
    for (skip_blanks(ps); peek(ps, 0) == '\n'; skip_blanks(ps))
        ps->at++;
}

/* Copies of values are paid for: a few lines that double a text would otherwise fill the arena. */
static bool afford(RtPs *ps, size_t len)
{
    if (ps->spent + len > 8u * VALUE_LIMIT)
        return false;
    ps->spent += len;
    return true;
}

static void add_paid(RtPs *ps, RtText *out, RtStr text)
{
    if (afford(ps, text.len))
        rt_text_add(out, text);
}

static RtPsValue text_value(RtStr text) { return (RtPsValue){ .text = text }; }

static void join_flow(RtPsValue *to, const RtPsValue *from)
{
    rt_shell_flow_join(&to->flow, &from->flow);
}

RtStr rt_ps_joined(RtPs *ps, const RtPsValue *value, RtStr with)
{
    if (value->items == NULL || !afford(ps, value->count))
        return value->text;
    RtText out = { .arena = ps->run->sink->arena, .limit = VALUE_LIMIT };
    for (size_t i = 0; i < value->count; i++) {
        if (i > 0)
            add_paid(ps, &out, with);
        add_paid(ps, &out, value->items[i]);
    }
    return rt_text_str(&out);
}

static void add_item(RtPs *ps, RtPsValue *list, RtStr text)
{
    if (list->count < LIST_LIMIT)
        RT_PUSH(ps->run->sink->arena, list->items, list->count, list->capacity) = text;
}

/* ---- variables
 * -------------------------------------------------------------------------------------------------
 */

static RtPsValue read_variable(RtPs *ps, RtStr name)
{
    RtShellRun *run = ps->run;
    RtStr key = rt_str_lower(run->sink->arena, name);
    if (rt_str_starts(key, RT_STR("env:"))) {
        RtStr variable = rt_str_from(name, 4);
        if (rt_word_in(variable, "TEMP TMP APPDATA LOCALAPPDATA USERPROFILE PROGRAMDATA PUBLIC "
                                 "SYSTEMROOT WINDIR COMSPEC PATH"))
            return text_value(rt_str_format(run->sink->arena, "%%%.*s%%", RT_FMT(variable)));
        RtShellCommand none = { .run = run };
        bool host = rt_word_in(variable, "COMPUTERNAME USERNAME USERDOMAIN");
        RtPsValue value = { 0 };
        rt_shell_flow_add(
            &value.flow,
            host ? rt_shell_fact(&none, RT_FACT_HOST_INFO,
                                 rt_word_in(variable, "USERNAME") ? RT_STR("user")
                                                                  : RT_STR("hostname"),
                                 RT_STR(""), RT_STR(""), NULL)
                 : rt_shell_fact(&none, RT_FACT_ENV_READ, variable, RT_STR(""), RT_STR(""), NULL));
        return value;
    }
    for (size_t i = ps->variable_count; i-- > 0;)
        if (rt_str_equal(ps->variables[i].name, key))
            return ps->variables[i].value;
    if (rt_str_equal(key, RT_STR("home")))
        return text_value(RT_STR("~"));
    if (rt_word_in(key, "psscriptroot pwd"))
        return text_value(RT_STR("."));
    if (rt_str_equal(key, RT_STR("_")))
        return ps->piped;
    return (RtPsValue){ 0 };
}

static void set_variable(RtPs *ps, RtStr name, RtPsValue value)
{
    RtArena *arena = ps->run->sink->arena;
    RtStr key = rt_str_lower(arena, name);
    for (size_t i = 0; i < ps->variable_count; i++) {
        if (rt_str_equal(ps->variables[i].name, key)) {
            ps->variables[i].value = value;
            return;
        }
    }
    if (ps->variable_count < 1000)
        RT_PUSH(arena, ps->variables, ps->variable_count, ps->variable_capacity) =
            (RtPsVariable){ .name = key, .value = value };
}

/* The name behind a `$`: `x`, `env:x`, `{x y}`. */
static RtStr variable_name(RtPs *ps)
{
    ps->at++;
    if (peek(ps, 0) == '{') {
        RtStr rest = rt_str_from(ps->text, ps->at + 1);
        size_t end = rt_str_find_byte(rt_str_sub(rest, 0, 256), '}');
        end = end == RT_NOT_FOUND ? 0 : end;
        ps->at += end + 2;
        return rt_str_sub(rest, 0, end);
    }
    size_t from = ps->at;
    while (is_name(peek(ps, 0)) || (peek(ps, 0) == ':' && is_name(peek(ps, 1)) && ps->at > from) ||
           (ps->at == from && peek(ps, 0) == '?'))
        ps->at++;
    return rt_str_sub(ps->text, from, ps->at - from);
}

/* ---- literals
 * --------------------------------------------------------------------------------------------------
 */

static RtPsValue single_quoted(RtPs *ps)
{
    RtText out = { .arena = ps->run->sink->arena };
    ps->at++;
    while (ps->at < ps->text.len) {
        if (peek(ps, 0) == '\'') {
            if (peek(ps, 1) != '\'')
                break;
            ps->at++;
        }
        rt_text_byte(&out, ps->text.at[ps->at++]);
    }
    ps->at++;
    return text_value(rt_text_str(&out));
}

static RtPsValue sub_script(RtPs *ps, uint8_t close)
{
    RtPsValue last = { 0 }, all = { 0 };
    if (ps->depth >= DEPTH_LIMIT) {
        ps->at = ps->text.len;
        return last;
    }
    ps->depth++;
    ps->at++;
    size_t values = 0;
    for (skip_space(ps); ps->at < ps->text.len && peek(ps, 0) != close; skip_space(ps)) {
        size_t before = ps->at;
        if (peek(ps, 0) == ';') {
            ps->at++;
            continue;
        }
        last = pipeline(ps);
        join_flow(&all, &last);
        values++;
        if (ps->at == before)
            ps->at++;
    }
    ps->at++;
    ps->depth--;
    join_flow(&last, &all);
    return last;
}

static RtPsValue double_quoted(RtPs *ps)
{
    RtPsValue value = { 0 };
    RtText out = { .arena = ps->run->sink->arena, .limit = VALUE_LIMIT };
    ps->at++;
    while (ps->at < ps->text.len) {
        uint8_t byte = peek(ps, 0);
        if (byte == '"' && peek(ps, 1) != '"')
            break;
        if (byte == '`' && ps->at + 1 < ps->text.len) {
            uint8_t next = peek(ps, 1);
            rt_text_byte(&out, next == 'n'   ? '\n'
                               : next == 't' ? '\t'
                               : next == 'r' ? '\r'
                               : next == '0' ? 0
                                             : next);
            ps->at += 2;
        } else if (byte == '$' && peek(ps, 1) == '(') {
            ps->at++;
            RtPsValue inner = sub_script(ps, ')');
            add_paid(ps, &out, rt_ps_joined(ps, &inner, RT_STR(" ")));
            join_flow(&value, &inner);
        } else if (byte == '$' && (is_name(peek(ps, 1)) || peek(ps, 1) == '{')) {
            RtPsValue inner = read_variable(ps, variable_name(ps));
            add_paid(ps, &out, rt_ps_joined(ps, &inner, RT_STR(" ")));
            join_flow(&value, &inner);
        } else {
            ps->at += byte == '"' ? 1 : 0;
            if (ps->at < ps->text.len)
                rt_text_byte(&out, ps->text.at[ps->at++]);
        }
    }
    ps->at++;
    value.text = rt_text_str(&out);
    return value;
}

/* @'…'@ and @"…"@ */
static RtPsValue here_string(RtPs *ps)
{
    RtStr end_mark = peek(ps, 1) == '\'' ? RT_STR("\n'@") : RT_STR("\n\"@");
    RtStr rest = rt_str_from(ps->text, ps->at + 2);
    size_t end = rt_str_find(rest, end_mark);
    RtStr body = rt_str_sub(rest, 0, end);
    ps->at = end == RT_NOT_FOUND ? ps->text.len : ps->at + 2 + end + 3;
    return text_value(rt_str_trim(body));
}

static RtStr rune_text(RtPs *ps, uint64_t number)
{
    RtText out = { .arena = ps->run->sink->arena };
    rt_text_rune(&out, number < 0x110000 ? (uint32_t)number : 0xFFFD);
    return rt_text_str(&out);
}

/* [char]65, [char[]](72,105), [string]x, [byte[]]…: only char changes text. */
static RtPsValue cast(RtPs *ps, RtStr type, RtPsValue value)
{
    if (rt_str_find_nocase(type, RT_STR("char")) == RT_NOT_FOUND)
        return value;
    uint64_t number;
    if (value.items == NULL) {
        if (rt_str_number(rt_str_trim(value.text), &number))
            value.text = rune_text(ps, number);
        return value;
    }
    RtPsValue out = { .flow = value.flow };
    for (size_t i = 0; i < value.count; i++)
        add_item(ps, &out,
                 rt_str_number(rt_str_trim(value.items[i]), &number) ? rune_text(ps, number)
                                                                     : value.items[i]);
    return out;
}

/* ---- expressions
 * -----------------------------------------------------------------------------------------------
 */

/* (a, b, …) after a method's name. */
static size_t arguments(RtPs *ps, RtPsValue args[4])
{
    size_t count = 0;
    ps->at++;
    for (skip_space(ps); ps->at < ps->text.len && peek(ps, 0) != ')'; skip_space(ps)) {
        size_t before = ps->at;
        ps->in_arguments = true;
        RtPsValue value = expression(ps);
        ps->in_arguments = false;
        if (count < 4)
            args[count++] = value;
        else
            join_flow(&args[3], &value);
        skip_space(ps);
        if (peek(ps, 0) == ',')
            ps->at++;
        else if (ps->at == before)
            ps->at++;
    }
    ps->at++;
    return count;
}

static RtStr member_name(RtPs *ps)
{
    RtText out = { .arena = ps->run->sink->arena };
    if (peek(ps, 0) == '\'' || peek(ps, 0) == '"') {
        RtPsValue name = peek(ps, 0) == '\'' ? single_quoted(ps) : double_quoted(ps);
        return name.text;
    }
    while (is_name(peek(ps, 0)) || peek(ps, 0) == '`') {
        if (peek(ps, 0) != '`')
            rt_text_byte(&out, peek(ps, 0));
        ps->at++;
    }
    return rt_text_str(&out);
}

static RtPsValue index_value(RtPs *ps, RtPsValue value)
{
    ps->at++;
    bool kept = ps->in_arguments;
    ps->in_arguments = false;
    RtPsValue index = expression(ps);
    ps->in_arguments = kept;
    skip_blanks(ps);
    if (peek(ps, 0) == ']')
        ps->at++;
    RtPsValue out = { .flow = value.flow };
    size_t wanted = index.items ? index.count : 1;
    for (size_t i = 0; i < wanted; i++) {
        RtStr number_text = rt_str_trim(index.items ? index.items[i] : index.text);
        bool negative = rt_str_starts(number_text, RT_STR("-"));
        uint64_t number;
        if (!rt_str_number(negative ? rt_str_from(number_text, 1) : number_text, &number))
            return out;
        size_t size = value.items ? value.count : value.text.len;
        size_t at = negative        ? (number <= size ? size - (size_t)number : size)
                    : number < size ? (size_t)number
                                    : size;
        add_item(ps, &out,
                 at >= size    ? RT_STR("")
                 : value.items ? value.items[at]
                               : rt_str_sub(value.text, at, 1));
    }
    if (out.count == 1 && index.items == NULL) {
        out.text = out.items[0];
        out.items = NULL;
    }
    return out;
}

static RtPsValue postfix(RtPs *ps, RtPsValue value, RtStr type)
{
    for (;;) {
        uint8_t byte = peek(ps, 0);
        bool is_static = byte == ':' && peek(ps, 1) == ':';
        bool member = byte == '.' && (is_name(peek(ps, 1)) || peek(ps, 1) == '\'' ||
                                      peek(ps, 1) == '"' || peek(ps, 1) == '`');
        if (is_static || member) {
            ps->at += is_static ? 2 : 1;
            RtStr name = member_name(ps);
            RtPsValue args[4];
            for (size_t i = 0; i < RT_COUNT(args); i++)
                args[i] = (RtPsValue){ 0 };
            size_t count = 0;
            bool is_call = peek(ps, 0) == '(';
            if (is_call)
                count = arguments(ps, args);
            value = rt_ps_method(ps, value, type, name, args, count, is_call);
            type = RT_STR("");
        } else if (byte == '[' && (value.items || value.text.len > 0 || value.flow.count > 0)) {
            value = index_value(ps, value);
        } else {
            return value;
        }
    }
}

static RtPsValue bracket_type(RtPs *ps)
{
    RtStr rest = rt_str_from(ps->text, ps->at + 1);
    size_t end = 0, depth = 1;
    for (; end < rest.len && end < 200 && depth > 0; end++)
        depth += rest.at[end] == '[' ? 1 : rest.at[end] == ']' ? (size_t)-1 : 0;
    RtStr type = rt_str_sub(rest, 0, end > 0 ? end - 1 : 0);
    ps->at += end + 1;
    skip_blanks(ps);
    if (peek(ps, 0) == ':' && peek(ps, 1) == ':')
        return postfix(ps, (RtPsValue){ 0 }, type);
    if (ps->depth >= DEPTH_LIMIT)
        return (RtPsValue){ 0 };
    ps->depth++;
    RtPsValue inner = rt_ps_primary(ps);
    ps->depth--;
    return cast(ps, type, inner);
}

static RtPsValue parenthesis(RtPs *ps)
{
    bool kept = ps->in_arguments;
    ps->in_arguments = false;
    RtPsValue value = sub_script(ps, ')');
    ps->in_arguments = kept;
    return postfix(ps, value, RT_STR(""));
}

RtPsValue rt_ps_primary(RtPs *ps)
{
    skip_blanks(ps);
    uint8_t byte = peek(ps, 0);
    if (byte == '\'')
        return postfix(ps, single_quoted(ps), RT_STR(""));
    if (byte == '"')
        return postfix(ps, double_quoted(ps), RT_STR(""));
    if (byte == '@' && (peek(ps, 1) == '\'' || peek(ps, 1) == '"'))
        return here_string(ps);
    if ((byte == '@' || byte == '$') && peek(ps, 1) == '(') {
        ps->at++;
        return parenthesis(ps);
    }
    if (byte == '(')
        return parenthesis(ps);
    if (byte == '{' || (byte == '@' && peek(ps, 1) == '{')) {
        ps->at += byte == '@' ? 1 : 0;
        return sub_script(ps, '}');
    }
    if (byte == '$')
        return postfix(ps, read_variable(ps, variable_name(ps)), RT_STR(""));
    if (byte == '[')
        return postfix(ps, bracket_type(ps), RT_STR(""));
    RtText out = { .arena = ps->run->sink->arena };
    bool number = byte >= '0' && byte <= '9';
    while (ps->at < ps->text.len) {
        byte = peek(ps, 0);
        if (number && !is_name(byte) && byte != '.')
            break;
        if (byte == '`' && peek(ps, 1) != '\n') {
            ps->at++;
            continue;
        }
        bool stops = rt_str_find_byte(RT_STR(" \t\r\n;|(){},\"'"), byte) != RT_NOT_FOUND ||
                     (byte == '$' && out.len == 0);
        if (stops)
            break;
        rt_text_byte(&out, byte);
        ps->at++;
    }
    return text_value(rt_text_str(&out));
}

/* -f: {0}{1} */
static RtPsValue format(RtPs *ps, RtPsValue pattern, RtPsValue list)
{
    RtText out = { .arena = ps->run->sink->arena, .limit = VALUE_LIMIT };
    RtStr text = pattern.text;
    for (size_t i = 0; i < text.len; i++) {
        size_t end =
            text.at[i] == '{' ? rt_str_find_byte(rt_str_sub(text, i, 8), '}') : RT_NOT_FOUND;
        uint64_t number;
        if (end == RT_NOT_FOUND || !rt_str_number(rt_str_sub(text, i + 1, end - 1), &number)) {
            rt_text_byte(&out, text.at[i]);
            continue;
        }
        add_paid(ps, &out,
                 list.items    ? (number < list.count ? list.items[number] : RT_STR(""))
                 : number == 0 ? list.text
                               : RT_STR(""));
        i += end;
    }
    pattern.text = rt_text_str(&out);
    join_flow(&pattern, &list);
    return pattern;
}

static RtStr replaced(RtPs *ps, RtStr text, RtStr what, RtStr with)
{
    RtText out = { .arena = ps->run->sink->arena, .limit = VALUE_LIMIT };
    if (!afford(ps, text.len))
        return text;
    while (what.len > 0) {
        size_t at = rt_str_find(text, what);
        if (at == RT_NOT_FOUND)
            break;
        add_paid(ps, &out, rt_str_sub(text, 0, at));
        add_paid(ps, &out, with);
        text = rt_str_from(text, at + what.len);
    }
    rt_text_add(&out, text);
    return rt_text_str(&out);
}

RtStr rt_ps_replaced(RtPs *ps, RtStr text, RtStr what, RtStr with)
{
    return replaced(ps, text, what, with);
}

/* A word operator at the cursor ("-join"), lower case; empty when none stands there. */
static RtStr word_operator(RtPs *ps)
{
    static const char known[] = "-f -join -replace -creplace -ireplace -split -bxor -band -bor -eq "
                                "-ne -like -match -as -is -and -or -xor -gt -lt "
                                "-contains -in -notmatch -notlike -shl -shr";
    if (peek(ps, 0) != '-' || !is_name(peek(ps, 1)))
        return RT_STR("");
    size_t end = ps->at + 1;
    while (end < ps->text.len && is_name(ps->text.at[end]))
        end++;
    RtStr word = rt_str_lower(ps->run->sink->arena, rt_str_sub(ps->text, ps->at, end - ps->at));
    return rt_word_in(word, known) ? word : RT_STR("");
}

static RtPsValue apply(RtPs *ps, RtStr word, RtPsValue left)
{
    RtPsValue right = { 0 };
    skip_space(ps);
    bool kept = ps->in_arguments;
    ps->in_arguments = false;
    RtPsValue first = rt_ps_primary(ps);
    right = first;
    skip_blanks(ps);
    if (peek(ps, 0) == ',' &&
        !rt_str_equal(word, RT_STR("-join"))) { /* 'a','b': the operator's list */
        right = (RtPsValue){ .flow = first.flow };
        add_item(ps, &right, first.text);
        while (peek(ps, 0) == ',' && right.count < LIST_LIMIT) {
            ps->at++;
            skip_space(ps);
            RtPsValue next = rt_ps_primary(ps);
            add_item(ps, &right, next.text);
            join_flow(&right, &next);
            skip_blanks(ps);
        }
    }
    ps->in_arguments = kept;
    join_flow(&left, &right);
    if (rt_str_equal(word, RT_STR("-f")))
        return format(ps, left, right);
    if (rt_str_equal(word, RT_STR("-join"))) {
        RtPsValue out = { .text = rt_ps_joined(ps, &left, right.text), .flow = left.flow };
        return out;
    }
    if (rt_str_ends(word, RT_STR("replace"))) {
        left.text = replaced(ps, rt_ps_joined(ps, &left, RT_STR(" ")),
                             right.items ? right.items[0] : right.text,
                             right.items && right.count > 1 ? right.items[1] : RT_STR(""));
        left.items = NULL;
        return left;
    }
    if (rt_str_equal(word, RT_STR("-split")) && right.text.len == 1) {
        RtPsValue out = { .flow = left.flow };
        RtStr rest = left.text, piece;
        while (out.count < LIST_LIMIT && rt_str_next(&rest, right.text.at[0], &piece))
            add_item(ps, &out, piece);
        return out;
    }
    if (rt_str_equal(word, RT_STR("-bxor"))) {
        RtShellCommand none = { .run = ps->run, .flow = left.flow };
        RtPsValue out = { 0 };
        rt_shell_flow_add(&out.flow, rt_shell_fact(&none, RT_FACT_DATA_DECODE, RT_STR("xor"),
                                                   RT_STR(""), RT_STR(""), NULL));
        return out;
    }
    return (RtPsValue){ .flow = left.flow };
}

static RtPsValue expression(RtPs *ps)
{
    if (ps->depth >= DEPTH_LIMIT)
        return (RtPsValue){ 0 };
    ps->depth++;
    RtPsValue left;
    skip_blanks(ps);
    RtStr unary = word_operator(ps);
    if (unary.len > 0) {
        ps->at += unary.len;
        left = apply(ps, RT_STR("-join"), (RtPsValue){ 0 });
    } else {
        left = rt_ps_primary(ps);
    }
    for (;;) {
        skip_blanks(ps);
        uint8_t byte = peek(ps, 0);
        RtStr word = word_operator(ps);
        if (word.len > 0) {
            ps->at += word.len;
            left = apply(ps, word, left);
        } else if (byte == '+' && peek(ps, 1) != '=' && peek(ps, 1) != '+') {
            ps->at++;
            skip_space(ps);
            RtPsValue right = rt_ps_primary(ps);
            RtText out = { .arena = ps->run->sink->arena, .limit = VALUE_LIMIT };
            add_paid(ps, &out, rt_ps_joined(ps, &left, RT_STR(" ")));
            add_paid(ps, &out, rt_ps_joined(ps, &right, RT_STR(" ")));
            left.text = rt_text_str(&out);
            left.items = NULL;
            join_flow(&left, &right);
        } else if (byte == ',' && !ps->in_arguments) {
            RtPsValue list = left;
            if (left.items == NULL) {
                list = (RtPsValue){ .flow = left.flow };
                add_item(ps, &list, left.text);
            }
            ps->at++;
            skip_space(ps);
            RtPsValue next = rt_ps_primary(ps);
            add_item(ps, &list, next.text);
            join_flow(&list, &next);
            left = list;
        } else {
            break;
        }
    }
    ps->depth--;
    return left;
}

/* ---- commands
 * --------------------------------------------------------------------------------------------------
 */

static bool at_end_of_command(const RtPs *ps)
{
    uint8_t byte = peek(ps, 0);
    return byte == 0 || byte == ';' || byte == '|' || byte == '\n' || byte == ')' || byte == '}';
}

/* A command by name: its arguments are words, each a primary or a list of them. */
static RtPsValue command_call(RtPs *ps, RtPsValue name, const RtPsValue *piped)
{
    RtWord *words = NULL;
    size_t count = 0, capacity = 0;
    RtArena *arena = ps->run->sink->arena;
    RtShellCommand command = { .run = ps->run, .flow = name.flow };
    size_t from = ps->at;
    RT_PUSH(arena, words, count, capacity) = (RtWord){ .text = name.text };
    for (skip_blanks(ps); !at_end_of_command(ps) && count < LIST_LIMIT; skip_blanks(ps)) {
        size_t before = ps->at;
        if (peek(ps, 0) == ',') {
            ps->at++;
            continue;
        }
        bool quoted = peek(ps, 0) == '"' || peek(ps, 0) == '\'';
        RtPsValue value = rt_ps_primary(ps);
        rt_shell_flow_join(&command.flow, &value.flow);
        RT_PUSH(arena, words, count, capacity) =
            (RtWord){ .text = rt_ps_joined(ps, &value, RT_STR(" ")), .is_quoted = quoted };
        if (ps->at == before)
            ps->at++;
    }
    command.words = words;
    command.count = count;
    command.text = rt_str_trim(rt_str_sub(ps->text, from > name.text.len ? from - name.text.len : 0,
                                          ps->at - from + name.text.len));
    if (piped) {
        command.in =
            (RtShellValue){ .text = rt_ps_joined(ps, piped, RT_STR("\n")), .flow = piped->flow };
        command.has_in = true;
    }
    return rt_ps_cmdlet(ps, &command);
}

static bool starts_command(const RtPs *ps)
{
    uint8_t byte = peek(ps, 0);
    return is_name(byte) ? !(byte >= '0' && byte <= '9')
                         : byte == '.' || byte == '\\' || byte == '`' || byte == '%' ||
                               byte == '?' || byte >= 0x80;
}

/* One stage of a pipeline. */
static RtPsValue stage(RtPs *ps, const RtPsValue *piped)
{
    skip_blanks(ps);
    if (piped)
        ps->piped = *piped;
    uint8_t byte = peek(ps, 0);
    if ((byte == '&' || byte == '.') &&
        (peek(ps, 1) == ' ' || peek(ps, 1) == '(' || peek(ps, 1) == '$' || peek(ps, 1) == '\'' ||
         peek(ps, 1) == '"')) {
        ps->at++;
        skip_blanks(ps);
        return command_call(ps, rt_ps_primary(ps), piped);
    }
    if (starts_command(ps)) {
        RtPsValue name = rt_ps_primary(ps);
        if (rt_word_in(name.text, "if else elseif while for foreach try catch finally switch "
                                  "function do until param begin process end trap"))
            return (RtPsValue){ 0 }; /* what follows is parsed as statements */
        if (rt_word_in(name.text, "return exit throw"))
            return at_end_of_command(ps) ? (RtPsValue){ 0 } : expression(ps);
        return command_call(ps, name, piped);
    }
    return expression(ps);
}

static RtPsValue pipeline(RtPs *ps)
{
    if (ps->depth >= DEPTH_LIMIT || ps->statements++ > STATEMENT_LIMIT) {
        ps->at = ps->text.len;
        return (RtPsValue){ 0 };
    }
    skip_space(ps);
    size_t start = ps->at;
    if (peek(ps, 0) == '$') { /* an assignment? */
        RtStr name = variable_name(ps);
        skip_blanks(ps);
        bool append = peek(ps, 0) == '+' && peek(ps, 1) == '=';
        if (append || (peek(ps, 0) == '=' && peek(ps, 1) != '=')) {
            ps->at += append ? 2 : 1;
            ps->depth++;
            RtPsValue value = pipeline(ps);
            ps->depth--;
            if (append) {
                RtPsValue old = read_variable(ps, name);
                RtText out = { .arena = ps->run->sink->arena, .limit = VALUE_LIMIT };
                add_paid(ps, &out, old.text);
                add_paid(ps, &out, rt_ps_joined(ps, &value, RT_STR(" ")));
                value.text = rt_text_str(&out);
                value.items = NULL;
                join_flow(&value, &old);
            }
            set_variable(ps, name, value);
            return (RtPsValue){ 0 };
        }
        ps->at = start;
    }
    RtPsValue value = stage(ps, NULL);
    for (skip_blanks(ps); peek(ps, 0) == '|'; skip_blanks(ps)) {
        ps->at++;
        skip_space(ps);
        RtPsValue before = value;
        value = stage(ps, &before);
    }
    return value;
}

void rt_powershell_run(RtShellRun *run, RtStr script)
{
    if (run->depth >= DEPTH_LIMIT / 4)
        return;
    run->depth++;
    RtPs ps = { .run = run, .text = script };
    bool is_layer = run->source.at == script.at && run->source.len == script.len;
    while (ps.at < script.len) {
        size_t before = ps.at;
        skip_space(&ps);
        if (is_layer) {
            size_t end = rt_str_find_byte(rt_str_sub(script, ps.at, 400), '\n');
            run->from = ps.at;
            run->len = end == RT_NOT_FOUND ? rt_str_sub(script, ps.at, 400).len : end;
        }
        (void)pipeline(&ps);
        skip_blanks(&ps);
        if (ps.at == before || peek(&ps, 0) == ';' || peek(&ps, 0) == '}' || peek(&ps, 0) == ')')
            ps.at++;
        if (ps.statements % 64 == 63 && run->sink->ms_left(run->sink) == 0) {
            run->sink->unseen(run->sink, run->layer, RT_STR("limit-cpu-ms"));
            break;
        }
    }
    run->depth--;
}

static int bid(RtStr path, RtStr bytes)
{
    static const char *const marks[] = {
        "New-Object ",   "Write-Host",   "$env:",  "Invoke-",
        "[System.",      "-ErrorAction", "param(", "Get-ItemProperty",
        "Start-Process", "[Convert]::",  "IEX",    "Set-ExecutionPolicy",
        "$PSScriptRoot"
    };
    RtStr head = rt_str_sub(bytes, 0, 8192);
    size_t dot = rt_str_rfind_byte(path, '.');
    RtStr suffix = dot == RT_NOT_FOUND ? RT_STR("") : rt_str_from(path, dot + 1);
    if (rt_word_in(suffix, "ps1 psm1 psd1") || rt_str_has(rt_str_sub(bytes, 0, 64), RT_STR("pwsh")))
        return 85;
    if (rt_word_in(suffix, "js mjs cjs ts jsx tsx py php rb md json html css map yml yaml") ||
        (rt_str_find_byte(head, '$') == RT_NOT_FOUND &&
         rt_str_find_byte(head, '-') == RT_NOT_FOUND &&
         rt_str_find_byte(head, '[') == RT_NOT_FOUND))
        return 0; /* asked of every file: the search below is not cheap */
    int score = 0;
    for (size_t i = 0; i < RT_COUNT(marks); i++)
        score += rt_str_find_nocase(head, rt_str_from_c(marks[i])) != RT_NOT_FOUND ? 20 : 0;
    return score < 40 ? 0 : score > 65 ? 65 : score;
}

static void observe(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtShellRun run = { .sink = sink,
                       .layer = self,
                       .witness = RT_SEEN_IN_FLOW,
                       .kind = RT_SHELL_CMD,
                       .source = layer->bytes };
    rt_powershell_run(&run, layer->bytes);
}

const RtLanguage rt_language_powershell = {
    .name = "powershell",
    .bid = bid,
    .suffixes = " ps1 psm1 ",
    .observe = observe,
    .imports = rt_shell_imports,
};
