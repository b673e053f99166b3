//! One-to-ones: partners that were not loaded are found when they matter, in one statement.
use crate::models::*;
use orm::{EntityState, Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    blog:
    partners_of_many_owners_are_looked_up_by_one_statement,
    a_new_owner_of_a_partner_is_seen_by_the_former_one,
    a_partner_given_by_its_own_side_displaces_the_other,
    setting_the_partner_that_is_there_changes_nothing,
    a_displacement_is_undone_by_rollback,
}

mod required {
    use super::*;

    on_every_database! {
        shop:
        partners_that_cannot_be_alone_are_deleted_or_moved,
        a_partner_taken_from_a_deleted_owner_stays,
    }

    async fn partners_that_cannot_be_alone_are_deleted_or_moved(db: TestDb) -> Result<()> {
        let writing = db.session();
        for email in ["a", "b", "c"] {
            writing.add(User::builder().email(email).profile(UserProfile::builder().bio(email)));
        }
        writing.commit().await?;
        let session = db.session();
        let users = User::query().order_by(User::id.asc()).all(&session).await?;
        for user in &users[..2] {
            user.profile().set(UserProfile::builder().bio("new"))?;
        }
        let (_, sent) = statements!(session, session.commit().await?);
        assert_eq!(sent, 3, "one SELECT, one DELETE, one INSERT");
        let bios = UserProfile::query().order_by(UserProfile::user_id.asc()).select(UserProfile::bio).all(&*db).await?;
        assert_eq!(bios, ["new", "new", "c"]);
        users[0].profile().clear()?;
        session.commit().await?;
        assert_eq!(UserProfile::query().count(&*db).await?, 2, "it is deleted, not alone");
        Ok(())
    }

    async fn a_partner_taken_from_a_deleted_owner_stays(db: TestDb) -> Result<()> {
        let session = db.session();
        let first = session.add(User::builder().email("a").profile(UserProfile::builder().bio("b")));
        let second = session.add(User::builder().email("b"));
        session.commit().await?;
        let profile = first.profile().await?.expect("it was given");
        session.delete(first);
        second.profile().set(profile)?;
        session.commit().await?;
        assert_eq!((session.state(profile), profile.user_id), (EntityState::Persistent, second.id));
        assert_eq!(UserProfile::query().one(&*db).await?.user_id, second.id);
        Ok(())
    }
}

/// Authors A0, A1, A2, each with a desk.
async fn desks(db: &TestDb) -> Result<()> {
    let session = db.session();
    for number in 0..3 {
        let desk = Desk::builder().place(format!("d{number}"));
        session.add(Author::builder().name(format!("A{number}")).desk(desk));
    }
    session.commit().await
}

/// The places of the desks with their authors' keys.
async fn stored(db: &TestDb) -> Result<Vec<(String, Option<i64>)>> {
    Desk::query().order_by(Desk::place.asc()).select((Desk::place, Desk::author_id)).all(&**db).await
}

async fn authors<'s>(session: &'s Session) -> Result<Vec<Entity<'s, Author>>> {
    Author::query().order_by(Author::id.asc()).all(session).await
}

async fn partners_of_many_owners_are_looked_up_by_one_statement(db: TestDb) -> Result<()> {
    desks(&db).await?;
    let session = db.session();
    let authors = authors(&session).await?;
    for author in &authors {
        author.desk().set(Desk::builder().place(format!("new {}", author.name)))?;
    }
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!(sent, 3, "one SELECT, one UPDATE, one INSERT");
    let owned = stored(&db).await?.into_iter().filter_map(|(place, author)| author.map(|_| place));
    assert_eq!(owned.collect::<Vec<_>>(), ["new A0", "new A1", "new A2"]);
    Ok(())
}

async fn a_new_owner_of_a_partner_is_seen_by_the_former_one(db: TestDb) -> Result<()> {
    desks(&db).await?;
    let session = db.session();
    let authors = authors(&session).await?;
    let desk = authors[0].desk().await?.expect("it has one");
    authors[1].desk().await?;
    let (_, sent) = statements!(session, authors[1].desk().set(desk)?);
    assert_eq!((sent, authors[0].desk().loaded()?, desk.author().loaded()?), (0, None, Some(authors[1])));
    session.commit().await?;
    let expected = [("d0".to_owned(), Some(2)), ("d1".to_owned(), None), ("d2".to_owned(), Some(3))];
    assert_eq!(stored(&db).await?, expected);
    Ok(())
}

async fn a_partner_given_by_its_own_side_displaces_the_other(db: TestDb) -> Result<()> {
    desks(&db).await?;
    let session = db.session();
    let authors = authors(&session).await?;
    let desk = session.add(Desk::builder().place("d9"));
    desk.author().set(authors[2])?;
    assert_eq!(authors[2].desk().await?, Some(desk));
    session.commit().await?;
    let owners: Vec<Option<i64>> = stored(&db).await?.into_iter().map(|(_, author)| author).collect();
    assert_eq!(owners, [Some(1), Some(2), None, Some(3)]);
    Ok(())
}

async fn setting_the_partner_that_is_there_changes_nothing(db: TestDb) -> Result<()> {
    desks(&db).await?;
    let session = db.session();
    let author = session.get_one::<Author>(1).await?;
    let desk = session.get_one::<Desk>(1).await?;
    author.desk().set(desk)?;
    assert!(!session.has_changes());
    assert_eq!(author.desk().await?, Some(desk));
    Ok(())
}

async fn a_displacement_is_undone_by_rollback(db: TestDb) -> Result<()> {
    desks(&db).await?;
    let session = db.session();
    let authors = authors(&session).await?;
    let [old, other] = [authors[0].desk().await?, authors[1].desk().await?].map(|desk| desk.expect("it has one"));
    authors[0].desk().set(other)?;
    session.flush().await?;
    session.rollback().await?;
    assert_eq!((authors[0].desk().loaded()?, authors[1].desk().loaded()?), (Some(old), Some(other)));
    assert_eq!((old.author_id, other.author_id), (Some(1), Some(2)));
    assert_eq!(session.plan()?.len(), 0);
    Ok(())
}
