#include "tools/cli/taxonomy_input.h"

int tl_taxonomy_input(tl_taxonomy **out, const char *file, tl_error *err)
{
    tl_buf text = {0};
    tl_str shipped = {tl_taxonomy_ini, tl_taxonomy_ini_len};
    int rc = file ? tl_cli_read_file(file, &text, err) : TL_OK;
    if (rc == TL_OK)
        rc = tl_taxonomy_new(out, file ? tl_buf_str(&text) : shipped, file ? file : "taxonomy.ini", err);
    tl_buf_free(&text);
    return rc;
}

int tl_classifier_input(tl_classifier **out, const tl_taxonomy *taxonomy, const char *file, tl_error *err)
{
    tl_buf text = {0};
    tl_str shipped = {tl_taxonomy_weights_ini, tl_taxonomy_weights_ini_len};
    int rc = file ? tl_cli_read_file(file, &text, err) : TL_OK;
    if (rc == TL_OK)
        rc = tl_classifier_new(out, taxonomy, file ? tl_buf_str(&text) : shipped,
                               file ? file : "taxonomy-weights.ini", err);
    tl_buf_free(&text);
    return rc;
}
