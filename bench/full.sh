#!/usr/bin/env bash
# Runs everything, one after another, on a machine that has nothing else to do: what RESULTS.md is written from.
#
#   bench/full.sh [FOLDER]     where the outputs go (default: bench-results); `ROUNDS=9`, `PYTHON=python3`
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(mkdir -p "${1:-bench-results}" && cd "${1:-bench-results}" && pwd)
rounds=${ROUNDS:-9}

step() {
    printf '== %s (%ss, load %s)\n' "$1" "$SECONDS" "$(cut -d' ' -f1 /proc/loadavg)"
}

step "building"
cargo build --quiet --profile measure -p orm-bench --bins
cargo bench --quiet --profile measure -p orm-bench --no-run
(cd bench/toasty && cargo build --quiet --profile measure --bins)

for database in sqlite postgres mariadb; do
    step "$database"
    cargo run --quiet --profile measure -p orm-bench --bin "$database" -- --rounds "$rounds" >"$out/$database.md"
done
# A million rows one by one would take it hours.
for database in sqlite postgres; do
    step "toasty on $database"
    (cd bench/toasty && cargo run --quiet --profile measure --bin "$database" -- --rounds "$rounds" --no-growth) >"$out/toasty-$database.md"
done
step "SQLAlchemy"
"${PYTHON:-python3}" bench/sqlalchemy/bench.py >"$out/sqlalchemy-sqlite.md"
server=${ORM_BENCH_POSTGRES_URL:-postgres://postgres@127.0.0.1:5432/postgres}
"${PYTHON:-python3}" bench/sqlalchemy/bench.py --url "postgresql+psycopg${server#postgres}" >"$out/sqlalchemy-postgres.md"
step "the steps of a session"
cargo bench --quiet --profile measure -p orm-bench >"$out/steps.txt"
step "builds"
"${PYTHON:-python3}" bench/build/measure.py >"$out/builds.md"
step "done"
