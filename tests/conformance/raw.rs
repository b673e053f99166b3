//! Statements of the user's own.
use crate::{fixtures::shop_with, models::*};
use orm::{EntityState, Result, prelude::*, sql};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    rows_become_tuples_values_and_structs,
    rows_of_a_model_are_found_by_the_names_of_their_columns,
    entities_have_identity,
    values_are_bound_and_never_text,
    raw_sql_flushes_only_for_rows_of_the_changed_model,
    a_raw_write_is_part_of_the_transaction,
    a_row_deleted_behind_the_sessions_back_is_noticed,
    mistakes_are_told_in_words,
}

/// Columns of a result, by name.
#[derive(Embedded, Clone, Debug, PartialEq)]
struct Line {
    label: String,
    total: Option<i64>,
}

async fn rows_become_tuples_values_and_structs(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 1).await?;
    let rows: Vec<(i64, String)> =
        sql("SELECT id, email FROM users WHERE id <= ? ORDER BY id").bind(1_i64).all(&*db).await?;
    assert_eq!(rows, [(1, "u0".to_owned())]);
    let emails: Vec<String> = sql("SELECT email FROM users ORDER BY id").all(&db.session()).await?;
    assert_eq!(emails, ["u0", "u1"]);
    let names: Vec<Option<String>> = sql("SELECT NULL").all(&*db).await?;
    assert_eq!(names, [None]);
    let text = "SELECT COUNT(*) AS total, status AS label, 'x' AS other FROM orders GROUP BY status";
    let lines: Vec<Line> = sql(text).all(db.session().values()).await?;
    assert_eq!(lines, [Line { label: "pending".into(), total: Some(2) }]);
    assert_eq!(sql("SELECT COUNT(*) FROM users").one::<i64>(&*db).await?, 2);
    assert!(sql("SELECT id FROM users").one::<i64>(&*db).await.expect_err("two").is_multiple_rows());
    assert!(sql("SELECT id FROM users WHERE id = 9").one::<i64>(&*db).await.expect_err("none").is_not_found());
    Ok(())
}

async fn rows_of_a_model_are_found_by_the_names_of_their_columns(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let expected = User::query().all(&*db).await?;
    let in_another_order = "SELECT 'extra' AS extra, credit, name, email, id FROM users";
    assert_eq!(sql(in_another_order).values::<User>(&*db).await?, expected);
    assert_eq!(sql("SELECT * FROM users").values::<User>(db.session().values()).await?, expected);
    let error = sql("SELECT id, email FROM users").values::<User>(&*db).await.expect_err("columns are missing");
    assert!(error.to_string().contains("no column `name`"), "{error}");
    Ok(())
}

async fn entities_have_identity(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 1).await?;
    let session = db.session();
    let user = session.get_one::<User>(1).await?;
    let text = "SELECT u.* FROM users u JOIN orders o ON o.user_id = u.id ORDER BY u.id";
    let (users, sent) = statements!(session, sql(text).entities::<User>(&session).await?);
    assert_eq!((users.len(), users[0], sent), (2, user, 1));
    assert_eq!(users[1].orders().await?.len(), 1);
    users[1].set(User::credit, 1);
    session.commit().await?;
    assert_eq!(User::query().filter(User::credit.eq(1)).count(&*db).await?, 1);
    Ok(())
}

async fn values_are_bound_and_never_text(db: TestDb) -> Result<()> {
    let hostile = "'; DROP TABLE users; -- ?";
    let insert = sql("INSERT INTO users (email, name, credit) VALUES (?, ?, ?) -- what?");
    assert_eq!(db.execute(insert.bind(hostile).bind(None::<String>).bind(3)).await?, 1);
    let found = sql("SELECT email, '?' FROM users WHERE email = ? /* ? */").bind(hostile.to_owned());
    let found: Vec<(String, String)> = found.all(&*db).await?;
    assert_eq!(found, [(hostile.to_owned(), "?".to_owned())]);
    Ok(())
}

async fn raw_sql_flushes_only_for_rows_of_the_changed_model(db: TestDb) -> Result<()> {
    let session = db.session();
    let user = session.add(User::builder().email("a"));
    assert_eq!(sql("SELECT COUNT(*) FROM users").one::<i64>(&session).await?, 0);
    assert_eq!(session.execute(sql("UPDATE users SET credit = 1")).await?, 0);
    assert!(sql("SELECT * FROM products").entities::<Product>(&session).await?.is_empty());
    assert_eq!(session.state(user), EntityState::Pending);
    assert_eq!(sql("SELECT * FROM users").entities::<User>(&session).await?, [user]);
    session.rollback().await
}

async fn a_raw_write_is_part_of_the_transaction(db: TestDb) -> Result<()> {
    shop_with(&db, 1, 0).await?;
    let session = db.session();
    let user = session.get_one::<User>(1).await?;
    assert_eq!(session.execute(sql("UPDATE users SET credit = ?").bind(99)).await?, 1);
    assert_eq!(user.credit, 10, "memory is not told");
    session.refresh(user).await?;
    assert_eq!(user.credit, 99);
    session.rollback().await?;
    assert_eq!(user.credit, 10);
    let tried: Result<()> = session
        .savepoint(async || {
            session.execute(sql("DELETE FROM users")).await?;
            Err(orm::Error::other("undo"))
        })
        .await;
    assert!(tried.is_err());
    session.commit().await?;
    assert_eq!(User::query().count(&*db).await?, 1);
    Ok(())
}

async fn a_row_deleted_behind_the_sessions_back_is_noticed(db: TestDb) -> Result<()> {
    shop_with(&db, 0, 0).await?;
    let session = db.session();
    let products = Product::query().order_by(Product::id).all(&session).await?;
    session.execute(sql("DELETE FROM products WHERE id = ?").bind(1_i64)).await?;
    products[0].set(Product::name, "q");
    let (error, sent) = statements!(session, session.flush().await.expect_err("it is gone"));
    assert!(error.is_stale() && sent <= 2, "{error}, {sent} statements");
    session.rollback().await?;
    assert_eq!(Product::query().count(&*db).await?, 2, "the raw delete is undone as well");
    session.execute(sql("DELETE FROM products WHERE id = ?").bind(products[1].id)).await?;
    session.delete(products[1]);
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!(sent, 1, "a warning, no error");
    let (found, sent) = statements!(session, session.get::<Product>(products[1].id).await?);
    assert_eq!((found, sent), (None, 1));
    assert!(session.refresh(products[1]).await.expect_err("it was deleted").is_deleted());
    Ok(())
}

async fn mistakes_are_told_in_words(db: TestDb) -> Result<()> {
    let session = db.session();
    let error = session.execute(sql("DELETE FROM users WHERE id = ?")).await.expect_err("nothing is bound");
    assert!(error.to_string().contains("1 placeholders and 0 values"), "{error}");
    assert_eq!(session.statement_count(), 0);
    let error = sql("SELECT email FROM nowhere").all::<String>(&*db).await.expect_err("there is no such table");
    assert!(error.to_string().contains("refused the statement"), "{error}");
    Ok(())
}
