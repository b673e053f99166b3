"""The tables as models of SQLAlchemy, and the rows that they hold: the same as in `bench/src/data.rs`."""

from sqlalchemy import BigInteger, ForeignKey, Integer
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

CHILDREN = 10
COMMENTED_USERS = 100
COLORS = ["black", "brown", "blond", "red", "grey"]

# SQLite numbers rows by itself only where the key is INTEGER.
Key = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str]
    hair_color: Mapped[str | None]
    posts: Mapped[list["Post"]] = relationship(back_populates="user")


class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    title: Mapped[str]
    body: Mapped[str | None]
    user: Mapped[User] = relationship(back_populates="posts")
    comments: Mapped[list["Comment"]] = relationship(back_populates="post")


class Comment(Base):
    __tablename__ = "comments"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    text: Mapped[str]
    post: Mapped[Post] = relationship(back_populates="comments")


def hair_color(user):
    return None if user % 3 == 0 else COLORS[user % len(COLORS)]


def new_users(count):
    return [User(name=f"new user {user}", hair_color=hair_color(user)) for user in range(1, count + 1)]


def authors(users):
    return min(users, max(users // CHILDREN, COMMENTED_USERS))


def all_users(users):
    for user in range(1, users + 1):
        yield {"id": user, "name": f"user number {user}", "hair_color": hair_color(user)}


def all_posts(users):
    for number in range(authors(users) * CHILDREN):
        user, place = number // CHILDREN + 1, number % CHILDREN
        body = f"what user {user} has to say in post {place}" if place % 2 == 0 else None
        yield {"id": number + 1, "user_id": user, "title": f"post {place} of user {user}", "body": body}


def all_comments():
    for number in range(COMMENTED_USERS * CHILDREN * CHILDREN):
        post, place = number // CHILDREN + 1, number % CHILDREN
        yield {"id": number + 1, "post_id": post, "text": f"comment {place} on post {post}"}
