/* Attributes of a row -> a post. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "extract/posts.h"

static tl_row row_of(const char *id, const char *type)
{
    tl_row r = {0};
    r.attr[TL_ATTR_ID] = tl_str_from(id);
    r.attr[TL_ATTR_POST_TYPE] = tl_str_from(type);
    return r;
}

static void test_question(void **state)
{
    (void)state;
    tl_row r = row_of("12", "1");
    tl_post p;
    r.attr[TL_ATTR_ACCEPTED] = TL_STR("13");
    r.attr[TL_ATTR_CREATED] = TL_STR("1970-01-01T00:00:01.000");
    r.attr[TL_ATTR_SCORE] = TL_STR("-4");
    r.attr[TL_ATTR_VIEWS] = TL_STR("100");
    r.attr[TL_ATTR_ANSWERS] = TL_STR("2");
    r.attr[TL_ATTR_COMMENTS] = TL_STR("0");
    r.attr[TL_ATTR_TITLE] = TL_STR("Why?");
    r.attr[TL_ATTR_TAGS] = TL_STR("<python>");
    r.attr[TL_ATTR_BODY] = TL_STR("<p>x</p>");
    assert_int_equal(tl_post_from_row(&r, &p, NULL), TL_OK);
    assert_int_equal(p.kind, TL_QUESTION);
    assert_int_equal(p.id.number, 12);
    assert_null(p.id.text.data);
    assert_int_equal(p.accepted, 13);
    assert_int_equal(p.created, 1000);
    assert_int_equal(p.score, -4);
    assert_int_equal(p.views, 100);
    assert_int_equal(p.answers, 2);
    assert_int_equal(p.comments, 0);
    assert_int_equal(p.parent, TL_UNKNOWN);
    assert_true(tl_str_eq(p.title, TL_STR("Why?")));
    assert_true(tl_str_eq(p.tags, TL_STR("<python>")));
    assert_true(tl_str_eq(p.body, TL_STR("<p>x</p>")));
    assert_int_equal(p.format, TL_HTML);
}

static void test_answer(void **state)
{
    (void)state;
    tl_row r = row_of("13", "2");
    tl_post p;
    r.attr[TL_ATTR_PARENT] = TL_STR("12");
    assert_int_equal(tl_post_from_row(&r, &p, NULL), TL_OK);
    assert_int_equal(p.kind, TL_ANSWER);
    assert_int_equal(p.parent, 12);
    assert_int_equal(p.created, TL_UNKNOWN);
    assert_null(p.title.data);
}

static void test_unreadable_numbers_are_unknown(void **state)
{
    (void)state;
    tl_row r = row_of("12", "1");
    tl_post p;
    r.attr[TL_ATTR_ACCEPTED] = TL_STR("");
    r.attr[TL_ATTR_SCORE] = TL_STR("many");
    r.attr[TL_ATTR_VIEWS] = TL_STR("99999999999999999999");
    r.attr[TL_ATTR_CREATED] = TL_STR("yesterday");
    assert_int_equal(tl_post_from_row(&r, &p, NULL), TL_OK);
    assert_int_equal(p.accepted, TL_UNKNOWN);
    assert_int_equal(p.score, TL_UNKNOWN);
    assert_int_equal(p.views, TL_UNKNOWN);
    assert_int_equal(p.created, TL_UNKNOWN);
}

static void test_other_types(void **state)
{
    (void)state;
    static const char *const types[] = {"3", "5", "0", "11", "-1"};
    tl_post p;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        tl_row r = row_of(NULL, types[i]); /* without an id: nobody asks for it */
        assert_int_equal(tl_post_from_row(&r, &p, NULL), TL_OK);
        assert_int_equal(p.kind, TL_OTHER_POST);
    }
}

/* It may be a question: to pass over it in silence would lose one. */
static void test_a_post_of_no_type_is_a_fault(void **state)
{
    (void)state;
    static const char *const types[] = {NULL, "", "x", "1.0", "99999999999999999999"};
    tl_post p;
    tl_error err;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        tl_row r = row_of("1", types[i]);
        assert_int_equal(tl_post_from_row(&r, &p, &err), TL_BAD_INPUT);
        assert_non_null(strstr(err.message, "PostTypeId"));
        assert_false(tl_post_from_scan(&r, &p));
    }
}

static void test_posts_that_cannot_be(void **state)
{
    (void)state;
    tl_post p;
    tl_error err;
    tl_row r = row_of(NULL, "1");
    assert_int_equal(tl_post_from_row(&r, &p, &err), TL_BAD_INPUT);
    assert_non_null(strstr(err.message, "Id"));
    r = row_of("one", "1");
    assert_int_equal(tl_post_from_row(&r, &p, NULL), TL_BAD_INPUT);
    r = row_of("1", "2");
    assert_int_equal(tl_post_from_row(&r, &p, &err), TL_BAD_INPUT);
    assert_non_null(strstr(err.message, "ParentId"));
    r.attr[TL_ATTR_PARENT] = TL_STR("0x7");
    assert_int_equal(tl_post_from_row(&r, &p, NULL), TL_BAD_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_question),
        cmocka_unit_test(test_answer),
        cmocka_unit_test(test_unreadable_numbers_are_unknown),
        cmocka_unit_test(test_other_types),
        cmocka_unit_test(test_a_post_of_no_type_is_a_fault),
        cmocka_unit_test(test_posts_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
