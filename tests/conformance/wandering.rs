//! Unique values, and keys, that go from row to row within one flush.
use crate::{
    models::{Author, Desk, blog},
    models_seats::*,
};
use orm::{Error, Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    seats:
    a_value_wanders_along_a_chain,
    a_long_chain_takes_two_statements,
    two_rows_swap_a_value,
    two_rows_swap_a_value_that_may_be_null,
    three_rows_rotate_a_value,
    rows_swap_a_composite_value,
    rows_swap_numbers_bytes_and_uuids,
    natural_keys_are_swapped,
    a_value_without_substitute_is_refused_before_any_statement,
    required_partners_are_not_swapped_before_any_statement,
    a_partner_is_replaced_by_a_key,
    a_deleted_row_gives_its_value_to_one_that_takes_its_children,
    a_value_is_given_to_a_row_that_the_giver_then_names,
    a_link_that_is_deleted_as_a_row_is_made_again,
    values_that_differ_in_case_wander_too,
    a_versioned_row_swaps_its_value,
}

mod partners {
    use super::*;

    on_every_database! { blog: partners_that_may_be_alone_are_swapped }

    async fn partners_that_may_be_alone_are_swapped(db: TestDb) -> Result<()> {
        let session = db.session();
        let authors = session.add_all(["A", "B"].map(|name| Author::builder().name(name)));
        let desks = [0, 1].map(|i| session.add(Desk::builder().place(format!("d{i}")).author(authors[i])));
        session.commit().await?;
        desks[0].set(Desk::author_id, Some(authors[1].id));
        desks[1].set(Desk::author_id, Some(authors[0].id));
        let (_, sent) = statements!(session, session.commit().await?);
        assert_eq!(sent, 2, "both are set to null, then both are written");
        let owners = Desk::query().order_by(Desk::id.asc()).select(Desk::author_id).all(&*db).await?;
        assert_eq!(owners, [Some(authors[1].id), Some(authors[0].id)]);
        assert_eq!(authors[0].desk().await?, Some(desks[1]));
        Ok(())
    }
}

async fn with_codes<'s>(session: &'s Session, codes: &[&str]) -> Result<Vec<Entity<'s, Seat>>> {
    let seats = session.add_all(codes.iter().map(|code| Seat::builder().code(*code).label(format!("l-{code}"))));
    session.commit().await?;
    Ok(seats)
}

async fn codes(db: &Db) -> Result<Vec<String>> {
    Seat::query().order_by(Seat::id.asc()).select(Seat::code).all(db).await
}

async fn a_value_wanders_along_a_chain(db: TestDb) -> Result<()> {
    let session = db.session();
    let seats = with_codes(&session, &["a", "b", "c"]).await?;
    for (seat, code) in seats.iter().zip(["b", "c", "new"]) {
        seat.set(Seat::code, code);
    }
    session.add(Seat::builder().code("a"));
    let plan = session.plan()?.to_string();
    insta::allow_duplicates! {
        insta::assert_snapshot!(plan, @r"
        update seats ×1 (code) [3]
        update seats ×1 (code) [2]
        update seats ×1 (code) [1]
        insert seats ×1
        ");
    }
    session.commit().await?;
    assert_eq!(codes(&db).await?, ["b", "c", "new", "a"]);
    Ok(())
}

async fn a_long_chain_takes_two_statements(db: TestDb) -> Result<()> {
    let session = db.session();
    let names: Vec<String> = (0..100).map(|i| format!("c{i:03}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let seats = with_codes(&session, &names).await?;
    for (seat, code) in seats.iter().zip(names.iter().skip(1).chain(&["last"])) {
        seat.set(Seat::code, *code);
    }
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!(sent, 2);
    assert_eq!(codes(&db).await?[98..], ["c099", "last"]);
    Ok(())
}

async fn two_rows_swap_a_value(db: TestDb) -> Result<()> {
    let session = db.session();
    let seats = with_codes(&session, &["a", "b"]).await?;
    seats[0].set(Seat::code, "b");
    seats[1].set(Seat::code, "a");
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!((sent, codes(&db).await?), (2, vec!["b".to_owned(), "a".to_owned()]));
    assert_eq!(seats[0].code, "b");
    Ok(())
}

async fn two_rows_swap_a_value_that_may_be_null(db: TestDb) -> Result<()> {
    let session = db.session();
    let seats = with_codes(&session, &["a", "b"]).await?;
    seats[0].set(Seat::label, "l-b".to_owned());
    seats[1].set(Seat::label, "l-a".to_owned());
    seats[1].set(Seat::rank, 7);
    session.commit().await?;
    let stored = Seat::query().order_by(Seat::id.asc()).select((Seat::label, Seat::rank)).all(&*db).await?;
    assert_eq!(stored, [(Some("l-b".to_owned()), 0), (Some("l-a".to_owned()), 7)]);
    Ok(())
}

async fn three_rows_rotate_a_value(db: TestDb) -> Result<()> {
    let session = db.session();
    let seats = with_codes(&session, &["a", "b", "c"]).await?;
    for (seat, code) in seats.iter().zip(["b", "c", "a"]) {
        seat.set(Seat::code, code);
    }
    session.flush().await?;
    assert!(!session.has_changes());
    session.rollback().await?;
    assert_eq!((seats[0].code.as_str(), codes(&db).await?.join("")), ("a", "abc".to_owned()));
    for (seat, code) in seats.iter().zip(["c", "a", "b"]) {
        seat.set(Seat::code, code);
    }
    session.commit().await?;
    assert_eq!(codes(&db).await?.join(""), "cab");
    Ok(())
}

fn lamp(number: i32) -> Lamp {
    let token = Uuid::from_u128(number as u128);
    Lamp { id: 0, lit: number == 1, number, token, bytes: vec![number as u8], small: number as i16 }
}

async fn rows_swap_a_composite_value(db: TestDb) -> Result<()> {
    let session = db.session();
    let lamps = session.add_all([lamp(1), lamp(2)]);
    session.commit().await?;
    let tokens = [lamps[0].token, lamps[1].token];
    for (lamp, (number, token)) in lamps.iter().zip([(2, tokens[1]), (1, tokens[0])]) {
        lamp.update(|lamp| (lamp.number, lamp.token) = (number, token));
    }
    session.commit().await?;
    let stored = Lamp::query().order_by(Lamp::id.asc()).select((Lamp::number, Lamp::token)).all(&*db).await?;
    assert_eq!(stored, [(2, tokens[1]), (1, tokens[0])]);
    Ok(())
}

async fn rows_swap_numbers_bytes_and_uuids(db: TestDb) -> Result<()> {
    let session = db.session();
    let lamps = session.add_all([lamp(1), lamp(2)]);
    session.commit().await?;
    lamps[0].update(|lamp| (lamp.bytes, lamp.small) = (vec![2], 2));
    lamps[1].update(|lamp| (lamp.bytes, lamp.small) = (vec![1], 1));
    session.commit().await?;
    let stored = Lamp::query().order_by(Lamp::id.asc()).select((Lamp::bytes, Lamp::small)).all(&*db).await?;
    assert_eq!(stored, [(vec![2], 2), (vec![1], 1)]);
    Ok(())
}

fn zone(code: &str) -> Zone {
    let (first_id, first) = (None, BelongsTo::default());
    Zone { code: code.into(), name: format!("zone {code}"), mark: format!("m-{code}"), first_id, first }
}

async fn natural_keys_are_swapped(db: TestDb) -> Result<()> {
    let session = db.session();
    let zones = session.add_all([zone("a"), zone("b")]);
    session.commit().await?;
    zones[0].set(Zone::code, "b");
    zones[1].set(Zone::code, "a");
    session.flush().await?;
    let by_key = [session.get_one::<Zone>("a").await?, session.get_one::<Zone>("b").await?];
    assert_eq!(by_key, [zones[1], zones[0]]);
    session.rollback().await?;
    assert_eq!(session.get_one::<Zone>("a").await?, zones[0]);
    zones[0].set(Zone::code, "b");
    zones[1].set(Zone::code, "a");
    session.commit().await?;
    let stored = Zone::query().order_by(Zone::code.asc()).select((Zone::code, Zone::name)).all(&*db).await?;
    assert_eq!(stored, [("a".to_owned(), "zone b".to_owned()), ("b".to_owned(), "zone a".to_owned())]);
    Ok(())
}

async fn a_value_without_substitute_is_refused_before_any_statement(db: TestDb) -> Result<()> {
    let session = db.session();
    let lamps = session.add_all([lamp(1), lamp(2)]);
    session.commit().await?;
    lamps[0].set(Lamp::lit, false);
    lamps[1].set(Lamp::lit, true);
    refused(&session, ["Lamp#1", "Lamp#2", "lamps.lit"]).await?;
    session.rollback().await?;
    assert!(lamps[0].lit);
    Ok(())
}

async fn refused(session: &Session, said: [&str; 3]) -> Result<Error> {
    let (error, sent) = statements!(session, session.flush().await.expect_err("nothing can stand there meanwhile"));
    assert!(error.is_unique_violation() && sent == 0, "{error}");
    assert!(said.iter().all(|word| error.to_string().contains(word)), "{error}");
    assert!(error.table().is_some() && error.columns().len() == 1 && error.entity() == Some(said[0]));
    Ok(error)
}

async fn required_partners_are_not_swapped_before_any_statement(db: TestDb) -> Result<()> {
    let session = db.session();
    let owners = session.add_all(["a", "b"].map(|name| Owner::builder().name(name)));
    let badges = session.add_all([0, 1].map(|i| Badge::builder().owner(owners[i])));
    session.commit().await?;
    badges[0].set(Badge::owner_id, owners[1].id);
    badges[1].set(Badge::owner_id, owners[0].id);
    refused(&session, ["Badge#1", "Badge#2", "badges.owner_id"]).await?;
    session.rollback().await?;
    session.commit().await
}

async fn a_partner_is_replaced_by_a_key(db: TestDb) -> Result<()> {
    let session = db.session();
    let owners = session.add_all(["a", "b", "c"].map(|name| Owner::builder().name(name)));
    let badges = session.add_all([0, 1].map(|i| Badge::builder().owner(owners[i])));
    session.commit().await?;
    badges[0].set(Badge::owner_id, owners[1].id);
    badges[1].set(Badge::owner_id, owners[2].id);
    session.add(Badge::builder().owner_id(owners[0].id));
    session.commit().await?;
    let stored = Badge::query().order_by(Badge::id.asc()).select(Badge::owner_id).all(&*db).await?;
    assert_eq!(stored, [owners[1].id, owners[2].id, owners[0].id]);
    Ok(())
}

async fn a_deleted_row_gives_its_value_to_one_that_takes_its_children(db: TestDb) -> Result<()> {
    let session = db.session();
    let old = session.add(Owner::builder().name("a"));
    let badge = session.add(Badge::builder().owner(old));
    session.commit().await?;
    let new = session.add(Owner::builder().name("a"));
    badge.owner().set(new)?;
    session.delete(old);
    let plan = session.plan()?.to_string();
    insta::allow_duplicates! {
        insta::assert_snapshot!(plan, @r"
        unlink Owner::tools ×1
        update owners ×1 (name) meanwhile [1]
        insert owners ×1
        update badges ×1 (owner_id) [1] { owner_id: owners#1.id }
        delete owners ×1 [1]
        ");
    }
    session.commit().await?;
    assert_eq!(Badge::query().one(&*db).await?.owner_id, new.id);
    assert_eq!(Owner::query().count(&*db).await?, 1);
    Ok(())
}

async fn a_value_is_given_to_a_row_that_the_giver_then_names(db: TestDb) -> Result<()> {
    let session = db.session();
    let first = session.add(zone("a"));
    session.commit().await?;
    let other = session.add(zone("b"));
    let entry = session.add(Entry::builder().zone(other));
    other.set(Zone::mark, "m-a");
    first.set(Zone::mark, "m-b");
    first.first().set(entry)?;
    session.commit().await?;
    let stored = Zone::query().order_by(Zone::code.asc()).select((Zone::mark, Zone::first_id)).all(&*db).await?;
    assert_eq!(stored, [("m-b".to_owned(), Some(entry.id)), ("m-a".to_owned(), None)]);
    assert!(!session.has_changes());
    Ok(())
}

async fn a_link_that_is_deleted_as_a_row_is_made_again(db: TestDb) -> Result<()> {
    let session = db.session();
    let tool = session.add(Tool::builder());
    let owner = session.add(Owner::builder().name("a").tools([tool]));
    session.commit().await?;
    let session = db.session();
    let (owner, tool) = (session.get_one::<Owner>(owner.id).await?, session.get_one::<Tool>(tool.id).await?);
    session.delete(session.get_one::<Owned>((owner.id, tool.id)).await?);
    owner.tools().push(tool)?;
    session.commit().await?;
    assert_eq!(Owned::query().count(&*db).await?, 1);
    Ok(())
}

async fn values_that_differ_in_case_wander_too(db: TestDb) -> Result<()> {
    let session = db.session();
    let seats = with_codes(&session, &["a", "b"]).await?;
    seats[0].set(Seat::code, "B");
    seats[1].set(Seat::code, "c");
    session.commit().await?;
    assert_eq!(codes(&db).await?, ["B", "c"]);
    Ok(())
}

async fn a_versioned_row_swaps_its_value(db: TestDb) -> Result<()> {
    let session = db.session();
    let rows = session.add_all(["a", "b"].map(|code| Versioned::builder().code(code)));
    session.commit().await?;
    rows[0].set(Versioned::code, "b");
    rows[1].set(Versioned::code, "a");
    session.commit().await?;
    let stored = Versioned::query().order_by(Versioned::id.asc()).select((Versioned::code, Versioned::version));
    assert_eq!(stored.all(&*db).await?, [("b".to_owned(), 2), ("a".to_owned(), 2)]);
    Ok(())
}
