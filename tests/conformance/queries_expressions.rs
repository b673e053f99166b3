//! What is computed by the database: arithmetic, functions, cases, numbers over related rows, inner queries, windows.
use crate::{
    fixtures::{found, four, shop_with},
    models::*,
};
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database};

on_every_database! {
    shop:
    numbers_are_calculated_with,
    a_division_of_integers_cuts_off_the_fraction,
    texts_go_through_functions,
    nulls_are_replaced_and_made,
    values_depend_on_conditions,
    values_are_turned_into_another_type,
    any_function_of_the_database_is_called,
    related_rows_are_counted_and_added_up,
    inner_queries_see_the_outer_row,
    windows_number_and_add_up_rows,
    a_row_is_found_by_its_number,
}

async fn numbers_are_calculated_with(db: TestDb) -> Result<()> {
    four(&db).await?;
    let doubled = User::query().order_by(User::credit).select((User::credit + 1) * 2 - User::credit).all(&*db).await?;
    assert_eq!(doubled, [12, 22, 32, 42]);
    assert_eq!(found(&db, (User::credit % 20).eq(0)).await?, ["b", "d"]);
    assert_eq!(User::query().select(-User::credit).order_by(User::credit).first(&*db).await?, Some(-10));
    let sum: Option<i64> = User::query().select((User::credit * 2).sum()).one(&*db).await?;
    assert_eq!(sum, Some(200));
    Ok(())
}

async fn a_division_of_integers_cuts_off_the_fraction(db: TestDb) -> Result<()> {
    four(&db).await?;
    let query = User::query().filter(User::credit.eq(10));
    let (whole, exact) = query.select((User::credit / 4, User::credit.cast::<f64>() / 4)).one(&*db).await?;
    assert_eq!((whole, exact), (2, 2.5));
    Ok(())
}

async fn texts_go_through_functions(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(User::builder().email(" Ann Bée "));
    session.commit().await?;
    let trimmed = || User::email.trim();
    let row = User::query()
        .select((
            trimmed().upper().substring(1, 3),
            trimmed().length(),
            trimmed().concat("!"),
            trimmed().replace("n", "m"),
        ))
        .one(&*db)
        .await?;
    assert_eq!(row, ("ANN".to_owned(), 7, "Ann Bée!".to_owned(), "Amm Bée".to_owned()));
    assert_eq!(User::query().filter(User::email.lower().contains("ann")).count(&*db).await?, 1);
    Ok(())
}

async fn nulls_are_replaced_and_made(db: TestDb) -> Result<()> {
    four(&db).await?;
    let names = User::query().order_by(User::email).select(User::name.coalesce("nobody")).all(&*db).await?;
    assert_eq!(names, ["Ann", "Bob", "nobody", "nobody"]);
    let numbers = User::query().order_by(User::email).select(User::credit.null_if(20)).all(&*db).await?;
    assert_eq!(numbers, [Some(10), None, Some(30), Some(40)]);
    Ok(())
}

async fn values_depend_on_conditions(db: TestDb) -> Result<()> {
    four(&db).await?;
    let size = || orm::case().when(User::credit.lt(15), "low").when(User::credit.lt(35), "middle").otherwise("high");
    let sizes =
        User::query().select((size(), orm::count())).group_by(size()).order_by(orm::count().desc()).first(&*db).await?;
    assert_eq!(sizes, Some(("middle".to_owned(), 2)));
    let low = orm::case().when(User::credit.lt(15), User::credit).end();
    assert_eq!(User::query().select((low.clone().count(), low.sum())).one(&*db).await?, (1, Some(10)));
    Ok(())
}

async fn values_are_turned_into_another_type(db: TestDb) -> Result<()> {
    four(&db).await?;
    let user = User::query().filter(User::credit.eq(30));
    let row = user.select((User::credit.cast::<String>(), User::credit.cast::<f64>())).one(&*db).await?;
    assert_eq!(row, ("30".to_owned(), 30.0));
    let rounded = (User::credit.cast::<f64>() / 7).round(1);
    let rounded: f64 = User::query().filter(User::credit.eq(20)).select(rounded).one(&*db).await?;
    assert_eq!(rounded, 2.9);
    Ok(())
}

async fn any_function_of_the_database_is_called(db: TestDb) -> Result<()> {
    four(&db).await?;
    let shown = orm::function::<String, _>("replace", (User::email, "a", "x"));
    assert_eq!(User::query().select(shown).order_by(User::email).first(&*db).await?.as_deref(), Some("x"));
    let wrong = orm::function::<i64, _>("count(*) from users; --", ());
    let error = User::query().select(wrong).all(&*db).await.expect_err("no name");
    assert!(error.to_string().contains("is no name of a function"), "{error}");
    Ok(())
}

async fn related_rows_are_counted_and_added_up(db: TestDb) -> Result<()> {
    shop_with(&db, 2, 2).await?;
    let session = db.session();
    session.add(User::builder().email("x"));
    session.commit().await?;
    let rows = User::query().order_by(User::email).select((
        User::email,
        User::orders.count(),
        User::orders.max(Order::status),
    ));
    let rows = rows.all(&*db).await?;
    assert_eq!(rows[0], ("u0".to_owned(), 2, Some("pending".to_owned())));
    assert_eq!(rows[2], ("x".to_owned(), 0, None));
    assert_eq!(found(&db, User::orders.count().eq(0)).await?, ["x"]);
    assert_eq!(found(&db, User::orders.matching(Order::items.exists()).count().ge(2)).await?, ["u0", "u1"]);
    assert_eq!(found(&db, User::roles.count().gt(0)).await?, Vec::<String>::new());
    let quantity = || Order::items.sum(OrderItem::quantity);
    let orders = Order::query().order_by(quantity().desc()).select(quantity()).all(&*db).await?;
    assert!(orders.iter().all(|sum| sum.is_some_and(|sum| sum > 0)), "{orders:?}");
    Ok(())
}

async fn inner_queries_see_the_outer_row(db: TestDb) -> Result<()> {
    four(&db).await?;
    let richer = orm::exists(|user| User::query().filter(User::credit.gt(user.column(User::credit))));
    assert_eq!(found(&db, richer.not()).await?, ["d"]);
    let greatest = orm::scalar(|_| User::query().select(User::credit.max()));
    assert_eq!(found(&db, User::credit.eq(greatest)).await?, ["d"]);
    Ok(())
}

async fn windows_number_and_add_up_rows(db: TestDb) -> Result<()> {
    four(&db).await?;
    let by_credit = || orm::window().order_by(User::credit);
    let rows = User::query()
        .order_by(User::credit)
        .select((
            orm::row_number().over(by_credit()),
            User::credit.sum().over(by_credit()),
            orm::lag(User::credit, 1).over(by_credit()),
            orm::lead(User::credit, 1).over(by_credit()),
            orm::first_value(User::email).over(by_credit()),
        ))
        .all(&*db)
        .await?;
    assert_eq!(rows[1].0, 2);
    assert_eq!(rows.iter().map(|row| row.1).collect::<Vec<_>>(), [Some(10), Some(30), Some(60), Some(100)]);
    assert_eq!((rows[0].2, rows[1].2, rows[3].3), (None, Some(10), None));
    assert_eq!(rows[3].4, "a");
    Ok(())
}

async fn a_row_is_found_by_its_number(db: TestDb) -> Result<()> {
    shop_with(&db, 3, 2).await?;
    let latest = orm::row_number().over(orm::window().partition_by(Order::user_id).order_by(Order::id.desc()));
    let numbered = Order::query().select((Order::id, latest)).rows();
    let (id, number) = numbered.columns();
    let last = Order::query().filter(Order::id.is_in(numbered.filter(number.eq(1)).select(id)));
    assert_eq!(last.count(&*db).await?, 3);
    Ok(())
}
