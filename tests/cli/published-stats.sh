# The study's published statistics, from its published measures.
. "$TOP/tests/cli/lib.sh"
need_shared ghadesi2022/questions-keras.csv
data=$shared/ghadesi2022
row() {
    "$tracelode" stats "$@" --format csv | tail -n 1
}
row "$data/questions-huggingface.csv" --value first_answer_hours
row "$data/questions-keras.csv" --value views
row "$data/questions-spark-ml.csv" --value first_answer_hours
row "$data/questions-nltk.csv" --success accepted_answer_id --where 'answers > 0'
