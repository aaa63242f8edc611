#include "tools/cli/steps.h"

#include "reports/report.h"
#include "sql/patterns.h"

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
    return TL_OK;
}
