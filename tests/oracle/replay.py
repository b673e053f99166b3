"""Does again in SQLAlchemy what programs did in a session of this library, and compares the tables.

    replay.py FILE      each line of the file is a program: a list of what was done, with the tables in between
"""

import json
import sys
from collections import Counter

from sqlalchemy import Column, ForeignKey, Integer, String, Table, create_engine, event, inspect, select, text
from sqlalchemy.exc import CircularDependencyError
from sqlalchemy.orm import DeclarativeBase, Session, relationship
from sqlalchemy.orm.exc import StaleDataError  # noqa: F401  (named in reports)
from sqlalchemy.pool import StaticPool


class Base(DeclarativeBase):
    pass


class Labelled:
    label = Column(String, nullable=False)
    size = Column(Integer, nullable=False, default=0)


def team_key(nullable, **more):
    return Column(Integer, ForeignKey("teams.id", **more), nullable=nullable)


PART = "all, delete-orphan"

# Unique values are not declared unique: the order in which they are freed and taken is checked elsewhere, and that they
# are unique in the end is checked by `violations`.
team_tags = Table(
    "team_tags",
    Base.metadata,
    Column("team_id", ForeignKey("teams.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True),
)
team_skills = Table(
    "team_skills",
    Base.metadata,
    Column("team_id", ForeignKey("teams.id"), primary_key=True),
    Column("skill_id", ForeignKey("skills.id"), primary_key=True),
    Column("level", Integer, nullable=False, default=7),
)
follow_links = Table(
    "follows",
    Base.metadata,
    Column("follower_id", ForeignKey("teams.id"), primary_key=True),
    Column("followed_id", ForeignKey("teams.id"), primary_key=True),
)


class Country(Base):
    __tablename__ = "countries"
    label = Column(String, primary_key=True)
    size = Column(Integer, nullable=False, default=0)
    teams = relationship("Team", back_populates="country")


class Team(Labelled, Base):
    __tablename__ = "teams"
    id = Column(Integer, primary_key=True)
    slug = Column(String)
    version = Column(Integer, nullable=False)
    parent_id = team_key(True)
    country_label = Column(String, ForeignKey("countries.label"))
    parent = relationship("Team", remote_side=[id], back_populates="children")
    country = relationship("Country", back_populates="teams")
    children = relationship("Team", back_populates="parent")
    players = relationship("Player", back_populates="team")
    tasks = relationship("Task", back_populates="team", cascade=PART)
    badge = relationship("Badge", back_populates="team", uselist=False, cascade=PART)
    desk = relationship("Desk", back_populates="team", uselist=False)
    logs = relationship("Log", back_populates="team", cascade="all", passive_deletes=True)
    seats = relationship("Seat", back_populates="team", cascade=PART)
    invoices = relationship("Invoice", back_populates="team")
    tags = relationship("Tag", secondary=team_tags, back_populates="teams")
    skills = relationship("Skill", secondary=team_skills, back_populates="teams")
    follows = relationship(
        "Team",
        secondary=follow_links,
        primaryjoin=lambda: Team.id == follow_links.c.follower_id,
        secondaryjoin=lambda: Team.id == follow_links.c.followed_id,
        back_populates="followers",
    )
    followers = relationship(
        "Team",
        secondary=follow_links,
        primaryjoin=lambda: Team.id == follow_links.c.followed_id,
        secondaryjoin=lambda: Team.id == follow_links.c.follower_id,
        back_populates="follows",
    )
    __mapper_args__ = {"version_id_col": version}


class Player(Labelled, Base):
    __tablename__ = "players"
    id = Column(Integer, primary_key=True)
    team_id = team_key(True)
    team = relationship("Team", back_populates="players")


class Task(Labelled, Base):
    __tablename__ = "tasks"
    id = Column(Integer, primary_key=True)
    team_id = team_key(False)
    team = relationship("Team", back_populates="tasks")
    steps = relationship("Step", back_populates="task", cascade="all")


class Step(Labelled, Base):
    __tablename__ = "steps"
    id = Column(Integer, primary_key=True)
    task_id = Column(Integer, ForeignKey("tasks.id"))
    task = relationship("Task", back_populates="steps")


class Badge(Labelled, Base):
    __tablename__ = "badges"
    id = Column(Integer, primary_key=True)
    team_id = team_key(False)
    team = relationship("Team", back_populates="badge")


class Desk(Labelled, Base):
    __tablename__ = "desks"
    id = Column(Integer, primary_key=True)
    team_id = team_key(True)
    team = relationship("Team", back_populates="desk")


class Log(Labelled, Base):
    __tablename__ = "logs"
    id = Column(Integer, primary_key=True)
    team_id = team_key(False, ondelete="CASCADE")
    team = relationship("Team", back_populates="logs")


class Seat(Labelled, Base):
    __tablename__ = "seats"
    team_id = Column(Integer, ForeignKey("teams.id"), primary_key=True)
    number = Column(Integer, primary_key=True)
    team = relationship("Team", back_populates="seats")


class Invoice(Labelled, Base):
    __tablename__ = "invoices"
    id = Column(Integer, primary_key=True)
    team_id = team_key(False)
    team = relationship("Team", back_populates="invoices")


class Tag(Labelled, Base):
    __tablename__ = "tags"
    id = Column(Integer, primary_key=True)
    teams = relationship("Team", secondary=team_tags, back_populates="tags")


class Skill(Labelled, Base):
    __tablename__ = "skills"
    id = Column(Integer, primary_key=True)
    teams = relationship("Team", secondary=team_skills, back_populates="skills")


MODELS = {
    model.__name__: model
    for model in (Country, Team, Player, Task, Step, Badge, Desk, Log, Seat, Invoice, Tag, Skill)
}
# Of each foreign key: the child, its relationship, the parent's relationship.
EDGES = {
    "children": ("Team", "parent", "children"),
    "citizens": ("Team", "country", "teams"),
    "players": ("Player", "team", "players"),
    "tasks": ("Task", "team", "tasks"),
    "steps": ("Step", "task", "steps"),
    "badge": ("Badge", "team", "badge"),
    "desk": ("Desk", "team", "desk"),
    "logs": ("Log", "team", "logs"),
    "seats": ("Seat", "team", "seats"),
    "invoices": ("Invoice", "team", "invoices"),
}
SINGLE = {"badge", "desk"}
LINKS = {
    ("tags", True): "tags",
    ("tags", False): "teams",
    ("skills", True): "skills",
    ("skills", False): "teams",
    ("follows", True): "follows",
    ("follows", False): "followers",
}

# The children that stay when their parent is deleted, and the links that go.
STAYING = {Team: ("children", "players", "desk"), Country: ("citizens",)}
LINKED = {Team: ("tags", "skills", "follows", "followers"), Tag: ("teams",), Skill: ("teams",)}

# The tables as the other side writes them, keys replaced by labels.
CHILD = "SELECT c.label, c.size, t.label FROM {0} c LEFT JOIN {1} t ON t.id = c.{2}"
TABLES = {
    "Country": "SELECT label, size FROM countries",
    "Team": "SELECT t.label, t.size, p.label, t.country_label, t.slug, t.version FROM teams t LEFT JOIN teams p ON p.id = t.parent_id",
    "Player": CHILD.format("players", "teams", "team_id"),
    "Task": CHILD.format("tasks", "teams", "team_id"),
    "Step": CHILD.format("steps", "tasks", "task_id"),
    "Badge": CHILD.format("badges", "teams", "team_id"),
    "Desk": CHILD.format("desks", "teams", "team_id"),
    "Log": CHILD.format("logs", "teams", "team_id"),
    "Seat": CHILD.format("seats", "teams", "team_id"),
    "Invoice": CHILD.format("invoices", "teams", "team_id"),
    "Tag": "SELECT label, size FROM tags",
    "Skill": "SELECT label, size FROM skills",
    "Tags": "SELECT t.label, g.label FROM team_tags l JOIN teams t ON t.id = l.team_id JOIN tags g ON g.id = l.tag_id",
    "Skills": "SELECT t.label, s.label, l.level FROM team_skills l JOIN teams t ON t.id = l.team_id JOIN skills s ON s.id = l.skill_id",
    "Follows": "SELECT a.label, b.label FROM follows l JOIN teams a ON a.id = l.follower_id JOIN teams b ON b.id = l.followed_id",
}
UNIQUE = [("teams", "slug"), ("badges", "team_id"), ("desks", "team_id")]


class Difference(Exception):
    pass


def engine():
    made = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})

    # The driver's own transactions end at savepoints; SQLAlchemy's documentation gives this way around it.
    @event.listens_for(made, "connect")
    def connected(connection, _):
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(made, "begin")
    def began(connection):
        connection.exec_driver_sql("BEGIN")

    Base.metadata.create_all(made)
    return made


def ordered(rows):
    return sorted(rows, key=lambda row: [(cell is not None, cell or "") for cell in row])


def without_versions(here, there):
    """An assignment without net change is an update here, and none there; so versions may be ahead here."""
    labels = [row[0] for row in here]
    versions = {row[0]: int(row[-1]) for row in here}
    for row in there:
        if row[0] in versions and int(row[-1]) > versions[row[0]]:
            raise Difference(f"{row[0]} has the version {row[-1]} there, and {versions[row[0]]} here: {labels}")
    return [row[:-1] for row in here], [row[:-1] for row in there]


class Replay:
    def __init__(self):
        self.engine = engine()
        self.session = None
        self.open()

    def open(self):
        if self.session is not None:
            self.session.close()
        self.session = Session(self.engine, autoflush=False)
        self.objects = {}
        self.deletes = []
        self.savepoints = []
        self.failed = False

    def get(self, name):
        if name is None:
            return None
        if name not in self.objects:
            model = MODELS[name.rstrip("0123456789")]
            self.objects[name] = self.session.scalars(select(model).where(model.label == name)).one()
        return self.objects[name]

    def new(self, name, **columns):
        model = name.rstrip("0123456789")
        if model == "Seat":
            columns["number"] = int(name[len(model):])
        self.objects[name] = MODELS[model](label=name, **columns)
        return self.objects[name]

    def forget_lost(self):
        """What was added in a transaction that was rolled back is not used again."""
        self.deletes = [d for d in self.deletes if inspect(d).persistent]
        self.objects = {name: o for name, o in self.objects.items() if inspect(o).persistent}

    def flush(self):
        """Cascades are decided at flush, so deletes wait for it; an orphan that had two parents takes nothing along by itself."""
        deletes, self.deletes = self.deletes, []
        orphans = [o for o in self.session if isinstance(o, Task) and o.team is None and inspect(o).persistent]
        added = [o for o in self.session.new if isinstance(o, (Task, Badge, Seat)) and o.team is None]
        for found in orphans + deletes + added:
            self.discard_added(found)
        for found in added:
            self.session.expunge(found)
        for found in orphans + deletes:
            self.let_go(found)
            self.session.delete(found)
        self.session.flush()

    def discard_added(self, owner):
        """Deletes do not reach what was only added, which would then be inserted under what is deleted."""
        for name in {Team: ("tasks", "badge", "logs", "seats"), Task: ("steps",)}.get(type(owner), ()):
            parts = getattr(owner, name)
            for part in [] if parts is None else [parts] if name == "badge" else list(parts):
                self.discard_added(part)
                if inspect(part).pending:
                    setattr(part, "task" if name == "steps" else "team", None)
                    if inspect(part).pending:
                        self.session.expunge(part)

    def let_go(self, deleted):
        """Children and links that are not written yet are not seen by the delete of their parent or end."""
        for edge in STAYING.get(type(deleted), ()):
            _, up, down = EDGES[edge]
            found = getattr(deleted, down)
            for child in [] if found is None else [found] if edge in SINGLE else list(found):
                setattr(child, up, None)
        for name in LINKED.get(type(deleted), ()):
            setattr(deleted, name, [])

    def part(self, edge, child, parent):
        """Those who had the new partners of a one-to-one until now are left alone one by one: the other side of each is
        not told of its loss there."""
        if edge not in SINGLE:
            return
        _, up, down = EDGES[edge]
        if parent is not None and getattr(parent, down) not in (None, child):
            setattr(getattr(parent, down), up, None)
        if getattr(child, up) not in (None, parent):
            setattr(getattr(child, up), down, None)

    def keep(self, child):
        """An added object that changes its parent is taken for an orphan, and out of the session."""
        if inspect(child).transient:
            self.session.add(child)

    def violations(self):
        for table, column in UNIQUE:
            sql = f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL GROUP BY {column} HAVING count(*) > 1"
            if self.session.execute(text(sql)).first():
                return f"{table}.{column} is not unique"
        return None

    def attempt(self, ok):
        """Flushes; tells whether that went as it had to."""
        try:
            self.flush()
        except CircularDependencyError:
            raise
        except Exception as error:
            if ok:
                raise Difference(f"this failed: {type(error).__name__}: {error}") from error
            return
        found = self.violations()
        if ok and found:
            raise Difference(found)
        if not ok and not found:
            raise Difference("this had to fail")

    # One method for each thing that a program may have done.

    def session_(self):
        self.open()

    def add(self, kind, object, edge, parent, by_key):
        added = self.new(object)
        self.session.add(added)
        if edge:
            self.part(edge, added, self.get(parent))
            setattr(added, EDGES[edge][1], self.get(parent))

    def add_tree(self, object, parts, tag):
        team, task = self.new(object), None
        for edge, name in parts:
            part = self.new(name)
            owner = task if edge == "steps" else team
            if edge == "tasks":
                task = part
            if edge in SINGLE:
                setattr(owner, EDGES[edge][2], part)
            else:
                getattr(owner, EDGES[edge][2]).append(part)
        if tag:
            team.tags.append(self.get(tag))
        self.session.add(team)

    def set_size(self, object, size):
        self.get(object).size = size

    def set_slug(self, object, slug):
        self.get(object).slug = slug

    def set_parent(self, edge, child, parent):
        # Loaded first: a parent that is not in memory would not be missed, and the child be no orphan.
        child, _ = self.get(child), getattr(self.get(child), EDGES[edge][1])
        self.part(edge, child, self.get(parent))
        setattr(child, EDGES[edge][1], self.get(parent))
        if parent is not None:
            self.keep(child)

    set_key = set_parent

    def push(self, edge, parent, child):
        owner, child, name = self.get(parent), self.get(child), EDGES[edge][2]
        # Loaded first: see `set_parent`.
        members = getattr(owner, name)
        self.part(edge, child, owner)
        if edge in SINGLE:
            setattr(owner, name, child)
        elif child not in members:
            members.append(child)
        self.keep(child)

    def push_new(self, edge, parent, child):
        self.new(child)
        self.push(edge, parent, child)

    def remove(self, edge, parent, child):
        owner, child, name = self.get(parent), self.get(child), EDGES[edge][2]
        members = getattr(owner, name)
        if edge in SINGLE:
            setattr(owner, name, None)
        else:
            members.remove(child)

    def replace(self, edge, parent, children):
        children = [self.get(child) for child in children]
        setattr(self.get(parent), EDGES[edge][2], children)
        for child in children:
            self.keep(child)

    def link(self, link, forward, near, far, by_key, add):
        members, far = getattr(self.get(near), LINKS[link, forward]), self.get(far)
        if add and far not in members:
            members.append(far)
        if not add and far in members:
            members.remove(far)

    def replace_links(self, link, forward, near, far):
        names = list(dict.fromkeys(far))
        setattr(self.get(near), LINKS[link, forward], [self.get(name) for name in names])

    def delete(self, object):
        found = self.get(object)
        if found not in self.deletes:
            self.deletes.append(found)

    def undelete(self, object):
        self.deletes.remove(self.get(object))

    def load_children(self, edge, parent):
        getattr(self.get(parent), EDGES[edge][2])

    def load_parent(self, edge, child):
        getattr(self.get(child), EDGES[edge][1])

    def load_linked(self, link, forward, near):
        getattr(self.get(near), LINKS[link, forward])

    def query(self, kind, least, eager):
        model = MODELS[kind.capitalize()]
        self.session.scalars(select(model).where(model.size >= least)).all()

    def flush_(self, ok):
        self.attempt(ok)

    def commit(self, ok):
        self.attempt(ok)
        if ok:
            self.session.commit()

    def rollback(self):
        self.session.rollback()
        self.deletes = []
        self.forget_lost()

    def savepoint(self, ok):
        self.attempt(ok)
        if ok:
            self.savepoints.append(self.session.begin_nested())

    def release(self, ok):
        self.attempt(ok)
        if ok:
            self.savepoints.pop().commit()
        else:
            self.undo()

    def undo(self):
        self.savepoints.pop().rollback()
        self.deletes = []
        self.forget_lost()

    def tables(self, tables):
        for table, expected in tables.items():
            found = self.session.execute(text(TABLES[table])).all()
            rows = ordered([None if cell is None else str(cell) for cell in row] for row in found)
            expected = ordered(expected)
            if table == "Team":
                rows, expected = without_versions(rows, expected)
            if rows != expected:
                raise Difference(f"{table} is here\n    {rows}\n  and there\n    {expected}")

    def step(self, step):
        step = dict(step)
        name = step.pop("do")
        getattr(self, {"session": "session_", "flush": "flush_"}.get(name, name))(**step)


def replay(program):
    """The difference, if there is one."""
    replay = Replay()
    for position, step in enumerate(program):
        try:
            replay.step(step)
        except Difference as difference:
            return position, difference
        except CircularDependencyError:
            # Needs `post_update` there, which counts versions differently.
            return None
        except Exception as error:
            return position, Difference(f"{type(error).__name__}: {error}")
    return None


def main(path):
    with open(path) as file:
        programs = [json.loads(line) for line in file]
    failures = 0
    done = Counter()
    for number, program in enumerate(programs):
        done.update(step["do"] for step in program)
        found = replay(program)
        if found is None:
            continue
        failures += 1
        position, difference = found
        print(f"program {number} differs:")
        for step in program[: position + 1]:
            if step["do"] != "tables":
                print("  ", json.dumps(step))
        print(" ", difference)
        if failures == 5:
            break
    print(f"{len(programs)} programs, {done['tables']} times the tables were compared, {failures} differences")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
