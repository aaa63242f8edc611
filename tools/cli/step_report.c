#include "tools/cli/steps.h"

#include <stdio.h>

#include "reports/report.h"
#include "sql/patterns.h"

/* Says it where the patterns are not those of every length. */
static int tell_lengths(tl_store *store, const tl_report_options *o, tl_error *err)
{
    int64_t shortest, longest;
    char least[64] = "", most[64] = "";
    int rc = tl_store_mined_lengths(store, o->profile, o->support, o->key, &shortest, &longest, err);
    if (rc || (shortest <= 1 && longest == 0))
        return rc;
    if (shortest > 1)
        snprintf(least, sizeof least, "at least %lld", (long long)shortest);
    if (longest > 0)
        snprintf(most, sizeof most, "at most %lld", (long long)longest);
    tl_cli_note("only patterns of %s%s%s frames were mined; 'tracelode mine' without a length brings all in", least,
                *least && *most ? " and " : "", most);
    return TL_OK;
}

int tl_step_report(tl_store *store, const tl_report_step *o, tl_error *err)
{
    tl_report_options options = {.profile = (tl_profile)o->profile,
                                 .support = (tl_support_kind)o->support,
                                 .key = (tl_key)o->key,
                                 .figures = !o->no_figures,
                                 .cancel = &tl_cli_cancel};
    tl_report_summary done;
    int rc = tl_store_check_mined(store, (tl_key)o->key, err);
    if (rc)
        return rc;
    rc = tl_report_write(store, o->folder, &options, &done, err);
    if (rc)
        return rc;
    tl_cli_note("%s/index.html: %lld questions, %lld with a trace, %lld patterns with support >= 2 "
                "(profile %s, by %s)",
                o->folder, (long long)done.questions, (long long)done.with_trace,
                (long long)done.patterns, tl_profile_names[o->profile], tl_support_names[o->support]);
    if (done.gnuplot_missing)
        tl_cli_note("the figures were not drawn: gnuplot is not installed; their data and scripts are there");
    return tell_lengths(store, &options, err);
}
