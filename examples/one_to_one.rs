//! One to one: a person and a passport.
//!
//! The side with the key has a `BelongsTo` and a unique key; the other side has a `HasOne`. That the key is unique is
//! checked when the program is compiled, and by the database.
use orm::prelude::*;

#[derive(Model, Clone, Debug)]
struct Person {
    #[orm(primary_key)]
    id: i64,
    name: String,
    #[orm(back_populates = person, cascade(all, delete_orphan))]
    passport: HasOne<Passport>,
}

#[derive(Model, Clone, Debug)]
struct Passport {
    #[orm(primary_key)]
    id: i64,
    number: String,
    #[orm(unique)]
    person_id: i64,
    #[orm(back_populates = passport)]
    person: BelongsTo<Person>,
}

#[tokio::main]
async fn main() -> Result<(), orm::Error> {
    let db = Db::connect("sqlite::memory:").await?;
    orm::schema![Person, Passport].create_all(&db).await?;

    let session = db.session();
    let ada = session.add(Person::builder().name("Ada").passport(Passport::builder().number("A-1")));
    let grace = session.add(Person::builder().name("Grace"));
    session.commit().await?;

    // A `HasOne` is an `Option`, a `BelongsTo` over a key that is never null is not.
    let Some(first) = ada.passport().await? else { return Err(orm::Error::other("Ada has a passport")) };
    println!("{} has {}, which belongs to {}", ada.name, first.number, first.person().await?.name);
    assert!(grace.passport().await?.is_none());

    // A new passport takes the place of the old one, which is deleted (`delete_orphan`): the DELETE comes before the
    // INSERT, because the key is unique.
    let before = session.statement_count();
    ada.passport().set(Passport::builder().number("A-2"))?;
    println!("\nplan of the replacement:\n{}", session.plan()?);
    session.commit().await?;
    println!("replaced in {} statements", session.statement_count() - before);
    assert_eq!(Passport::query().count(&db).await?, 1);

    // Passed on to somebody else: both persons and the passport agree at once.
    let Some(second) = ada.passport().loaded()? else { return Err(orm::Error::other("Ada has a new passport")) };
    second.person().set(grace)?;
    assert_eq!((ada.passport().loaded()?, grace.passport().loaded()?), (None, Some(second)));
    session.commit().await?;
    println!("{} has {} now", grace.name, second.number);

    // A second passport by key: nobody is displaced, the database objects.
    session.add(Passport::builder().number("G-1").person_id(grace.id));
    match session.commit().await {
        Err(error) if error.is_unique_violation() => println!("\nrefused: {error}"),
        other => return Err(orm::Error::other(format!("a unique violation was expected: {other:?}"))),
    }
    session.rollback().await?;

    // A person is deleted with the passport; loaded to-one in the same query by default.
    let cleaning = db.session();
    let grace = Person::query().with(Person::passport).filter(Person::name.eq("Grace")).one(&cleaning).await?;
    assert!(grace.passport().is_loaded());
    assert_eq!(cleaning.statement_count(), 1);
    cleaning.delete(grace);
    cleaning.commit().await?;
    println!("passports left: {}", Passport::query().count(&db).await?);
    assert_eq!(Passport::query().count(&db).await?, 0);
    Ok(())
}
