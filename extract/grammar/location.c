#include "extract/grammar/location.h"

#include <ctype.h>
#include <strings.h>

enum { MAX_COMPONENTS = 64 };

/* The components of a path, the last MAX_COMPONENTS of them. */
typedef struct components {
    tl_str at[MAX_COMPONENTS];
    int n;
    bool rooted;  /* /x, ~/x, C:\x, \\host\x */
    bool windows; /* C:\x, C:/x, or any backslash */
} components;

/* Top-level modules of the standard library.  Needed where the path alone does not
 * tell: Windows has no version in "lib\", a zip none at all. */
static const char stdlib_modules[] =
    " __future__ _bootlocale _collections_abc _compat_pickle _pydecimal _pyio _strptime"
    " _threading_local _weakrefset abc aifc argparse ast asynchat asyncio asyncore base64 bdb"
    " binhex bisect bz2 cProfile calendar cgi cgitb cmd code codecs codeop collections"
    " compileall concurrent configparser contextlib contextvars copy copyreg csv ctypes curses"
    " dataclasses datetime dbm decimal difflib dis distutils doctest email encodings ensurepip"
    " enum filecmp fileinput fnmatch formatter fractions ftplib functools genericpath getopt"
    " getpass gettext glob graphlib gzip hashlib heapq hmac html http idlelib imaplib imghdr"
    " imp importlib inspect io ipaddress json keyword lib2to3 linecache locale logging lzma"
    " mailbox mimetypes modulefinder multiprocessing netrc nntplib ntpath numbers opcode"
    " operator optparse os pathlib pdb pickle pickletools pkgutil platform plistlib poplib"
    " posixpath pprint profile pstats pty py_compile pyclbr pydoc queue quopri random re"
    " reprlib rlcompleter runpy sched secrets selectors shelve shlex shutil signal site smtpd"
    " smtplib sndhdr socket socketserver sqlite3 sre_compile sre_constants sre_parse ssl stat"
    " statistics string stringprep struct subprocess sunau symtable sysconfig tabnanny tarfile"
    " telnetlib tempfile test textwrap this threading timeit tkinter token tokenize tomllib"
    " trace traceback tracemalloc tty turtle types typing unittest urllib urllib2 uu uuid venv"
    " warnings wave weakref webbrowser wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport"
    " zipimport zoneinfo ";

/* Libraries that people run from a source checkout or that live outside of
 * site-packages. */
static const char known_libraries[] =
    " tensorflow torch torchvision torchaudio keras sklearn transformers pyspark mxnet nltk"
    " numpy scipy pandas matplotlib fastai allennlp spacy gensim jax jaxlib flax datasets"
    " tokenizers diffusers accelerate peft detectron2 fairseq mmcv mmdet onnx onnxruntime"
    " pytorch_lightning lightning ray horovod dgl torch_geometric xgboost lightgbm catboost"
    " dask distributed tensorflow_datasets tensorflow_probability tensorflow_hub tf_slim"
    " tensor2tensor object_detection theano caffe2 caffe chainer paddle gluonnlp gluoncv"
    " autogluon statsmodels optuna mlflow pytest _pytest IPython PyInstaller ";

/* Below these folders of a checkout lies code that uses the library. */
static const char user_folders[] =
    " examples example tests test scripts tools benchmark benchmarks docs notebooks notebook"
    " src projects tutorials tutorial demo demos models research python project app code data ";

static bool in_list(const char *list, tl_str word)
{
    char padded[64];
    if (word.len == 0 || word.len + 3 > sizeof padded || memchr(word.data, ' ', word.len))
        return false;
    padded[0] = ' ';
    memcpy(padded + 1, word.data, word.len);
    padded[word.len + 1] = ' ';
    padded[word.len + 2] = '\0';
    return strstr(list, padded) != NULL;
}

static bool has_prefix(tl_str s, const char *prefix)
{
    size_t n = strlen(prefix);
    return s.len >= n && memcmp(s.data, prefix, n) == 0;
}

static bool has_suffix(tl_str s, const char *suffix)
{
    size_t n = strlen(suffix);
    return s.len >= n && memcmp(s.data + s.len - n, suffix, n) == 0;
}

static bool is_separator(char c) { return c == '/' || c == '\\'; }

static components split(tl_str path)
{
    components c = {.n = 0};
    c.rooted = path.len > 1 && (is_separator(path.data[0]) || path.data[0] == '~' ||
                                path.data[1] == ':');
    c.windows = memchr(path.data, '\\', path.len) || (path.len > 1 && path.data[1] == ':');
    size_t begin = 0;
    for (size_t i = 0; i <= path.len; i++) {
        if (i < path.len && !is_separator(path.data[i]))
            continue;
        if (i > begin) {
            if (c.n == MAX_COMPONENTS)
                memmove(c.at, c.at + 1, sizeof c.at[0] * (size_t)--c.n);
            c.at[c.n++] = (tl_str){path.data + begin, i - begin};
        }
        begin = i + 1;
    }
    return c;
}

/* Without .py, .pyx, ...; a name that only begins with a dot keeps it. */
static tl_str without_extension(tl_str name)
{
    for (size_t i = name.len; i-- > 1;)
        if (name.data[i] == '.')
            return (tl_str){name.data, i};
    return name;
}

static bool is_archive(tl_str s)
{
    return has_suffix(s, ".zip") || has_suffix(s, ".egg") || has_suffix(s, ".whl") ||
           has_suffix(s, ".pyz");
}

/* python3.8, python2.7, python3, pypy3.9 */
static bool is_python_folder(tl_str s)
{
    size_t at = has_prefix(s, "python") ? 6 : has_prefix(s, "pypy") ? 4 : 0;
    if (at == 0 || at == s.len)
        return false;
    for (; at < s.len; at++)
        if (!isdigit((unsigned char)s.data[at]) && s.data[at] != '.' && s.data[at] != 't')
            return false;
    return true;
}

static tl_str package_at(const components *c, int i)
{
    while (i < c->n - 1 && is_archive(c->at[i]))
        i++;
    return i == c->n - 1 ? without_extension(c->at[i]) : c->at[i];
}

/* The package by an installation folder; data NULL for none. */
static tl_str installed_package(const components *c)
{
    for (int i = c->n - 2; i >= 0; i--) {
        tl_str s = c->at[i];
        if (tl_str_eq(s, TL_STR("site-packages")) || tl_str_eq(s, TL_STR("dist-packages")))
            return package_at(c, i + 1);
        bool lib = tl_str_eq_nocase(s, "lib") || tl_str_eq(s, TL_STR("lib64"));
        if (lib && is_python_folder(c->at[i + 1]) && i + 2 < c->n)
            return TL_STR("python");
        bool standard = in_list(stdlib_modules, package_at(c, i + 1));
        if (standard && ((lib && c->windows) || (is_archive(s) && has_prefix(s, "python"))))
            return TL_STR("python");
        if (is_archive(s) && !has_prefix(c->at[i + 1], "__main__"))
            return package_at(c, i + 1);
    }
    return (tl_str){NULL, 0};
}

/* The package of a source checkout: keras/keras/x.py, src/transformers/x.py, or a
 * known library's folder with its own tree below. */
static tl_str checkout_package(const components *c)
{
    for (int i = c->n - 2; i >= 0; i--) {
        bool account = i > 0 && (tl_str_eq(c->at[i - 1], TL_STR("home")) ||
                                 tl_str_eq_nocase(c->at[i - 1], "users"));
        if (account || !in_list(known_libraries, c->at[i]))
            continue;
        bool twice = i > 0 && (tl_str_eq(c->at[i - 1], c->at[i]) ||
                               tl_str_eq(c->at[i - 1], TL_STR("src")) ||
                               tl_str_eq(c->at[i - 1], TL_STR("python")));
        bool tree = i + 2 < c->n && !in_list(user_folders, c->at[i + 1]);
        bool relative = i == 0 && !c->rooted && i + 2 < c->n;
        if (twice || relative || (tree && !in_list(known_libraries, c->at[i + 1])))
            return c->at[i];
    }
    return (tl_str){NULL, 0};
}

/* Where pip unpacks and builds what it installs; true, and the package where the path
 * names one.  Newer pips put a hash of 32 digits behind the name. */
static bool in_pip_build(const components *c, tl_str *package)
{
    static const struct {
        const char *prefix;
        bool named;
    } folders[] = {{"pip-install-", true},
                   {"pip-build-env-", false},
                   {"pip-build-", true},
                   {"pip-req-build-", false}};
    enum { HASH = 33 }; /* with its underscore */
    for (int i = 0; i < c->n - 1; i++)
        for (size_t k = 0; k < sizeof folders / sizeof *folders; k++) {
            if (!has_prefix(c->at[i], folders[k].prefix))
                continue;
            if (folders[k].named && i + 2 < c->n) {
                tl_str s = c->at[i + 1];
                bool hash = s.len > HASH && s.data[s.len - HASH] == '_';
                *package = (tl_str){s.data, hash ? s.len - HASH : s.len};
            }
            return true;
        }
    return false;
}

/* Programs around the user's code: console scripts, debuggers, job runners. */
static bool is_tool(const components *c)
{
    tl_str last = c->at[c->n - 1];
    for (int i = 0; i < c->n - 1; i++) {
        tl_str s = c->at[i];
        if (has_prefix(s, "ms-python.") || tl_str_eq(s, TL_STR("pydev")) ||
            tl_str_eq(s, TL_STR("debugpy")) || tl_str_eq(s, TL_STR(".vscode-server")) ||
            has_suffix(s, ".exe"))
            return true;
    }
    if (tl_str_find(last, TL_STR(".exe"), 0) != SIZE_MAX)
        return true;
    if (c->n < 2)
        return false;
    tl_str folder = c->at[c->n - 2];
    bool scripts = tl_str_eq(folder, TL_STR("bin")) || tl_str_eq_nocase(folder, "scripts");
    return scripts && (!memchr(last.data, '.', last.len) || has_suffix(last, "-script.py"));
}

/* --- names that are no path --------------------------------------------- */

typedef struct angled_name {
    const char *prefix, *stem, *package; /* stem NULL: the name itself */
    bool own_code;
} angled_name;

static const angled_name angled_names[] = {
    {"<ipython-input", TL_NOTEBOOK_STEM, NULL, true},
    {"<python-input-", "<python-input>", NULL, true}, /* the REPL since 3.13 */
    {"<command-", "<command>", NULL, true}, /* a notebook cell of Databricks */
    {"<timed ", NULL, NULL, true},          /* %%time and %%timeit */
    {"<doctest", "<doctest>", NULL, true},
    {"<stdin>", NULL, NULL, true},
    {"<string>", NULL, NULL, true},
    {"<console>", NULL, NULL, true},
    {"<input>", NULL, NULL, true},
    {"<decorator-gen", "<decorator-gen>", "decorator", false},
    {"<__array_function__ internals", "<__array_function__ internals>", "numpy", false},
    {"<attrs generated", "<attrs generated>", "attr", false},
    {"<lambdifygenerated", "<lambdifygenerated>", "sympy", false},
    {"<unknown>", NULL, NULL, true},
};

static bool locate_angled(tl_str path, tl_location *out)
{
    if (has_prefix(path, "Cell In") || has_prefix(path, "Input In") ||
        tl_str_find(path, TL_STR(".ipynb Cell "), 0) != SIZE_MAX) {
        *out = (tl_location){TL_STR(TL_NOTEBOOK_STEM), {NULL, 0}, true};
        return true;
    }
    if (path.len < 2 || path.data[0] != '<' || path.data[path.len - 1] != '>')
        return false; /* <home>/x.py is a path that somebody made anonymous */
    if (has_prefix(path, "<frozen ")) {
        /* The stem that the module's file has where it is not frozen. */
        tl_str name = {path.data + 8, path.len - 9};
        for (size_t i = name.len; i-- > 0;)
            if (name.data[i] == '.') {
                name = (tl_str){name.data + i + 1, name.len - i - 1};
                break;
            }
        *out = (tl_location){name, TL_STR("python"), false};
        return true;
    }
    *out = (tl_location){path, {NULL, 0}, true};
    for (size_t i = 0; i < sizeof angled_names / sizeof *angled_names; i++) {
        const angled_name *a = &angled_names[i];
        if (!has_prefix(path, a->prefix))
            continue;
        if (a->stem)
            out->stem = tl_str_from(a->stem);
        if (a->package)
            out->package = tl_str_from(a->package);
        out->own_code = a->own_code;
        break;
    }
    return true;
}

/* Files that a notebook or a compiler of Python source made up. */
static bool locate_generated(const components *c, tl_location *out)
{
    bool cell = has_prefix(c->at[c->n - 1], "ipython-input-"); /* Colab's since 2025 */
    for (int i = 0; i < c->n - 1; i++)
        cell |= has_prefix(c->at[i], "ipykernel_");
    if (cell) {
        *out = (tl_location){TL_STR(TL_NOTEBOOK_STEM), {NULL, 0}, true};
        return true;
    }
    if (has_prefix(c->at[c->n - 1], "__autograph_generated_file")) {
        *out = (tl_location){TL_STR("__autograph_generated_file"), TL_STR("tensorflow"), false};
        return true;
    }
    return false;
}

/* Cython prints the path inside of its own source tree, pandas/_libs/hashtable.pyx, and
 * the function with its module: in numpy.random.mtrand.RandomState.choice.  A module of
 * that very file's name is in no package: it may well be the user's. */
static tl_str compiled_package(const components *c, tl_str function)
{
    tl_str last = c->at[c->n - 1];
    if (c->rooted ||
        (!has_suffix(last, ".pyx") && !has_suffix(last, ".pxi") && !has_suffix(last, ".pxd")))
        return (tl_str){NULL, 0};
    const char *dot = function.len > 0 ? memchr(function.data, '.', function.len) : NULL;
    if (dot && !tl_str_eq(tl_str_range(function.data, dot), without_extension(last)))
        return tl_str_range(function.data, dot);
    bool src = c->n > 2 && tl_str_eq(c->at[0], TL_STR("src"));
    return c->n > 1 ? c->at[src ? 1 : 0] : (tl_str){NULL, 0};
}

/* Functions of CPython's frozen import system.  A renderer that eats "<frozen
 * importlib._bootstrap>" leaves an empty path; the function still tells. */
static bool locate_importlib(tl_str path, tl_str function, tl_location *out)
{
    static const char inner[] = " _gcd_import _find_and_load _find_and_load_unlocked"
                                " _load_unlocked _call_with_frames_removed _handle_fromlist ";
    static const char external[] = " exec_module get_code source_to_code get_data ";
    bool in_inner = in_list(inner, function);
    if (path.len > 0 || (!in_inner && !in_list(external, function)))
        return false;
    *out = (tl_location){in_inner ? TL_STR("_bootstrap") : TL_STR("_bootstrap_external"),
                         TL_STR("python"), false};
    return true;
}

tl_location tl_locate(tl_str path, tl_str function)
{
    tl_location out;
    if (locate_angled(path, &out) || locate_importlib(path, function, &out))
        return out;
    components c = split(path);
    if (c.n == 0)
        return (tl_location){{path.data, 0}, {NULL, 0}, true};
    if (locate_generated(&c, &out))
        return out;
    out.stem = without_extension(c.at[c.n - 1]);
    out.package = installed_package(&c);
    bool pip = !out.package.data && in_pip_build(&c, &out.package);
    if (!out.package.data && !pip)
        out.package = checkout_package(&c);
    if (!out.package.data && !pip)
        out.package = compiled_package(&c, function);
    out.own_code = !out.package.data && !pip && !is_tool(&c);
    return out;
}

void tl_locate_frozen(tl_frame *frames, size_t n)
{
    bool frozen = false;
    for (size_t i = 0; i < n && !frozen; i++)
        frozen = tl_str_find(frames[i].path, TL_STR("PyInstaller"), 0) != SIZE_MAX ||
                 has_prefix(frames[i].file, "pyimod0");
    for (size_t i = 1; i < n && frozen; i++) {
        tl_frame *f = &frames[i];
        /* test.py and code.py are the user's even there. */
        bool bare = f->own_code && f->path.len == f->file.len + 3 && has_suffix(f->path, ".py");
        if (bare && in_list(stdlib_modules, f->file) && !in_list(user_folders, f->file)) {
            f->package = TL_STR("python");
            f->own_code = false;
        }
    }
}
