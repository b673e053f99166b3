//! Broken constraints: the same error with the same facts, on every database and by every way to write.
use orm::{Error, Result, prelude::*, schema::Schema, sql};
use orm_test_support::{Database, TestDb, on_every_database};

on_every_database! {
    bank:
    inserts_and_upserts_tell_what_is_broken,
    set_based_writes_tell_what_is_broken,
    flushes_tell_what_is_broken,
    raw_statements_tell_what_is_broken,
    which_of_several_rows_breaks_a_check_is_not_told,
    a_lock_that_is_not_given_is_retryable,
}

fn bank() -> Schema {
    orm::schema![Owner, Account]
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "owners")]
struct Owner {
    #[orm(primary_key)]
    id: i64,
    #[orm(unique, max_length = 20)]
    name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "accounts", unique(owner_id, kind))]
struct Account {
    #[orm(primary_key)]
    id: i64,
    #[orm(max_length = 20)]
    kind: String,
    #[orm(check = "balance >= 0")]
    balance: i32,
    owner_id: i64,
    owner: BelongsTo<Owner>,
}

/// An owner with two accounts.
async fn opened(db: &Db) -> Result<()> {
    let session = db.session();
    let owner = session.add(Owner::builder().name("ann"));
    session.add(Owner::builder().name("bob"));
    session.flush().await?;
    let account = |kind: &str| Account::builder().kind(kind).balance(5).owner(owner);
    session.add_all([account("a"), account("b")]);
    session.commit().await
}

/// Table, constraint and columns, as far as they are known.
fn facts(error: &Error) -> (Option<&str>, Option<&str>, String) {
    (error.table(), error.constraint(), error.columns().join(" "))
}

fn unique_name() -> (Option<&'static str>, Option<&'static str>, String) {
    (Some("owners"), Some("uq_owners__name"), "name".into())
}

fn unique_kind() -> (Option<&'static str>, Option<&'static str>, String) {
    (Some("accounts"), Some("uq_accounts__owner_id_kind"), "owner_id kind".into())
}

fn foreign() -> (Option<&'static str>, Option<&'static str>, String) {
    (Some("accounts"), Some("fk_accounts__owner_id"), "owner_id".into())
}

async fn inserts_and_upserts_tell_what_is_broken(db: TestDb) -> Result<()> {
    opened(&db).await?;
    let account = |kind: &str, balance, owner| Account::builder().kind(kind).balance(balance).owner_id(owner);
    let error = Owner::insert_many([Owner::builder().name("ann")]).run(&*db).await.expect_err("the name is taken");
    assert!(error.is_unique_violation(), "{error}");
    assert_eq!(facts(&error), unique_name());
    let error = Owner::insert_many([Owner::builder().id(1).name("x")]).run(&*db).await.expect_err("the key is taken");
    assert!(error.is_unique_violation() && error.columns() == ["id"], "{error}");
    let error = Account::insert_many([account("a", 1, 1)]).run(&db.session()).await.expect_err("it is there");
    assert_eq!((error.is_unique_violation(), facts(&error)), (true, unique_kind()));
    let error = Account::insert_many([account("a", 1, 99)]).run(&*db).await.expect_err("there is no such owner");
    assert_eq!((error.is_foreign_key_violation(), facts(&error)), (true, foreign()));
    let upsert =
        |row| Account::insert_many([row]).on_conflict((Account::owner_id, Account::kind)).update(Account::balance);
    let error = upsert(account("a", -1, 1)).run(&*db).await.expect_err("nobody owes");
    assert!(error.is_check_violation() && error.table() == Some("accounts"), "{error}");
    assert_eq!(error.constraint(), Some("ck_accounts__balance"));
    let error = upsert(account("z", 1, 99)).run(&*db).await.expect_err("there is no such owner");
    assert_eq!((error.is_foreign_key_violation(), facts(&error)), (true, foreign()));
    Ok(())
}

async fn set_based_writes_tell_what_is_broken(db: TestDb) -> Result<()> {
    opened(&db).await?;
    let session = db.session();
    let account = session.get_one::<Account>(1).await?;
    let error = Owner::query().all_rows().set(Owner::name, "ann").update(&*db).await.expect_err("names are unique");
    assert_eq!((error.is_unique_violation(), facts(&error)), (true, unique_name()));
    let error = Account::query().all_rows().set(Account::kind, "a").update(&*db).await.expect_err("kinds are unique");
    assert_eq!((error.is_unique_violation(), facts(&error)), (true, unique_kind()));
    let error = Account::query().all_rows().set(Account::owner_id, 99).update(&*db).await.expect_err("no such owner");
    assert_eq!((error.is_foreign_key_violation(), facts(&error)), (true, foreign()));
    let error = Account::query().all_rows().set(Account::balance, -1).update(&session).await.expect_err("nobody owes");
    assert!(error.is_check_violation() && error.table() == Some("accounts"), "{error}");
    assert_eq!(account.balance, 5, "memory did not follow");
    session.rollback().await?;
    let error = Owner::query().filter(Owner::id.eq(1)).delete(&*db).await.expect_err("it has accounts");
    assert!(error.is_foreign_key_violation(), "{error}");
    Ok(())
}

async fn flushes_tell_what_is_broken(db: TestDb) -> Result<()> {
    opened(&db).await?;
    let session = db.session();
    session.add(Owner::builder().name("ann"));
    let error = session.flush().await.expect_err("the name is taken");
    assert!(error.is_unique_violation() && error.table() == Some("owners"), "{error}");
    session.rollback().await?;
    session.add(Account::builder().kind("a").balance(1).owner_id(99));
    let error = session.flush().await.expect_err("there is no such owner");
    assert!(error.is_foreign_key_violation(), "{error}");
    session.rollback().await?;
    session.get_one::<Account>(1).await?.set(Account::balance, -3);
    let error = session.flush().await.expect_err("nobody owes");
    assert!(error.is_check_violation() && error.constraint() == Some("ck_accounts__balance"), "{error}");
    session.rollback().await
}

async fn raw_statements_tell_what_is_broken(db: TestDb) -> Result<()> {
    opened(&db).await?;
    let error = db.execute(sql("INSERT INTO owners (name) VALUES (?)").bind("ann")).await.expect_err("it is taken");
    assert!(error.is_unique_violation() && error.table() == Some("owners"), "{error}");
    let error = db.execute(sql("INSERT INTO owners (name) VALUES (NULL)")).await.expect_err("it may not be null");
    assert!(error.is_not_null_violation() && error.columns() == ["name"] && error.table() == Some("owners"), "{error}");
    let error = db.execute(sql("UPDATE accounts SET owner_id = 99")).await.expect_err("there is no such owner");
    assert!(error.is_foreign_key_violation(), "{error}");
    let error = db.execute(sql("UPDATE accounts SET balance = -1")).await.expect_err("nobody owes");
    assert!(error.is_check_violation() && error.constraint() == Some("ck_accounts__balance"), "{error}");
    Ok(())
}

async fn a_lock_that_is_not_given_is_retryable(db: TestDb) -> Result<()> {
    opened(&db).await?;
    let first = db.session();
    Owner::query().filter(Owner::id.eq(1)).set(Owner::name, "first").update(&first).await?;
    if db.is(Database::Sqlite) {
        // It waits for the writer for as long as it is told to.
        return first.rollback().await;
    }
    let second = db.session();
    let error = sql("SELECT id FROM owners WHERE id = 1 FOR UPDATE NOWAIT")
        .all::<i64>(&second)
        .await
        .expect_err("the row is locked");
    assert!(error.is_retryable(), "{error}");
    second.rollback().await?;
    first.rollback().await
}

async fn which_of_several_rows_breaks_a_check_is_not_told(db: TestDb) -> Result<()> {
    opened(&db).await?;
    let session = db.session();
    let account = |kind: &str, balance: i32| Account::builder().kind(kind).balance(balance).owner_id(1);
    session.add_all([account("c", 1), account("d", -1)]);
    let error = session.flush().await.expect_err("a balance is below 0");
    assert!(error.is_check_violation() && error.constraint() == Some("ck_accounts__balance"), "{error}");
    // A condition is SQL, which only the database can evaluate; of a statement for each row SQLite says at which it failed.
    let told = db.is(Database::Sqlite).then_some("Account (new)");
    assert_eq!(error.entity(), told, "{error}");
    assert!(error.to_string().contains("2 rows of accounts"), "{error}");
    session.rollback().await?;
    let bad = session.add(account("d", -1));
    let error = session.flush().await.expect_err("a balance is below 0");
    assert!(error.entity().is_some_and(|entity| entity.starts_with("Account")), "{error}, {bad:?}");
    session.rollback().await
}
