//! What lies behind a relationship: columns of its members, and proxies declared at the struct.
use crate::models::*;
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    people:
    a_column_of_the_members_is_iterated,
    a_column_behind_many_is_a_list,
    entities_behind_a_link_model_take_two_statements,
    proxies_in_a_loop_load_for_all,
    a_proxy_over_what_is_in_memory_sends_nothing,
    a_proxy_that_is_not_loaded_says_so,
    behind_one_there_is_one_or_none,
    a_proxy_sees_what_is_pushed,
    values_of_values_are_read_too,
}

/// Users u0 to u4, each with the roles `a` and `b`, and three keywords of their own; u0 has a team.
async fn users(db: &TestDb) -> Result<()> {
    let session = db.session();
    let country = session.add(Country::builder().code("NL"));
    let roles = ["b", "a"].map(|name| session.add(Role::builder().name(name)));
    for number in 0..5 {
        let words = (0..3).map(|word| Keyword::builder().word(format!("k{number}{word}")));
        let links = words.map(|keyword| UserKeyword::builder().keyword(keyword));
        let user = User::builder().name(format!("u{number}")).country_of_birth(country).roles(roles);
        let user = session.add(user.user_keywords(links));
        if number == 0 {
            user.team().set(Team::builder().name("T").country(country))?;
        }
    }
    session.commit().await
}

fn words(keywords: Vec<Entity<'_, Keyword>>) -> Vec<&str> {
    keywords.into_iter().map(|keyword| keyword.value().word.as_str()).collect()
}

async fn a_column_of_the_members_is_iterated(db: TestDb) -> Result<()> {
    users(&db).await?;
    let session = db.session();
    let user = session.get_one::<User>(1).await?;
    let mut names = user.roles().await?.values(Role::name);
    assert_eq!((names.len(), names.next_back(), names.next()), (2, Some(&"b".to_owned()), Some(&"a".to_owned())));
    let some = User::query().with(User::user_keywords.selectin().filter(UserKeyword::id.le(2)));
    let user = some
        .filter(User::id.eq(2))
        .one(&db.session())
        .await
        .map(|user| user.user_keywords().partial().map(|p| p.len()));
    assert_eq!(user??, 0);
    let fresh = db.session();
    let some = User::query().with(User::user_keywords.selectin().filter(UserKeyword::id.le(2)));
    let user = some.filter(User::id.eq(1)).one(&fresh).await?;
    assert_eq!(user.user_keywords().partial()?.values(UserKeyword::id).copied().collect::<Vec<_>>(), [1, 2]);
    Ok(())
}

async fn a_column_behind_many_is_a_list(db: TestDb) -> Result<()> {
    users(&db).await?;
    let session = db.session();
    let user = session.get_one::<User>(1).await?;
    let (names, sent): (Vec<&String>, _) = statements!(session, user.role_names().await?);
    assert_eq!((names, sent), (vec![&"a".to_owned(), &"b".to_owned()], 1));
    Ok(())
}

async fn entities_behind_a_link_model_take_two_statements(db: TestDb) -> Result<()> {
    users(&db).await?;
    let session = db.session();
    let user = session.get_one::<User>(1).await?;
    let (keywords, sent) = statements!(session, user.keywords().await?);
    assert_eq!((words(keywords), sent), (vec!["k00", "k01", "k02"], 2));
    let owners = user.teammates_of_keywords().loaded()?;
    assert_eq!(owners, [user, user, user], "once for each member, as they come");
    Ok(())
}

async fn proxies_in_a_loop_load_for_all(db: TestDb) -> Result<()> {
    users(&db).await?;
    let session = db.session();
    let users = User::query().order_by(User::id).all(&session).await?;
    let mut found = 0;
    let (_, sent) = statements!(
        session,
        for user in &users {
            found += user.keywords().await?.len();
        }
    );
    assert_eq!(found, 15);
    assert_eq!(sent, 5, "the first user's links and keywords; all links, the second's keywords; all keywords");
    let names = users.iter().map(|user| user.keywords().loaded().map(words)).collect::<Result<Vec<_>>>()?;
    assert_eq!(names[4], ["k40", "k41", "k42"]);
    Ok(())
}

async fn a_proxy_over_what_is_in_memory_sends_nothing(db: TestDb) -> Result<()> {
    users(&db).await?;
    let session = db.session();
    let with = User::user_keywords.selectin().with(UserKeyword::keyword.selectin());
    let users = User::query().with(with).order_by(User::id).all(&session).await?;
    let (keywords, sent) = statements!(session, users[1].keywords().await?);
    assert_eq!((words(keywords), sent), (vec!["k10", "k11", "k12"], 0));
    Ok(())
}

async fn a_proxy_that_is_not_loaded_says_so(db: TestDb) -> Result<()> {
    users(&db).await?;
    let session = db.session();
    let user = session.get_one::<User>(1).await?;
    let error = user.keywords().loaded().expect_err("nothing is loaded");
    assert!(error.is_not_loaded() && error.to_string().contains("User::user_keywords"), "{error}");
    user.user_keywords().await?;
    let error = user.keywords().loaded().expect_err("the links are loaded, not the keywords");
    assert!(error.is_not_loaded() && error.to_string().contains("UserKeyword::keyword"), "{error}");
    assert!(!user.keywords().is_loaded());
    let raising = User::query().with(User::user_keywords.selectin().with(UserKeyword::keyword.raise()));
    let fresh = db.session();
    let user = raising.filter(User::id.eq(1)).one(&fresh).await?;
    let error = user.keywords().await.expect_err("it is not to be loaded");
    assert!(error.to_string().contains("`raise`"), "{error}");
    Ok(())
}

async fn behind_one_there_is_one_or_none(db: TestDb) -> Result<()> {
    users(&db).await?;
    let session = db.session();
    let (first, second) = (session.get_one::<User>(1).await?, session.get_one::<User>(2).await?);
    let code: &String = first.country_code().await?;
    let (team, none): (Option<&String>, Option<&String>) = (first.team_name().await?, second.team_name().await?);
    assert_eq!((code.as_str(), team.map(String::as_str), none), ("NL", Some("T"), None));
    let country: Option<Entity<'_, Country>> = first.country().await?;
    assert_eq!(country.map(|country| country.id), Some(1));
    let link = session.get_one::<UserKeyword>(1).await?;
    assert!(link.word().loaded().is_err_and(|error| error.is_not_loaded()));
    assert_eq!(link.word().await?, "k00");
    Ok(())
}

async fn a_proxy_sees_what_is_pushed(db: TestDb) -> Result<()> {
    users(&db).await?;
    let session = db.session();
    let user = session.get_one::<User>(1).await?;
    user.keywords().await?;
    user.user_keywords().push(UserKeyword::builder().keyword(Keyword::builder().word("new")))?;
    assert_eq!(words(user.keywords().loaded()?), ["k00", "k01", "k02", "new"]);
    let new = session.add(User::builder().name("n").country_of_birth_id(1));
    assert!(new.keywords().loaded()?.is_empty());
    session.delete(user);
    assert!(user.keywords().loaded().is_err_and(|error| error.is_deleted()));
    session.rollback().await
}

async fn values_of_values_are_read_too(db: TestDb) -> Result<()> {
    users(&db).await?;
    let user = User::query().filter(User::id.eq(1)).with(User::roles).one(&*db).await?;
    assert_eq!(user.roles.values(Role::name)?.collect::<Vec<_>>(), ["a", "b"]);
    assert!(user.user_keywords.values(UserKeyword::id).is_err_and(|error| error.is_not_loaded()));
    Ok(())
}
