/* flow_tree_test.c - trees built by hand: the contract of flow.h's tables with a language of four
 * functions, and trees no front end would build. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "facts/flow/flow.h"
#include "facts/flow/tree_build.h"
#include "support/say_facts.h"

static const RtFlowApi apis[] = {
    { "fetch", RT_FACT_NET_REQUEST, { "url:0", "$.method|=GET", NULL, NULL }, NULL, 0, NULL },
    { "run",
      RT_FACT_PROC_EXEC,
      { "cmd:0", "=run", "words:hidden=$.hide,shell=$.with~sh", NULL },
      NULL,
      0,
      NULL },
    { "env", RT_FACT_ENV_READ, { "key", NULL, NULL, NULL }, NULL, RT_FLOW_ON_USE, NULL },
    { "env.*", RT_FACT_ENV_READ, { "key", NULL, NULL, NULL }, NULL, RT_FLOW_ON_READ, NULL },
    { "socket", RT_FLOW_NO_FACT, { NULL, NULL, NULL, NULL }, "Socket", 0, NULL },
    { "Socket.connect", RT_FACT_NET_CONNECT, { "0", "1", NULL, NULL }, NULL, RT_FLOW_BINDS, NULL },
    { "Socket.send", RT_FLOW_NO_FACT, { NULL, NULL, "0", NULL }, NULL, RT_FLOW_FEEDS, NULL },
    { "go", RT_FLOW_NO_FACT, { NULL, NULL, NULL, NULL }, "run", RT_FLOW_ALIAS, NULL },
    { "home", RT_FACT_HOST_INFO, { "=home", NULL, NULL, NULL }, "'~", 0, NULL },
    { "serve", RT_FACT_NET_LISTEN, { NULL, NULL, NULL, NULL }, NULL, RT_FLOW_DEFERS, NULL },
};

static const RtTree *no_lowering(RtArena *arena, RtLayerId layer, RtStr path, RtStr source)
{
    (void)arena;
    (void)layer;
    (void)path;
    (void)source;
    return NULL;
}

static const RtFlowLanguage tiny = {
    .name = "tiny",
    .dialect = RT_FLOW_JAVASCRIPT,
    .apis = apis,
    .api_count = RT_COUNT(apis),
    .lower = no_lowering,
};

/* (call (name run) (string "x")): kinds in small letters; `name:flag` is not needed here. */
typedef struct {
    RtArena *arena;
    RtStr text;
    size_t at;
} Reader;

static const struct {
    const char *word;
    RtNodeKind kind;
} kinds[] = {
    { "string", RT_N_STRING }, { "name", RT_N_NAME },   { "member", RT_N_MEMBER },
    { "index", RT_N_INDEX },   { "call", RT_N_CALL },   { "add", RT_N_BINARY },
    { "let", RT_N_ASSIGN },    { "set", RT_N_ASSIGN },  { "fn", RT_N_FUNCTION },
    { "params", RT_N_PARAMS }, { "block", RT_N_BLOCK }, { "if", RT_N_IF },
    { "return", RT_N_RETURN }, { "array", RT_N_ARRAY }, { "object", RT_N_OBJECT },
    { "pair", RT_N_PAIR },     { "for", RT_N_FOR },     { "none", RT_N_NONE },
    { "spread", RT_N_SPREAD }, { "true", RT_N_BOOL },   { "try", RT_N_TRY },
    { "each", RT_N_FOR_EACH },
};

static void skip_blanks(Reader *reader)
{
    while (reader->at < reader->text.len && reader->text.at[reader->at] <= ' ')
        reader->at++;
}

static RtStr word(Reader *reader)
{
    const size_t from = reader->at;
    size_t end;

    if (reader->text.at[from] == '"') {
        end = rt_str_find_byte(rt_str_from(reader->text, from + 1), '"');
        assert_true(end != RT_NOT_FOUND);
        reader->at = from + end + 2;
        return rt_str_sub(reader->text, from + 1, end);
    }
    while (reader->at < reader->text.len && reader->text.at[reader->at] > ' ' &&
           reader->text.at[reader->at] != ')')
        reader->at++;
    return rt_str_sub(reader->text, from, reader->at - from);
}

static const RtNode *read_node(Reader *reader)
{
    RtNodeList kids = { .arena = reader->arena };
    const size_t from = reader->at++;
    const RtStr kind = word(reader);
    RtStr text = { 0 };
    RtNode *node = NULL;

    for (skip_blanks(reader); reader->text.at[reader->at] != ')'; skip_blanks(reader)) {
        if (reader->text.at[reader->at] == '(')
            rt_node_list_add(&kids, read_node(reader));
        else
            text = word(reader);
    }
    reader->at++;
    for (size_t i = 0; i < RT_COUNT(kinds) && !node; i++)
        if (rt_str_equal(kind, rt_str_from_c(kinds[i].word)))
            node = rt_node_text(reader->arena, kinds[i].kind, (uint32_t)from,
                                (uint32_t)(reader->at - from), text, kids.items, kids.count);
    assert_non_null(node);
    if (node->kind == RT_N_BINARY)
        node->op = RT_OP_ADD;
    if (rt_str_equal(kind, RT_STR("let")))
        node->flags = RT_NODE_DECLARE;
    if (node->kind == RT_N_BOOL)
        node->number = 1;
    return node;
}

static RtStr run(FakeSink *fake, const RtNode *root)
{
    const RtTree tree = { .layer = 1, .source = fake->layers[1].bytes, .root = root };

    rt_flow_run(&tiny, &tree, &fake->sink);
    return say_facts(fake);
}

static int expect(const char *program, const char *wanted)
{
    FAKE_SINK fake = fake_sink_open(RT_STR("x.js"), rt_str_from_c(program));
    Reader reader = { .arena = fake->sink.arena, .text = rt_str_from_c(program) };

    return miss_facts(program, run(fake, read_node(&reader)), wanted);
}

static void tables_mean_what_they_say(void **state)
{
    int missed = 0;

    (void)state;
    missed += expect("(block (call (name run) (string \"a b\")))", "proc.exec|a b|run\n");
    missed += expect("(block (call (name go) (string x) (array (string y) (string z))))",
                     "proc.exec|x y z|run\n");
    missed += expect("(block (call (name run) (string x) (object (pair hide (true)) (pair with "
                     "(string bash)))))",
                     "proc.exec|x|run|hidden shell\n");
    missed += expect("(block (call (name fetch) (object (pair hostname (string h.invalid)) (pair "
                     "port (string 8)) "
                     "(pair method (string PUT)))))",
                     "net.request|http://h.invalid:8|PUT\n");
    missed += expect("(block (call (name run) (call (name fetch) (string \"http://u.invalid\"))))",
                     "proc.exec||run <- net.request\n");
    missed += expect("(block (call (name run) (add (string \"rm \") (call (name home)))))",
                     "proc.exec|rm ~|run <- host.info\n");
    missed += expect("(block (call (name fetch) (string \"http://u.invalid\") (object (pair b "
                     "(member env (name env))))))",
                     "");
    missed += expect("(block (call (name fetch) (member USER (name env))))",
                     "env.read|USER\nnet.request||GET <- env.read\n");
    missed += expect("(block (call (name fetch) (string u) (name env)))",
                     "env.read|*\nnet.request|u|GET <- env.read\n");
    missed += expect("(block (let (name s) (call (name socket))) (call (member connect (name s)) "
                     "(string h) (string 1)) "
                     "(call (member send (name s)) (member X (name env))) "
                     "(call (name run) (call (member recv (name s)))))",
                     "net.connect|h|1 <- env.read\nproc.exec||run <- net.connect\n");
    assert_int_equal(missed, 0);
}

static void calls_and_branches_are_followed(void **state)
{
    int missed = 0;

    (void)state;
    missed += expect("(block (fn f (params (name a)) (block (return (add (name a) (string !))))) "
                     "(call (name run) (call (name f) (string x))))",
                     "proc.exec|x!|run\n");
    missed +=
        expect("(block (if (name who) (call (name run) (string a)) (call (name run) (string b))))",
               "proc.exec|a|run\nproc.exec|b|run\n");
    missed +=
        expect("(block (call (name serve) (fn (params (name q)) (call (name run) (name q)))))",
               "net.listen\nproc.exec||run <- net.listen\n");
    missed += expect("(block (each (let (name x) (none)) (array (string a) (string b)) (call (name "
                     "run) (name x))))",
                     "proc.exec|a|run\nproc.exec|b|run\n");
    missed += expect("(block (try (call (name fetch) (string u)) (name e) (call (name run) (member "
                     "d (name e))) (none)))",
                     "proc.exec||run <- net.request\n");
    assert_int_equal(missed, 0);
}

/* ---- trees no front end would build ---- */

static const RtNode *nest(RtArena *arena, RtNodeKind kind, size_t depth, size_t kid_count)
{
    const RtNode *node = rt_node_text(arena, RT_N_NAME, 0, 1, RT_STR("x"), NULL, 0);

    for (size_t i = 0; i < depth; i++) {
        const RtNode *kids[4] = { node, node, rt_node_none(), rt_node_none() };
        RtNode *outer = rt_node_text(arena, kind, 0, 1, RT_STR("m"), kids, 1);
        if (kid_count >
            1) { /* one deep kid, the others small: a tree of shared kids would be exponential */
            const RtNode *mixed[4] = { node, rt_node_none(), rt_node_none(), rt_node_none() };
            outer = rt_node_text(arena, kind, 0, 1, RT_STR("m"), mixed, kid_count);
        }
        outer->op = RT_OP_ADD;
        node = outer;
    }
    return node;
}

static void any_nesting_and_any_kids_are_survived(void **state)
{
    (void)state;
    for (int kind = RT_N_NONE; kind <= RT_N_DELETE; kind++) {
        for (size_t kid_count = 0; kid_count <= 4; kid_count++) {
            FAKE_SINK fake = fake_sink_open(RT_STR("x.js"), RT_STR("x"));
            const RtNode *deep = nest(fake->sink.arena, (RtNodeKind)kind, kid_count ? 20000 : 1,
                                      kid_count ? kid_count : 1);
            const RtNode *flat = rt_node(fake->sink.arena, (RtNodeKind)kind, 0, 1, NULL, 0);
            const RtNode *kids[2] = { deep, flat };
            run(fake, rt_node(fake->sink.arena, RT_N_BLOCK, 0, 1, kids, 2));
        }
    }
}

/* f calls itself twice with what it is given: 2^100 calls if nobody counted. */
static void exponential_calls_end(void **state)
{
    (void)state;
    assert_int_equal(
        expect("(block (fn f (params (name a)) (block (call (name f) (add (name a) (string x))) "
               "(call (name f) (add (string y) (name a))) (call (name run) (string z)))) "
               "(call (name f) (string s)) (call (name run) (string end)))",
               "proc.exec|z|run\nproc.exec|end|run\n"),
        0);
    assert_int_equal(
        expect("(block (let (name s) (string ab)) (for (none) (true) (none) (block "
               "(set (name s) (add (name s) (name s))))) (call (name run) (string end)))",
               "proc.exec|end|run\n"),
        0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_mean_what_they_say),
        cmocka_unit_test(calls_and_branches_are_followed),
        cmocka_unit_test(any_nesting_and_any_kids_are_survived),
        cmocka_unit_test(exponential_calls_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
