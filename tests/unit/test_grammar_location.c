/* What the path of a frame says: stem, package, own code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "extract/grammar/location.h"

typedef struct example {
    const char *path, *stem, *package; /* package NULL: own code, "": a library unnamed */
} example;

static const example examples[] = {
    /* own code */
    {"train.py", "train", NULL},
    {"./src/train.py", "train", NULL},
    {"/home/ana/project/train.py", "train", NULL},
    {"C:\\Users\\Ana Maria\\train.py", "train", NULL},
    {"\\\\server\\share\\train.py", "train", NULL},
    {"/home/ana/keras/train.py", "train", NULL},
    {"/home/ana/torch/examples/mnist/main.py", "main", NULL},
    {"/content/models/research/train.py", "train", NULL},
    {"/home/ana/project/v1.2.py", "v1.2", NULL},
    {"/home/ana/lib/queue/run.py", "run", NULL},
    {"/home/ana/bin/run.py", "run", NULL},
    {"<home>/project/train.py", "train", NULL},
    {"/home/ray/cluster/jobs/train.py", "train", NULL},
    {"", "", NULL},
    /* virtualenv, conda, Colab, system Python, Windows, macOS frameworks */
    {"/home/ana/venv/lib/python3.8/site-packages/torch/nn/modules/module.py", "module", "torch"},
    {"/home/ana/.local/lib/python3.8/site-packages/six.py", "six", "six"},
    {"~/anaconda3/envs/ml/lib/python3.6/site-packages/sklearn/base.py", "base", "sklearn"},
    {"/usr/local/lib/python3.10/dist-packages/keras/engine/training.py", "training", "keras"},
    {"/usr/lib/python3/dist-packages/numpy/core/fromnumeric.py", "fromnumeric", "numpy"},
    {"/usr/lib/python3.8/json/decoder.py", "decoder", "python"},
    {"/usr/lib64/python2.7/pickle.py", "pickle", "python"},
    {"/opt/conda/lib/python3.7/multiprocessing/pool.py", "pool", "python"},
    {"C:\\Python37\\lib\\json\\decoder.py", "decoder", "python"},
    {"C:\\ProgramData\\Anaconda3\\Lib\\runpy.py", "runpy", "python"},
    {"C:\\Users\\Ana\\venv\\lib\\site-packages\\pandas\\core\\frame.py", "frame", "pandas"},
    {"c:/users/ana/appdata/local/programs/python/python37/lib/threading.py", "threading", "python"},
    {"/Library/Frameworks/Python.framework/Versions/3.7/lib/python3.7/os.py", "os", "python"},
    {"/opt/hostedtoolcache/Python/3.6.10/x64/lib/python3.6/ast.py", "ast", "python"},
    {"/usr/lib/pypy3.9/asyncio/events.py", "events", "python"},
    /* archives */
    {"/home/ana/bundle.zip/toolkit/steps.py", "steps", "toolkit"},
    {"/usr/lib/python3.6/site-packages/foo-1.0-py3.6.egg/foo/bar.py", "bar", "foo"},
    {"/lib/python311.zip/asyncio/events.py", "events", "python"},
    {"/opt/spark/python/lib/pyspark.zip/pyspark/sql/dataframe.py", "dataframe", "pyspark"},
    {"C:\\Python37\\Scripts\\pip.exe\\__main__.py", "__main__", ""},
    /* source checkouts and editable installs of known libraries */
    {"/home/ana/transformers/src/transformers/trainer.py", "trainer", "transformers"},
    {"/home/ana/keras/keras/models.py", "models", "keras"},
    {"/home/ana/pytorch/torch/nn/functional.py", "functional", "torch"},
    {"tensorflow/python/framework/ops.py", "ops", "tensorflow"},
    {"/databricks/spark/python/pyspark/worker.py", "worker", "pyspark"},
    /* Cython's relative paths */
    {"pandas/_libs/hashtable.pyx", "hashtable", "pandas"},
    {"src/lxml/etree.pyx", "etree", "lxml"},
    {"model.pyx", "model", NULL},
    /* where pip builds what it installs */
    {"/tmp/pip-install-a1b2/gridlib/setup.py", "setup", "gridlib"},
    {"/tmp/pip-install-a1_2/gridlib_0123456789abcdef0123456789abcdef/setup.py", "setup", "gridlib"},
    {"C:\\Temp\\pip-build-a1\\gridlib\\setup.py", "setup", "gridlib"},
    {"/tmp/pip-install-a1b2/setup.py", "setup", ""},
    {"/tmp/pip-req-build-a1/gridlib/setup.py", "setup", ""},
    {"/tmp/pip-build-env-a1/lib/hook.py", "hook", ""},
    {"/home/ana/pip-installer/gridlib/setup.py", "setup", NULL},
    /* programs around the code */
    {"/home/ana/venv/bin/flask", "flask", ""},
    {"C:\\Python37\\Scripts\\ludwig.exe_main.py", "ludwig.exe_main", ""}, /* __ got lost */
    {"C:\\Python37\\Scripts\\datum-script.py", "datum-script", ""},
    {"/home/ana/.vscode/extensions/ms-python.python-2020/pythonFiles/ptvsd/runpy.py", "runpy", ""},
    /* notebooks and other names that are no path */
    {"<ipython-input-5-0a1b2c3d4e5f>", "<ipython-input>", NULL},
    {"Cell In[5]", "<ipython-input>", NULL},
    {"Input In [5]", "<ipython-input>", NULL},
    {"/home/ana/My notes/a.ipynb Cell 5", "<ipython-input>", NULL},
    {"/tmp/ipykernel_4711/1279619201.py", "<ipython-input>", NULL},
    {"C:\\Users\\Ana\\AppData\\Local\\Temp\\ipykernel_12\\34.py", "<ipython-input>", NULL},
    {"/tmp/ipython-input-4711-1279619201.py", "<ipython-input>", NULL},
    {"<stdin>", "<stdin>", NULL},
    {"<python-input-0>", "<python-input>", NULL},
    {"<string>", "<string>", NULL},
    {"<command-2718>", "<command>", NULL},
    {"<doctest app.ratio[1]>", "<doctest>", NULL},
    {"<frozen importlib._bootstrap>", "_bootstrap", "python"},
    {"<frozen runpy>", "runpy", "python"},
    {"<__array_function__ internals>", "<__array_function__ internals>", "numpy"},
    {"<decorator-gen-53>", "<decorator-gen>", "decorator"},
    {"/tmp/__autograph_generated_file8x.py", "__autograph_generated_file", "tensorflow"},
};

static void check(tl_str got, const char *expected, const char *path)
{
    if (!tl_str_eq(got, tl_str_from(expected)))
        fail_msg("%s: \"" TL_STR_FMT "\" is not \"%s\"", path, TL_STR_ARG(got), expected);
}

static void paths_tell_stem_and_package(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const example *e = &examples[i];
        tl_location at = tl_locate(tl_str_from(e->path), TL_STR("f"));
        check(at.stem, e->stem, e->path);
        check(at.package, e->package ? e->package : "", e->path);
        if (at.own_code != (e->package == NULL))
            fail_msg("%s is%s own code", e->path, at.own_code ? "" : " not");
    }
}

static void a_lost_path_is_known_by_its_function(void **state)
{
    (void)state;
    tl_location at = tl_locate(TL_STR(""), TL_STR("_gcd_import"));
    check(at.stem, "_bootstrap", "");
    check(at.package, "python", "");
    assert_false(at.own_code);
    assert_true(tl_locate(TL_STR(""), TL_STR("main")).own_code);
}

static void a_dotted_cython_function_names_its_package(void **state)
{
    (void)state;
    tl_str choice = TL_STR("numpy.random.mtrand.RandomState.choice");
    tl_location at = tl_locate(TL_STR("mtrand.pyx"), choice);
    check(at.package, "numpy", "mtrand.pyx");
    assert_false(at.own_code);
    assert_true(tl_locate(TL_STR("fast.pyx"), TL_STR("fast.walk")).own_code);
    assert_true(tl_locate(TL_STR("/home/ana/a/fast.pyx"), TL_STR("a.fast.walk")).own_code);
    assert_true(tl_locate(TL_STR("fast.py"), TL_STR("a.fast.walk")).own_code);
}

static void long_paths_are_read_from_the_end(void **state)
{
    (void)state;
    static char path[20000];
    for (size_t i = 0; i + 2 < sizeof path; i += 2)
        memcpy(path + i, "/a", 2);
    const char *end = "/site-packages/torch/nn.py";
    memcpy(path + sizeof path - strlen(end) - 1, end, strlen(end) + 1);
    tl_location at = tl_locate(tl_str_from(path), TL_STR("f"));
    check(at.stem, "nn", "a long path");
    check(at.package, "torch", "a long path");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_tell_stem_and_package),
        cmocka_unit_test(a_lost_path_is_known_by_its_function),
        cmocka_unit_test(a_dotted_cython_function_names_its_package),
        cmocka_unit_test(long_paths_are_read_from_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
