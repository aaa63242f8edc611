/* The list of libraries and the matching of tags (METHOD.md, section 1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "extract/libraries.h"

static tl_libraries *parse(const char *text)
{
    tl_error err;
    tl_libraries *libs;
    int rc = tl_libraries_new(&libs, tl_str_from(text), "test.ini", &err);
    if (rc != TL_OK)
        fail_msg("%s", err.message);
    return libs;
}

static tl_libraries *shipped(void)
{
    static char text[16 * 1024];
    FILE *f = fopen("corpus/libraries.ini", "r");
    assert_non_null(f);
    size_t n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[n] = '\0';
    return parse(text);
}

/* The keys of the libraries that `tags` match, with spaces between. */
static const char *matched(const tl_libraries *libs, const char *tags)
{
    static char keys[4096];
    keys[0] = '\0';
    uint64_t set = tl_libraries_match(libs, tl_str_from(tags));
    for (size_t i = 0; i < tl_libraries_count(libs); i++) {
        if (!(set >> i & 1))
            continue;
        if (keys[0])
            strcat(keys, " ");
        strcat(keys, tl_libraries_key(libs, i));
    }
    return keys;
}

static void test_shipped_list(void **state)
{
    (void)state;
    static const char *const study[][2] = {
        {"tensorflow", "TensorFlow"}, {"keras", "Keras"}, {"scikit-learn", "Scikit-learn"},
        {"pytorch", "PyTorch"},       {"nltk", "NLTK"},   {"huggingface", "Hugging Face"},
        {"spark-ml", "Spark ML"}};
    tl_libraries *libs = shipped();
    assert_int_equal(tl_libraries_count(libs), 7);
    for (size_t i = 0; i < 7; i++) {
        assert_string_equal(tl_libraries_key(libs, i), study[i][0]);
        assert_string_equal(tl_libraries_name(libs, i), study[i][1]);
    }
    tl_libraries_free(libs);
}

static void test_tags(void **state)
{
    (void)state;
    static const struct {
        const char *tags, *keys;
    } cases[] = {
        {"<python><keras>", "keras"},
        {"|python|keras|", "keras"},
        {"|keras|tensorflow|python|", "tensorflow keras"},
        {"<python-3.x><tensorflow2.0>", "tensorflow"},
        {"<python><tensorflow-lite>", "tensorflow"},
        {"<python><apache-spark-ml>", "spark-ml"},
        {"<python><apache-spark-mllib>", ""},
        {"<python><huggingface-transformers>", "huggingface"},
        {"<python><tf.keras>", "keras"},
        {"<python><scikit-learn>", "scikit-learn"},
        {"<python><scikit><learn>", ""},
        {"<PYTHON><Keras>", "keras"},
        /* the language is needed, and is not part of another word */
        {"<keras>", ""},
        {"<ipython><keras>", ""},
        {"<ipython><python><keras>", "keras"},
        {"<cpython-3.x><keras>", ""},
        {"<jupyter-python><keras>", "keras"},
        {"<python_x><keras>", ""},
        {"<pythonnet><keras>", ""},
        {"<r><keras>", ""},
        /* versions: digits, dot, plus, minus, up to a word boundary */
        {"<python3><keras>", "keras"},
        {"<python-2.7><keras>", "keras"},
        {"<python3.x><keras>", "keras"},
        {"<python3x><keras>", ""},
        {"<python-><keras>", "keras"},
        {"<python><keras2>", "keras"},
        {"<python><keras2+>", "keras"},
        {"<python><keras-2>", "keras"},
        {"<python><keras2b>", ""},
        {"<python><keras2.b>", "keras"},
        {"<python><kerastuner>", ""},
        {"<python><xkeras>", ""},
        {"<python><1keras>", ""},
        /* letters of other scripts are word characters */
        {"<python><k\xc3\xa9keras>", ""},
        {"<python><keras\xd1\x8f>", ""},
        /* without delimiters, empty, cut short */
        {"python keras", "keras"},
        {"keras,python", "keras"},
        {"", ""},
        {"<python", ""},
        {"pythonkeras", ""},
        {"<pytho><keras>", ""},
    };
    tl_libraries *libs = shipped();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *got = matched(libs, cases[i].tags);
        if (strcmp(got, cases[i].keys) != 0)
            fail_msg("%s: '%s', not '%s'", cases[i].tags, got, cases[i].keys);
    }
    assert_int_equal(tl_libraries_match(libs, (tl_str){NULL, 0}), 0);
    tl_libraries_free(libs);
}

static void test_own_file(void **state)
{
    (void)state;
    tl_libraries *libs = parse("; mine\n[zeta]\nname = Z\xc3\xa9ta ; it is\ntag = Zeta\n"
                               "[a.b_c+d#-1]\r\ntag = b\r\nname = B");
    assert_int_equal(tl_libraries_count(libs), 2);
    assert_string_equal(tl_libraries_name(libs, 0), "Z\xc3\xa9ta");
    assert_string_equal(tl_libraries_key(libs, 1), "a.b_c+d#-1");
    assert_string_equal(matched(libs, "<zeta>"), "zeta"); /* no language named: any */
    assert_string_equal(matched(libs, "<ruby><b><zeta>"), "zeta a.b_c+d#-1");
    tl_libraries_free(libs);
}

static void test_narrow(void **state)
{
    (void)state;
    tl_error err;
    tl_libraries *libs = shipped();
    assert_int_equal(tl_libraries_narrow(libs, "nope", &err), TL_USAGE);
    assert_string_equal(err.message,
                        "unknown library 'nope'; known are tensorflow, keras, scikit-learn, "
                        "pytorch, nltk, huggingface, spark-ml");
    assert_int_equal(tl_libraries_narrow(libs, "keras,,nltk", &err), TL_USAGE);
    assert_int_equal(tl_libraries_narrow(libs, "", &err), TL_USAGE);
    assert_int_equal(tl_libraries_narrow(libs, "keras,", &err), TL_USAGE);
    assert_int_equal(tl_libraries_narrow(libs, "Keras", &err), TL_USAGE);
    assert_int_equal(tl_libraries_count(libs), 7);

    assert_int_equal(tl_libraries_narrow(libs, "nltk,keras,nltk", &err), TL_OK);
    assert_int_equal(tl_libraries_count(libs), 2);
    assert_string_equal(tl_libraries_key(libs, 0), "keras");
    assert_string_equal(tl_libraries_key(libs, 1), "nltk");
    assert_int_equal(tl_libraries_match(libs, TL_STR("<python><nltk><pytorch>")), 2);
    assert_int_equal(tl_libraries_narrow(libs, "pytorch", &err), TL_USAGE);
    tl_libraries_free(libs);
}

static void test_bad_files(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "t: names no library"},
        {"language = python\n", "t: names no library"},
        {"[a]\nname = A\n", "t: section [a] has no tag"},
        {"[a]\ntag = a\n", "t: section [a] has no name"},
        {"[a]\nname = A\ntag = a\nnonsense\n", "t: line 4: neither [section] nor name = value"},
        {"[a\nname = A\n", "t: line 1: neither [section] nor name = value"},
        {"\nname = A\n", "t: line 2: 'name' stands before the first section"},
        {"[a]\nnaem = A\n", "t: line 2: unknown setting 'naem'"},
        {"[a]\nname =\n", "t: line 2: name is empty"},
        {"[a]\nname = A\x01\n", "t: line 2: name holds a control character"},
        {"[a]\nname = A\nname = B\n", "t: line 3: name is given twice"},
        {"[a]\nname = A\ntag = a\n[b]\nname = B\n[a]\ntag = c\n",
         "t: line 7: section [a] is there twice"},
        {"[a]\ntag = a\ntag = b\n", "t: line 3: tag is given twice"},
        {"[a]\ntag =\n", "t: line 2: tag '' is no tag that begins and ends with a letter or digit"},
        {"[a]\ntag = c++\n",
         "t: line 2: tag 'c++' is no tag that begins and ends with a letter or digit"},
        {"[a]\ntag = a><b\n",
         "t: line 2: tag 'a><b' is no tag that begins and ends with a letter or digit"},
        {"language = a b\n",
         "t: line 1: language 'a b' is no tag that begins and ends with a letter or digit"},
        {"[A]\nname = A\n", "t: line 2: 'A' is no key: use up to 40 of a-z, 0-9 and . _ + - #"},
        {"[a,b]\nname = A\n",
         "t: line 2: 'a,b' is no key: use up to 40 of a-z, 0-9 and . _ + - #"},
        {"[aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff]\nname = A\n",
         "t: line 2: 'aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeee' is no key: use up to 40 of "
         "a-z, 0-9 and . _ + - #"},
        {"[all]\nname = A\n",
         "t: line 2: 'all' cannot be a key: it stands for questions of any library"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tl_error err;
        tl_libraries *libs;
        assert_int_equal(tl_libraries_new(&libs, tl_str_from(cases[i].text), "t", &err),
                         TL_BAD_INPUT);
        assert_null(libs);
        assert_string_equal(err.message, cases[i].message);
    }
}

static void test_hostile_lines(void **state)
{
    (void)state;
    tl_error err;
    tl_libraries *libs;
    char text[1000] = "[a]\nname = ";
    memset(text + 11, 'x', 500);
    assert_int_equal(tl_libraries_new(&libs, tl_str_from(text), "t", &err), TL_BAD_INPUT);
    assert_string_equal(err.message, "t: line 2: too long");
    assert_int_equal(tl_libraries_new(&libs, TL_STR("[a]\nname = A\0B\ntag = a"), "t", &err),
                     TL_BAD_INPUT);
    assert_string_equal(err.message, "t: line 2: holds a NUL byte");
    assert_int_equal(tl_libraries_new(&libs, (tl_str){NULL, 0}, "t", &err), TL_BAD_INPUT);
}

static void test_at_most_64(void **state)
{
    (void)state;
    char text[65 * 40] = "";
    size_t n = 0;
    for (int i = 0; i < 64; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "[k%d]\nname=N\ntag=t%dx\n", i, i);
    tl_libraries *libs = parse(text);
    assert_int_equal(tl_libraries_count(libs), 64);
    assert_true(tl_libraries_match(libs, TL_STR("<t63x><t0x>")) == (UINT64_C(1) << 63 | 1));
    tl_libraries_free(libs);

    snprintf(text + n, sizeof text - n, "[k64]\nname=N\ntag=t\n");
    tl_error err;
    assert_int_equal(tl_libraries_new(&libs, tl_str_from(text), "t", &err), TL_BAD_INPUT);
    assert_string_equal(err.message, "t: line 194: more than 64 libraries");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shipped_list), cmocka_unit_test(test_tags),
        cmocka_unit_test(test_own_file),     cmocka_unit_test(test_narrow),
        cmocka_unit_test(test_bad_files),    cmocka_unit_test(test_hostile_lines),
        cmocka_unit_test(test_at_most_64),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
