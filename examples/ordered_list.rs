//! A playlist whose order the session keeps: songs are pushed, inserted, moved and removed, and the positions follow.
//!
//! `ordering = Entry::position` at the list names the column. `proxy(songs = entries.song)` gives what lies behind the entries.
use orm::prelude::*;

#[derive(Model, Clone, Debug)]
#[orm(proxy(songs = entries.song))]
struct Playlist {
    #[orm(primary_key)]
    id: i64,
    name: String,
    #[orm(back_populates = playlist, ordering = Entry::position, ordering_start = 1, cascade(all, delete_orphan))]
    entries: HasMany<Entry>,
}

/// A song in a playlist. The database refuses two at one place; the flush finds an order of statements that never has them.
#[derive(Model, Clone, Debug)]
#[orm(unique(playlist_id, position), proxy(title = song.title))]
struct Entry {
    #[orm(primary_key)]
    id: i64,
    playlist_id: i64,
    #[orm(default)]
    position: i32,
    song_id: i64,
    #[orm(back_populates = entries)]
    playlist: BelongsTo<Playlist>,
    song: BelongsTo<Song>,
}

#[derive(Model, Clone, Debug)]
struct Song {
    #[orm(primary_key)]
    id: i64,
    title: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> orm::Result<()> {
    let db = Db::connect("sqlite::memory:").await?;
    orm::schema![Playlist, Entry, Song].create_all(&db).await?;
    let id = create(&db).await?;
    rearrange(&db, id).await?;
    append_without_loading(&db, id).await
}

/// A new list is counted from its start.
async fn create(db: &Db) -> orm::Result<i64> {
    let session = db.session();
    let songs = ["Blue", "Green", "Red"].map(|title| Entry::builder().song(Song::builder().title(title)));
    let playlist = session.add(Playlist::builder().name("Colours").entries(songs));
    session.commit().await?;
    show(playlist).await?;
    Ok(playlist.id)
}

/// A list in memory is numbered as it stands there, and only what differs is written.
async fn rearrange(db: &Db, id: i64) -> orm::Result<()> {
    let session = db.session();
    let playlist = session.get_one::<Playlist>(id).await?;
    let entries: Vec<_> = playlist.entries().await?.iter().collect();
    playlist.entries().move_to(0, entries[2])?;
    playlist.entries().remove(entries[1])?;
    playlist.entries().insert(1, Entry::builder().song(Song::builder().title("White")))?;
    session.commit().await?;
    show(playlist).await
}

/// To a list that is not in memory a member is appended: one statement asks for the last position.
async fn append_without_loading(db: &Db, id: i64) -> orm::Result<()> {
    let session = db.session();
    let playlist = session.get_one::<Playlist>(id).await?;
    let last = playlist.entries().push(Entry::builder().song(Song::builder().title("Black")))?;
    session.commit().await?;
    println!("{} is number {}", last.title().await?, last.position);
    show(playlist).await
}

async fn show(playlist: Entity<'_, Playlist>) -> orm::Result<()> {
    let titles: Vec<&str> = playlist.songs().await?.iter().map(|song| song.value().title.as_str()).collect();
    println!("{}: {}", playlist.name, titles.join(", "));
    Ok(())
}
