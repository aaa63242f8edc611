-- Table 3: how popular the questions are that have a code block, with a stack trace
-- and without: medians of score, comments, views and answers.
--
-- `*_all` is the median over both groups.  The last row, Baseline, has only that: the
-- median over all the questions of the dump, whatever their library, from the value
-- counts that reading it left.  Test, effect and correction are those of Table 2.
WITH tested AS MATERIALIZED (
    SELECT library,
           count(*) FILTER (WHERE has_code AND has_trace) AS n_with,
           count(*) FILTER (WHERE has_code AND NOT has_trace) AS n_without,
           median(score) FILTER (WHERE has_code AND has_trace) AS score_with,
           median(score) FILTER (WHERE has_code AND NOT has_trace) AS score_without,
           median(score) FILTER (WHERE has_code) AS score_all,
           mann_whitney_p(score, has_trace) FILTER (WHERE has_code) AS score_p,
           cliffs_delta(score, has_trace) FILTER (WHERE has_code) AS score_delta,
           median(comments) FILTER (WHERE has_code AND has_trace) AS comments_with,
           median(comments) FILTER (WHERE has_code AND NOT has_trace) AS comments_without,
           median(comments) FILTER (WHERE has_code) AS comments_all,
           mann_whitney_p(comments, has_trace) FILTER (WHERE has_code) AS comments_p,
           cliffs_delta(comments, has_trace) FILTER (WHERE has_code) AS comments_delta,
           median(views) FILTER (WHERE has_code AND has_trace) AS views_with,
           median(views) FILTER (WHERE has_code AND NOT has_trace) AS views_without,
           median(views) FILTER (WHERE has_code) AS views_all,
           mann_whitney_p(views, has_trace) FILTER (WHERE has_code) AS views_p,
           cliffs_delta(views, has_trace) FILTER (WHERE has_code) AS views_delta,
           median(answers) FILTER (WHERE has_code AND has_trace) AS answers_with,
           median(answers) FILTER (WHERE has_code AND NOT has_trace) AS answers_without,
           median(answers) FILTER (WHERE has_code) AS answers_all,
           mann_whitney_p(answers, has_trace) FILTER (WHERE has_code) AS answers_p,
           cliffs_delta(answers, has_trace) FILTER (WHERE has_code) AS answers_delta
    FROM v_question
    WHERE profile = :profile
    GROUP BY library
),
test(library, measure, p) AS (
    SELECT library, 'score', score_p FROM tested
    UNION ALL
    SELECT library, 'comments', comments_p FROM tested
    UNION ALL
    SELECT library, 'views', views_p FROM tested
    UNION ALL
    SELECT library, 'answers', answers_p FROM tested
),
ranked AS (
    SELECT *, row_number() OVER (ORDER BY p) AS place, count(*) OVER () AS tests
    FROM test
    WHERE p IS NOT NULL
),
holm AS MATERIALIZED (
    SELECT library, measure, min(1.0, max(p * (tests - place + 1)) OVER (ORDER BY place)) AS p
    FROM ranked
),
-- The value counts, each with the ranks (from 1) that its equals take up.
counted AS (
    SELECT measure, value, sum(n) AS n FROM histogram GROUP BY measure, value
),
placed AS (
    SELECT measure, value,
           sum(n) OVER (PARTITION BY measure ORDER BY value) AS last,
           sum(n) OVER (PARTITION BY measure ORDER BY value) - n + 1 AS first,
           sum(n) OVER (PARTITION BY measure) AS total
    FROM counted
),
baseline AS MATERIALIZED (
    SELECT measure, avg(value) AS median
    FROM placed
    WHERE (total + 1) / 2 BETWEEN first AND last OR (total + 2) / 2 BETWEEN first AND last
    GROUP BY measure
)
SELECT :profile AS profile,
       t.library,
       n_with,
       n_without,
       score_with, score_without, score_all,
       score_p, stars(score_p) AS score_stars,
       s.p AS score_p_holm, stars(s.p) AS score_stars_holm,
       score_delta AS score_cliffs_delta,
       comments_with, comments_without, comments_all,
       comments_p, stars(comments_p) AS comments_stars,
       c.p AS comments_p_holm, stars(c.p) AS comments_stars_holm,
       comments_delta AS comments_cliffs_delta,
       views_with, views_without, views_all,
       views_p, stars(views_p) AS views_stars,
       v.p AS views_p_holm, stars(v.p) AS views_stars_holm,
       views_delta AS views_cliffs_delta,
       answers_with, answers_without, answers_all,
       answers_p, stars(answers_p) AS answers_stars,
       a.p AS answers_p_holm, stars(a.p) AS answers_stars_holm,
       answers_delta AS answers_cliffs_delta
FROM (
    SELECT library_id, tested.* FROM tested JOIN library ON key = library
    UNION ALL
    SELECT NULL, 'Baseline', NULL, NULL,
           NULL, NULL, (SELECT median FROM baseline WHERE measure = 'score'), NULL, NULL,
           NULL, NULL, (SELECT median FROM baseline WHERE measure = 'comments'), NULL, NULL,
           NULL, NULL, (SELECT median FROM baseline WHERE measure = 'views'), NULL, NULL,
           NULL, NULL, (SELECT median FROM baseline WHERE measure = 'answers'), NULL, NULL
) t
LEFT JOIN holm s ON s.library = t.library AND s.measure = 'score'
LEFT JOIN holm c ON c.library = t.library AND c.measure = 'comments'
LEFT JOIN holm v ON v.library = t.library AND v.measure = 'views'
LEFT JOIN holm a ON a.library = t.library AND a.measure = 'answers'
ORDER BY t.library_id NULLS LAST;
