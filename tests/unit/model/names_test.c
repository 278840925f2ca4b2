/* names_test.c - every noun has a name, and names lead back to their kinds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "model/model.h"

static void every_fact_kind_has_its_own_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < RT_FACT_KINDS; i++) {
        RtFactKind found = RT_FACT_KINDS;
        RtStr name = rt_fact_name((RtFactKind)i);
        assert_true(name.len > 0);
        assert_true(rt_fact_find(name, &found));
        assert_int_equal(found, i);
    }
    RtFactKind none = RT_FACT_TIMER;
    assert_false(rt_fact_find(RT_STR("net.reques"), &none));
    assert_int_equal(none, RT_FACT_TIMER);
    assert_true(rt_str_equal(rt_fact_arg_name(RT_FACT_NET_REQUEST, 0), RT_STR("url")));
    assert_int_equal(rt_fact_arg_name(RT_FACT_NET_REQUEST, 4).len, 0);
    assert_int_equal(rt_fact_name(RT_FACT_KINDS).len, 0);
}

static void the_scales_have_names(void **state)
{
    (void)state;
    assert_true(rt_str_equal(rt_witness_name(RT_SEEN_RUNNING), RT_STR("running")));
    assert_true(rt_str_equal(rt_phase_name(RT_WHEN_OPEN), RT_STR("open-folder")));
    assert_true(rt_str_equal(rt_finding_level_name(RT_CONCLUSIVE), RT_STR("conclusive")));
    assert_true(rt_str_equal(rt_verdict_name(RT_VERDICT_UNKNOWN), RT_STR("unknown")));
    assert_int_equal(rt_verdict_name((RtVerdictLevel)77).len, 0);
}

static void the_default_budget_fits_together(void **state)
{
    (void)state;
    const RtBudget *budget = &rt_budget_default;
    assert_true(budget->layer_bytes < budget->arena_bytes);
    assert_true(budget->arena_bytes <= 256u << 20);
    assert_true(budget->layer_bytes <= budget->unpacked_bytes);
    assert_true(budget->cpu_ms < budget->wall_ms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fact_kind_has_its_own_name),
        cmocka_unit_test(the_scales_have_names),
        cmocka_unit_test(the_default_budget_fits_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
