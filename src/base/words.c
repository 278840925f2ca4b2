/* words.c - the cutting itself. One forward pass each; a quote that never closes ends with the
 * text, so a hostile line costs its length and no more. Nested $(…) are skipped by counting, and
 * cut again only when an expander asks; its caller bounds that depth. */
#include "base/words.h"

enum { WORD_LIMIT = 256 * 1024, NEST_LIMIT = 64 };

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\v' || byte == '\f';
}

static bool is_name(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_';
}

/* Past the quoted run that opens at `at`. */
static size_t skip_quoted(RtStr text, size_t at, RtShellKind kind)
{
    uint8_t quote = text.at[at++];
    while (at < text.len && text.at[at] != quote) {
        if (kind == RT_SHELL_CMD && text.at[at] == '\n')
            return at;
        at += quote != '\'' && kind == RT_SHELL_POSIX && text.at[at] == '\\' ? 2 : 1;
    }
    return at < text.len ? at + 1 : text.len;
}

/* Past the bracket that opens at `at` ('(' or '{'), inner quotes and brackets counted; to the end
 * when it never closes. */
static size_t skip_bracket(RtStr text, size_t at)
{
    uint8_t open = text.at[at], close = open == '(' ? ')' : '}';
    uint32_t depth = 0;
    while (at < text.len) {
        uint8_t byte = text.at[at];
        if (byte == '\'' || byte == '"') {
            at = skip_quoted(text, at, RT_SHELL_POSIX);
            continue;
        }
        if (byte == '\\')
            at++;
        else if (byte == open)
            depth++;
        else if (byte == close && --depth == 0)
            return at + 1;
        at++;
    }
    return text.len;
}

/* Past an expansion ($(…), ${…}, `…`, <(…)) that opens at `at`, or `at` when none does. */
static size_t skip_expansion(RtStr text, size_t at)
{
    uint8_t byte = text.at[at], next = at + 1 < text.len ? text.at[at + 1] : 0;
    if ((byte == '$' && (next == '(' || next == '{')) ||
        ((byte == '<' || byte == '>') && next == '('))
        return skip_bracket(text, at + 1);
    if (byte == '`')
        return skip_quoted(text, at, RT_SHELL_POSIX);
    return at;
}

typedef struct {
    RtArena *arena;
    RtStr script;
    RtShellKind kind;
    RtPiece *pieces;
    size_t count, capacity, limit;
    size_t from; /* where the current piece begins */
    RtJoint joint;
    RtStr delimiter; /* of a here-document announced on this line */
    size_t delimiter_piece;
    bool heredoc_pending;
} Cutter;

static void end_piece(Cutter *cutter, size_t at, RtJoint next)
{
    RtStr text = rt_str_trim(rt_str_sub(cutter->script, cutter->from, at - cutter->from));
    if (text.len > 0 && cutter->count < cutter->limit) {
        if (cutter->heredoc_pending && cutter->delimiter_piece == RT_NOT_FOUND)
            cutter->delimiter_piece = cutter->count;
        RT_PUSH(cutter->arena, cutter->pieces, cutter->count, cutter->capacity) = (RtPiece){
            .text = text, .joint = cutter->joint, .background = next == RT_JOINT_BACKGROUND
        };
        cutter->joint = next;
    } else if (next != RT_JOINT_THEN) {
        cutter->joint = next;
    }
}

/* Notes `<<WORD` at `at`; returns the offset behind the word. */
static size_t note_heredoc(Cutter *cutter, size_t at)
{
    RtStr text = cutter->script;
    at += 2;
    if (at < text.len && text.at[at] == '-')
        at++;
    while (at < text.len && is_blank(text.at[at]))
        at++;
    uint8_t quote =
        at < text.len && (text.at[at] == '\'' || text.at[at] == '"') ? text.at[at++] : 0;
    size_t from = at;
    while (at < text.len && (is_name(text.at[at]) || text.at[at] == '-'))
        at++;
    if (at > from && !cutter->heredoc_pending) {
        cutter->delimiter = rt_str_sub(text, from, at - from);
        cutter->heredoc_pending = true;
        cutter->delimiter_piece = RT_NOT_FOUND;
    }
    return quote && at < text.len ? at + 1 : at;
}

/* The body from `at` (a line start) to its delimiter line; returns the offset behind that. */
static size_t take_heredoc(Cutter *cutter, size_t at)
{
    RtStr text = cutter->script;
    size_t from = at;
    cutter->heredoc_pending = false;
    while (at < text.len) {
        size_t end = at;
        while (end < text.len && text.at[end] != '\n')
            end++;
        if (rt_str_equal(rt_str_trim(rt_str_sub(text, at, end - at)), cutter->delimiter)) {
            if (cutter->delimiter_piece < cutter->count)
                cutter->pieces[cutter->delimiter_piece].heredoc = rt_str_sub(text, from, at - from);
            return end;
        }
        at = end + 1;
    }
    if (cutter->delimiter_piece < cutter->count)
        cutter->pieces[cutter->delimiter_piece].heredoc = rt_str_from(text, from);
    return text.len;
}

/* A joint that begins at `at`: its length, or 0. */
static size_t joint_at(const Cutter *cutter, size_t at, RtJoint *ret_joint)
{
    RtStr text = cutter->script;
    uint8_t byte = text.at[at], next = at + 1 < text.len ? text.at[at + 1] : 0;
    uint8_t last = at > 0 ? text.at[at - 1] : 0;
    bool posix = cutter->kind == RT_SHELL_POSIX;
    *ret_joint = RT_JOINT_THEN;
    if (byte == '\n' || (posix && byte == ';') || byte == '(' || byte == ')')
        return 1;
    if (byte == '&' && (last == '>' || last == '<' || next == '>'))
        return 0; /* 2>&1, &> */
    if (byte == '&') {
        *ret_joint = next == '&' ? RT_JOINT_AND : posix ? RT_JOINT_BACKGROUND : RT_JOINT_THEN;
        return next == '&' ? 2 : 1;
    }
    if (byte == '|') {
        *ret_joint = next == '|' ? RT_JOINT_OR : RT_JOINT_PIPE;
        return next == '|' || next == '&' ? 2 : 1;
    }
    return 0;
}

/* Past what hides joints at `at`: quotes, escapes, expansions, comments; `at` itself when nothing
 * does. */
static size_t skip_hidden(Cutter *cutter, size_t at)
{
    RtStr text = cutter->script;
    uint8_t byte = text.at[at];
    bool starts_word = at == cutter->from || is_blank(text.at[at - 1]) || text.at[at - 1] == '\n' ||
                       text.at[at - 1] == ';' || text.at[at - 1] == '(';
    if (cutter->kind == RT_SHELL_CMD) {
        if (byte == '"')
            return skip_quoted(text, at, RT_SHELL_CMD);
        return byte == '^' ? at + 2 : at;
    }
    if (byte == '\\')
        return at + 2;
    if (byte == '\'' || byte == '"')
        return skip_quoted(text, at, RT_SHELL_POSIX);
    if (byte == '#' && starts_word) {
        while (at < text.len && text.at[at] != '\n')
            at++;
        return at;
    }
    if (byte == '<' && at + 2 < text.len && text.at[at + 1] == '<' && text.at[at + 2] != '<')
        return note_heredoc(cutter, at);
    if (byte == '<' && at + 2 < text.len && text.at[at + 1] == '<')
        return at + 3;
    return skip_expansion(text, at);
}

size_t rt_words_pieces(RtArena *arena, RtStr script, RtShellKind kind, size_t limit,
                       const RtPiece **ret_pieces)
{
    Cutter cutter = { .arena = arena, .script = script, .kind = kind, .limit = limit };
    size_t at = 0;
    while (at < script.len && cutter.count < limit) {
        size_t behind = skip_hidden(&cutter, at);
        if (behind > at) {
            if (script.at[at] == '#' &&
                kind == RT_SHELL_POSIX) { /* a comment: ends the piece before it */
                end_piece(&cutter, at, RT_JOINT_THEN);
                cutter.from = behind;
            }
            at = behind;
            continue;
        }
        RtJoint joint;
        size_t len = joint_at(&cutter, at, &joint);
        if (len == 0) {
            at++;
            continue;
        }
        end_piece(&cutter, at, joint);
        bool line_ends = script.at[at] == '\n';
        at += len;
        if (line_ends && cutter.heredoc_pending)
            at = take_heredoc(&cutter, at);
        cutter.from = at;
    }
    if (cutter.from < script.len)
        end_piece(&cutter, script.len, RT_JOINT_THEN);
    *ret_pieces = cutter.pieces;
    return cutter.count;
}

typedef struct {
    RtStr text;
    size_t at;
    RtShellKind kind;
    const RtExpander *expander;
    RtText out;
    bool open;   /* a word has begun */
    bool quoted; /* and some of it was quoted */
} Splitter;

static void put(Splitter *split, uint8_t byte)
{
    rt_text_byte(&split->out, byte);
    split->open = true;
}

static void put_as_written(Splitter *split, size_t from)
{
    rt_text_add(&split->out, rt_str_sub(split->text, from, split->at - from));
    split->open = true;
}

/* $NAME, ${…}, $(…), `…`, <(…) at the cursor; false when what stands there is none of them. */
static bool take_expansion(Splitter *split)
{
    RtStr text = split->text;
    size_t from = split->at, behind = skip_expansion(text, from);
    if (behind == from && text.at[from] == '$' && from + 1 < text.len) {
        size_t end = from + 1;
        while (end < text.len && is_name(text.at[end]))
            end++;
        if (end == from + 1 && rt_str_find_byte(RT_STR("@*#?!$-"), text.at[end]) != RT_NOT_FOUND)
            end++;
        if (end == from + 1)
            return false;
        split->at = end;
        split->open = true;
        if (split->expander)
            split->expander->variable(split->expander->ctx,
                                      rt_str_sub(text, from + 1, end - from - 1), &split->out);
        else
            put_as_written(split, from);
        return true;
    }
    if (behind == from)
        return false;
    split->at = behind;
    split->open = true;
    size_t head = text.at[from] == '`' ? 1 : 2;
    RtStr inner =
        rt_str_sub(text, from + head, behind - from > head ? behind - from - head - 1 : 0);
    if (!split->expander)
        put_as_written(split, from);
    else if (text.at[from] == '$' && text.at[from + 1] == '{')
        split->expander->variable(split->expander->ctx, inner, &split->out);
    else
        split->expander->command(split->expander->ctx, inner,
                                 text.at[from] == '<' || text.at[from] == '>', &split->out);
    return true;
}

static void take_double_quoted(Splitter *split)
{
    split->open = split->quoted = true;
    split->at++;
    while (split->at < split->text.len && split->text.at[split->at] != '"') {
        uint8_t byte = split->text.at[split->at];
        uint8_t next = split->at + 1 < split->text.len ? split->text.at[split->at + 1] : 0;
        if (byte == '\\' && next && rt_str_find_byte(RT_STR("\"\\$`\n"), next) != RT_NOT_FOUND) {
            if (next != '\n')
                put(split, next);
            split->at += 2;
        } else if ((byte != '$' && byte != '`') || !take_expansion(split)) {
            put(split, byte);
            split->at++;
        }
    }
    split->at++;
}

/* $'…' with its C escapes, enough for the hex and octal that hide words. */
static void take_ansi_quoted(Splitter *split)
{
    static const char plain[] = "n\nt\tr\r\\\\'\'\"\"";
    split->open = split->quoted = true;
    split->at += 2;
    while (split->at < split->text.len && split->text.at[split->at] != '\'') {
        uint8_t byte = split->text.at[split->at++];
        if (byte != '\\' || split->at >= split->text.len) {
            put(split, byte);
            continue;
        }
        uint8_t letter = split->text.at[split->at++];
        uint32_t base = letter == 'x' ? 16 : letter >= '0' && letter <= '7' ? 8 : 0, value = 0;
        if (base == 8)
            split->at--;
        for (uint32_t i = 0; base && i < (base == 16 ? 2u : 3u) && split->at < split->text.len;
             i++, split->at++) {
            uint8_t digit = split->text.at[split->at];
            uint32_t number = digit >= '0' && digit <= '9' ? digit - (uint32_t)'0'
                              : (digit | 32) >= 'a' && (digit | 32) <= 'f'
                                  ? (digit | 32u) - 'a' + 10u
                                  : 99u;
            if (number >= base)
                break;
            value = value * base + number;
        }
        for (size_t i = 0; !base && i + 1 < sizeof plain; i += 2)
            if ((uint8_t)plain[i] == letter)
                value = (uint8_t)plain[i + 1];
        put(split, base || value ? (uint8_t)value : letter);
    }
    split->at++;
}

/* A redirection at the cursor: its length with a leading descriptor number, or 0. */
static size_t redirection_at(const Splitter *split)
{
    size_t at = split->at, from = at;
    RtStr text = split->text;
    if (!split->open && text.at[at] >= '0' && text.at[at] <= '9')
        at++;
    else if (text.at[at] == '&' && at + 1 < text.len && text.at[at + 1] == '>')
        at++;
    if (at >= text.len || (text.at[at] != '<' && text.at[at] != '>'))
        return 0;
    while (at < text.len && (text.at[at] == '<' || text.at[at] == '>') && at - from < 4)
        at++;
    if (at < text.len && (text.at[at] == '&' || text.at[at] == '|'))
        at++;
    return at - from;
}

static void take_posix(Splitter *split)
{
    uint8_t byte = split->text.at[split->at];
    uint8_t next = split->at + 1 < split->text.len ? split->text.at[split->at + 1] : 0;
    if (byte == '\\') {
        if (next && next != '\n')
            put(split, next);
        split->at += 2;
    } else if (byte == '\'') {
        split->open = split->quoted = true;
        for (split->at++; split->at < split->text.len && split->text.at[split->at] != '\'';
             split->at++)
            put(split, split->text.at[split->at]);
        split->at++;
    } else if (byte == '$' && next == '\'') {
        take_ansi_quoted(split);
    } else if (byte == '"') {
        take_double_quoted(split);
    } else if (!take_expansion(split)) {
        put(split, byte);
        split->at++;
    }
}

static void take_cmd(Splitter *split)
{
    RtStr text = split->text;
    uint8_t byte = text.at[split->at];
    if (byte == '^') {
        if (split->at + 1 < text.len && text.at[split->at + 1] != '\n')
            put(split, text.at[split->at + 1]);
        split->at += 2;
        return;
    }
    if (byte == '"') {
        split->open = true;
        split->quoted = !split->quoted; /* cmd: quotes switch, they do not nest */
        split->at++;
        return;
    }
    if (byte == '%' || byte == '!') {
        size_t end = rt_str_find_byte(rt_str_sub(text, split->at + 1, 256), byte);
        RtStr name = end == RT_NOT_FOUND ? (RtStr){ 0 } : rt_str_sub(text, split->at + 1, end);
        if (name.len > 0 && is_name(name.at[0]) && rt_str_find_byte(name, ' ') == RT_NOT_FOUND) {
            size_t from = split->at;
            split->at += end + 2;
            split->open = true;
            if (split->expander)
                split->expander->variable(split->expander->ctx, name, &split->out);
            else
                put_as_written(split, from);
            return;
        }
    }
    put(split, byte);
    split->at++;
}

size_t rt_words_split(RtArena *arena, RtStr command, RtShellKind kind, const RtExpander *expander,
                      const RtWord **ret_words)
{
    RtWord *words = NULL;
    size_t count = 0, capacity = 0;
    Splitter split = { .text = command, .kind = kind, .expander = expander };
    bool in_quotes = false, was_quoted = false;
    split.out = (RtText){ .arena = arena, .limit = WORD_LIMIT };
    while (split.at <= command.len) {
        bool ended = split.at >= command.len;
        uint8_t byte = ended ? ' ' : command.at[split.at];
        in_quotes = kind == RT_SHELL_CMD && split.quoted && !ended;
        size_t operator_len = ended || in_quotes ? 0 : redirection_at(&split);
        bool process = !ended && kind == RT_SHELL_POSIX &&
                       skip_expansion(command, split.at) > split.at && byte != '`' && byte != '$';
        if (process)
            operator_len = 0;
        bool breaks = ended || (!in_quotes && (is_blank(byte) || byte == '\n')) || operator_len > 0;
        was_quoted |= split.quoted;
        if (breaks && split.open) {
            RT_PUSH(arena, words, count, capacity) =
                (RtWord){ .text = rt_text_str(&split.out), .is_quoted = was_quoted };
            split.out = (RtText){ .arena = arena, .limit = WORD_LIMIT };
            split.open = split.quoted = was_quoted = false;
        }
        if (ended)
            break;
        if (operator_len > 0) {
            RT_PUSH(arena, words, count, capacity) =
                (RtWord){ .text = rt_str_sub(command, split.at, operator_len),
                          .is_operator = true };
            split.at += operator_len;
        } else if (breaks) {
            split.at++;
        } else if (kind == RT_SHELL_CMD) {
            take_cmd(&split);
        } else {
            take_posix(&split);
        }
    }
    *ret_words = words;
    return count;
}

/* Asked some three hundred times for each command of a script: the first letter settles nearly all
 * names, and only letters are folded. */
bool rt_word_in(RtStr word, const char *list)
{
    if (word.len == 0)
        return false;
    uint8_t first = word.at[0] >= 'A' && word.at[0] <= 'Z' ? word.at[0] | 0x20 : word.at[0];
    for (const char *name = list; *name != 0;) {
        const char *end = name;
        while (*end != 0 && *end != ' ')
            end++;
        uint8_t head = *name >= 'A' && *name <= 'Z' ? (uint8_t)*name | 0x20 : (uint8_t)*name;
        if (head == first && (size_t)(end - name) == word.len &&
            rt_str_equal_nocase((RtStr){ (const uint8_t *)name, word.len }, word))
            return true;
        name = *end == ' ' ? end + 1 : end;
    }
    return false;
}

RtShellKind rt_words_guess(RtStr line)
{
    static const char *const starts[] = { "cmd",        "start ",   "if exist",  "@echo",
                                          "powershell", "certutil", "rundll32",  "reg add",
                                          "reg.exe",    "schtasks", "bitsadmin", "mshta" };
    RtStr text = rt_str_trim(line);
    for (size_t i = 0; i < RT_COUNT(starts); i++) {
        RtStr start = rt_str_from_c(starts[i]);
        if (rt_str_equal_nocase(rt_str_sub(text, 0, start.len), start))
            return RT_SHELL_CMD;
    }
    size_t percent = rt_str_find_byte(text, '%');
    if (percent != RT_NOT_FOUND) {
        size_t end = percent + 1;
        while (end < text.len && is_name(text.at[end]))
            end++;
        if (end < text.len && text.at[end] == '%' && end > percent + 2)
            return RT_SHELL_CMD;
    }
    if (rt_str_find_nocase(text, RT_STR(">nul")) != RT_NOT_FOUND &&
        !rt_str_has(text, RT_STR("/dev/null")))
        return RT_SHELL_CMD;
    size_t slash = rt_str_find_byte(text, '\\');
    bool windows_path =
        slash != RT_NOT_FOUND && slash > 0 && slash + 1 < text.len && is_name(text.at[slash + 1]) &&
        (text.at[slash - 1] == ':' || text.at[slash - 1] == '.' || is_name(text.at[slash - 1]));
    return windows_path && rt_str_find_byte(text, '$') == RT_NOT_FOUND &&
                   rt_str_find_byte(text, '\'') == RT_NOT_FOUND
               ? RT_SHELL_CMD
               : RT_SHELL_POSIX;
}
