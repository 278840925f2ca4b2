/* php.c - PHP by a small expression reader: strings, concatenation, xor, arrays, calls, calls by a
 * name in a variable.
 *
 * Web shells are short and their trick is always the same: a name or a body put together from
 * pieces reaches eval, create_function, assert or a variable call. So values are folded and
 * followed, control flow is not: every branch runs once, functions run when they are called, and
 * the others at the end as deferred code. Source: PHP manual, "Variable functions", "Tokens". */
#include "facts/languages/php_parts.h"

enum {
    BRACKET_LIMIT = 4096,
    DEPTH_LIMIT = 40,
    STEP_LIMIT = 400000,
    SPEND_LIMIT = 8 * 1024 * 1024,
    TABLE_LIMIT = 1000,
    CALL_DEPTH = 6
};

static RtPhpValue expression(RtPhp *php);
static void statements(RtPhp *php, size_t end);

bool rt_php_afford(RtPhp *php, size_t len)
{
    php->spent += len;
    return php->spent <= SPEND_LIMIT;
}

RtFactId rt_php_fact(RtPhp *php, RtFactKind kind, RtStr a0, RtStr a1, RtStr a2,
                     const RtShellFlow *flow)
{
    RtShellCommand command = { .run = php->run };
    return rt_shell_fact(&command, kind, a0, a1, a2, flow);
}

RtPhpValue rt_php_eval(RtPhp *php, const RtPhpValue *code, const char *how, const RtShellFlow *more)
{
    RtShellRun *run = php->run;
    RtShellFlow flow = code->flow;
    rt_shell_flow_join(&flow, more);
    RtPhpValue value = { 0 };
    rt_shell_flow_add(&value.flow, rt_php_fact(php, RT_FACT_CODE_EVAL, code->text,
                                               rt_str_from_c(how), RT_STR(""), &flow));
    if (code->known && code->text.len >= 4 && rt_php_afford(php, code->text.len)) {
        RtText body = { .arena = run->sink->arena };
        rt_text_add(&body, RT_STR("<?php "));
        rt_text_add(&body, code->text);
        run->sink->layer(run->sink, (RtLayer){ .parent = run->layer,
                                               .via = RT_VIA_EVALUATED,
                                               .name = RT_STR("inline-script.php"),
                                               .bytes = rt_text_str(&body),
                                               .source = { .from = run->from, .len = run->len } });
    }
    return value;
}

static uint8_t peek(const RtPhp *php, size_t ahead)
{
    return php->at + ahead < php->end ? php->text.at[php->at + ahead] : 0;
}

static bool is_name(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte >= 0x80;
}

static void skip_space(RtPhp *php)
{
    while (php->at < php->end) {
        uint8_t byte = peek(php, 0), next = peek(php, 1);
        bool line = byte == '#' || (byte == '/' && next == '/');
        if (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '@') {
            php->at++;
        } else if ((line && !(byte == '#' && next == '[')) || (byte == '/' && next == '*')) {
            RtStr rest = rt_str_sub(php->text, php->at, php->end - php->at);
            size_t end = line ? rt_str_find_byte(rest, '\n') : rt_str_find(rest, RT_STR("*/"));
            size_t close =
                line ? rt_str_find(rt_str_sub(rest, 0, end), RT_STR("?>")) : RT_NOT_FOUND;
            end = close != RT_NOT_FOUND ? close : end;
            php->at = end == RT_NOT_FOUND ? php->end : php->at + end + (line ? 0 : 2);
        } else if (byte == '?' && next == '>') { /* out of PHP and in again */
            size_t in =
                rt_str_find(rt_str_sub(php->text, php->at, php->end - php->at), RT_STR("<?"));
            php->at = in == RT_NOT_FOUND ? php->end : php->at + in + 2;
            if (rt_str_equal_nocase(rt_str_sub(php->text, php->at, 3), RT_STR("php")))
                php->at += 3;
            else if (peek(php, 0) == '=')
                php->at++;
        } else {
            return;
        }
    }
}

static RtStr take_name(RtPhp *php)
{
    size_t from = php->at;
    while (is_name(peek(php, 0)) || peek(php, 0) == '\\')
        php->at++;
    return rt_str_sub(php->text, from, php->at - from);
}

static RtPhpVariable *find_variable(RtPhp *php, RtStr name)
{
    for (size_t i = php->variable_count; i-- > 0;)
        if (rt_str_equal(php->variables[i].name, name))
            return &php->variables[i];
    return NULL;
}

static void set_variable(RtPhp *php, RtStr name, RtPhpValue value)
{
    RtPhpVariable *old = find_variable(php, name);
    if (old)
        old->value = value;
    else if (php->variable_count < TABLE_LIMIT)
        RT_PUSH(php->run->sink->arena, php->variables, php->variable_count,
                php->variable_capacity) = (RtPhpVariable){ .name = name, .value = value };
}

static RtPhpValue concat(RtPhp *php, RtPhpValue left, const RtPhpValue *right)
{
    RtPhpValue out = { .flow = left.flow, .known = left.known && right->known };
    rt_shell_flow_join(&out.flow, &right->flow);
    if (!rt_php_afford(php, left.text.len + right->text.len))
        return out;
    RtText text = { .arena = php->run->sink->arena };
    rt_text_add(&text, left.text);
    rt_text_add(&text, right->text);
    out.text = rt_text_str(&text);
    return out;
}

static RtPhpValue variable(RtPhp *php, RtStr name)
{
    if (rt_word_in(name,
                   "_GET _POST _REQUEST _COOKIE _FILES HTTP_RAW_POST_DATA _SERVER _ENV GLOBALS")) {
        RtPhpValue value = { 0 };
        RtStr key = RT_STR("");
        size_t at = php->at;
        if (peek(php, 0) == '[' && (peek(php, 1) == '\'' || peek(php, 1) == '"')) {
            size_t end = rt_str_find_byte(rt_str_sub(php->text, at + 2, 100), peek(php, 1));
            key = end == RT_NOT_FOUND ? RT_STR("") : rt_str_sub(php->text, at + 2, end);
        }
        bool header = rt_str_starts(key, RT_STR("HTTP_"));
        if (rt_word_in(name, "_GET _POST _REQUEST _COOKIE _FILES HTTP_RAW_POST_DATA") || header)
            rt_shell_flow_add(
                &value.flow, rt_php_fact(php, RT_FACT_CALL, RT_STR("http-input"), name, key, NULL));
        else if (rt_word_in(name, "_ENV"))
            rt_shell_flow_add(&value.flow,
                              rt_php_fact(php, RT_FACT_ENV_READ, key.len ? key : RT_STR("*"),
                                          RT_STR(""), RT_STR(""), NULL));
        return value;
    }
    const RtPhpVariable *found = find_variable(php, name);
    return found ? found->value : (RtPhpValue){ 0 };
}

static RtPhpValue single_quoted(RtPhp *php)
{
    RtText out = { .arena = php->run->sink->arena };
    php->at++;
    while (php->at < php->end && peek(php, 0) != '\'') {
        if (peek(php, 0) == '\\' && (peek(php, 1) == '\'' || peek(php, 1) == '\\'))
            php->at++;
        rt_text_byte(&out, php->text.at[php->at++]);
    }
    php->at++;
    return (RtPhpValue){ .text = rt_text_str(&out), .known = true };
}

static uint32_t digit_of(uint8_t byte)
{
    uint8_t low = byte | 32;
    return byte >= '0' && byte <= '9' ? byte - (uint32_t)'0'
           : low >= 'a' && low <= 'f' ? low - (uint32_t)'a' + 10
                                      : 99;
}

static void take_escape(RtPhp *php, RtText *out)
{
    uint8_t letter = peek(php, 1);
    php->at += 2;
    uint32_t base = letter == 'x' && digit_of(peek(php, 0)) < 16 ? 16
                    : letter >= '0' && letter <= '7'             ? 8
                                                                 : 0;
    if (base == 0) {
        uint8_t byte = letter == 'n'   ? '\n'
                       : letter == 't' ? '\t'
                       : letter == 'r' ? '\r'
                       : letter == 'e' ? 27
                                       : letter;
        if (byte == letter && rt_str_find_byte(RT_STR("\\$\""), letter) == RT_NOT_FOUND)
            rt_text_byte(out, '\\');
        rt_text_byte(out, byte);
        return;
    }
    uint32_t value = 0;
    php->at -= base == 8 ? 1 : 0;
    for (uint32_t i = 0; i < (base == 16 ? 2u : 3u) && digit_of(peek(php, 0)) < base;
         i++, php->at++)
        value = value * base + digit_of(peek(php, 0));
    rt_text_byte(out, (uint8_t)value);
}

/* "…$x…{$y}…", `…` and heredoc bodies up to `close`. */
static RtPhpValue double_quoted(RtPhp *php, uint8_t close)
{
    RtPhpValue value = { .known = true };
    RtText out = { .arena = php->run->sink->arena };
    php->at++;
    while (php->at < php->end && peek(php, 0) != close) {
        uint8_t byte = peek(php, 0);
        bool braces = byte == '{' && peek(php, 1) == '$';
        if (byte == '\\') {
            take_escape(php, &out);
        } else if (braces || (byte == '$' && is_name(peek(php, 1)))) {
            php->at += braces ? 2 : 1;
            RtPhpValue inner = variable(php, take_name(php));
            uint8_t stop = braces ? '}' : ']';
            if (braces ||
                peek(php, 0) ==
                    '[') { /* an index or a member: its name was looked at by variable() */
                while (php->at < php->end && peek(php, 0) != stop && peek(php, 0) != close)
                    php->at++;
                php->at += peek(php, 0) == stop ? 1 : 0;
            }
            if (rt_php_afford(php, inner.text.len))
                rt_text_add(&out, inner.text);
            value.known &= inner.known;
            rt_shell_flow_join(&value.flow, &inner.flow);
        } else {
            rt_text_byte(&out, byte);
            php->at++;
        }
    }
    php->at++;
    value.text = rt_text_str(&out);
    return value;
}

static RtPhpValue heredoc(RtPhp *php)
{
    php->at += 3;
    while (peek(php, 0) == ' ' || peek(php, 0) == '\'' || peek(php, 0) == '"')
        php->at++;
    RtStr label = take_name(php);
    RtStr rest = rt_str_sub(php->text, php->at, php->end - php->at);
    size_t start = rt_str_find_byte(rest, '\n');
    if (start == RT_NOT_FOUND || label.len == 0)
        return (RtPhpValue){ 0 };
    RtStr body = rt_str_from(rest, start + 1), lines = body, line;
    while (rt_str_next(&lines, '\n', &line)) {
        if (rt_str_starts(rt_str_trim(line), label)) {
            size_t len = (size_t)(line.at - body.at);
            php->at = (size_t)(line.at - php->text.at) + rt_str_find(line, label) + label.len;
            return (RtPhpValue){ .text = rt_str_sub(body, 0, len > 0 ? len - 1 : 0),
                                 .known = true };
        }
    }
    php->at = php->end;
    return (RtPhpValue){ .text = body, .known = true };
}

static size_t skip_block(const RtPhp *php, size_t at, uint8_t open, uint8_t close)
{
    uint32_t depth = 0;
    size_t limit = open == '{' || php->end - at < BRACKET_LIMIT ? php->end : at + BRACKET_LIMIT;
    for (; at < limit; at++) {
        uint8_t byte = php->text.at[at];
        if (byte == '\'' || byte == '"') {
            for (at++; at < php->end && php->text.at[at] != byte; at++)
                at += php->text.at[at] == '\\' ? 1 : 0;
        } else if (byte == open) {
            depth++;
        } else if (byte == close && --depth == 0) {
            return at;
        }
    }
    return php->end;
}

/* function name(…) {…}: remembered, run when called. Anonymous ones run where they stand. */
static void take_function(RtPhp *php)
{
    RtPhpFunction function = { 0 };
    skip_space(php);
    if (peek(php, 0) == '&')
        php->at++;
    function.name = take_name(php);
    skip_space(php);
    if (peek(php, 0) != '(')
        return;
    size_t close = skip_block(php, php->at, '(', ')');
    while (php->at < close) {
        if (peek(php, 0) == '$' && function.parameter_count < RT_COUNT(function.parameters)) {
            php->at++;
            function.parameters[function.parameter_count++] = take_name(php);
        } else {
            php->at++;
        }
    }
    while (php->at < php->end && peek(php, 0) != '{' && peek(php, 0) != ';')
        php->at++;
    if (peek(php, 0) != '{' || function.name.len == 0)
        return;
    function.body_from = php->at + 1;
    function.body_to = skip_block(php, php->at, '{', '}');
    php->steps += (uint32_t)((function.body_to - function.body_from) /
                             64); /* nested bodies are scanned again and again */
    php->at = function.body_to < php->end ? function.body_to + 1 : php->end;
    if (php->function_count < TABLE_LIMIT)
        RT_PUSH(php->run->sink->arena, php->functions, php->function_count,
                php->function_capacity) = function;
}

static RtPhpValue call_own(RtPhp *php, RtPhpFunction *function, const RtPhpValue args[RT_PHP_ARGS],
                           size_t count)
{
    RtPhp kept = *php;
    if (php->calls >= CALL_DEPTH || php->steps > STEP_LIMIT)
        return (RtPhpValue){ 0 };
    function->called = true;
    php->steps += 32;
    php->variables = NULL;
    php->variable_count = php->variable_capacity = 0;
    for (size_t i = 0; i < function->parameter_count; i++)
        set_variable(php, function->parameters[i], i < count ? args[i] : (RtPhpValue){ 0 });
    php->returned = (RtPhpValue){ 0 };
    php->at = function->body_from;
    php->calls++;
    statements(php, function->body_to);
    RtPhpValue value = php->returned;
    php->calls = kept.calls;
    php->at = kept.at;
    php->end = kept.end;
    php->variables = kept.variables;
    php->variable_count = kept.variable_count;
    php->variable_capacity = kept.variable_capacity;
    php->returned = kept.returned;
    return value;
}

static RtPhpValue call(RtPhp *php, RtPhpValue callee)
{
    RtPhpValue args[RT_PHP_ARGS];
    size_t count = 0, from = php->at;
    for (size_t i = 0; i < RT_PHP_ARGS; i++)
        args[i] = (RtPhpValue){ 0 };
    php->at++;
    for (skip_space(php); php->at < php->end && peek(php, 0) != ')'; skip_space(php)) {
        size_t before = php->at;
        RtPhpValue value = expression(php);
        if (count < RT_PHP_ARGS)
            args[count++] = value;
        else
            rt_shell_flow_join(&args[RT_PHP_ARGS - 1].flow, &value.flow);
        skip_space(php);
        if (peek(php, 0) == ',' || php->at == before)
            php->at++;
    }
    php->at++;
    php->run->from = from > callee.text.len ? from - callee.text.len : 0;
    php->run->len = php->at - (size_t)php->run->from;
    for (size_t i = 0; callee.known && i < php->function_count; i++)
        if (rt_str_equal_nocase(php->functions[i].name, callee.text))
            return call_own(php, &php->functions[i], args, count);
    if (callee.is_closure || (!callee.known && callee.flow.count > 0)) {
        RtShellFlow flow = callee.flow;
        for (size_t i = 0; i < count; i++)
            rt_shell_flow_join(&flow, &args[i].flow);
        return rt_php_eval(php, &(RtPhpValue){ .flow = flow },
                           callee.is_closure ? "closure call" : "dynamic call", &flow);
    }
    RtPhpValue value = rt_php_call(php, callee.text, args, count, from);
    rt_shell_flow_join(&value.flow, &callee.flow);
    return value;
}

static RtPhpValue array_literal(RtPhp *php, uint8_t close)
{
    RtPhpValue list = { 0 };
    RtArena *arena = php->run->sink->arena;
    php->at++;
    for (skip_space(php); php->at < php->end && peek(php, 0) != close; skip_space(php)) {
        size_t before = php->at;
        RtPhpValue value = expression(php), key = { 0 };
        skip_space(php);
        if (peek(php, 0) == '=' && peek(php, 1) == '>') {
            php->at += 2;
            key = value;
            value = expression(php);
        }
        if (list.count < 4096) {
            size_t key_count = list.count;
            RT_PUSH(arena, list.keys, key_count, list.key_capacity) = key.text;
            RT_PUSH(arena, list.items, list.count, list.capacity) = value.text;
        }
        rt_shell_flow_join(&list.flow, &value.flow);
        skip_space(php);
        if (peek(php, 0) == ',' || php->at == before)
            php->at++;
    }
    php->at++;
    return list;
}

static RtPhpValue index_value(RtPhp *php, RtPhpValue value)
{
    uint8_t close = peek(php, 0) == '[' ? ']' : '}';
    php->at++;
    skip_space(php);
    RtPhpValue index = peek(php, 0) == close ? (RtPhpValue){ 0 } : expression(php);
    skip_space(php);
    if (peek(php, 0) == close)
        php->at++;
    RtPhpValue out = { .flow = value.flow };
    rt_shell_flow_join(&out.flow, &index.flow);
    uint64_t number;
    bool is_number = rt_str_number(index.text, &number);
    for (size_t i = 0; value.items && i < value.count; i++) {
        if (rt_str_equal(value.keys ? value.keys[i] : RT_STR(""), index.text) ||
            (is_number && number == i && (!value.keys || value.keys[i].len == 0))) {
            out.text = value.items[i];
            out.known = true;
            return out;
        }
    }
    if (value.known && value.items == NULL && is_number && number < value.text.len) {
        out.text = rt_str_sub(value.text, (size_t)number, 1);
        out.known = true;
    }
    return out;
}

static RtPhpValue postfix(RtPhp *php, RtPhpValue value)
{
    for (;;) {
        skip_space(php);
        uint8_t byte = peek(php, 0);
        if (byte == '(') {
            value = call(php, value);
        } else if (byte == '[' ||
                   (byte == '{' && value.known && value.items == NULL && value.text.len > 8)) {
            value = index_value(php, value);
        } else if ((byte == '-' && peek(php, 1) == '>') || (byte == ':' && peek(php, 1) == ':')) {
            php->at += 2;
            skip_space(php);
            bool dynamic = peek(php, 0) == '$';
            php->at += dynamic ? 1 : 0;
            RtStr name = take_name(php);
            RtPhpValue member =
                dynamic ? variable(php, name) : (RtPhpValue){ .text = name, .known = true };
            skip_space(php);
            RtShellFlow flow = value.flow;
            value = peek(php, 0) == '(' ? member : (RtPhpValue){ 0 };
            rt_shell_flow_join(&value.flow, &flow);
            if (name.len == 0)
                return value;
        } else {
            return value;
        }
    }
}

static RtPhpValue named(RtPhp *php)
{
    RtStr name = take_name(php);
    if (name.len == 0) {
        php->at++;
        return (RtPhpValue){ 0 };
    }
    skip_space(php);
    if (rt_word_in(name, "include include_once require require_once eval print echo return exit "
                         "die throw clone new") &&
        peek(php, 0) != '(') {
        bool is_new = rt_word_in(name, "new");
        RtPhpValue args[RT_PHP_ARGS];
        for (size_t i = 0; i < RT_PHP_ARGS; i++)
            args[i] = (RtPhpValue){ 0 };
        args[0] = peek(php, 0) == ';' ? (RtPhpValue){ 0 } : expression(php);
        if (rt_word_in(name, "return"))
            php->returned = args[0];
        return is_new || rt_word_in(name, "print echo return exit die throw clone")
                   ? args[0]
                   : rt_php_call(php, name, args, 1, php->at);
    }
    if (rt_word_in(name, "array") && peek(php, 0) == '(')
        return postfix(php, array_literal(php, ')'));
    if (rt_word_in(name, "function fn")) {
        take_function(php);
        return (RtPhpValue){ 0 };
    }
    return postfix(php, (RtPhpValue){ .text = name, .known = true });
}

static RtPhpValue dollar(RtPhp *php)
{
    php->at++;
    if (peek(php, 0) == '$' || peek(php, 0) == '{') { /* $$x, ${…} */
        bool braces = peek(php, 0) == '{';
        php->at += braces ? 1 : 0;
        RtPhpValue name = php->depth < DEPTH_LIMIT ? expression(php) : (RtPhpValue){ 0 };
        skip_space(php);
        php->at += braces && peek(php, 0) == '}' ? 1 : 0;
        return postfix(php, variable(php, name.text));
    }
    RtStr name = take_name(php);
    skip_space(php);
    uint8_t byte = peek(php, 0), next = peek(php, 1);
    bool append = byte == '.' && next == '=';
    bool plain = byte == '=' && next != '=' && next != '>';
    size_t start = php->at;
    if (byte == '[' &&
        !rt_str_starts(name, RT_STR("_"))) { /* $x[…] = …: the element joins the list */
        size_t close = skip_block(php, php->at, '[', ']');
        size_t after = close + 1;
        while (after < php->end && (php->text.at[after] == ' ' || php->text.at[after] == '\t'))
            after++;
        if (after + 1 < php->end && php->text.at[after] == '=' && php->text.at[after + 1] != '=' &&
            php->text.at[after + 1] != '>') {
            php->at = after + 1;
            RtPhpValue value = expression(php), list = variable(php, name);
            if (list.count < 4096 && list.items)
                RT_PUSH(php->run->sink->arena, list.items, list.count, list.capacity) = value.text;
            rt_shell_flow_join(&list.flow, &value.flow);
            list.known = false;
            list.keys = list.items ? NULL : list.keys;
            set_variable(php, name, list);
            return value;
        }
        php->at = start;
    }
    if (plain || append) {
        php->at += append ? 2 : 1;
        RtPhpValue value = expression(php);
        if (append)
            value = concat(php, variable(php, name), &value);
        set_variable(php, name, value);
        return value;
    }
    return postfix(php, variable(php, name));
}

static RtPhpValue primary(RtPhp *php)
{
    skip_space(php);
    uint8_t byte = peek(php, 0);
    if (byte == '\'')
        return postfix(php, single_quoted(php));
    if (byte == '"')
        return postfix(php, double_quoted(php, '"'));
    if (byte == '`') {
        RtPhpValue command = double_quoted(php, '`'), value = { 0 };
        rt_shell_flow_add(&value.flow, rt_php_fact(php, RT_FACT_PROC_EXEC, command.text,
                                                   RT_STR("backticks"), RT_STR(""), &command.flow));
        return value;
    }
    if (byte == '<' && peek(php, 1) == '<' && peek(php, 2) == '<')
        return heredoc(php);
    if (byte == '$')
        return dollar(php);
    if (byte == '(') {
        php->at++;
        RtPhpValue value = expression(php);
        skip_space(php);
        if (peek(php, 0) == ')')
            php->at++;
        return postfix(php, value);
    }
    if (byte == '[')
        return postfix(php, array_literal(php, ']'));
    if (byte == '!' || byte == '~' || byte == '&' || byte == '-' || byte == '+') {
        php->at++;
        return php->depth < DEPTH_LIMIT ? expression(php) : (RtPhpValue){ 0 };
    }
    return named(php);
}

static RtPhpValue xor_text(RtPhp *php, const RtPhpValue *left, const RtPhpValue *right)
{
    size_t len = left->text.len < right->text.len ? left->text.len : right->text.len;
    RtPhpValue out = { .flow = left->flow };
    rt_shell_flow_join(&out.flow, &right->flow);
    bool known = left->known && right->known && len > 0 && rt_php_afford(php, len);
    if (known) {
        uint8_t *bytes = rt_arena_bytes(php->run->sink->arena, len);
        for (size_t i = 0; i < len; i++)
            bytes[i] = left->text.at[i] ^ right->text.at[i];
        out.text = (RtStr){ .at = bytes, .len = len };
        out.known = true;
    }
    RtFactId id =
        rt_php_fact(php, RT_FACT_DATA_DECODE, RT_STR("xor"), out.text, RT_STR(""), &out.flow);
    rt_shell_flow_add(&out.flow, id);
    return out;
}

static RtPhpValue expression(RtPhp *php)
{
    RtPhpValue left = { 0 };
    if (php->depth >= DEPTH_LIMIT || ++php->steps > STEP_LIMIT) {
        php->at++;
        return left;
    }
    php->depth++;
    left = primary(php);
    for (;;) {
        skip_space(php);
        uint8_t byte = peek(php, 0), next = peek(php, 1);
        if (byte == '.' && next != '=') {
            php->at++;
            RtPhpValue right = primary(php);
            left = concat(php, left, &right);
        } else if (byte == '^') {
            php->at++;
            RtPhpValue right = primary(php);
            left = xor_text(php, &left, &right);
        } else if (byte == '?' && next != '>' &&
                   next != '-') { /* a ? b : c, a ?? b: both branches */
            php->at += next == '?' || next == ':' ? 2 : 1;
            RtPhpValue right = expression(php);
            rt_shell_flow_join(&right.flow, &left.flow);
            left = right;
        } else if (byte == '=' && next == '>') {
            break;
        } else if (rt_str_find_byte(RT_STR("+-*/%<>=|&!"), byte) != RT_NOT_FOUND && byte != 0) {
            php->at++;
            while (php->at < php->end &&
                   rt_str_find_byte(RT_STR("=<>|&+-"), peek(php, 0)) != RT_NOT_FOUND &&
                   peek(php, 0) != '-')
                php->at++;
            skip_space(php);
            if (peek(php, 0) == ')' || peek(php, 0) == ';' || peek(php, 0) == ']')
                continue; /* $i++ */
            RtPhpValue right = primary(php);
            rt_shell_flow_join(&left.flow, &right.flow);
            left.known = false;
            left.text = RT_STR("");
        } else {
            break;
        }
    }
    php->depth--;
    return left;
}

static void statements(RtPhp *php, size_t end)
{
    size_t kept = php->end;
    php->end = end;
    while (php->at < end && php->steps < STEP_LIMIT) {
        skip_space(php);
        size_t before = php->at;
        uint8_t byte = peek(php, 0);
        if (byte == ';' || byte == '{' || byte == '}' || byte == ')' || byte == ',' ||
            byte == ']' || byte == ':') {
            php->at++;
            continue;
        }
        if (php->at >= end)
            break;
        (void)expression(php);
        if (php->at == before)
            php->at++;
        if (++php->steps % 512 == 0 && php->run->sink->ms_left(php->run->sink) == 0) {
            php->run->sink->unseen(php->run->sink, php->run->layer, RT_STR("limit-cpu-ms"));
            php->steps = STEP_LIMIT + 1;
        }
    }
    php->end = kept;
}

/* Functions may be called before they are written: find them first. */
static void find_functions(RtPhp *php)
{
    while (php->at < php->end) {
        size_t at =
            rt_str_find(rt_str_sub(php->text, php->at, php->end - php->at), RT_STR("function "));
        if (at == RT_NOT_FOUND || php->function_count >= TABLE_LIMIT)
            break;
        php->at += at + 9;
        size_t start = php->at;
        take_function(php);
        bool paid = rt_php_afford(php, (php->at - start) / 8);
        php->at = start;
        if (!paid || php->steps > STEP_LIMIT)
            break; /* functions nested a thousand deep around a megabyte */
    }
    php->spent = php->steps = 0;
    php->at = 0;
}

static void observe(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtShellRun run = { .sink = sink, .layer = self, .witness = RT_SEEN_IN_FLOW };
    RtPhp php = { .run = &run, .text = layer->bytes, .end = layer->bytes.len };
    size_t open = rt_str_find(layer->bytes, RT_STR("<?"));
    if (open == RT_NOT_FOUND)
        return;
    find_functions(&php);
    size_t known = php.function_count;
    php.at = open + 2;
    if (rt_str_equal_nocase(rt_str_sub(php.text, php.at, 3), RT_STR("php")))
        php.at += 3;
    else if (peek(&php, 0) == '=')
        php.at++;
    statements(&php, layer->bytes.len);
    run.deferred = true;
    for (size_t i = 0; i < known; i++) {
        RtPhpValue none[RT_PHP_ARGS];
        for (size_t k = 0; k < RT_PHP_ARGS; k++)
            none[k] = (RtPhpValue){ 0 };
        if (!php.functions[i].called)
            (void)call_own(&php, &php.functions[i], none, 0);
    }
}

static int bid(RtStr path, RtStr bytes)
{
    size_t dot = rt_str_rfind_byte(path, '.');
    RtStr suffix = dot == RT_NOT_FOUND ? RT_STR("") : rt_str_from(path, dot + 1);
    bool named_php = rt_word_in(suffix, "php phtml php3 php4 php5 php7 phps pht inc phar");
    size_t open = rt_str_starts(bytes, RT_STR("<?"))
                      ? rt_str_find_nocase(rt_str_sub(bytes, 0, 16), RT_STR("<?php"))
                      : rt_str_find(rt_str_sub(bytes, 0, 64 * 1024), RT_STR("<?php"));
    if (open != RT_NOT_FOUND &&
        (named_php || open < 16 ||
         !rt_word_in(suffix, "js ts jsx tsx py md mjs cjs map json html rst txt")))
        return open < 16 ? 95 : 80;
    return named_php && rt_str_has(rt_str_sub(bytes, 0, 64 * 1024), RT_STR("<?")) ? 60 : 0;
}

const RtLanguage rt_language_php = {
    .name = "php",
    .bid = bid,
    .suffixes = " php phtml inc ",
    .observe = observe,
    .imports = rt_shell_imports,
};
