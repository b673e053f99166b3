//! Where criteria hold: loads of relationships, and rows by their keys.
use crate::{fixtures::*, models::*};
use orm::{EntityState, Load, Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    every_strategy_loads_what_is_seen,
    lazy_loads_of_peers,
    many_to_many_hides_targets_and_links,
    values_hold_what_is_seen,
    a_nullable_target_that_is_hidden_is_none,
    a_required_target_that_is_hidden_is_an_error_that_names_the_way_around,
    an_owner_is_never_left_out_for_a_hidden_target,
    a_row_is_got_by_its_key_only_if_it_is_seen,
    what_is_in_memory_is_found_by_its_key,
    an_entity_is_refreshed_although_it_is_hidden_now,
    a_collection_is_whole_for_its_session,
    a_load_around_criteria_is_partial,
    a_query_around_criteria_loads_around_them,
    a_load_around_criteria_of_models_without_is_whole,
    what_is_nested_says_it_for_itself,
    a_criterion_of_a_session_holds_for_its_loads,
    relationships_that_attributes_load,
}

async fn loaded(db: &TestDb, option: Load<User, Order>) -> Result<Vec<usize>> {
    let session = db.session();
    let users = User::query().order_by(User::id).with(option).all(&session).await?;
    let ((), sent) = statements!(session, {
        for user in &users {
            user.orders().await?;
        }
    });
    assert_eq!(sent, 0);
    users.iter().map(|user| Ok(user.orders().loaded()?.len())).collect()
}

async fn every_strategy_loads_what_is_seen(db: TestDb) -> Result<()> {
    fill(&db).await?;
    assert_eq!(loaded(&db, User::orders.selectin()).await?, [2, 0]);
    assert_eq!(loaded(&db, User::orders.joined()).await?, [2, 0]);
    assert_eq!(loaded(&db, User::orders.subquery()).await?, [2, 0]);
    assert_eq!(loaded(&db, User::orders.immediate()).await?, [2, 0]);
    let session = db.session();
    let users = User::query().with(User::orders.inner_joined()).all(&session).await?;
    assert_eq!(users.len(), 1, "Bob has no order that is seen");
    let first = User::query().with(User::orders.joined()).order_by(User::id).limit(1).all(&session).await?;
    assert_eq!(first[0].orders().loaded()?.len(), 2);
    Ok(())
}

async fn lazy_loads_of_peers(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let mut numbers = Vec::new();
    for user in User::query().order_by(User::id).all(&session).await? {
        numbers.push(user.orders().await?.len());
    }
    assert_eq!((numbers, session.statement_count()), (vec![2, 0], 3));
    Ok(())
}

async fn many_to_many_hides_targets_and_links(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let red = Team::query().one(&session).await?;
    let emails: Vec<String> = red.users().await?.iter().map(|user| user.email.clone()).collect();
    assert_eq!(emails, ["ann"]);
    for option in [Team::users.selectin(), Team::users.joined(), Team::users.subquery()] {
        let teams = Team::query().with(option).all(&*db).await?;
        assert_eq!(teams[0].users.get()?.len(), 1);
    }
    let all = Team::query().with(Team::users.selectin().without_criteria()).all(&*db).await?;
    assert_eq!(all[0].users.get()?.len(), 3);
    let all = Team::query().with(Team::users.joined().without_criteria()).all(&*db).await?;
    assert_eq!(all[0].users.get()?.len(), 3);
    Ok(())
}

async fn values_hold_what_is_seen(db: TestDb) -> Result<()> {
    fill(&db).await?;
    for option in [User::orders.selectin(), User::orders.joined(), User::orders.subquery()] {
        let users = User::query().order_by(User::id).with(option).all(&*db).await?;
        assert_eq!(ids(users[0].orders.get()?), [1, 2]);
        assert!(users[1].orders.get()?.is_empty() && !users[1].orders.is_partial());
    }
    Ok(())
}

async fn a_nullable_target_that_is_hidden_is_none(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let remark = session.get_one::<Remark>(2).await?;
    assert!(remark.author().await?.is_none());
    assert_eq!(remark.author_id, Some(3), "its key is as it was");
    let session = db.session();
    let joined = Remark::query().with(Remark::author.joined()).filter(Remark::id.eq(2)).one(&session).await?;
    assert!(joined.author().loaded()?.is_none());
    let values = Remark::query().order_by(Remark::id).with(Remark::author).all(&*db).await?;
    assert!(values[0].author.get()?.is_some() && values[1].author.get()?.is_none());
    Ok(())
}

async fn a_required_target_that_is_hidden_is_an_error_that_names_the_way_around(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let order = session.get_one::<Order>(5).await?;
    let error = order.user().await.expect_err("its user is deleted");
    assert!(error.is_not_found());
    let message = error.to_string();
    assert!(message.contains("a criterion hides") && message.contains("without_criteria"), "{message}");
    for option in [Order::user.joined(), Order::user.selectin()] {
        let session = db.session();
        assert!(session.get_one::<Order>(5).await?.user().await.is_err());
        let order = Order::query().filter(Order::id.eq(5)).with(option.without_criteria()).one(&session).await?;
        assert_eq!(order.user().await?.email, "cem", "it is in memory now");
    }
    Ok(())
}

async fn an_owner_is_never_left_out_for_a_hidden_target(db: TestDb) -> Result<()> {
    fill(&db).await?;
    for option in [Order::user.joined(), Order::user.selectin()] {
        let orders = Order::query().order_by(Order::id).with(option).all(&db.session()).await?.len();
        assert_eq!(orders, 3);
    }
    let only = Order::query().with(Order::user.inner_joined()).order_by(Order::id).all(&*db).await?;
    assert_eq!(ids(&only), [1, 2]);
    Ok(())
}

async fn a_row_is_got_by_its_key_only_if_it_is_seen(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    assert!(session.get::<User>(3).await?.is_none());
    let message = session.get_one::<User>(3).await.expect_err("it is hidden").to_string();
    assert!(message.contains("without_criteria"), "{message}");
    let found = session.get_many::<Order, _>([1, 3, 5]).await?;
    assert_eq!(found.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, true]);
    Ok(())
}

async fn what_is_in_memory_is_found_by_its_key(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let cem = everybody().filter(User::id.eq(3)).one(&session).await?;
    assert_eq!(session.get::<User>(3).await?, Some(cem));
    Ok(())
}

async fn an_entity_is_refreshed_although_it_is_hidden_now(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let ann = session.get_one::<User>(1).await?;
    assert_eq!(ann.orders().await?.len(), 2);
    User::query().filter(User::id.eq(1)).delete(&*db).await?;
    session.refresh(ann).await?;
    assert!(ann.deleted_at.is_some());
    assert_eq!(ann.orders().await?.len(), 2, "read again as the session sees it");
    Ok(())
}

async fn a_collection_is_whole_for_its_session(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let ann = session.get_one::<User>(1).await?;
    let orders = ann.orders().await?;
    ann.orders().push(Order::builder().tenant_id(1).total(1))?;
    let first = orders.first().expect("an order");
    ann.orders().remove(first)?;
    session.commit().await?;
    assert_eq!(ann.orders().loaded()?.len(), 2);
    assert_eq!(ids(&every_order().filter(Order::user_id.eq(1)).all(&*db).await?), [1, 2, 3, 6]);
    assert_eq!(Order::query().filter(Order::user_id.eq(1)).count(&*db).await?, 2, "the orphan is softly deleted");
    Ok(())
}

async fn a_load_around_criteria_is_partial(db: TestDb) -> Result<()> {
    fill(&db).await?;
    for option in [User::orders.selectin(), User::orders.joined()] {
        let session = db.session();
        let ann = User::query().filter(User::id.eq(1)).with(option.without_criteria()).one(&session).await?;
        assert_eq!(ann.orders().partial()?.len(), 3);
        assert!(!ann.orders().is_loaded());
        assert_eq!(ann.orders().await?.len(), 2);
        assert_eq!(ann.orders().partial()?.len(), 3);
    }
    Ok(())
}

async fn a_query_around_criteria_loads_around_them(db: TestDb) -> Result<()> {
    fill(&db).await?;
    for option in [User::orders.selectin(), User::orders.joined(), User::orders.subquery(), User::orders.immediate()] {
        let session = db.session();
        let users = everybody().with(option).all(&session).await?;
        let numbers: Vec<usize> = users.iter().map(|user| Ok(user.orders().partial()?.len())).collect::<Result<_>>()?;
        assert_eq!(numbers, [3, 1, 1]);
        assert_eq!(users[0].orders().await?.len(), 2);
    }
    let nested = Team::query().without_criteria().with(Team::users.selectin().with(User::orders)).all(&*db).await?;
    let numbers: Vec<usize> =
        nested[0].users.get()?.iter().map(|user| Ok(user.orders.get()?.len())).collect::<Result<_>>()?;
    assert_eq!(numbers, [3, 1, 1]);
    Ok(())
}

async fn a_load_around_criteria_of_models_without_is_whole(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let ann = everybody().filter(User::id.eq(1)).with((User::tokens, User::orders)).one(&session).await?;
    assert_eq!(ann.tokens().loaded()?.len(), 1);
    assert!(ann.orders().loaded().is_err());
    Ok(())
}

async fn what_is_nested_says_it_for_itself(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let option = Team::users.selectin().without_criteria().with(User::orders);
    let teams = Team::query().with(option).all(&*db).await?;
    let numbers: Vec<usize> =
        teams[0].users.get()?.iter().map(|user| Ok(user.orders.get()?.len())).collect::<Result<_>>()?;
    assert_eq!(numbers, [2, 0, 1]);
    Ok(())
}

async fn a_criterion_of_a_session_holds_for_its_loads(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.with_criteria(Order::tenant_id.eq(2)).session();
    let ann = session.get_one::<User>(1).await?;
    assert_eq!(ann.orders().await?.len(), 1);
    assert!(session.get::<Order>(1).await?.is_none());
    assert_eq!(ann.orders().query().count(&session).await?, 1);
    assert_eq!(Order::query().all(session.values()).await?.len(), 1);
    let added = ann.orders().push(Order::builder().tenant_id(9).total(1))?;
    session.commit().await?;
    assert_eq!(session.state(added), EntityState::Persistent, "a criterion is no check of what is written");
    Ok(())
}

async fn relationships_that_attributes_load(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let memberships = Membership::query().all(&session).await?;
    assert_eq!(memberships.len(), 2);
    let users = session.get_one::<Team>(1).await?.memberships().await?;
    assert_eq!(users.len(), 2, "a membership of a hidden user is seen, since nothing hides it");
    Ok(())
}
