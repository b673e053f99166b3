//! Plans of flushes and what is sent for them, without a database: a recorder stands for it.
use orm::{Result, prelude::*};
use orm_core::driver::{
    Dialect, Driver,
    recorder::{Answer, Recorder},
};
use std::sync::Arc;

#[derive(Model, Clone, Debug)]
struct User {
    #[orm(primary_key)]
    id: i64,
    #[orm(unique, max_length = 50)]
    email: String,
    #[orm(back_populates = user, cascade(all, delete_orphan))]
    profile: HasOne<Profile>,
    #[orm(back_populates = user, cascade(all, delete_orphan))]
    orders: HasMany<Order>,
    #[orm(through("user_roles", user_id, role_id), back_populates = users)]
    roles: ManyToMany<Role>,
}

#[derive(Model, Clone, Debug)]
struct Profile {
    #[orm(primary_key)]
    id: i64,
    #[orm(unique)]
    user_id: i64,
    #[orm(back_populates = profile)]
    user: BelongsTo<User>,
}

#[derive(Model, Clone, Debug)]
struct Order {
    #[orm(primary_key)]
    id: i64,
    user_id: i64,
    #[orm(back_populates = orders)]
    user: BelongsTo<User>,
    #[orm(back_populates = order, cascade(all, delete_orphan))]
    items: HasMany<Item>,
}

#[derive(Model, Clone, Debug)]
struct Item {
    #[orm(primary_key)]
    id: i64,
    order_id: i64,
    #[orm(default_sql = "7")]
    size: i32,
    #[orm(back_populates = items)]
    order: BelongsTo<Order>,
}

#[derive(Model, Clone, Debug)]
struct Role {
    #[orm(primary_key)]
    id: i64,
    #[orm(through("user_roles", role_id, user_id), back_populates = roles)]
    users: ManyToMany<User>,
    #[orm(back_populates = role)]
    notes: HasMany<Note>,
}

#[derive(Model, Clone, Debug)]
struct Note {
    #[orm(primary_key)]
    id: i64,
    role_id: Option<i64>,
    #[orm(back_populates = notes)]
    role: BelongsTo<Option<Role>>,
}

/// A row that is named by a key of the program's own.
#[derive(Model, Clone, Debug)]
struct Stamp {
    #[orm(primary_key)]
    id: Uuid,
    #[orm(default_sql = "7")]
    size: i32,
}

/// So wide that the number of bound values counts, not only that of rows.
#[derive(Model, Clone, Debug)]
struct Wide {
    #[orm(primary_key)]
    id: Uuid,
    #[orm(embed)]
    numbers: Numbers,
}

#[rustfmt::skip]
#[derive(Embedded, Clone, Debug, Default, PartialEq)]
struct Numbers {
    a: i32, b: i32, c: i32, d: i32, e: i32, f: i32, g: i32, h: i32, i: i32, j: i32, k: i32, l: i32, m: i32,
    n: i32, o: i32, p: i32, q: i32, r: i32, s: i32, t: i32, u: i32, v: i32, w: i32, x: i32, y: i32, z: i32,
}

async fn recorded(dialect: Dialect) -> Result<(Db, Recorder)> {
    let recorder = Recorder::new(dialect);
    let driver: Arc<dyn Driver> = Arc::new(recorder.clone());
    let db = Db::from_pool(driver).await?;
    recorder.clear();
    Ok((db, recorder))
}

fn rows(rows: &[&[i64]]) -> Answer {
    Answer::Rows(rows.iter().map(|row| row.iter().map(|value| (*value).into()).collect()).collect())
}

/// A user with profile, two orders and four items: eight rows.
fn eight_rows() -> User {
    let order = || Order::builder().items([Item::builder(), Item::builder()]);
    User::builder().email("a").profile(Profile::builder()).orders([order(), order()]).build()
}

fn answer_eight_rows(recorder: &Recorder) {
    recorder.answer(rows(&[&[1]])).answer(rows(&[&[1]]));
    recorder.answer(rows(&[&[1], &[2]])).answer(rows(&[&[1, 7], &[2, 7], &[3, 7], &[4, 7]]));
}

/// The first words of each statement: what is done to which table.
fn verbs(recorder: &Recorder) -> String {
    let short = |sql: &String| {
        let words: Vec<&str> = sql.split_whitespace().collect();
        let table = match words[0] {
            "SELECT" => words.iter().skip_while(|word| **word != "FROM").nth(1),
            "UPDATE" => words.get(1),
            _ => words.get(2),
        };
        format!("{} {}", words[0], table.unwrap_or(&"?"))
    };
    recorder.statements().iter().map(short).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn eight_rows_of_four_tables_are_four_inserts() -> Result<()> {
    let (db, recorder) = recorded(Dialect::Postgres).await?;
    let session = db.session();
    session.add(eight_rows());
    insta::assert_snapshot!(session.plan()?, @r"
    insert users ×1
    insert profiles ×1 { user_id: users#1.id }
    insert orders ×2 { user_id: users#1.id }
    insert items ×4 { order_id: orders#1.id | orders#2.id }
    ");
    assert_eq!(session.plan()?.len(), 4);
    answer_eight_rows(&recorder);
    session.commit().await?;
    assert_eq!(recorder.statements().len(), 4);
    Ok(())
}

#[tokio::test]
async fn a_delete_reads_one_statement_per_level_and_deletes_one_per_table() -> Result<()> {
    let (db, recorder) = recorded(Dialect::Postgres).await?;
    let session = db.session();
    let user = session.add(eight_rows());
    answer_eight_rows(&recorder);
    session.commit().await?;
    recorder.clear();
    session.delete(user);
    insta::assert_snapshot!(session.plan()?, @r"
    unlink User::roles ×1
    delete users ×1 [1]
    ");
    recorder.answer(rows(&[&[1, 1, 1]])).answer(rows(&[&[1, 1, 1], &[2, 1, 1]]));
    recorder.answer(rows(&[&[1, 1, 7, 1], &[2, 1, 7, 1], &[3, 2, 7, 2], &[4, 2, 7, 2]]));
    let hit = |rows| Answer::Done(orm_core::driver::Outcome { rows, first_key: None });
    recorder.answer(hit(0)).answer(hit(4));
    session.commit().await?;
    insta::assert_snapshot!(verbs(&recorder), @r#"
    SELECT "profiles"
    SELECT "orders"
    SELECT "items"
    DELETE "user_roles"
    DELETE "items"
    DELETE "orders"
    DELETE "profiles"
    DELETE "users"
    "#);
    Ok(())
}

#[tokio::test]
async fn links_of_new_and_stored_rows_are_one_statement() -> Result<()> {
    let (db, recorder) = recorded(Dialect::Postgres).await?;
    let session = db.session();
    recorder.answer(rows(&[&[5]]));
    let stored = Role::query().one(&session).await?;
    let user = session.add(User::builder().email("a").roles([Role::builder()]));
    user.roles().push(stored)?;
    user.roles().attach([9])?;
    insta::assert_snapshot!(session.plan()?, @r"
    insert users ×1
    insert roles ×1
    link User::roles ×3
    ");
    Ok(())
}

#[tokio::test]
async fn rows_that_are_claimed_by_their_key_are_part_of_the_plan() -> Result<()> {
    let (db, _) = recorded(Dialect::Postgres).await?;
    let session = db.session();
    let note = |id| Note { id, ..Note::builder().build() };
    session.add(Role::builder().notes(vec![note(7), note(8)]));
    insta::assert_snapshot!(session.plan()?, @r"
    insert roles ×1
    update notes ×2 (role_id) [7, 8]
    ");
    Ok(())
}

#[tokio::test]
async fn batches_keep_within_the_bind_limit() -> Result<()> {
    for (dialect, statements) in [(Dialect::Sqlite, 1), (Dialect::Postgres, 3), (Dialect::MariaDb, 3)] {
        let (db, recorder) = recorded(dialect).await?;
        let session = db.session();
        session.add_all((0..3000_u128).map(|id| Wide { id: Uuid::from_u128(id), numbers: Numbers::default() }));
        session.flush().await?;
        let sent: Vec<_> = recorder.calls().into_iter().filter_map(|call| call.statement().cloned()).collect();
        let limit = orm_core::sql::bind_limit(dialect);
        // On SQLite one statement is run for each row.
        let each = if dialect == Dialect::Sqlite { 3000 } else { 1 };
        assert!(sent.iter().all(|statement| statement.values.len() / each <= limit), "{dialect:?}");
        assert_eq!((sent.len(), session.statement_count()), (statements, statements as u64), "{dialect:?}");
    }
    Ok(())
}

#[tokio::test]
async fn rows_that_come_back_in_another_order_are_matched() -> Result<()> {
    let (db, recorder) = recorded(Dialect::Postgres).await?;
    let session = db.session();
    let users = session.add_all(["a", "b", "c"].map(|email| User::builder().email(email)));
    recorder.answer(rows(&[&[12], &[10], &[11]]));
    session.flush().await?;
    assert_eq!(
        users.iter().map(|user| user.id).collect::<Vec<_>>(),
        [10, 11, 12],
        "keys are made in the order of the rows"
    );
    let ids = [3_u128, 1, 2].map(Uuid::from_u128);
    let stamps = session.add_all(ids.map(|id| Stamp::builder().id(id)));
    let row = |number: u128| vec![Uuid::from_u128(number).into(), (number as i32 * 10).into()];
    recorder.answer(Answer::Rows(vec![row(1), row(2), row(3)]));
    session.flush().await?;
    assert_eq!(stamps.iter().map(|stamp| stamp.size).collect::<Vec<_>>(), [30, 10, 20], "given keys tell");
    Ok(())
}

#[tokio::test]
async fn rows_with_keys_of_their_own_are_grouped_by_shape() -> Result<()> {
    let (db, _) = recorded(Dialect::Postgres).await?;
    let session = db.session();
    let stamp = |id: u128| Stamp::builder().id(Uuid::from_u128(id));
    session.add_all([stamp(1), stamp(2).size(5), stamp(3), stamp(4).size(6)]);
    insta::assert_snapshot!(session.plan()?, @r"
    insert stamps ×2
    insert stamps ×2
    ");
    Ok(())
}

#[tokio::test]
async fn a_hundred_thousand_rows_are_planned_at_once() -> Result<()> {
    let (db, _) = recorded(Dialect::Postgres).await?;
    let session = db.session();
    for number in 0..1_000 {
        let orders = (0..100).map(|_| Order::builder()).collect::<Vec<_>>();
        session.add(User::builder().email(number.to_string()).orders(orders));
    }
    let start = std::time::Instant::now();
    let plan = session.plan()?;
    let taken = start.elapsed();
    println!("planned in {taken:?}");
    assert_eq!(plan.len(), 2);
    assert!(taken.as_secs() < 10, "{taken:?}, and that is without optimization");
    Ok(())
}
