/* python_class.c - classes and decorators: who calls what without a call being written.
 *
 * An install runs the command classes handed to setup(); a metaclass and __init_subclass__ run when
 * a class is made; start() of a Thread runs its run(). The lowering writes these calls down, so
 * that the value flow needs to know nothing of them (573 of 1,294 malicious families declare an
 * install command). */
#include "facts/languages/python_tree.h"

static bool names_have(const RtPythonNames *names, RtStr name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (rt_str_equal(names->items[i], name))
            return true;
    }
    return false;
}

/* More names than this in one file: the list stops to grow, so that a look-up stays cheap. */
#define NAMES_MAX 2048

static void names_add(RtPythonLower *lower, RtPythonNames *names, RtStr name)
{
    if (name.len && names->count < NAMES_MAX && !names_have(names, name))
        RT_PUSH(lower->arena, names->items, names->count, names->capacity) = name;
}

void rt_py_note_import(RtPythonLower *lower, RtStr module, RtStr name, RtStr local)
{
    static const char *const commands[] = { "install",
                                            "develop",
                                            "egg_info",
                                            "build_py",
                                            "build",
                                            "build_ext",
                                            "sdist",
                                            "bdist_wheel",
                                            "bdist_egg",
                                            "bdist",
                                            "install_lib",
                                            "easy_install",
                                            "install_scripts",
                                            "test",
                                            "Command",
                                            "install_data",
                                            "install_egg_info",
                                            "editable_wheel" };
    bool from_tools = rt_str_starts(module, RT_STR("setuptools")) ||
                      rt_str_starts(module, RT_STR("distutils")) ||
                      rt_str_starts(module, RT_STR("wheel"));
    if (!from_tools)
        return;
    for (size_t i = 0; i < RT_COUNT(commands); i++) {
        if (rt_str_equal(name, rt_str_from_c(commands[i])))
            names_add(lower, &lower->commands, local);
    }
}

static RtStr root_name(const RtNode *node)
{
    while ((node->kind == RT_N_MEMBER || node->kind == RT_N_CALL) && node->kid_count)
        node = node->kids[0];
    return node->kind == RT_N_NAME ? node->text : (RtStr){ 0 };
}

static RtStr last_name(const RtNode *node)
{
    return node->kind == RT_N_NAME || node->kind == RT_N_MEMBER ? node->text : (RtStr){ 0 };
}

static bool is_command(const RtPythonLower *lower, const RtNode *base)
{
    RtStr root = root_name(base);
    return names_have(&lower->commands, root) ||
           (base->kind == RT_N_MEMBER &&
            (rt_str_equal(root, RT_STR("setuptools")) || rt_str_equal(root, RT_STR("distutils"))));
}

/* name = class(); name.method() for what an install calls, behind the file's last statement. */
static void call_command(RtPythonLower *lower, RtStr name, uint32_t at)
{
    static const char *const methods[] = { "initialize_options", "finalize_options", "run" };
    if (!lower->file.is_setup || names_have(&lower->called, name))
        return;
    names_add(lower, &lower->called, name);
    const RtNode *instance =
        rt_py_text(lower, RT_N_NAME, at, rt_str_format(lower->arena, "<%.*s>", RT_FMT(name)));
    const RtNode *made = rt_py_call(lower, at, rt_py_text(lower, RT_N_NAME, at, name), NULL);
    rt_node_list_add(&lower->late, RT_PY_TWO(lower, RT_N_ASSIGN, at, instance, made));
    for (size_t i = 0; i < RT_COUNT(methods); i++) {
        const RtNode *method =
            rt_py_with_text(lower, RT_N_MEMBER, at, rt_str_from_c(methods[i]), instance);
        rt_node_list_add(&lower->late, rt_py_call(lower, at, method, NULL));
    }
}

void rt_py_note_call(RtPythonLower *lower, const RtNode *call)
{
    for (uint32_t i = 1; i < call->kid_count; i++) {
        const RtNode *word = call->kids[i];
        if (word->kind != RT_N_KEYWORD || !word->kid_count ||
            !rt_str_equal(word->text, RT_STR("cmdclass")))
            continue;
        const RtNode *table = word->kids[0];
        for (uint32_t k = 0; k < table->kid_count; k++) {
            const RtNode *value = table->kids[k];
            if ((value->kind == RT_N_PAIR || value->kind == RT_N_KEYWORD) && value->kid_count &&
                value->kids[0]->kind == RT_N_NAME)
                call_command(lower, value->kids[0]->text, 0);
        }
    }
}

static bool defines(const RtNode *body, RtStr method)
{
    for (uint32_t i = 0; i < body->kid_count; i++) {
        if (body->kids[i]->kind == RT_N_FUNCTION && rt_str_equal(body->kids[i]->text, method))
            return true;
    }
    return false;
}

/* def start(self): self.run() */
static const RtNode *make_start(RtPythonLower *lower, uint32_t at)
{
    const RtNode *self = rt_py_text(lower, RT_N_NAME, at, RT_STR("self"));
    const RtNode *run =
        rt_py_call(lower, at, rt_py_with_text(lower, RT_N_MEMBER, at, RT_STR("run"), self), NULL);
    const RtNode *kids[2] = { RT_PY_ONE(lower, RT_N_PARAMS, at, self),
                              RT_PY_ONE(lower, RT_N_BLOCK, at, run) };
    RtNode *start = rt_node_text(lower->arena, RT_N_FUNCTION, rt_py_at(lower, at)->from, 0,
                                 RT_STR("start"), kids, 2);
    start->flags = RT_NODE_METHOD;
    return start;
}

static const RtNode *lower_class_body(RtPythonLower *lower, uint32_t at, bool is_thread)
{
    const RtNode *body = rt_py_block(lower, rt_py_field(lower, at, RT_PF_BODY));
    for (uint32_t i = 0; i < body->kid_count; i++) {
        if (body->kids[i]->kind == RT_N_FUNCTION) /* ours, just made */
            ((RtNode *)(uintptr_t)body->kids[i])->flags |= RT_NODE_METHOD;
    }
    if (!is_thread || !defines(body, RT_STR("run")) || defines(body, RT_STR("start")))
        return body;
    RtNodeList list = rt_py_list(lower);
    for (uint32_t i = 0; i < body->kid_count; i++)
        rt_node_list_add(&list, body->kids[i]);
    rt_node_list_add(&list, make_start(lower, at));
    return rt_py_node(lower, RT_N_BLOCK, at, &list);
}

/* What making the class calls: its metaclass, its bases' __init_subclass__. */
static void call_makers(RtPythonLower *lower, uint32_t at, RtStr name, const RtNodeList *bases,
                        RtNodeList *out)
{
    const RtNode *self = rt_py_text(lower, RT_N_NAME, at, name);
    for (size_t i = 0; i < bases->count; i++) {
        const RtNode *base = bases->items[i];
        if (base->kind == RT_N_KEYWORD && rt_str_equal(base->text, RT_STR("metaclass"))) {
            const RtNode *maker =
                rt_py_with_text(lower, RT_N_MEMBER, at, RT_STR("__new__"), base->kids[0]);
            rt_node_list_add(out, rt_py_call(lower, at, maker, base->kids[0]));
            rt_node_list_add(out, rt_py_call(lower, at, base->kids[0], self));
        } else if (base->kind == RT_N_NAME && names_have(&lower->hooked, base->text)) {
            const RtNode *hook =
                rt_py_with_text(lower, RT_N_MEMBER, at, RT_STR("__init_subclass__"), base);
            rt_node_list_add(out, rt_py_call(lower, at, hook, self));
        }
    }
}

static RtNode *lower_class(RtPythonLower *lower, uint32_t at, RtNodeList *words)
{
    RtStr name = rt_py_name(lower, rt_py_field(lower, at, RT_PF_NAME));
    RtNodeList bases = rt_py_list(lower);
    rt_py_arguments(lower, rt_py_field(lower, at, RT_PF_BASES), words);
    bool is_thread = false, derives = false;
    for (size_t i = 0; i < words->count; i++) {
        const RtNode *base = words->items[i];
        if (base->kind == RT_N_KEYWORD)
            continue;
        rt_node_list_add(&bases, base);
        derives |= is_command(lower, base);
        RtStr last = last_name(base);
        is_thread |= rt_str_equal(last, RT_STR("Thread")) || rt_str_equal(last, RT_STR("Process"));
    }
    const RtNode *body = lower_class_body(lower, at, is_thread);
    names_add(lower, &lower->defined, name);
    if (defines(body, RT_STR("__init_subclass__")))
        names_add(lower, &lower->hooked, name);
    if (derives) {
        names_add(lower, &lower->commands, name);
        call_command(lower, name, rt_py_field(lower, at, RT_PF_NAME));
    }
    const RtNode *kids[2] = { rt_py_node(lower, RT_N_ARRAY, at, &bases), body };
    const RtSyntaxNode *span = rt_py_at(lower, at);
    return rt_node_text(lower->arena, RT_N_CLASS, span->from, span->to - span->from, name, kids, 2);
}

void rt_py_class(RtPythonLower *lower, uint32_t at, RtNodeList *out)
{
    RtNodeList words = rt_py_list(lower);
    const RtNode *class = lower_class(lower, at, &words);
    rt_node_list_add(out, class);
    call_makers(lower, at, class->text, &words, out);
}

/* ---- decorators
 * --------------------------------------------------------------------------------------- */

/* True when the decorator runs, or may run, what it gets. */
static bool is_caller(const RtPythonLower *lower, const RtNode *decorator)
{
    static const char *const callers[] = { "exec",  "eval",     "compile",         "map",
                                           "print", "register", "start_new_thread" };
    RtStr last = last_name(decorator->kind == RT_N_CALL && decorator->kid_count ? decorator->kids[0]
                                                                                : decorator);
    if (decorator->kind == RT_N_FUNCTION || names_have(&lower->defined, root_name(decorator)))
        return true;
    if (rt_str_equal(last, RT_STR("register")))
        return rt_str_equal(root_name(decorator), RT_STR("atexit"));
    for (size_t i = 0; i < RT_COUNT(callers); i++) {
        if (decorator->kind == RT_N_NAME && rt_str_equal(last, rt_str_from_c(callers[i])))
            return true;
    }
    return false;
}

void rt_py_decorated(RtPythonLower *lower, uint32_t at, RtNodeList *out)
{
    RtNodeList callers = rt_py_list(lower), words = rt_py_list(lower);
    uint16_t flags = 0;
    for (uint32_t kid = rt_py_first(lower, at); kid; kid = rt_py_following(lower, kid)) {
        if (rt_py_at(lower, kid)->kind != RT_PK_DECORATOR)
            continue;
        const RtNode *decorator = rt_py_expression(lower, rt_py_first(lower, kid));
        RtStr last = last_name(decorator);
        if (rt_str_equal(last, RT_STR("staticmethod")))
            flags |= RT_NODE_STATIC;
        else if (rt_str_equal(last, RT_STR("property")))
            flags |= RT_NODE_KEYS | RT_NODE_METHOD;
        else if (is_caller(lower, decorator))
            rt_node_list_add(&callers, decorator);
        else if (decorator->kind == RT_N_CALL)
            rt_node_list_add(out, decorator);
    }
    uint32_t definition = rt_py_field(lower, at, RT_PF_DEFINITION);
    if (!definition)
        return;
    bool is_class = rt_py_at(lower, definition)->kind == RT_PK_CLASS;
    RtNode *node =
        is_class ? lower_class(lower, definition, &words) : rt_py_function(lower, definition);
    node->flags |= flags;
    rt_node_list_add(out, node);
    if (is_class)
        call_makers(lower, at, node->text, &words, out);
    if (!callers.count)
        return;
    const RtNode *value = rt_py_text(lower, RT_N_NAME, definition, node->text);
    for (size_t i = callers.count; i-- > 0;)
        value = rt_py_call(lower, at, callers.items[i], value);
    const RtNode *target = rt_py_text(lower, RT_N_NAME, definition, node->text);
    rt_node_list_add(out, RT_PY_TWO(lower, RT_N_ASSIGN, at, target, value));
}
