//! Random inserts, moves, removals and rollbacks on two lists, beside plain vectors.
use crate::models::*;
use orm::{Result, prelude::*};
use orm_test_support::{Database, TestDb, run};
use proptest::prelude::*;

/// One thing that happens to the lists; numbers are taken modulo what is there.
#[derive(Debug, Clone)]
enum Step {
    Push(usize),
    Insert(usize, usize),
    Move(usize, usize, usize),
    Remove(usize, usize),
    Delete(usize, usize),
    Give(usize, usize),
    Reverse(usize),
    Flush,
    Commit,
    Rollback,
}

fn step() -> impl Strategy<Value = Step> {
    let place = || 0..12_usize;
    let list = || 0..2_usize;
    prop_oneof![
        3 => list().prop_map(Step::Push),
        3 => (list(), place()).prop_map(|(list, place)| Step::Insert(list, place)),
        4 => (list(), place(), place()).prop_map(|(list, from, to)| Step::Move(list, from, to)),
        2 => (list(), place()).prop_map(|(list, place)| Step::Remove(list, place)),
        1 => (list(), place()).prop_map(|(list, place)| Step::Delete(list, place)),
        2 => (list(), place()).prop_map(|(list, place)| Step::Give(list, place)),
        1 => list().prop_map(Step::Reverse),
        2 => Just(Step::Flush),
        1 => Just(Step::Commit),
        1 => Just(Step::Rollback),
    ]
}

/// The titles of both lists, now and at the last commit.
#[derive(Default, Clone)]
struct Twin {
    lists: [Vec<String>; 2],
    committed: [Vec<String>; 2],
    made: usize,
}

impl Twin {
    fn title(&mut self) -> String {
        self.made += 1;
        self.made.to_string()
    }

    /// A place in a list, if it has any.
    fn place(&self, list: usize, number: usize) -> Option<usize> {
        number.checked_rem(self.lists[list].len())
    }
}

struct World<'s> {
    session: &'s Session,
    albums: [Entity<'s, Album>; 2],
    twin: Twin,
}

impl<'s> World<'s> {
    fn member(&self, list: usize, place: usize) -> Result<Entity<'s, Track>> {
        let found = self.albums[list].tracks().loaded()?.get(place);
        found.ok_or_else(|| orm::Error::other("the list is shorter than its twin"))
    }

    async fn take(&mut self, step: Step) -> Result<()> {
        // A rollback may go back to where a list was not known.
        for album in self.albums {
            album.tracks().await?;
        }
        match step {
            Step::Push(list) => {
                let title = self.twin.title();
                self.albums[list].tracks().push(Track::builder().title(title.clone()))?;
                self.twin.lists[list].push(title);
            }
            Step::Insert(list, place) => {
                let (place, title) = (place % (self.twin.lists[list].len() + 1), self.twin.title());
                self.albums[list].tracks().insert(place, Track::builder().title(title.clone()))?;
                self.twin.lists[list].insert(place, title);
            }
            Step::Move(list, from, to) => {
                if let (Some(from), Some(to)) = (self.twin.place(list, from), self.twin.place(list, to)) {
                    self.albums[list].tracks().move_to(to, self.member(list, from)?)?;
                    let title = self.twin.lists[list].remove(from);
                    self.twin.lists[list].insert(to, title);
                }
            }
            Step::Remove(list, place) | Step::Delete(list, place) => {
                if let Some(place) = self.twin.place(list, place) {
                    // What is not written cannot be deleted.
                    self.session.flush().await?;
                    let member = self.member(list, place)?;
                    match step {
                        Step::Remove(..) => self.albums[list].tracks().remove(member)?,
                        _ => self.session.delete(member),
                    }
                    self.twin.lists[list].remove(place);
                }
            }
            Step::Give(list, place) => {
                if let Some(place) = self.twin.place(list, place) {
                    self.albums[1 - list].tracks().push(self.member(list, place)?)?;
                    let title = self.twin.lists[list].remove(place);
                    self.twin.lists[1 - list].push(title);
                }
            }
            Step::Reverse(list) => {
                let members: Vec<_> = self.albums[list].tracks().loaded()?.iter().rev().collect();
                self.albums[list].tracks().reorder(members)?;
                self.twin.lists[list].reverse();
            }
            Step::Flush => self.session.flush().await?,
            Step::Commit => {
                self.session.commit().await?;
                self.twin.committed = self.twin.lists.clone();
            }
            Step::Rollback => {
                self.session.rollback().await?;
                self.twin.lists = self.twin.committed.clone();
            }
        }
        self.check().await
    }

    /// The lists stand in memory as their twins do.
    async fn check(&self) -> Result<()> {
        for (album, twin) in self.albums.iter().zip(&self.twin.lists) {
            let titles: Vec<&String> = album.tracks().await?.values(Track::title).collect();
            assert_eq!(titles, twin.iter().collect::<Vec<_>>());
        }
        Ok(())
    }
}

/// Runs a program, and compares what the database has in the end: the order, and positions without gaps.
async fn program(db: TestDb, steps: Vec<Step>) -> Result<()> {
    let session = db.session();
    let albums = ["A", "B"].map(|title| session.add(Album::builder().title(title)));
    session.commit().await?;
    let mut world = World { session: &session, albums, twin: Twin::default() };
    for step in steps {
        world.take(step).await?;
    }
    session.commit().await?;
    for (album, twin) in albums.iter().zip(&world.twin.lists) {
        let query = Track::query().filter(Track::album_id.eq(album.id)).order_by(Track::position);
        let stored: Vec<(i32, String)> = query.select((Track::position, Track::title)).all(&*db).await?;
        assert_eq!(stored, (0..).zip(twin.iter().cloned()).collect::<Vec<_>>());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lists_stay_like_vectors(steps in proptest::collection::vec(step(), 1..40)) {
        run(Database::Sqlite, music(), |db| program(db, steps.clone())).map_err(|error| TestCaseError::fail(error.to_string()))?;
    }
}
