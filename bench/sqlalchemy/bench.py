"""Measures SQLAlchemy by the workloads of `orm-bench`, and prints the same lines.

    python bench.py                 SQLite, a file in a temporary directory
    python bench.py --url postgresql+psycopg://postgres@127.0.0.1:5432/postgres
"""

import argparse
import os
import statistics
import tempfile
import time
from contextlib import contextmanager

from sqlalchemy import create_engine, event, insert, make_url, text

from models import Base, Comment, Post, User, all_comments, all_posts, all_users
from workloads import WORKLOADS, Run

USERS = 100_000


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--url")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--only", type=lambda names: names.split(","))
    parser.add_argument("--short", action="store_true")
    return parser.parse_args()


@contextmanager
def database(url):
    """A new database, on the server of that URL or in a file."""
    if url is None:
        with tempfile.TemporaryDirectory(prefix="orm-bench-sqlalchemy-") as directory:
            engine = create_engine(f"sqlite:///{directory}/bench.db")
            event.listen(engine, "connect", pragmas)
            yield engine
            engine.dispose()
        return
    name = f"orm_bench_sqlalchemy_{os.getpid()}"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        engine = create_engine(make_url(url).set(database=name))
        try:
            yield engine
        finally:
            engine.dispose()
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def pragmas(connection, _):
    for pragma in ["journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "busy_timeout = 5000"]:
        connection.execute(f"PRAGMA {pragma}")


def fill(engine, users):
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        for model, rows in [(User, all_users(users)), (Post, all_posts(users)), (Comment, all_comments())]:
            connection.execute(insert(model), list(rows))
        if engine.dialect.name == "postgresql":
            for table in ["users", "posts", "comments"]:
                sequence = f"pg_get_serial_sequence('{table}', 'id')"
                connection.execute(text(f"SELECT setval({sequence}, (SELECT max(id) FROM {table}))"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def measure(engine, work, size, objects, options, users):
    """The seconds of each round; the first one only warms up, and is checked."""
    rounds, limit = options.rounds or (3 if options.short else 7), 4 if options.short else 60
    seconds, start = [], time.perf_counter()
    for round in range(rounds + 1):
        run = Run(engine, size, round, users)
        found = work(run)
        if found != size * objects:
            raise SystemExit(f"{work.__name__} of {size} had {found} objects in hand")
        if work.__name__ == "insert":
            with engine.begin() as connection:
                connection.execute(text("DELETE FROM users WHERE id > :users"), {"users": users})
        if round > 0:
            seconds.append(run.seconds)
        if seconds and time.perf_counter() - start > limit:
            break
    return seconds


def shown(name, size, seconds):
    median = statistics.median(seconds)
    quarters = statistics.quantiles(seconds, n=4, method="inclusive") if len(seconds) > 1 else [median] * 3
    spread = (quarters[2] - quarters[0]) / median * 100
    if name == "get-known":
        return f"| {name} {size:,} | {median / size * 1e9:.0f} ns ({spread:.0f} %) |"
    return f"| {name} {size:,} | {median * 1e3:.3f} ms ({spread:.0f} %) |"


def main():
    options = arguments()
    users = 10_000 if options.short else USERS
    with database(options.url) as engine:
        fill(engine, users)
        print(f"\n## {engine.dialect.name}\n\n| workload | SQLAlchemy |\n|---|---|", flush=True)
        for name, work, sizes, objects in WORKLOADS:
            if options.only and name not in options.only:
                continue
            for size in sizes:
                if size * objects <= users:
                    print(shown(name, size, measure(engine, work, size, objects, options, users)), flush=True)


if __name__ == "__main__":
    main()
