"""The workloads of a session: each gives the seconds that it took, and how many objects it had in hand."""

import gc
import time
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from models import Post, User, new_users


class Run:
    """One run: of how many, in which round, on how many users."""

    def __init__(self, engine, size, round, users):
        self.engine, self.size, self.round, self.users = engine, size, round, users
        self.seconds = None

    @contextmanager
    def timed(self):
        # A collection of garbage that others left is nobody's work.
        gc.collect()
        start = time.perf_counter()
        yield
        self.seconds = time.perf_counter() - start


def users(size):
    return select(User).where(User.id <= size)


def values(run):
    query = select(User.id, User.name, User.hair_color).where(User.id <= run.size)
    with Session(run.engine) as session, run.timed():
        return len(session.execute(query).all())


def entities(run):
    with Session(run.engine) as session, run.timed():
        return len(session.scalars(users(run.size)).all())


def again(run):
    with Session(run.engine) as session:
        held = session.scalars(users(run.size)).all()
        with run.timed():
            found = session.scalars(users(run.size)).all()
        return len(found) if found == held else -1


def select_in(run):
    query = users(run.size).options(selectinload(User.posts))
    with Session(run.engine) as session, run.timed():
        return count_posts(session.scalars(query).all())


def select_in_levels(run):
    query = users(run.size).options(selectinload(User.posts).selectinload(Post.comments))
    with Session(run.engine) as session, run.timed():
        return count_posts(session.scalars(query).all())


def joined(run):
    query = users(run.size).options(joinedload(User.posts))
    with Session(run.engine) as session, run.timed():
        return count_posts(session.scalars(query).unique().all())


def joined_levels(run):
    query = users(run.size).options(joinedload(User.posts).joinedload(Post.comments))
    with Session(run.engine) as session, run.timed():
        return count_posts(session.scalars(query).unique().all())


def count_posts(found):
    return sum(len(user.posts) for user in found)


def insert(run):
    with Session(run.engine, expire_on_commit=False) as session:
        with run.timed():
            added = new_users(run.size)
            session.add_all(added)
            session.commit()
        return len({user.id for user in added})


def get_new(run):
    keys = [place * 7_919 % run.users + 1 for place in range(run.size)]
    with Session(run.engine) as session, run.timed():
        return len([session.get(User, key) for key in keys])


def get_known(run):
    keys = [place * 7_919 % run.size + 1 for place in range(run.size)]
    with Session(run.engine) as session:
        held = session.scalars(users(run.size)).all()
        with run.timed():
            found = [session.get(User, key) for key in keys]
        return len(found) if len(held) == len(found) else -1


def change(run):
    with Session(run.engine) as session:
        found = session.scalars(users(run.size)).all()
        with run.timed():
            for user in found:
                user.hair_color = f"dyed {user.id} in round {run.round}"
            session.commit()
        return len(found)


def walk(run):
    with Session(run.engine) as session, run.timed():
        return count_posts(session.scalars(users(run.size)).all())


# Name, function, sizes, objects in hand for each of the size. In the order of `Workload::ALL`.
WORKLOADS = [
    ("values", values, [1, 100, 10_000, 100_000], 1),
    ("entities", entities, [1, 100, 10_000, 100_000], 1),
    ("again", again, [1, 100, 10_000, 100_000], 1),
    ("select-in", select_in, [1_000, 10_000], 10),
    ("select-in-levels", select_in_levels, [100], 10),
    ("joined", joined, [1_000, 10_000], 10),
    ("joined-levels", joined_levels, [100], 10),
    ("insert", insert, [1, 100, 10_000], 1),
    ("get-new", get_new, [1_000], 1),
    ("get-known", get_known, [1_000], 1),
    ("walk", walk, [1_000], 10),
    ("change", change, [1_000], 1),
]
