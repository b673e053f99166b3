//! Functions, arithmetic, lists and orders: the same on every database, or a difference that the documentation tells.
use crate::models::{Reading, reading, readings};
use chrono::{NaiveDate, NaiveTime};
use orm::{Expression, Result, prelude::*};
use orm_test_support::{Database, TestDb, on_every_database};

on_every_database! {
    readings:
    parts_of_dates_and_times_are_numbers,
    numbers_are_rounded_up_and_down,
    ranks_and_last_values_are_computed_over_windows,
    decimals_are_calculated_exactly,
    integers_are_divided_towards_zero,
    a_division_by_zero_is_null_or_an_error,
    texts_beyond_ascii_are_counted_by_characters,
    patterns_are_escaped,
    case_is_ignored_where_that_is_asked,
    values_are_cast,
    no_values_find_nothing,
    many_values_are_one_list,
    nulls_are_neither_in_a_list_nor_not_in_it,
    between_includes_both_ends,
    booleans_compare,
    nulls_go_where_it_is_said,
    distinct_rows_have_an_order,
    groups_are_filtered,
    a_filter_by_several_rows_is_refused_in_words,
}

async fn add(db: &Db, readings: impl IntoIterator<Item = Reading>) -> Result<()> {
    let session = db.session();
    session.add_all(readings);
    session.commit().await
}

/// One reading, of which an expression tells something.
async fn of<T: ColumnType + Send + 'static>(db: &Db, expression: Expression<Reading, T>) -> Result<T> {
    Reading::query().order_by(Reading::id).limit(1).select(expression).one(db).await
}

async fn parts_of_dates_and_times_are_numbers(db: TestDb) -> Result<()> {
    add(&db, [reading()]).await?;
    let day = (Reading::day.year(), Reading::day.month(), Reading::day.day());
    assert_eq!(Reading::query().select(day).one(&*db).await?, (2024, 2, 29));
    let time = (Reading::time.hour(), Reading::time.minute());
    assert_eq!(Reading::query().select(time).one(&*db).await?, (23, 59));
    let moment = (Reading::moment.year(), Reading::moment.day(), Reading::moment.hour(), Reading::moment.minute());
    assert_eq!(Reading::query().select(moment).one(&*db).await?, (2024, 29, 23, 59));
    let instant = (Reading::instant.month(), Reading::instant.day(), Reading::instant.hour());
    assert_eq!(Reading::query().select(instant).one(&*db).await?, (2, 29, 23), "in UTC");
    let early = Reading { day: NaiveDate::from_ymd_opt(999, 1, 2).expect("a date"), time: NaiveTime::MIN, ..reading() };
    add(&db, [early]).await?;
    let by_year =
        Reading::query().filter(Reading::day.year().lt(2000)).select((Reading::day.year(), Reading::time.hour()));
    assert_eq!(by_year.one(&*db).await?, (999, 0));
    Ok(())
}

async fn numbers_are_rounded_up_and_down(db: TestDb) -> Result<()> {
    add(&db, [Reading { exact: dec!(-2.25), float: 2.25, whole: 7, maybe: Some(-7), ..reading() }]).await?;
    assert_eq!(of(&db, Reading::exact.ceil()).await?, dec!(-2));
    assert_eq!(of(&db, Reading::exact.floor()).await?, dec!(-3));
    assert_eq!(of(&db, Reading::float.ceil()).await?, 3.0);
    assert_eq!(of(&db, Reading::float.floor()).await?, 2.0);
    assert_eq!(of(&db, Reading::whole.ceil()).await?, 7);
    assert_eq!(of(&db, Reading::whole.round(2) + Reading::whole.floor()).await?, 14);
    assert_eq!(of(&db, (Reading::float * 1e15_f64).floor()).await?, 2.25e15);
    assert_eq!(of(&db, Reading::maybe.abs()).await?, Some(7));
    assert_eq!(of(&db, Reading::float.round(1)).await?.abs().round(), 2.0);
    assert_eq!(of(&db, Reading::exact.round(0)).await?, dec!(-2));
    Ok(())
}

async fn ranks_and_last_values_are_computed_over_windows(db: TestDb) -> Result<()> {
    add(&db, [5, 5, 3, 9].map(|whole| Reading { whole, ..reading() })).await?;
    let by_whole = || orm::window().order_by(Reading::whole);
    let columns = (Reading::whole, orm::dense_rank().over(by_whole()), orm::rank().over(by_whole()));
    let rows = Reading::query().order_by(Reading::whole).select(columns).all(&*db).await?;
    assert_eq!(rows, [(3, 1, 1), (5, 2, 2), (5, 2, 2), (9, 3, 4)]);
    let all = orm::window().order_by((Reading::whole, Reading::id)).rows(None, None);
    let last = orm::last_value(Reading::whole).over(all);
    let here = orm::last_value(Reading::whole).over(orm::window().order_by((Reading::whole, Reading::id)));
    let rows = Reading::query().order_by((Reading::whole, Reading::id)).select((last, here)).all(&*db).await?;
    assert_eq!(rows, [(9, 3), (9, 5), (9, 5), (9, 9)]);
    Ok(())
}

async fn decimals_are_calculated_exactly(db: TestDb) -> Result<()> {
    add(&db, [Reading { exact: dec!(0.1), ..reading() }, Reading { exact: dec!(0.2), ..reading() }]).await?;
    assert_eq!(of(&db, Reading::exact + dec!(1.15)).await?, dec!(1.25));
    assert_eq!(of(&db, Reading::exact * 3_i64).await?, dec!(0.3));
    assert_eq!(of(&db, Reading::exact - dec!(0.1)).await?, dec!(0));
    assert_eq!(of(&db, Reading::exact / dec!(4)).await?.round_dp(4), dec!(0.025));
    assert_eq!(of(&db, -Reading::exact).await?, dec!(-0.1));
    let sum = Reading::query().select(Reading::exact.sum()).one(&*db).await?;
    assert_eq!(sum.map(|sum| sum.round_dp(10)), Some(dec!(0.3)));
    let equal = Reading::query().filter((Reading::exact * 10).eq(dec!(1))).count(&*db).await?;
    assert_eq!(equal, 1);
    Ok(())
}

async fn integers_are_divided_towards_zero(db: TestDb) -> Result<()> {
    add(&db, [Reading { whole: -7, maybe: Some(7), ..reading() }]).await?;
    assert_eq!(of(&db, Reading::whole / 2_i64).await?, -3);
    assert_eq!(of(&db, Reading::maybe / -2_i64).await?, Some(-3));
    assert_eq!(of(&db, Reading::whole % 3_i64).await?, -1);
    assert_eq!(of(&db, Reading::maybe % -3_i64).await?, Some(1));
    assert_eq!(of(&db, Reading::whole.cast::<f64>() / 2_i64).await?, -3.5);
    Ok(())
}

async fn a_division_by_zero_is_null_or_an_error(db: TestDb) -> Result<()> {
    add(&db, [Reading { whole: 7, maybe: Some(7), ..reading() }]).await?;
    let null = of(&db, Reading::maybe / 0_i64).await;
    let remainder = of(&db, Reading::maybe % 0_i64).await;
    match db.is(Database::Postgres) {
        true => assert!(null.and(remainder).expect_err("PostgreSQL refuses").to_string().contains("division by zero")),
        false => assert_eq!((null?, remainder?), (None, None)),
    }
    assert_eq!(of(&db, Reading::whole / Reading::maybe.null_if(7)).await?, None, "the same everywhere");
    Ok(())
}

async fn texts_beyond_ascii_are_counted_by_characters(db: TestDb) -> Result<()> {
    add(&db, [Reading { text: " Äpfel 🍎 für Łódź ".into(), ..reading() }]).await?;
    assert_eq!(of(&db, Reading::text.length()).await?, 18);
    assert_eq!(of(&db, Reading::text.trim().length()).await?, 16);
    assert_eq!(of(&db, Reading::text.substring(2, 7)).await?, "Äpfel 🍎");
    assert_eq!(of(&db, Reading::text.replace("🍎", "é")).await?, " Äpfel é für Łódź ");
    assert_eq!(of(&db, Reading::text.concat("ß")).await?, " Äpfel 🍎 für Łódź ß");
    let lower = of(&db, Reading::text.lower()).await?;
    match db.is(Database::Sqlite) {
        true => assert_eq!(lower, " Äpfel 🍎 für Łódź ", "ASCII letters only"),
        false => assert_eq!(lower, " äpfel 🍎 für łódź "),
    }
    let found = Reading::query().filter(Reading::text.contains("🍎 für")).count(&*db).await?;
    assert_eq!(found, 1);
    Ok(())
}

async fn patterns_are_escaped(db: TestDb) -> Result<()> {
    let texts = ["100%", "100 percent", "a_b", "axb", r"c:\dir", "c:dir", "it's", "[x]"];
    add(&db, texts.map(|text| Reading { text: text.into(), ..reading() })).await?;
    let found = async |predicate: Predicate<Reading>| {
        Reading::query().filter(predicate).order_by(Reading::id).select(Reading::text).all(&*db).await
    };
    assert_eq!(found(Reading::text.ends_with("%")).await?, ["100%"]);
    assert_eq!(found(Reading::text.contains("_")).await?, ["a_b"]);
    assert_eq!(found(Reading::text.starts_with(r"c:\")).await?, [r"c:\dir"]);
    assert_eq!(found(Reading::text.contains("'")).await?, ["it's"]);
    assert_eq!(found(Reading::text.contains("[x]")).await?, ["[x]"]);
    assert_eq!(found(Reading::text.like("a_b")).await?, ["a_b", "axb"]);
    assert_eq!(found(Reading::text.like(r"a\_b")).await?, ["a_b"]);
    assert_eq!(found(Reading::text.like(r"100\%")).await?, ["100%"]);
    assert_eq!(found(Reading::text.ilike(r"C:\\DIR")).await?, [r"c:\dir"]);
    assert_eq!(found(Reading::text.ilike(r"A\_B")).await?, ["a_b"]);
    Ok(())
}

async fn case_is_ignored_where_that_is_asked(db: TestDb) -> Result<()> {
    add(&db, ["Apple", "apple", "Äpfel"].map(|text| Reading { text: text.into(), ..reading() })).await?;
    let count = async |predicate: Predicate<Reading>| Reading::query().filter(predicate).count(&*db).await;
    assert_eq!(count(Reading::text.ilike("APP%")).await?, 2);
    assert_eq!(count(Reading::text.lower().eq("apple")).await?, 2);
    let beyond = count(Reading::text.ilike("äPF%")).await?;
    assert_eq!(beyond, if db.is(Database::Sqlite) { 0 } else { 1 }, "SQLite knows the case of ASCII letters only");
    Ok(())
}

async fn values_are_cast(db: TestDb) -> Result<()> {
    add(&db, [Reading { whole: 42, text: "17".into(), exact: dec!(2.5), flag: true, ..reading() }]).await?;
    assert_eq!(of(&db, Reading::whole.cast::<String>()).await?, "42");
    assert_eq!(of(&db, Reading::text.cast::<i64>()).await?, 17);
    assert_eq!(of(&db, Reading::whole.cast::<f64>()).await?, 42.0);
    assert_eq!(of(&db, Reading::exact.cast::<f64>()).await?, 2.5);
    assert_eq!(of(&db, Reading::whole.cast::<Decimal>()).await?, dec!(42));
    assert_eq!(of(&db, Reading::maybe.cast::<String>()).await?, None);
    assert_eq!(of(&db, Reading::moment.cast::<NaiveDate>()).await?, reading().day);
    Ok(())
}

async fn no_values_find_nothing(db: TestDb) -> Result<()> {
    add(&db, [reading(), Reading { maybe: Some(1), ..reading() }]).await?;
    let none: [i64; 0] = [];
    assert_eq!(Reading::query().filter(Reading::whole.is_in(none)).count(&*db).await?, 0);
    assert_eq!(Reading::query().filter(Reading::maybe.is_in(none)).count(&*db).await?, 0);
    assert_eq!(Reading::query().filter(Reading::maybe.not_in(none)).count(&*db).await?, 2);
    Ok(())
}

async fn many_values_are_one_list(db: TestDb) -> Result<()> {
    add(&db, (0..5).map(|number| Reading { whole: number * 10_000, ..reading() })).await?;
    for size in [10_000, 30_000] {
        let many: Vec<i64> = (0..size).collect();
        let found = Reading::query().filter(Reading::whole.is_in(many.clone())).count(&*db).await?;
        assert_eq!(found as i64, (size / 10_000).min(5), "of {size} values");
        let others = Reading::query().filter(Reading::whole.not_in(many)).count(&*db).await?;
        assert_eq!(others, 5 - found, "not of {size} values");
    }
    let most: Vec<i64> = (0..70_000).collect();
    let found = Reading::query().filter(Reading::whole.is_in(most)).count(&*db).await;
    match db.is(Database::Postgres) {
        true => assert_eq!(found?, 5, "an array has no limit"),
        false => assert!(found.expect_err("too many").to_string().contains("ask in pieces")),
    }
    let texts: Vec<String> = (0..10_000).map(|number| number.to_string()).collect();
    assert_eq!(Reading::query().filter(Reading::text.is_in(texts)).count(&*db).await?, 0);
    Ok(())
}

async fn nulls_are_neither_in_a_list_nor_not_in_it(db: TestDb) -> Result<()> {
    add(&db, [None, Some(1), Some(2)].map(|maybe| Reading { maybe, ..reading() })).await?;
    let found = async |predicate: Predicate<Reading>| {
        Reading::query().filter(predicate).order_by(Reading::id).select(Reading::maybe).all(&*db).await
    };
    assert_eq!(found(Reading::maybe.is_in([1, 3])).await?, [Some(1)]);
    assert_eq!(found(Reading::maybe.not_in([1])).await?, [Some(2)]);
    assert_eq!(found(Reading::maybe.is_in([None, Some(1)])).await?, [None, Some(1)]);
    assert_eq!(found(Reading::maybe.not_in([None, Some(1)])).await?, [Some(2)]);
    assert_eq!(found(Reading::maybe.not_in([None::<i64>])).await?, [Some(1), Some(2)]);
    assert_eq!(found(Reading::maybe.ne(1)).await?, [Some(2)]);
    assert_eq!(found(Reading::maybe.eq(None)).await?, [None]);
    let whole = Reading::query().select(Reading::whole);
    assert_eq!(found(Reading::maybe.not_in(whole)).await?, [Some(1), Some(2)]);
    Ok(())
}

async fn between_includes_both_ends(db: TestDb) -> Result<()> {
    add(&db, (1..=5).map(|whole| Reading { whole, maybe: (whole != 3).then_some(whole), ..reading() })).await?;
    let count = async |predicate: Predicate<Reading>| Reading::query().filter(predicate).count(&*db).await;
    assert_eq!(count(Reading::whole.between(2, 4)).await?, 3);
    assert_eq!(count(Reading::whole.between(4, 2)).await?, 0);
    assert_eq!(count(Reading::maybe.between(2, 4)).await?, 2, "a null is not between");
    assert_eq!(count(Reading::maybe.between(2, 4).not()).await?, 2, "nor not between");
    assert_eq!(count(Reading::whole.between(Reading::maybe, 9)).await?, 4);
    Ok(())
}

async fn booleans_compare(db: TestDb) -> Result<()> {
    add(&db, [true, false, true].map(|flag| Reading { flag, ..reading() })).await?;
    let count = async |predicate: Predicate<Reading>| Reading::query().filter(predicate).count(&*db).await;
    assert_eq!(count(Reading::flag.eq(true)).await?, 2);
    assert_eq!(count(Reading::flag.ne(true)).await?, 1);
    assert_eq!(count(Reading::flag.is_in([true, false])).await?, 3);
    assert_eq!(count(Reading::flag.eq(true).not()).await?, 1);
    let flags = Reading::query().order_by((Reading::flag.desc(), Reading::id)).select(Reading::flag).all(&*db).await?;
    assert_eq!(flags, [true, true, false]);
    let numbers =
        Reading::query().select((Reading::flag, orm::count())).group_by(Reading::flag).order_by(Reading::flag);
    assert_eq!(numbers.all(&*db).await?, [(false, 1), (true, 2)]);
    Ok(())
}

async fn nulls_go_where_it_is_said(db: TestDb) -> Result<()> {
    add(&db, [Some(2), None, Some(1)].map(|maybe| Reading { maybe, ..reading() })).await?;
    let ordered =
        async |order: orm::OrderBy<Reading>| Reading::query().order_by(order).select(Reading::maybe).all(&*db).await;
    assert_eq!(ordered(Reading::maybe.asc().nulls_first()).await?, [None, Some(1), Some(2)]);
    assert_eq!(ordered(Reading::maybe.asc().nulls_last()).await?, [Some(1), Some(2), None]);
    assert_eq!(ordered(Reading::maybe.desc().nulls_first()).await?, [None, Some(2), Some(1)]);
    assert_eq!(ordered(Reading::maybe.desc().nulls_last()).await?, [Some(2), Some(1), None]);
    assert_eq!(ordered((Reading::maybe + 1).desc().nulls_last()).await?, [Some(2), Some(1), None]);
    let by_default = ordered(Reading::maybe.asc()).await?;
    assert_eq!(by_default[0].is_none(), !db.is(Database::Postgres), "without that it is the database's");
    Ok(())
}

async fn distinct_rows_have_an_order(db: TestDb) -> Result<()> {
    add(&db, [3, 1, 3, 2, 1].map(|whole| Reading { whole, ..reading() })).await?;
    let numbers = Reading::query().select(Reading::whole).distinct().order_by(Reading::whole.desc());
    assert_eq!(numbers.clone().all(&*db).await?, [3, 2, 1]);
    assert_eq!(numbers.clone().limit(2).offset(1).all(&*db).await?, [2, 1]);
    assert_eq!(numbers.count(&*db).await?, 3);
    Ok(())
}

async fn groups_are_filtered(db: TestDb) -> Result<()> {
    let rows = [("a", 1), ("a", 2), ("b", 5), ("c", 1), ("c", 1)];
    add(&db, rows.map(|(text, whole)| Reading { text: text.into(), whole, ..reading() })).await?;
    let groups = Reading::query()
        .filter(Reading::whole.lt(9))
        .select((Reading::text, orm::count(), Reading::whole.sum(), Reading::whole.count_distinct()))
        .group_by(Reading::text)
        .having(orm::count().ge(2).and(Reading::whole.sum().lt(3)).or(Reading::whole.max().eq(5)))
        .order_by(Reading::text.desc());
    assert_eq!(groups.clone().all(&*db).await?, [("c".into(), 2, Some(2), 1), ("b".into(), 1, Some(5), 1)]);
    assert_eq!(groups.count(&*db).await?, 2);
    let by_length = Reading::query().select((Reading::text.length(), orm::count())).group_by(Reading::text.length());
    assert_eq!(by_length.all(&*db).await?, [(1, 5)]);
    Ok(())
}

async fn a_filter_by_several_rows_is_refused_in_words(db: TestDb) -> Result<()> {
    let windowed = orm::row_number().over(orm::window().order_by(Reading::id)).gt(1);
    for condition in [Reading::whole.sum().gt(3), Reading::id.eq(1).and(orm::count().ge(2)), windowed] {
        let query = Reading::query().filter(condition);
        let refused = [
            query.clone().all(&*db).await.map(|_| ()),
            query.clone().select((Reading::text, orm::count())).group_by(Reading::text).all(&*db).await.map(|_| ()),
            query.clone().count(&*db).await.map(|_| ()),
            query.set(Reading::flag, true).update(&*db).await.map(|_| ()),
        ];
        for error in refused {
            let error = error.expect_err("rows are filtered one by one").to_string();
            assert!(error.contains("`having`") && error.contains("`rows()`"), "{error}");
        }
    }
    Ok(())
}
