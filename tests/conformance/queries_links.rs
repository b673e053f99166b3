//! Conditions over links, and read-only tables of another schema.
use crate::models::*;
use orm::{Result, prelude::*, schema::Schema};
use orm_test_support::{Database, TestDb, on_every_database};

on_every_database! {
    blog:
    many_to_many_rows_are_asked_for_through_a_bare_table,
    children_that_may_be_alone_are_found,
}

on_every_database! {
    net:
    typed_edges_keep_to_their_kind,
    typed_edges_load_by_every_strategy,
}

on_every_database! {
    regional:
    read_only_tables_of_another_schema_are_read_and_joined,
}

async fn many_to_many_rows_are_asked_for_through_a_bare_table(db: TestDb) -> Result<()> {
    let session = db.session();
    let rust = session.add(Tag::builder().name("rust"));
    session.add(Post::builder().title("tagged")).tags().push(rust)?;
    session.add(Post::builder().title("bare"));
    session.commit().await?;
    let titles = async |condition| -> Result<Vec<String>> {
        Post::query().filter(condition).select(Post::title).all(&*db).await
    };
    assert_eq!(titles(Post::tags.any(Tag::name.eq("rust"))).await?, ["tagged"]);
    assert_eq!(titles(Post::tags.none(Predicate::always())).await?, ["bare"]);
    let of_tag = rust.posts().query().filter(Post::title.starts_with("t"));
    assert_eq!(of_tag.count(&session).await?, 1);
    Ok(())
}

async fn children_that_may_be_alone_are_found(db: TestDb) -> Result<()> {
    let session = db.session();
    let author = session.add(Author::builder().name("ann"));
    session.add(Post::builder().title("hers").author(author));
    session.add(Post::builder().title("alone"));
    session.commit().await?;
    let alone = Post::query().filter(Post::author.exists().not()).one(&*db).await?;
    assert_eq!(alone.title, "alone");
    let by_name = Post::author.path(Author::name);
    let rows = Post::query().order_by(Post::id.asc()).select((Post::title, by_name)).all(&*db).await?;
    assert_eq!(rows, [("hers".into(), Some("ann".into())), ("alone".into(), None)]);
    Ok(())
}

/// Edges of two kinds in one table.
fn net() -> Schema {
    orm::schema![Machine, Wire]
}

#[derive(Model, Clone, Debug)]
struct Machine {
    #[orm(primary_key)]
    id: i64,
    name: String,
    #[orm(through(Wire::source, Wire::target, where(kind = "data")), back_populates = sends_from)]
    sends_to: ManyToMany<Machine>,
    #[orm(through(Wire::target, Wire::source, where(kind = "data")), back_populates = sends_to)]
    sends_from: ManyToMany<Machine>,
    #[orm(through(Wire::source, Wire::target, where(kind = "power")), back_populates = powered_by)]
    powers: ManyToMany<Machine>,
    #[orm(through(Wire::target, Wire::source, where(kind = "power")), back_populates = powers)]
    powered_by: ManyToMany<Machine>,
}

#[derive(Model, Clone, Debug)]
struct Wire {
    #[orm(primary_key)]
    source_id: i64,
    #[orm(primary_key)]
    target_id: i64,
    #[orm(primary_key, max_length = 10)]
    kind: String,
    source: BelongsTo<Machine>,
    target: BelongsTo<Machine>,
}

/// `a` sends data to `b` and `c`, and has its power from `b`.
async fn machines(db: &Db) -> Result<()> {
    let session = db.session();
    let [a, b, c] = ["a", "b", "c"].map(|name| session.add(Machine::builder().name(name)));
    a.sends_to().push(b)?;
    a.sends_to().push(c)?;
    b.powers().push(a)?;
    session.commit().await
}

async fn typed_edges_keep_to_their_kind(db: TestDb) -> Result<()> {
    machines(&db).await?;
    let session = db.session();
    let all = Machine::query().order_by(Machine::name.asc()).all(&session).await?;
    let mut counts = Vec::new();
    for machine in &all {
        let data = (machine.sends_to().await?.len(), machine.sends_from().await?.len());
        counts.push((data, (machine.powers().await?.len(), machine.powered_by().await?.len())));
    }
    assert_eq!(counts, [((2, 0), (0, 1)), ((0, 1), (1, 0)), ((0, 1), (0, 0))]);
    let sends = Machine::query().filter(Machine::sends_to.any(Machine::name.eq("c")));
    assert_eq!(sends.one(&session).await?, all[0]);
    assert!(!Machine::query().filter(Machine::powers.any(Machine::name.eq("c"))).exists(&session).await?);
    Ok(())
}

async fn typed_edges_load_by_every_strategy(db: TestDb) -> Result<()> {
    machines(&db).await?;
    for load in [Machine::sends_to.selectin(), Machine::sends_to.joined(), Machine::sends_to.subquery()] {
        let all = Machine::query().order_by(Machine::name.asc()).with(load).all(&*db).await?;
        let counts = all.iter().map(|machine| Ok(machine.sends_to.get()?.len())).collect::<Result<Vec<_>>>()?;
        assert_eq!(counts, [2, 0, 0]);
    }
    Ok(())
}

/// The tables below are there already, in a schema of the server's own.
fn regional() -> Schema {
    orm::schema![Product]
}

#[derive(Model, Clone, Debug)]
#[orm(table = "tables", schema = "information_schema", read_only)]
struct TableInfo {
    #[orm(primary_key)]
    table_schema: String,
    #[orm(primary_key)]
    table_name: String,
    #[orm(back_populates = table)]
    columns: HasMany<ColumnInfo>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "columns", schema = "information_schema", read_only)]
struct ColumnInfo {
    #[orm(primary_key)]
    table_schema: String,
    #[orm(primary_key)]
    table_name: String,
    #[orm(primary_key)]
    column_name: String,
    #[orm(foreign_key = (table_schema, table_name), back_populates = columns)]
    table: BelongsTo<TableInfo>,
}

async fn read_only_tables_of_another_schema_are_read_and_joined(db: TestDb) -> Result<()> {
    if db.is(Database::Sqlite) {
        return Ok(());
    }
    for load in [TableInfo::columns.joined(), TableInfo::columns.selectin()] {
        let session = db.session();
        let ours = TableInfo::table_name.eq("products").and(TableInfo::columns.any(ColumnInfo::column_name.eq("name")));
        let table = TableInfo::query().filter(ours).with(load).limit(1).one(&session).await?;
        let columns = table.columns().loaded()?;
        assert!(columns.iter().any(|column| column.column_name == "name"));
        assert_eq!(columns.first().map(|column| column.table().loaded()).transpose()?, Some(table));
    }
    Ok(())
}
