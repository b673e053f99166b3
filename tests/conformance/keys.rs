//! Keys of every kind: composite, natural, client-made, references to unique columns, self-references, cycles.
use crate::models::*;
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    keys:
    natural_keys_are_given_and_found,
    a_child_given_by_natural_key_is_written_after_its_parent,
    composite_keys_are_handed_down_and_found,
    client_made_keys_are_kept,
    a_reference_to_a_unique_column_is_found_in_memory,
    the_index_of_a_unique_column_follows_its_changes,
    a_unique_value_read_again_is_found_under_its_new_value,
}

mod references {
    use super::*;

    on_every_database! {
        graph:
        a_tree_is_one_insert_per_level,
        a_tree_is_deleted_children_first,
        a_row_can_be_its_own_parent,
        links_between_rows_of_one_table_have_two_directions,
        two_tables_in_a_cycle_are_inserted_and_deleted,
        many_cycles_are_inserted_together,
    }

    async fn a_tree_is_one_insert_per_level(db: TestDb) -> Result<()> {
        let session = db.session();
        let node = |name: &str| Category::builder().name(name);
        session
            .add(node("r").children([node("a").children([node("a1"), node("a2")]), node("b").children([node("b1")])]));
        session.commit().await?;
        assert_eq!(session.statement_count(), 3);
        let rows = Category::query().order_by(Category::id.asc()).select((Category::name, Category::parent_id));
        let rows = rows.all(&*db).await?;
        let rows: Vec<(&str, Option<i64>)> = rows.iter().map(|(name, parent)| (name.as_str(), *parent)).collect();
        let expected = [("r", None), ("a", Some(1)), ("b", Some(1)), ("a1", Some(2)), ("a2", Some(2)), ("b1", Some(3))];
        assert_eq!(rows, expected);
        Ok(())
    }

    async fn a_tree_is_deleted_children_first(db: TestDb) -> Result<()> {
        let session = db.session();
        let root = session.add(Category::builder().name("r").children([Category::builder().name("a")]));
        session.commit().await?;
        let child = root.children().loaded()?.first().expect("it was given");
        session.delete(root);
        session.delete(child);
        session.commit().await?;
        assert_eq!(Category::query().count(&*db).await?, 0);
        Ok(())
    }

    async fn a_row_can_be_its_own_parent(db: TestDb) -> Result<()> {
        let session = db.session();
        let node = session.add(Category::builder().name("r"));
        node.parent().set(node)?;
        session.commit().await?;
        assert_eq!(node.parent_id, Some(node.id));
        assert_eq!(node.children().loaded()?.iter().collect::<Vec<_>>(), [node]);
        session.delete(node);
        session.commit().await?;
        assert_eq!(Category::query().count(&*db).await?, 0);
        Ok(())
    }

    async fn links_between_rows_of_one_table_have_two_directions(db: TestDb) -> Result<()> {
        let session = db.session();
        let people = session.add_all(["n1", "n2", "n3"].map(|name| Person::builder().name(name)));
        people[0].follows().set([people[1], people[2]]).await?;
        people[2].follows().push(people[0])?;
        session.commit().await?;
        assert_eq!(session.statement_count(), 2);
        assert_eq!(people[0].followers().loaded()?.iter().collect::<Vec<_>>(), [people[2]]);
        let other = db.session();
        other.delete(other.get_one::<Person>(people[0].id).await?);
        other.commit().await?;
        assert_eq!(Person::query().filter(Person::follows.any(Predicate::always())).count(&*db).await?, 0);
        assert_eq!(Person::query().count(&*db).await?, 2);
        Ok(())
    }

    async fn two_tables_in_a_cycle_are_inserted_and_deleted(db: TestDb) -> Result<()> {
        let session = db.session();
        let team = session.add(Team::builder().name("t"));
        let first = team.players().push(Player::builder().name("p1"))?;
        team.players().push(Player::builder().name("p2"))?;
        team.captain().set(first)?;
        let (_, sent) = statements!(session, session.commit().await?);
        assert_eq!((sent, team.captain_id, session.has_changes()), (3, Some(first.id), false));
        assert_eq!(Team::query().one(&*db).await?.captain_id, Some(first.id));
        session.flush().await?;
        session.delete(team);
        let (_, sent) = statements!(session, session.commit().await?);
        assert!(sent <= 4, "one SELECT, since the players were read in an earlier transaction");
        assert_eq!(Player::query().count(&*db).await? + Team::query().count(&*db).await?, 0);
        Ok(())
    }

    async fn many_cycles_are_inserted_together(db: TestDb) -> Result<()> {
        let session = db.session();
        for name in ["t1", "t2", "t3"] {
            let team = session.add(Team::builder().name(name));
            let player = team.players().push(Player::builder().name(name))?;
            team.captain().set(player)?;
        }
        session.commit().await?;
        assert_eq!(session.statement_count(), 3);
        for team in Team::query().with(Team::captain).all(&db.session()).await? {
            assert_eq!(team.captain().loaded()?.expect("it has one").name, team.name);
        }
        Ok(())
    }
}

async fn natural_keys_are_given_and_found(db: TestDb) -> Result<()> {
    let session = db.session();
    let country = session.add(Country::builder().code("DE").name("Germany"));
    let city = country.cities().push(City::builder().name("Bonn"))?;
    session.commit().await?;
    assert_eq!((city.country_code.as_str(), session.statement_count()), ("DE", 2));
    let reading = db.session();
    let country = reading.get_one::<Country>("DE").await?;
    assert_eq!(country.cities().await?.first().map(|city| city.value().name.as_str()), Some("Bonn"));
    Ok(())
}

async fn a_child_given_by_natural_key_is_written_after_its_parent(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(City::builder().name("Bonn").country_code("DE"));
    session.add(Country::builder().code("DE").name("Germany"));
    session.commit().await?;
    assert_eq!(City::query().count(&*db).await?, 1);
    Ok(())
}

async fn composite_keys_are_handed_down_and_found(db: TestDb) -> Result<()> {
    let session = db.session();
    let region = session.add(Region::builder().area("eu").number(1).name("west").sites([Site::builder()]));
    let other = session.add(Region::builder().area("eu").number(2).name("east"));
    session.commit().await?;
    let site = region.sites().loaded()?.first().expect("it was given");
    assert_eq!((site.area.as_deref(), site.number), (Some("eu"), Some(1)));
    assert_eq!(session.get_one::<Region>(("eu", 2)).await?, other);
    other.sites().push(site)?;
    session.commit().await?;
    let reading = db.session();
    let site = Site::query().one(&reading).await?;
    assert_eq!((site.number, site.region().await?.expect("it has one").name.as_str()), (Some(2), "east"));
    site.region().clear()?;
    reading.commit().await?;
    let site = Site::query().one(&*db).await?;
    assert_eq!((site.area, site.number), (None, None));
    Ok(())
}

async fn client_made_keys_are_kept(db: TestDb) -> Result<()> {
    let session = db.session();
    let keys = [Uuid::from_u128(9), Uuid::from_u128(3)];
    session.add_all(keys.map(|key| Token::builder().id(key).text(key.to_string())));
    session.commit().await?;
    assert_eq!(session.statement_count(), 1);
    let reading = db.session();
    for key in keys {
        assert_eq!(reading.get_one::<Token>(key).await?.text, key.to_string());
    }
    Ok(())
}

async fn a_reference_to_a_unique_column_is_found_in_memory(db: TestDb) -> Result<()> {
    let session = db.session();
    let euro = session.add(Currency::builder().code("EUR"));
    let price = euro.prices().push(Price::builder().amount(1))?;
    let by_key = session.add(Price::builder().amount(2).currency_code("EUR"));
    session.commit().await?;
    assert_eq!((price.currency_code.as_deref(), session.statement_count()), (Some("EUR"), 2));
    assert_eq!(by_key.currency().loaded()?, Some(euro));
    assert_eq!(session.statement_count(), 2);
    Ok(())
}

async fn the_index_of_a_unique_column_follows_its_changes(db: TestDb) -> Result<()> {
    let session = db.session();
    let euro = session.add(Currency::builder().code("EUR"));
    let dollar = session.add(Currency::builder().code("USD"));
    session.commit().await?;
    let price = session.add(Price::builder().amount(1).currency_code("EUR"));
    assert_eq!(price.currency().loaded()?, Some(euro));
    session.rollback().await?;
    dollar.set(Currency::code, "CHF");
    session.flush().await?;
    let franc = session.add(Price::builder().amount(2).currency_code("CHF"));
    assert_eq!(franc.currency().loaded()?, Some(dollar));
    session.rollback().await?;
    let again = session.add(Price::builder().amount(3).currency_code("USD"));
    assert_eq!(again.currency().loaded()?, Some(dollar));
    session.delete(euro);
    session.flush().await?;
    let gone = session.add(Price::builder().amount(4).currency_code("EUR"));
    assert!(!gone.currency().is_loaded());
    Ok(())
}

async fn a_unique_value_read_again_is_found_under_its_new_value(db: TestDb) -> Result<()> {
    let session = db.session();
    let euro = session.add(Currency::builder().code("EUR"));
    session.commit().await?;
    let price = session.add(Price::builder().amount(1).currency_code("EUR"));
    assert_eq!(price.currency().loaded()?, Some(euro));
    session.rollback().await?;
    Currency::query().filter(Currency::code.eq("EUR")).set(Currency::code, "XEU").update(&*db).await?;
    assert_eq!(Currency::query().one(&session).await?, euro);
    let price = session.add(Price::builder().amount(1).currency_code("XEU"));
    assert_eq!((euro.code.as_str(), price.currency().loaded()?), ("XEU", Some(euro)));
    Ok(())
}
