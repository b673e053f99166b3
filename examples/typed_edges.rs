//! Typed edges: two kinds of relation between people, in one table with a discriminator, both directions.
//!
//! `through(Edge::source, Edge::target, where(kind = "MANAGES"))` is a many-to-many that sees, writes and deletes only edges
//! of its kind. Swapping the two sides of the link is the other direction.
use orm::prelude::*;

#[derive(Model, Clone, Debug)]
#[orm(table = "people")]
struct Person {
    #[orm(primary_key)]
    id: i64,
    #[orm(unique, max_length = 100)]
    name: String,
    #[orm(through(Edge::source, Edge::target, where(kind = "MANAGES")), back_populates = managers, order_by = Person::name)]
    manages: ManyToMany<Person>,
    #[orm(through(Edge::target, Edge::source, where(kind = "MANAGES")), back_populates = manages)]
    managers: ManyToMany<Person>,
    #[orm(through(Edge::source, Edge::target, where(kind = "MENTORS")), back_populates = mentors)]
    mentees: ManyToMany<Person>,
    #[orm(through(Edge::target, Edge::source, where(kind = "MENTORS")), back_populates = mentees)]
    mentors: ManyToMany<Person>,
}

#[derive(Model, Clone, Debug)]
#[orm(unique(source_id, target_id, kind))]
struct Edge {
    #[orm(primary_key)]
    id: i64,
    #[orm(max_length = 20)]
    kind: String,
    source_id: i64,
    target_id: i64,
    source: BelongsTo<Person>,
    target: BelongsTo<Person>,
}

#[tokio::main]
async fn main() -> Result<(), orm::Error> {
    let db = Db::connect("sqlite::memory:").await?;
    orm::schema![Person, Edge].create_all(&db).await?;

    let session = db.session();
    let [ada, grace, linus, margaret] =
        ["Ada", "Grace", "Linus", "Margaret"].map(|name| session.add(Person::builder().name(name)));
    ada.manages().push(grace)?;
    ada.manages().push(linus)?;
    margaret.mentees().push(linus)?;
    grace.mentees().push(linus)?;
    // The same two people, another kind of edge, and at once the other direction.
    ada.mentees().push(grace)?;
    assert_eq!(grace.managers().loaded()?.first(), Some(ada));
    session.commit().await?;
    println!("4 people and 5 edges of two kinds in {} statements", session.statement_count());
    assert_eq!((session.statement_count(), Edge::query().count(&db).await?), (3, 5));

    // By key, with nothing loaded: what is there already stays as it is.
    let editing = db.session();
    let boss = editing.get_one::<Person>(ada.id).await?;
    boss.manages().attach([margaret.id, grace.id])?;
    boss.manages().detach([linus.id])?;
    editing.commit().await?;
    println!("attached 2 and detached 1 by key in {} statements", editing.statement_count());

    // Both kinds in both directions, one query each.
    let reading = db.session();
    let everybody = Person::query()
        .order_by(Person::name)
        .with((Person::manages, Person::managers, Person::mentees, Person::mentors))
        .all(&reading)
        .await?;
    for person in &everybody {
        println!("{}:", person.name);
        print("manages", person.manages().loaded()?);
        print("is managed by", person.managers().loaded()?);
        print("mentors", person.mentees().loaded()?);
        print("is mentored by", person.mentors().loaded()?);
    }
    println!("read in {} statements", reading.statement_count());
    assert_eq!(reading.statement_count(), 5);
    assert_eq!(names(everybody[0].manages().loaded()?), ["Grace", "Margaret"]);

    // Find by relation: an EXISTS over edges of that kind.
    let mentored_by_grace = Person::query().filter(Person::mentors.any(Person::name.eq("Grace")));
    let alone = Person::query().filter(Person::managers.exists().not().and(Person::mentors.exists().not()));
    let found = mentored_by_grace.one(&db).await?;
    println!("mentored by Grace: {}; with neither manager nor mentor: {:?}", found.name, alone.count(&db).await?);
    assert_eq!(found.name, "Linus");

    // The edges themselves are rows like others.
    let kinds = Edge::query().select((Edge::kind, orm::count())).group_by(Edge::kind).order_by(Edge::kind);
    let kinds: Vec<(String, i64)> = kinds.all(&db).await?;
    println!("edges: {kinds:?}");
    assert_eq!(kinds, [("MANAGES".to_string(), 2), ("MENTORS".to_string(), 3)]);
    Ok(())
}

fn names(people: orm::Collection<'_, Person>) -> Vec<String> {
    people.iter().map(|person| person.name.clone()).collect()
}

fn print(verb: &str, people: orm::Collection<'_, Person>) {
    if !people.is_empty() {
        println!("  {verb} {}", names(people).join(", "));
    }
}
