#!/bin/sh
# Everything a machine can hold against the house rules; each part runs even when one before it failed.
set -u
status=0
run() {
    name=$1
    shift
    printf '%-28s' "$name"
    start=$(date +%s)
    if output=$("$@" 2>&1); then
        printf 'ok   %3d s\n' $(($(date +%s) - start))
    else
        printf 'FAIL %3d s\n%s\n' $(($(date +%s) - start)) "$output"
        status=1
    fi
}
bin=.venv/bin
run "ruff" $bin/ruff check .
run "ruff format" $bin/ruff format --check .
run "mypy strict" $bin/mypy
run "sqlfluff" $bin/sqlfluff lint --processes 2 dbt_project
run "dbt parse" $bin/python -m scripts.dbt_parse
run "house rules, DAG policy" $bin/python -m pytest -q -p no:cacheprovider tests/architecture tests/dags
run "generated pages are current" $bin/python -m scripts.docs --check
exit $status
