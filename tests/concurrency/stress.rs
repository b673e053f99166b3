//! Several threads change, load, flush and commit through one session, at random: nothing is lost, and both sides agree.
//!
//! A failure prints its seed; `ORM_TEST_SEED` runs that one again.
use crate::{
    random::Random,
    world::{Child, Counter, Parent, Tag, World, counter},
};
use orm::{EntityState, Error, Result, prelude::*};
use orm_test_support::Database;
use std::{
    collections::{BTreeMap, BTreeSet},
    thread,
    time::{Duration, Instant},
};
use tokio::runtime::{Builder, Handle};

const PARENTS: usize = 3;
const STEPS: usize = 30;

/// What all workers share.
#[derive(Clone, Copy)]
struct Shared<'a, 's> {
    session: &'s Session,
    counter: Entity<'s, Counter>,
    parents: &'a [Entity<'s, Parent>],
    tags: &'a [Entity<'s, Tag>],
}

/// What one worker alone changes, as it must be in the end.
struct Worker<'a, 's> {
    shared: Shared<'a, 's>,
    number: usize,
    random: Random,
    column: i64,
    made: usize,
    children: Vec<Own<'s>>,
}

struct Own<'s> {
    entity: Entity<'s, Child>,
    parent: Option<usize>,
    tags: BTreeSet<usize>,
    deleted: bool,
}

/// Name, parent, tags of the children that are left, and the workers' columns.
type Expected = (BTreeMap<String, (Option<String>, BTreeSet<String>)>, Vec<i64>);

impl<'s> Worker<'_, 's> {
    async fn work(mut self) -> Result<Self> {
        for _ in 0..STEPS {
            self.step().await?;
        }
        Ok(self)
    }

    async fn step(&mut self) -> Result<()> {
        match self.random.below(14) {
            0 | 1 => self.count(),
            2..=4 => self.push()?,
            5 | 6 => self.change_child()?,
            7 | 8 => self.load_children().await?,
            9 => self.load_parent().await?,
            10 | 11 => self.query().await?,
            12 => self.shared.session.flush().await?,
            _ => self.shared.session.commit().await?,
        }
        Ok(())
    }

    fn count(&mut self) {
        self.column += 1;
        let number = self.number;
        self.shared.counter.update(|row| *column(row, number) += 1);
        self.shared.counter.set(Counter::shared, self.column * 10 + number as i64);
    }

    fn push(&mut self) -> Result<()> {
        self.made += 1;
        let parent = self.random.below(PARENTS);
        let child = Child::builder().name(format!("{}.{}", self.number, self.made));
        let entity = self.shared.parents[parent].children().push(child)?;
        self.children.push(Own { entity, parent: Some(parent), tags: BTreeSet::new(), deleted: false });
        Ok(())
    }

    /// One of its children that is still there.
    fn any_child(&mut self) -> Option<usize> {
        let left: Vec<usize> = (0..self.children.len()).filter(|child| !self.children[*child].deleted).collect();
        (!left.is_empty()).then(|| left[self.random.below(left.len())])
    }

    fn change_child(&mut self) -> Result<()> {
        let Some(place) = self.any_child() else { return Ok(()) };
        let (what, parent, tag) = (self.random.below(6), self.random.below(PARENTS), self.random.below(2));
        let Shared { session, parents, tags, .. } = self.shared;
        let own = &mut self.children[place];
        match what {
            0 => {
                own.entity.parent().set(parents[parent])?;
                own.parent = Some(parent);
            }
            1 => {
                parents[parent].children().push(own.entity)?;
                own.parent = Some(parent);
            }
            2 => {
                own.entity.parent().clear()?;
                own.parent = None;
            }
            // A row that was never written cannot be deleted.
            3 if session.state(own.entity) == EntityState::Persistent => {
                session.delete(own.entity);
                own.deleted = true;
            }
            _ if own.tags.remove(&tag) => own.entity.tags().remove(tags[tag])?,
            _ => {
                own.entity.tags().push(tags[tag])?;
                own.tags.insert(tag);
            }
        }
        Ok(())
    }

    /// A collection has those of its own children that are in it, and no other of them.
    async fn load_children(&mut self) -> Result<()> {
        let parent = self.random.below(PARENTS);
        let loaded = self.shared.parents[parent].children().await?;
        for own in &self.children {
            let belongs = own.parent == Some(parent) && !own.deleted;
            assert_eq!(loaded.contains(own.entity), belongs, "{:?} in the list of parent {parent}", own.entity);
        }
        Ok(())
    }

    async fn load_parent(&mut self) -> Result<()> {
        let Some(place) = self.any_child() else { return Ok(()) };
        let own = &self.children[place];
        let parent = own.entity.parent().await?;
        assert_eq!(parent, own.parent.map(|parent| self.shared.parents[parent]));
        Ok(())
    }

    /// A query flushes what it must see, and gives the same entity.
    async fn query(&mut self) -> Result<()> {
        let Some(place) = self.any_child() else { return Ok(()) };
        let own = &self.children[place];
        let found = Child::query().filter(Child::name.eq(own.entity.name.clone())).all(self.shared.session).await?;
        assert_eq!(found, [own.entity]);
        assert_eq!(own.entity.tags().await?.len(), own.tags.len());
        Ok(())
    }
}

fn column(row: &mut Counter, worker: usize) -> &mut i64 {
    let Counter { a, b, c, d, e, f, g, h, .. } = row;
    [a, b, c, d, e, f, g, h][worker % 8]
}

/// One run: the workers are threads that share a session and a runtime.
fn run(world: &World, (workers, seed): (usize, u64), runtime: &Handle) -> Result<()> {
    let session = world.db.session();
    let parents: Vec<_> = (0..PARENTS).map(|n| session.add(Parent::builder().name(format!("p{n}")))).collect();
    let tags: Vec<_> = (0..2).map(|n| session.add(Tag::builder().name(format!("t{n}")))).collect();
    let shared = Shared { session: &session, counter: session.add(counter()), parents: &parents, tags: &tags };
    runtime.block_on(session.commit())?;
    let done: Vec<Worker<'_, '_>> = thread::scope(|scope| {
        let start = |number| {
            let random = Random::new(seed.wrapping_mul(1_000) + number as u64);
            let worker = Worker { shared, number, random, column: 0, made: 0, children: Vec::new() };
            scope.spawn(move || runtime.block_on(worker.work()))
        };
        let threads: Vec<_> = (0..workers).map(start).collect();
        let join = |thread: thread::ScopedJoinHandle<'_, Result<_>>| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        threads.into_iter().map(join).collect::<Result<_>>()
    })?;
    runtime.block_on(async {
        session.commit().await?;
        assert!(!session.has_changes());
        let expected = expected(&done);
        assert_eq!(in_memory(&shared).await?, expected, "memory");
        assert_eq!(in_database(world).await?, expected, "the database");
        assert_eq!(Counter::query().one(&world.db).await?.shared, shared.counter.shared, "the last word on a column");
        Ok(())
    })
}

fn expected(done: &[Worker<'_, '_>]) -> Expected {
    let left = done.iter().flat_map(|worker| worker.children.iter()).filter(|own| !own.deleted);
    let child = |own: &Own<'_>| {
        let tags = own.tags.iter().map(|tag| format!("t{tag}")).collect();
        (own.entity.name.clone(), (own.parent.map(|parent| format!("p{parent}")), tags))
    };
    (left.map(child).collect(), columns(done.iter().map(|worker| worker.column)))
}

/// The columns of all eight, those of nobody 0.
fn columns(used: impl Iterator<Item = i64>) -> Vec<i64> {
    used.chain(std::iter::repeat(0)).take(8).collect()
}

/// As the collections say, each child in one of them, and as the children say.
async fn in_memory(shared: &Shared<'_, '_>) -> Result<Expected> {
    let mut children = BTreeMap::new();
    for parent in shared.parents {
        for child in parent.children().await? {
            assert_eq!(child.parent().loaded()?, Some(*parent), "both sides agree");
            let tags = child.tags().await?.iter().map(|tag| tag.name.clone()).collect();
            assert!(children.insert(child.name.clone(), (Some(parent.name.clone()), tags)).is_none(), "in two lists");
        }
    }
    for child in Child::query().filter(Child::parent_id.is_null()).all(shared.session).await? {
        let tags = child.tags().await?.iter().map(|tag| tag.name.clone()).collect();
        children.insert(child.name.clone(), (None, tags));
    }
    let mut row = shared.counter.to_value();
    Ok((children, columns((0..8).map(|worker| *column(&mut row, worker)))))
}

async fn in_database(world: &World) -> Result<Expected> {
    let rows = Child::query().with(Child::parent).with(Child::tags).all(&world.db).await?;
    let mut children = BTreeMap::new();
    for row in rows {
        let parent = row.parent.get()?.map(|parent| parent.name.clone());
        let tags = row.tags.get()?.iter().map(|tag| tag.name.clone()).collect();
        children.insert(row.name.clone(), (parent, tags));
    }
    let mut row = Counter::query().one(&world.db).await?;
    Ok((children, columns((0..8).map(|worker| *column(&mut row, worker)))))
}

async fn empty(world: &World) -> Result<()> {
    let session = world.db.session();
    for child in Child::query().all(&session).await? {
        session.delete(child);
    }
    session.commit().await?;
    Parent::query().all_rows().delete(&world.db).await?;
    Tag::query().all_rows().delete(&world.db).await?;
    Counter::query().all_rows().delete(&world.db).await.map(drop)
}

/// Runs one seed after the other for that long.
fn stress(database: Database, workers: usize, time: Duration) -> Result<()> {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(Error::other)?;
    let Some(world) = runtime.block_on(World::new(database, 2))? else { return Ok(()) };
    let given = std::env::var("ORM_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    let (start, mut seed) = (Instant::now(), given.unwrap_or(0));
    while seed == given.unwrap_or(0) || (given.is_none() && start.elapsed() < time) {
        eprintln!("seed {seed}");
        run(&world, (workers, seed), runtime.handle())?;
        runtime.block_on(empty(&world))?;
        seed += 1;
    }
    Ok(())
}

macro_rules! on_every_database {
    ($($name:ident: $workers:literal),+ $(,)?) => {$(
        mod $name {
            use super::{Database, Duration, stress};

            #[test]
            fn on_sqlite() -> orm::Result<()> {
                stress(Database::Sqlite, $workers, Duration::from_secs(3))
            }
            #[test]
            fn on_postgres() -> orm::Result<()> {
                stress(Database::Postgres, $workers, Duration::from_secs(2))
            }
            #[test]
            fn on_mysql() -> orm::Result<()> {
                stress(Database::MySql, $workers, Duration::from_secs(2))
            }
        }
    )+};
}

on_every_database! {
    two_threads_on_one_session_lose_nothing: 2,
    eight_threads_on_one_session_lose_nothing: 8,
}
