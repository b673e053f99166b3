//! An existing database: the eleven tables of Chinook, a record shop's, as they are.
//!
//! Names that are not ours are told once: `rename_all = "PascalCase"` for the columns, `table = "…"` for the tables. Nothing is
//! created or altered; the file is opened read-only. Run it with the path of a Chinook file for SQLite
//! (`Chinook_Sqlite.sqlite`, from the releases of the project lerocha/chinook-database on GitHub):
//! `cargo run --example chinook -- Chinook_Sqlite.sqlite`.
use chrono::NaiveDateTime;
use orm::prelude::*;

#[derive(Model, Clone, Debug)]
#[orm(table = "Artist", rename_all = "PascalCase")]
struct Artist {
    #[orm(primary_key)]
    artist_id: i64,
    name: Option<String>,
    #[orm(back_populates = artist, order_by = Album::title)]
    albums: HasMany<Album>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "Album", rename_all = "PascalCase")]
struct Album {
    #[orm(primary_key)]
    album_id: i64,
    title: String,
    artist_id: i64,
    #[orm(back_populates = albums)]
    artist: BelongsTo<Artist>,
    #[orm(back_populates = album, order_by = Track::track_id)]
    tracks: HasMany<Track>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "Genre", rename_all = "PascalCase")]
struct Genre {
    #[orm(primary_key)]
    genre_id: i64,
    name: Option<String>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "MediaType", rename_all = "PascalCase")]
struct MediaType {
    #[orm(primary_key)]
    media_type_id: i64,
    name: Option<String>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "Track", rename_all = "PascalCase")]
struct Track {
    #[orm(primary_key)]
    track_id: i64,
    name: String,
    album_id: Option<i64>,
    media_type_id: i64,
    genre_id: Option<i64>,
    composer: Option<String>,
    milliseconds: i64,
    bytes: Option<i64>,
    #[orm(decimal(10, 2))]
    unit_price: Decimal,
    #[orm(back_populates = tracks)]
    album: BelongsTo<Option<Album>>,
    media_type: BelongsTo<MediaType>,
    genre: BelongsTo<Option<Genre>>,
    #[orm(back_populates = track)]
    lines: HasMany<InvoiceLine>,
    #[orm(through(PlaylistTrack::track, PlaylistTrack::playlist), back_populates = tracks)]
    playlists: ManyToMany<Playlist>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "Playlist", rename_all = "PascalCase")]
struct Playlist {
    #[orm(primary_key)]
    playlist_id: i64,
    name: Option<String>,
    #[orm(through(PlaylistTrack::playlist, PlaylistTrack::track), back_populates = playlists, order_by = Track::name)]
    tracks: ManyToMany<Track>,
}

/// The link of playlists and tracks, whose key is both of their keys.
#[derive(Model, Clone, Debug)]
#[orm(table = "PlaylistTrack", rename_all = "PascalCase")]
struct PlaylistTrack {
    #[orm(primary_key)]
    playlist_id: i64,
    #[orm(primary_key)]
    track_id: i64,
    playlist: BelongsTo<Playlist>,
    track: BelongsTo<Track>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "Employee", rename_all = "PascalCase")]
struct Employee {
    #[orm(primary_key)]
    employee_id: i64,
    last_name: String,
    first_name: String,
    title: Option<String>,
    reports_to: Option<i64>,
    hire_date: Option<NaiveDateTime>,
    // The key has a name of its own, so it is named here.
    #[orm(foreign_key = reports_to, back_populates = reports)]
    boss: BelongsTo<Option<Employee>>,
    #[orm(back_populates = boss, order_by = Employee::employee_id)]
    reports: HasMany<Employee>,
    #[orm(back_populates = support_rep)]
    customers: HasMany<Customer>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "Customer", rename_all = "PascalCase")]
struct Customer {
    #[orm(primary_key)]
    customer_id: i64,
    first_name: String,
    last_name: String,
    country: Option<String>,
    email: String,
    support_rep_id: Option<i64>,
    #[orm(back_populates = customers)]
    support_rep: BelongsTo<Option<Employee>>,
    #[orm(back_populates = customer, order_by = Invoice::invoice_date)]
    invoices: HasMany<Invoice>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "Invoice", rename_all = "PascalCase")]
struct Invoice {
    #[orm(primary_key)]
    invoice_id: i64,
    customer_id: i64,
    invoice_date: NaiveDateTime,
    billing_country: Option<String>,
    #[orm(decimal(10, 2))]
    total: Decimal,
    #[orm(back_populates = invoices)]
    customer: BelongsTo<Customer>,
    #[orm(back_populates = invoice)]
    lines: HasMany<InvoiceLine>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "InvoiceLine", rename_all = "PascalCase")]
struct InvoiceLine {
    #[orm(primary_key)]
    invoice_line_id: i64,
    invoice_id: i64,
    track_id: i64,
    #[orm(decimal(10, 2))]
    unit_price: Decimal,
    quantity: i32,
    #[orm(back_populates = lines)]
    invoice: BelongsTo<Invoice>,
    #[orm(back_populates = lines)]
    track: BelongsTo<Track>,
}

#[tokio::main]
async fn main() -> Result<(), orm::Error> {
    let Some(path) = std::env::args().nth(1) else {
        println!("Give the path of a Chinook file: cargo run --example chinook -- Chinook_Sqlite.sqlite");
        println!("It is in the releases of https://github.com/lerocha/chinook-database.");
        return Ok(());
    };
    let db = Db::connect(format!("sqlite://{path}?mode=ro")).await?;
    discography(&db).await?;
    best_customers(&db).await?;
    staff(&db).await?;
    playlists(&db).await?;
    countries(&db).await
}

fn heading(text: &str) {
    println!("\n{text}\n{}", "-".repeat(text.len()));
}

fn took(session: &Session) {
    println!("({} statements)", session.statement_count());
}

/// Three levels: artists, their albums, the tracks and genres of these.
async fn discography(db: &Db) -> Result<(), orm::Error> {
    heading("1. The albums of Deep Purple with their longest tracks");
    let session = db.session();
    let longest = Album::tracks.selectin().order_by(Track::milliseconds.desc()).limit(2).with(Track::genre);
    let artists = Artist::query().filter(Artist::name.eq("Deep Purple")).with(Artist::albums.selectin().with(longest));
    for album in artists.one(&session).await?.albums().loaded()? {
        println!("{}", album.title);
        for track in album.tracks().partial()? {
            let genre = track.genre().loaded()?.and_then(|genre| genre.name.clone()).unwrap_or_default();
            println!("    {} ({genre}, {} min)", track.name, track.milliseconds / 60_000);
        }
    }
    took(&session);
    assert_eq!(session.statement_count(), 3);
    Ok(())
}

/// Five levels, from a customer down to artists; the names of a naive loop, all loaded before it.
async fn best_customers(db: &Db) -> Result<(), orm::Error> {
    heading("2. Customers with an invoice over 22, and what was on it");
    let session = db.session();
    let album = Track::album.joined().with(Album::artist);
    let lines = Invoice::lines.selectin().with(InvoiceLine::track.selectin().with(album));
    let invoices = Customer::invoices.selectin().filter(Invoice::total.gt(dec!(22))).with(lines);
    let customers = Customer::query().filter(Customer::invoices.any(Invoice::total.gt(dec!(22)))).with(invoices);
    for customer in customers.order_by(Customer::last_name).all(&session).await? {
        for invoice in customer.invoices().partial()? {
            let (name, date) = (format!("{} {}", customer.first_name, customer.last_name), invoice.invoice_date.date());
            println!("{name}, {date}: {} in {} lines", invoice.total, invoice.lines().loaded()?.len());
            let mut artists = Vec::new();
            for line in invoice.lines().loaded()? {
                let album = line.track().loaded()?.album().loaded()?;
                let artist = album.map(|album| album.artist().loaded()).transpose()?;
                artists.extend(artist.and_then(|artist| artist.name.clone()));
            }
            artists.dedup();
            println!("    {}", artists.join(", "));
        }
    }
    took(&session);
    assert_eq!(session.statement_count(), 4);
    Ok(())
}

/// The tree of employees, and the customers of each, counted by the database.
async fn staff(db: &Db) -> Result<(), orm::Error> {
    heading("3. Who reports to whom");
    let session = db.session();
    let boss = Employee::query().filter(Employee::reports_to.is_null()).with(Employee::reports.selectin().recursive(5));
    let mut open = vec![(boss.one(&session).await?, 0)];
    while let Some((employee, depth)) = open.pop() {
        let (title, customers) = (employee.title.as_deref().unwrap_or("-"), employee.customers().count().await?);
        let name = format!("{:depth$}{} {}", "", employee.first_name, employee.last_name, depth = 4 * depth);
        println!("{name:<28} {title:<22} {customers:>2} customers");
        open.extend(employee.reports().loaded()?.iter().rev().map(|report| (report, depth + 1)));
    }
    took(&session);
    Ok(())
}

/// Plain values, without a session: many to many and back.
async fn playlists(db: &Db) -> Result<(), orm::Error> {
    heading("4. Small playlists and where else their tracks are");
    let tracks = Playlist::tracks.selectin().with(Track::playlists).with(Track::album);
    let small = Playlist::query().filter(Playlist::name.is_in(["Classical 101 - The Basics", "On-The-Go 1"]));
    for playlist in small.with(tracks).order_by(Playlist::playlist_id).all(db).await? {
        println!("{}: {} tracks", playlist.name.as_deref().unwrap_or("-"), playlist.tracks.get()?.len());
        for track in playlist.tracks.get()?.iter().take(2) {
            let album = track.album.get()?.map_or("-", |album| album.title.as_str());
            println!("    {} from {album}, in {} playlists", track.name, track.playlists.get()?.len());
        }
    }
    Ok(())
}

/// Numbers by the database, and the latest invoices of each of the customers there.
async fn countries(db: &Db) -> Result<(), orm::Error> {
    heading("5. The three best countries, and the latest invoices of their customers");
    let session = db.session();
    let sold = Invoice::query().select((Invoice::billing_country, Invoice::total.sum(), orm::count()));
    let best = sold.group_by(Invoice::billing_country).order_by(Invoice::total.sum().desc()).limit(3);
    for (country, total, invoices) in best.all(&session).await? {
        let country = country.unwrap_or_default();
        println!("{country}: {} in {invoices} invoices", total.unwrap_or_default());
        let latest = Customer::invoices.selectin().order_by(Invoice::invoice_date.desc()).limit(2);
        let customers =
            Customer::query().filter(Customer::country.eq(country)).with(latest).with(Customer::support_rep);
        for customer in customers.order_by(Customer::customer_id).limit(2).all(&session).await? {
            let totals: Vec<String> = customer.invoices().partial()?.iter().map(|i| i.total.to_string()).collect();
            let rep = customer.support_rep().loaded()?.map_or("nobody", |rep| rep.value().first_name.as_str());
            println!("    {} {}: {} (served by {rep})", customer.first_name, customer.last_name, totals.join(" and "));
        }
    }
    took(&session);
    assert_eq!(session.statement_count(), 7);
    Ok(())
}
