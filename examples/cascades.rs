//! What happens to related rows when one is added, deleted or taken out of a collection.
//!
//! Cascades are decided when the session flushes, from the state then, and `session.plan()` shows them before. `ON DELETE` in
//! the database is a matter of its own: `passive_deletes` leaves the work to it.
use orm::prelude::*;

#[derive(Model, Clone, Debug)]
struct Playlist {
    #[orm(primary_key)]
    id: i64,
    name: String,
    // The entries are part of the playlist: deleted with it, and when they are taken out of it.
    #[orm(back_populates = playlist, cascade(all, delete_orphan), order_by = Entry::id)]
    entries: HasMany<Entry>,
    // Comments stay: they lose their key, which may be null.
    #[orm(back_populates = playlist)]
    comments: HasMany<Comment>,
    // Plays are many: the database deletes them, nothing is loaded.
    #[orm(back_populates = playlist, cascade(all), passive_deletes)]
    plays: HasMany<Play>,
    // Licences neither follow nor may stay alone: deleting is refused.
    #[orm(back_populates = playlist)]
    licences: HasMany<Licence>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "entries")]
struct Entry {
    #[orm(primary_key)]
    id: i64,
    song: String,
    playlist_id: i64,
    #[orm(back_populates = entries)]
    playlist: BelongsTo<Playlist>,
}

#[derive(Model, Clone, Debug)]
struct Comment {
    #[orm(primary_key)]
    id: i64,
    text: String,
    playlist_id: Option<i64>,
    #[orm(back_populates = comments)]
    playlist: BelongsTo<Option<Playlist>>,
}

#[derive(Model, Clone, Debug)]
struct Play {
    #[orm(primary_key)]
    id: i64,
    playlist_id: i64,
    #[orm(back_populates = plays, on_delete = "cascade")]
    playlist: BelongsTo<Playlist>,
}

#[derive(Model, Clone, Debug)]
struct Licence {
    #[orm(primary_key)]
    id: i64,
    playlist_id: i64,
    #[orm(back_populates = licences)]
    playlist: BelongsTo<Playlist>,
}

#[tokio::main]
async fn main() -> Result<(), orm::Error> {
    let db = Db::connect("sqlite::memory:").await?;
    orm::schema![Playlist, Entry, Comment, Play, Licence].create_all(&db).await?;
    let session = db.session();

    // `save_update`, on by default: what hangs on an added object is added with it.
    let songs = ["Blue", "Red", "Green"].map(|song| Entry::builder().song(song));
    let playlist = session.add(
        Playlist::builder()
            .name("Colours")
            .entries(songs)
            .comments([Comment::builder().text("nice")])
            .plays([Play::builder(), Play::builder()]),
    );
    session.commit().await?;
    println!("added a playlist with all that hangs on it in {} statements", session.statement_count());
    assert_eq!(session.statement_count(), 4);

    // `delete_orphan`: an entry out of its playlist is deleted ...
    let blue = playlist.entries().await?.first().ok_or_else(|| orm::Error::other("there are entries"))?;
    playlist.entries().remove(blue)?;
    println!("\nan entry is taken out:\n{}", session.plan()?);
    session.commit().await?;
    // ... unless it moved to another one.
    let other = session.add(Playlist::builder().name("Warm colours"));
    let red = playlist.entries().await?.first().ok_or_else(|| orm::Error::other("there are entries"))?;
    other.entries().push(red)?;
    session.commit().await?;
    assert_eq!((Entry::query().count(&db).await?, red.playlist_id), (2, other.id));

    // A rollback takes back what a delete did, in the database and in memory.
    session.delete(playlist);
    session.flush().await?;
    session.rollback().await?;
    assert_eq!(playlist.entries().await?.len(), 1);

    // Deleting: entries go, comments stay without playlist. Plays that are in memory go too ...
    session.delete(playlist);
    println!("deleting the playlist would be:\n{}", session.plan()?);
    session.rollback().await?;
    // ... and those that are not are left to the database, unread. What else is related is read first.
    let fresh = db.session();
    let playlist = fresh.get_one::<Playlist>(playlist.id).await?;
    fresh.delete(playlist);
    fresh.commit().await?;
    println!("deleted in a fresh session in {} statements", fresh.statement_count());
    assert_eq!((Entry::query().count(&db).await?, Play::query().count(&db).await?), (1, 0));
    assert_eq!(Comment::query().filter(Comment::playlist_id.is_null()).count(&db).await?, 1);

    // A licence may not be alone, and nobody said that it is to be deleted: an error before any SQL.
    session.add(Licence::builder().playlist(other));
    session.commit().await?;
    session.delete(other);
    match session.commit().await {
        Err(error) => println!("\nrefused: {error}"),
        Ok(()) => return Err(orm::Error::other("the licence should have been in the way")),
    }
    session.rollback().await?;
    assert_eq!(Playlist::query().count(&db).await?, 1);
    Ok(())
}
