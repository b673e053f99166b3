//! Lists that keep their members' positions: what a flush writes, what is read for it, and what stands in memory meanwhile.
use crate::models::*;
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    music:
    members_given_at_creation_are_counted_from_zero,
    a_member_is_pushed_behind_the_last_one,
    members_are_pushed_to_lists_that_are_not_loaded,
    a_child_that_is_added_by_its_key_stands_behind_the_others,
    setting_the_owner_appends,
    a_member_is_inserted_at_a_place,
    only_rows_whose_position_changes_are_written,
    a_member_that_is_removed_leaves_no_gap,
    a_deleted_member_leaves_no_gap_in_a_list_in_memory,
    a_deleted_member_of_a_list_that_is_not_loaded_leaves_a_gap,
    a_member_moves_to_another_list,
    setting_the_members_gives_their_order,
    members_are_reordered,
    a_rollback_restores_the_order,
    a_savepoint_restores_the_order,
    a_position_given_by_hand_has_the_last_word,
    a_place_beyond_the_list_is_an_error,
    a_list_that_is_not_loaded_has_no_places,
    a_stranger_cannot_be_moved,
    another_order_is_flushed_before_a_query_reads_it,
    going_there_and_back_writes_nothing,
}

/// An album with tracks of these titles, committed.
async fn album<'s>(session: &'s Session, titles: &str) -> Result<Entity<'s, Album>> {
    let tracks = titles.split(' ').map(|title| Track::builder().title(title));
    let album = session.add(Album::builder().title("A").tracks(tracks));
    session.commit().await?;
    Ok(album)
}

/// The list in memory: `a0 b1`.
fn shown(album: Entity<'_, Album>) -> Result<String> {
    let show = |track: Entity<'_, Track>| format!("{}{}", track.title, track.position);
    Ok(album.tracks().loaded()?.iter().map(show).collect::<Vec<_>>().join(" "))
}

/// The list in the database.
async fn stored(db: &TestDb, album: i64) -> Result<String> {
    let query = Track::query().filter(Track::album_id.eq(album)).order_by(Track::position);
    let tracks: Vec<Track> = query.all(&**db).await?;
    Ok(tracks.iter().map(|track| format!("{}{}", track.title, track.position)).collect::<Vec<_>>().join(" "))
}

fn titled<'s>(album: Entity<'s, Album>, title: &str) -> Result<Entity<'s, Track>> {
    let found = album.tracks().loaded()?.iter().find(|track| track.title == title);
    found.ok_or_else(|| orm::Error::other("no such track"))
}

async fn members_given_at_creation_are_counted_from_zero(db: TestDb) -> Result<()> {
    let session = db.session();
    let built = album(&session, "a b c").await?;
    assert_eq!(shown(built)?, "a0 b1 c2");
    let values = ["d", "e"].map(|title| Track {
        id: 0,
        album_id: None,
        position: 0,
        title: title.into(),
        album: BelongsTo::default(),
    });
    let given = session.add(Album { id: 0, title: "B".into(), tracks: Vec::from(values).into() });
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!((shown(given)?.as_str(), sent), ("d0 e1", 2), "an album, its tracks");
    assert_eq!(stored(&db, built.id).await?, "a0 b1 c2");
    Ok(())
}

async fn a_member_is_pushed_behind_the_last_one(db: TestDb) -> Result<()> {
    let session = db.session();
    let album = album(&session, "a b").await?;
    album.tracks().push(Track::builder().title("c"))?;
    album.tracks().push(Track::builder().title("d"))?;
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!((shown(album)?.as_str(), sent), ("a0 b1 c2 d3", 1));
    Ok(())
}

async fn members_are_pushed_to_lists_that_are_not_loaded(db: TestDb) -> Result<()> {
    let writing = db.session();
    let (first, second) = (album(&writing, "a b").await?.id, album(&writing, "x").await?.id);
    let empty = writing.add(Album::builder().title("C"));
    let free = writing.add(Track::builder().title("free"));
    writing.commit().await?;
    let session = db.session();
    let albums: Vec<_> = session.get_many::<Album, _>([first, second, empty.id]).await?.into_iter().flatten().collect();
    let free = session.get_one::<Track>(free.id).await?;
    albums[0].tracks().push(Track::builder().title("c"))?;
    albums[0].tracks().push(free)?;
    albums[0].tracks().push(Track::builder().title("d"))?;
    albums[1].tracks().push(Track::builder().title("y"))?;
    albums[2].tracks().push(Track::builder().title("o"))?;
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!(sent, 3, "one SELECT for all lists, an INSERT, an UPDATE");
    assert!(!albums[0].tracks().is_loaded());
    assert_eq!(stored(&db, first).await?, "a0 b1 c2 free3 d4");
    assert_eq!((stored(&db, second).await?, stored(&db, empty.id).await?), ("x0 y1".into(), "o0".into()));
    Ok(())
}

async fn a_child_that_is_added_by_its_key_stands_behind_the_others(db: TestDb) -> Result<()> {
    let writing = db.session();
    let id = album(&writing, "a b").await?.id;
    let session = db.session();
    let added = ["c", "d"].map(|title| session.add(Track::builder().album_id(id).title(title)));
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!((added.map(|track| track.position), sent), ([2, 3], 2), "a SELECT, an INSERT");
    let loaded = session.get_one::<Album>(id).await?;
    loaded.tracks().await?;
    session.add(Track::builder().album(loaded).title("e"));
    assert_eq!(statements!(session, session.commit().await?).1, 1, "the list is in memory");
    assert_eq!(shown(loaded)?, "a0 b1 c2 d3 e4");
    Ok(())
}

async fn setting_the_owner_appends(db: TestDb) -> Result<()> {
    let session = db.session();
    let (from, to) = (album(&session, "a b c").await?, album(&session, "x").await?);
    let moved = titled(from, "a")?;
    moved.album().set(to)?;
    session.commit().await?;
    assert_eq!((shown(from)?, shown(to)?), ("b0 c1".into(), "x0 a1".into()));
    titled(from, "b")?.set(Track::album_id, to.id);
    session.commit().await?;
    assert_eq!((stored(&db, from.id).await?, stored(&db, to.id).await?), ("c0".into(), "x0 a1 b2".into()));
    Ok(())
}

async fn a_member_is_inserted_at_a_place(db: TestDb) -> Result<()> {
    let session = db.session();
    let album = album(&session, "a b").await?;
    album.tracks().insert(0, Track::builder().title("first"))?;
    album.tracks().insert(2, Track::builder().title("mid"))?;
    album.tracks().insert(4, Track::builder().title("last"))?;
    let titles: Vec<&String> = album.tracks().await?.values(Track::title).collect();
    assert_eq!(titles, ["first", "a", "mid", "b", "last"], "at once");
    session.commit().await?;
    assert_eq!(shown(album)?, "first0 a1 mid2 b3 last4");
    assert_eq!(stored(&db, album.id).await?, shown(album)?);
    let new = session.add(Album::builder().title("new"));
    new.tracks().insert(0, Track::builder().title("z"))?;
    new.tracks().insert(0, titled(album, "b")?)?;
    session.commit().await?;
    assert_eq!((shown(new)?, shown(album)?), ("b0 z1".into(), "first0 a1 mid2 last3".into()));
    Ok(())
}

async fn only_rows_whose_position_changes_are_written(db: TestDb) -> Result<()> {
    let session = db.session();
    let album = album(&session, "a b c d e").await?;
    album.tracks().move_to(3, titled(album, "b")?)?;
    assert_eq!(session.plan()?.to_string().trim(), "update tracks ×3 (position) [2, 3, 4]");
    assert_eq!(shown(album)?, "a0 c2 d3 b1 e4", "the order at once, the positions by the flush");
    session.commit().await?;
    assert_eq!(stored(&db, album.id).await?, "a0 c1 d2 b3 e4");
    Ok(())
}

async fn a_member_that_is_removed_leaves_no_gap(db: TestDb) -> Result<()> {
    let session = db.session();
    let album = album(&session, "a b c").await?;
    album.tracks().remove(titled(album, "a")?)?;
    session.commit().await?;
    assert_eq!((shown(album)?.as_str(), stored(&db, album.id).await?.as_str()), ("b0 c1", "b0 c1"));
    Ok(())
}

async fn a_deleted_member_leaves_no_gap_in_a_list_in_memory(db: TestDb) -> Result<()> {
    let session = db.session();
    let album = album(&session, "a b c").await?;
    session.delete(titled(album, "b")?);
    session.commit().await?;
    assert_eq!((shown(album)?.as_str(), stored(&db, album.id).await?.as_str()), ("a0 c1", "a0 c1"));
    session.delete(album);
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!(sent, 3, "the members are read anew, their keys become null, the album goes: nothing is numbered");
    Ok(())
}

async fn a_deleted_member_of_a_list_that_is_not_loaded_leaves_a_gap(db: TestDb) -> Result<()> {
    let writing = db.session();
    let (id, track) = {
        let album = album(&writing, "a b c").await?;
        (album.id, titled(album, "b")?.id)
    };
    let session = db.session();
    session.delete(session.get_one::<Track>(track).await?);
    assert_eq!(statements!(session, session.commit().await?).1, 1);
    assert_eq!(stored(&db, id).await?, "a0 c2");
    let album = session.get_one::<Album>(id).await?;
    album.tracks().await?;
    album.tracks().push(Track::builder().title("d"))?;
    session.commit().await?;
    assert_eq!(stored(&db, id).await?, "a0 c1 d2", "it is closed when the list is changed in memory");
    Ok(())
}

async fn a_member_moves_to_another_list(db: TestDb) -> Result<()> {
    let session = db.session();
    let (from, to) = (album(&session, "a b c").await?, album(&session, "x y").await?);
    to.tracks().push(titled(from, "b")?)?;
    to.tracks().insert(1, titled(from, "a")?)?;
    session.commit().await?;
    assert_eq!((shown(from)?, shown(to)?), ("c0".into(), "x0 a1 y2 b3".into()));
    assert_eq!((stored(&db, from.id).await?, stored(&db, to.id).await?), (shown(from)?, shown(to)?));
    Ok(())
}

async fn setting_the_members_gives_their_order(db: TestDb) -> Result<()> {
    let session = db.session();
    let album = album(&session, "a b c d").await?;
    let order = ["d", "a", "b"].into_iter().map(|title| titled(album, title)).collect::<Result<Vec<_>>>()?;
    album.tracks().set(order).await?;
    session.commit().await?;
    assert_eq!((shown(album)?.as_str(), stored(&db, album.id).await?.as_str()), ("d0 a1 b2", "d0 a1 b2"));
    Ok(())
}

async fn members_are_reordered(db: TestDb) -> Result<()> {
    let session = db.session();
    let album = album(&session, "a b c d").await?;
    album.tracks().reorder([titled(album, "c")?, titled(album, "a")?])?;
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!(shown(album)?, "c0 a1 b2 d3");
    assert_eq!(stored(&db, album.id).await?, shown(album)?);
    assert_eq!(sent, 1, "one statement for three rows");
    Ok(())
}

async fn a_rollback_restores_the_order(db: TestDb) -> Result<()> {
    let session = db.session();
    let album = album(&session, "a b c").await?;
    album.tracks().move_to(0, titled(album, "c")?)?;
    album.tracks().insert(1, Track::builder().title("new"))?;
    session.flush().await?;
    assert_eq!(shown(album)?, "c0 new1 a2 b3");
    album.tracks().move_to(2, titled(album, "c")?)?;
    session.rollback().await?;
    assert_eq!(shown(album)?, "a0 b1 c2");
    assert_eq!(statements!(session, session.commit().await?).1, 0);
    album.tracks().move_to(0, titled(album, "c")?)?;
    session.rollback().await?;
    assert_eq!((shown(album)?.as_str(), session.plan()?.is_empty()), ("a0 b1 c2", true));
    Ok(())
}

async fn a_savepoint_restores_the_order(db: TestDb) -> Result<()> {
    let session = db.session();
    let album = album(&session, "a b c").await?;
    album.tracks().move_to(0, titled(album, "b")?)?;
    let failed: Result<()> = session
        .savepoint(async || {
            album.tracks().move_to(0, titled(album, "c")?)?;
            session.flush().await?;
            assert_eq!(shown(album)?, "c0 b1 a2");
            Err(orm::Error::other("no"))
        })
        .await;
    assert!(failed.is_err());
    session.commit().await?;
    assert_eq!((shown(album)?.as_str(), stored(&db, album.id).await?.as_str()), ("b0 a1 c2", "b0 a1 c2"));
    Ok(())
}

async fn a_position_given_by_hand_has_the_last_word(db: TestDb) -> Result<()> {
    let session = db.session();
    let album = album(&session, "a b c").await?;
    titled(album, "c")?.set(Track::position, 0);
    album.tracks().push(Track::builder().title("d"))?;
    session.commit().await?;
    assert_eq!(shown(album)?, "c0 a1 b2 d3", "the others are counted around it");
    titled(album, "a")?.set(Track::position, 7);
    assert_eq!(statements!(session, session.commit().await?).1, 1, "nobody else moves");
    assert_eq!(shown(album)?, "c0 b2 d3 a7");
    let other = session.add(Track::builder().album(album).title("e").position(5));
    session.commit().await?;
    assert_eq!((other.position, shown(album)?.as_str()), (5, "c0 b1 d2 a3 e5"));
    Ok(())
}

async fn a_place_beyond_the_list_is_an_error(db: TestDb) -> Result<()> {
    let session = db.session();
    let album = album(&session, "a b").await?;
    let error = album.tracks().insert(3, Track::builder().title("c")).expect_err("there are two");
    let expected = format!("there is no place 3 in Album::tracks of Album#{}: places count from 0", album.id);
    assert!(error.to_string().starts_with(&expected), "{error}");
    assert!(album.tracks().move_to(2, titled(album, "a")?).is_err());
    assert_eq!((shown(album)?.as_str(), session.plan()?.is_empty()), ("a0 b1", true));
    Ok(())
}

async fn a_list_that_is_not_loaded_has_no_places(db: TestDb) -> Result<()> {
    let writing = db.session();
    let id = album(&writing, "a b").await?.id;
    let session = db.session();
    let album = session.get_one::<Album>(id).await?;
    assert!(album.tracks().insert(0, Track::builder().title("c")).is_err_and(|error| error.is_not_loaded()));
    assert!(session.plan()?.is_empty());
    Ok(())
}

async fn a_stranger_cannot_be_moved(db: TestDb) -> Result<()> {
    let session = db.session();
    let (one, other) = (album(&session, "a").await?, album(&session, "x y").await?);
    let error = one.tracks().move_to(0, titled(other, "y")?).expect_err("it is another album's");
    assert!(error.to_string().contains("where it is no member"), "{error}");
    Ok(())
}

async fn another_order_is_flushed_before_a_query_reads_it(db: TestDb) -> Result<()> {
    let session = db.session();
    let album = album(&session, "a b").await?;
    album.tracks().move_to(0, titled(album, "b")?)?;
    let first = Track::query().filter(Track::position.eq(0)).one(&session).await?;
    assert_eq!(first.title, "b");
    Ok(())
}

async fn going_there_and_back_writes_nothing(db: TestDb) -> Result<()> {
    let session = db.session();
    let album = album(&session, "a b c").await?;
    let track = titled(album, "a")?;
    album.tracks().move_to(2, track)?;
    album.tracks().move_to(0, track)?;
    assert_eq!(statements!(session, session.commit().await?).1, 0);
    Ok(())
}
