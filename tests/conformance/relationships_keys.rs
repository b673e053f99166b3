//! Keys behind relationships: set by hand, shared by several relationships, the primary key itself, more than one to a model.
use crate::models::{Author, Currency, Post, Price, blog, keys};
use orm::{Result, prelude::*, schema::Schema};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    tenants:
    keys_that_share_a_column_are_filled_by_any_of_their_parents,
    clearing_a_parent_keeps_the_column_that_another_key_shares,
    a_shared_column_takes_the_other_parents_along,
    a_new_parent_is_kept_while_its_key_shares_a_column,
    a_partner_whose_key_is_its_primary_key_is_written_and_found,
    a_partner_whose_key_is_its_primary_key_moves,
    a_partner_cannot_lose_its_primary_key,
    a_partner_that_cannot_be_alone_is_not_displaced,
    a_key_is_handed_down_over_several_levels_at_once,
    two_relationships_to_one_model_are_apart,
    a_bare_key_beside_a_relationship_is_a_column_of_its_own,
}

fn tenants() -> Schema {
    orm::schema![Tenant, Member, Project, Task, Settings, Badge, Ticket]
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Tenant {
    #[orm(primary_key)]
    id: i64,
    #[orm(back_populates = tenant)]
    tasks: HasMany<Task>,
    #[orm(back_populates = tenant)]
    settings: HasOne<Settings>,
    #[orm(back_populates = tenant, cascade(all, delete_orphan))]
    badge: HasOne<Badge>,
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Member {
    #[orm(primary_key)]
    tenant_id: i64,
    #[orm(primary_key)]
    number: i32,
    tenant: BelongsTo<Tenant>,
    #[orm(back_populates = member)]
    tasks: HasMany<Task>,
    #[orm(back_populates = author)]
    written: HasMany<Ticket>,
    #[orm(back_populates = assignee)]
    assigned: HasMany<Ticket>,
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Project {
    #[orm(primary_key)]
    tenant_id: i64,
    #[orm(primary_key)]
    number: i32,
    tenant: BelongsTo<Tenant>,
    #[orm(back_populates = project)]
    tasks: HasMany<Task>,
}

/// Three keys share the column of the tenant.
#[derive(Model, Clone, Debug, PartialEq)]
struct Task {
    #[orm(primary_key)]
    id: i64,
    tenant_id: i64,
    member_number: Option<i32>,
    project_number: i32,
    #[orm(back_populates = tasks)]
    tenant: BelongsTo<Tenant>,
    #[orm(foreign_key = (tenant_id, member_number), back_populates = tasks)]
    member: BelongsTo<Option<Member>>,
    #[orm(foreign_key = (tenant_id, project_number), back_populates = tasks)]
    project: BelongsTo<Project>,
}

/// Its key is its primary key, and it may not be alone.
#[derive(Model, Clone, Debug, PartialEq)]
struct Settings {
    #[orm(primary_key)]
    tenant_id: i64,
    #[orm(back_populates = settings)]
    tenant: BelongsTo<Tenant>,
}

/// Its key is its primary key, and it goes with its tenant.
#[derive(Model, Clone, Debug, PartialEq)]
struct Badge {
    #[orm(primary_key)]
    tenant_id: i64,
    text: String,
    #[orm(back_populates = badge)]
    tenant: BelongsTo<Tenant>,
}

/// Two relationships and a bare key to one model.
#[derive(Model, Clone, Debug, PartialEq)]
struct Ticket {
    #[orm(primary_key)]
    id: i64,
    tenant_id: i64,
    author_number: i32,
    assignee_number: Option<i32>,
    #[orm(references = Tenant::id)]
    billed_to: Option<i64>,
    #[orm(foreign_key = (tenant_id, author_number), back_populates = written)]
    author: BelongsTo<Member>,
    #[orm(foreign_key = (tenant_id, assignee_number), back_populates = assigned)]
    assignee: BelongsTo<Option<Member>>,
}

mod by_hand {
    use super::*;

    on_every_database! {
        blog:
        reading_a_relationship_does_not_overwrite_a_key_set_by_hand,
        what_is_loaded_is_what_the_key_says_now,
        an_added_child_finds_its_parent_by_its_key,
    }

    async fn two_authors(db: &TestDb) -> Result<()> {
        let session = db.session();
        session.add(Author::builder().name("A1").posts([Post::builder().title("p1")]));
        session.add(Author::builder().name("A2"));
        session.commit().await
    }

    async fn reading_a_relationship_does_not_overwrite_a_key_set_by_hand(db: TestDb) -> Result<()> {
        two_authors(&db).await?;
        let session = db.session();
        let post = Post::query().with(Post::author.joined()).one(&session).await?;
        let first = post.author().await?;
        post.set(Post::author_id, 2);
        session.flush().await?;
        assert_eq!((first.map(|author| author.id), post.author().await?.map(|author| author.id)), (Some(1), Some(2)));
        session.commit().await?;
        assert_eq!(Post::query().one(&*db).await?.author_id, Some(2));
        Ok(())
    }

    async fn what_is_loaded_is_what_the_key_says_now(db: TestDb) -> Result<()> {
        two_authors(&db).await?;
        let session = db.session();
        let post = session.get_one::<Post>(1).await?;
        post.set(Post::author_id, 2);
        let (author, sent) = statements!(session, session.no_autoflush(async || post.author().await).await?);
        assert_eq!((author.map(|author| author.id), sent, session.is_modified(post)), (Some(2), 1, true));
        post.set(Post::author_id, 7);
        assert!(session.no_autoflush(async || post.author().await).await?.is_none(), "there is no such author");
        session.rollback().await?;
        assert_eq!(post.author().await?.map(|author| author.id), Some(1));
        Ok(())
    }

    async fn an_added_child_finds_its_parent_by_its_key(db: TestDb) -> Result<()> {
        two_authors(&db).await?;
        let session = db.session();
        let known = session.get_one::<Author>(1).await?;
        known.posts().await?;
        let by_key = session.add(Post::builder().title("p2").author_id(1));
        assert_eq!(statements!(session, by_key.author().loaded()?), (Some(known), 0));
        let unknown = session.add(Post::builder().title("p3").author_id(2));
        assert!(!unknown.author().is_loaded());
        let author = session.no_autoflush(async || unknown.author().await).await?;
        assert_eq!(author.map(|author| author.value().name.as_str()), Some("A2"));
        let keyless = session.add(Post::builder().title("p4"));
        assert_eq!(statements!(session, (keyless.author().await?, keyless.tags().await?.len())), ((None, 0), 0));
        Ok(())
    }
}

mod by_unique_column {
    use super::*;

    on_every_database! { keys: a_child_moves_between_parents_that_it_names_by_a_unique_column }

    async fn a_child_moves_between_parents_that_it_names_by_a_unique_column(db: TestDb) -> Result<()> {
        let writing = db.session();
        writing.add(Currency::builder().code("EUR").prices([Price::builder().amount(1)]));
        writing.add(Currency::builder().code("USD"));
        writing.commit().await?;
        let session = db.session();
        let price = Price::query().one(&session).await?;
        let euro = price.currency().await?.expect("it has one");
        let dollar = Currency::query().filter(Currency::code.eq("USD")).one(&session).await?;
        assert_eq!(euro.prices().await?.len(), 1);
        price.currency().set(dollar)?;
        assert_eq!((euro.prices().loaded()?.len(), price.currency_code.as_deref()), (0, Some("USD")));
        session.commit().await?;
        assert_eq!(dollar.prices().await?.iter().collect::<Vec<_>>(), [price]);
        assert_eq!(Price::query().one(&*db).await?.currency_code.as_deref(), Some("USD"));
        Ok(())
    }
}

/// Two tenants, each with the members 1 and 2 and the project 1.
async fn two_tenants(db: &TestDb) -> Result<()> {
    let session = db.session();
    for _ in 0..2 {
        let tenant = session.add(Tenant::builder());
        session.add_all([1, 2].map(|number| Member::builder().tenant(tenant).number(number)));
        session.add(Project::builder().tenant(tenant).number(1));
    }
    session.commit().await
}

async fn keys_that_share_a_column_are_filled_by_any_of_their_parents(db: TestDb) -> Result<()> {
    two_tenants(&db).await?;
    let session = db.session();
    let member = session.get_one::<Member>((2, 1)).await?;
    let project = session.get_one::<Project>((2, 1)).await?;
    let task = session.add(Task::builder().member(member).project(project));
    let tenant = session.get_one::<Tenant>(1).await?;
    let member = session.add(Member::builder().tenant(tenant).number(5));
    let project = session.add(Project::builder().tenant(tenant).number(6));
    let of_new = session.add(Task::builder().member(member).project(project));
    session.commit().await?;
    assert_eq!((task.tenant_id, task.member_number, task.project_number), (2, Some(1), 1));
    assert_eq!((of_new.tenant_id, of_new.member_number, of_new.project_number), (1, Some(5), 6));
    assert_eq!(task.tenant().await?.id, 2);
    assert_eq!(of_new.tenant().await?, tenant);
    Ok(())
}

async fn clearing_a_parent_keeps_the_column_that_another_key_shares(db: TestDb) -> Result<()> {
    two_tenants(&db).await?;
    let session = db.session();
    let member = session.get_one::<Member>((1, 2)).await?;
    let project = session.get_one::<Project>((1, 1)).await?;
    let task = session.add(Task::builder().member(member).project(project));
    session.commit().await?;
    assert!(member.tasks().await?.contains(task) && project.tasks().await?.contains(task));
    task.member().clear()?;
    assert_eq!((task.tenant_id, task.member_number), (1, None));
    assert!(member.tasks().loaded()?.is_empty() && project.tasks().loaded()?.contains(task));
    session.commit().await?;
    let stored = Task::query().one(&*db).await?;
    assert_eq!((stored.tenant_id, stored.member_number, stored.project_number), (1, None, 1));
    Ok(())
}

async fn a_shared_column_takes_the_other_parents_along(db: TestDb) -> Result<()> {
    two_tenants(&db).await?;
    let session = db.session();
    let members = [session.get_one::<Member>((1, 1)).await?, session.get_one::<Member>((2, 1)).await?];
    let projects = [session.get_one::<Project>((1, 1)).await?, session.get_one::<Project>((2, 1)).await?];
    let task = session.add(Task::builder().member(members[0]).project(projects[0]));
    session.commit().await?;
    for member in members {
        member.tasks().await?;
    }
    task.project().set(projects[1])?;
    assert_eq!((task.tenant_id, task.member().loaded()?), (2, Some(members[1])));
    assert_eq!(members.map(|member| member.tasks().loaded().map_or(9, |tasks| tasks.len())), [0, 1]);
    session.rollback().await?;
    assert_eq!(members.map(|member| member.tasks().loaded().map_or(9, |tasks| tasks.len())), [1, 0]);
    task.set(Task::tenant_id, 2);
    assert_eq!((task.member().loaded()?, task.project().loaded()?), (Some(members[1]), projects[1]));
    session.commit().await?;
    assert_eq!(Task::query().one(&*db).await?.tenant_id, 2);
    Ok(())
}

async fn a_new_parent_is_kept_while_its_key_shares_a_column(db: TestDb) -> Result<()> {
    two_tenants(&db).await?;
    let session = db.session();
    let tenant = session.get_one::<Tenant>(1).await?;
    let project = session.get_one::<Project>((1, 1)).await?;
    let member = session.add(Member::builder().tenant(tenant).number(7));
    let task = session.add(Task::builder().member(member).project_number(1));
    task.tenant().set(tenant)?;
    task.project().set(project)?;
    assert_eq!(task.member().loaded()?, Some(member));
    session.commit().await?;
    let stored = Task::query().one(&*db).await?;
    assert_eq!((stored.tenant_id, stored.member_number, stored.project_number), (1, Some(7), 1));
    Ok(())
}

async fn a_partner_whose_key_is_its_primary_key_is_written_and_found(db: TestDb) -> Result<()> {
    let session = db.session();
    let tenant = session.add(Tenant::builder().badge(Badge::builder().text("a")));
    session.commit().await?;
    let badge = tenant.badge().loaded()?.expect("it was given");
    assert_eq!((badge.tenant_id, session.statement_count()), (tenant.id, 2));
    let reading = db.session();
    let tenant = Tenant::query().with(Tenant::badge).one(&reading).await?;
    assert_eq!(tenant.badge().loaded()?.map(|badge| badge.value().text.as_str()), Some("a"));
    reading.delete(tenant);
    reading.commit().await?;
    assert_eq!(Badge::query().count(&*db).await? + Tenant::query().count(&*db).await?, 0);
    Ok(())
}

async fn a_partner_whose_key_is_its_primary_key_moves(db: TestDb) -> Result<()> {
    let session = db.session();
    let first = session.add(Tenant::builder().badge(Badge::builder().text("a")));
    let second = session.add(Tenant::builder());
    session.commit().await?;
    let badge = first.badge().loaded()?.expect("it was given");
    second.badge().set(badge)?;
    assert_eq!((first.badge().loaded()?, badge.tenant_id), (None, second.id));
    session.commit().await?;
    assert_eq!(Badge::query().one(&*db).await?.tenant_id, second.id);
    assert_eq!(session.get::<Badge>(second.id).await?, Some(badge));
    assert!(session.get::<Badge>(first.id).await?.is_none());
    Ok(())
}

async fn a_partner_cannot_lose_its_primary_key(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(Tenant::builder().settings(Settings::builder()));
    writing.commit().await?;
    let session = db.session();
    let tenant = Tenant::query().with((Tenant::settings, Tenant::badge, Tenant::tasks)).one(&session).await?;
    session.delete(tenant);
    let before = session.statement_count();
    let error = session.commit().await.expect_err("its settings would be without it");
    assert!(error.is_foreign_key_violation() && error.to_string().contains("Settings#1"), "{error}");
    assert_eq!(session.statement_count(), before, "nothing was sent");
    session.rollback().await?;
    session.delete(tenant.settings().await?.expect("it is there"));
    session.delete(tenant);
    session.commit().await?;
    assert_eq!(Tenant::query().count(&*db).await?, 0);
    Ok(())
}

async fn a_partner_that_cannot_be_alone_is_not_displaced(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(Tenant::builder().settings(Settings::builder()));
    writing.commit().await?;
    let session = db.session();
    let tenant = session.get_one::<Tenant>(1).await?;
    tenant.settings().await?;
    let error = tenant.settings().set(Settings::builder()).expect_err("the other would be alone");
    for part in ["Tenant#1 cannot take Settings (new)", "Settings#1 is there already", "delete_orphan"] {
        assert!(error.to_string().contains(part), "{error}");
    }
    session.rollback().await?;
    let session = db.session();
    let tenant = session.get_one::<Tenant>(1).await?;
    tenant.settings().set(Settings::builder())?;
    let error = session.commit().await.expect_err("the other is found by the flush");
    assert!(error.to_string().contains("Settings#1 is there already"), "{error}");
    assert_eq!(Settings::query().count(&*db).await?, 1);
    Ok(())
}

async fn a_key_is_handed_down_over_several_levels_at_once(db: TestDb) -> Result<()> {
    let session = db.session();
    let tenant = session.add(Tenant::builder());
    let (member, project) = (Member::builder().tenant(tenant).number(3), Project::builder().tenant(tenant).number(4));
    let task = session.add(Task::builder().member(member).project(project));
    session.commit().await?;
    assert_eq!((task.tenant_id, task.member_number, task.project_number), (tenant.id, Some(3), 4));
    Ok(())
}

async fn two_relationships_to_one_model_are_apart(db: TestDb) -> Result<()> {
    two_tenants(&db).await?;
    let session = db.session();
    let (ann, bob) = (session.get_one::<Member>((1, 1)).await?, session.get_one::<Member>((1, 2)).await?);
    let ticket = session.add(Ticket::builder().author(ann).assignee(bob));
    let other = ann.written().push(Ticket::builder())?;
    session.commit().await?;
    bob.assigned().push(other)?;
    ticket.assignee().clear()?;
    session.commit().await?;
    let reading = db.session();
    let (ann, bob) = (reading.get_one::<Member>((1, 1)).await?, reading.get_one::<Member>((1, 2)).await?);
    let ids = |tickets: orm::Collection<'_, Ticket>| {
        let mut ids: Vec<i64> = tickets.iter().map(|ticket| ticket.id).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!((ids(ann.written().await?), ids(ann.assigned().await?)), (vec![ticket.id, other.id], vec![]));
    assert_eq!((ids(bob.written().await?), ids(bob.assigned().await?)), (vec![], vec![other.id]));
    Ok(())
}

async fn a_bare_key_beside_a_relationship_is_a_column_of_its_own(db: TestDb) -> Result<()> {
    two_tenants(&db).await?;
    let session = db.session();
    let ann = session.get_one::<Member>((1, 1)).await?;
    let ticket = session.add(Ticket::builder().author(ann).billed_to(2));
    session.commit().await?;
    ticket.set(Ticket::billed_to, 9);
    assert!(session.commit().await.expect_err("there is no such tenant").is_foreign_key_violation());
    session.rollback().await?;
    assert_eq!((ticket.billed_to, ticket.author().await?), (Some(2), ann));
    Ok(())
}
