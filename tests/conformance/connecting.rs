//! Rows that are taken where they are there already, and added where they are not.
use crate::{
    fixtures::users,
    models::{City, Country, Currency, Price, User, keys, shop},
};
use orm::{EntityState, Result, prelude::*, schema::Schema};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    press:
    new_and_existing_rows_go_in_one_statement,
    an_existing_row_keeps_its_columns,
    rows_of_one_value_are_one_entity,
    a_row_in_memory_needs_no_statement,
    two_programs_at_once_make_one_row,
    links_that_are_there_are_not_made_again,
    several_columns_can_be_the_key,
    a_target_to_one_is_connected,
    members_are_added_to_what_is_there,
    a_column_that_is_not_unique_is_refused,
    no_row_is_found_by_null,
    rows_that_turn_out_the_same_are_told,
    a_plain_value_and_push_take_it_too,
    rollback_forgets_what_was_connected,
    a_row_that_was_loaded_meanwhile_is_named,
    the_plan_says_what_may_be_there,
}

on_every_database! {
    keys:
    an_existing_row_is_named_by_its_natural_key,
    an_existing_row_is_named_as_the_key_references_it,
}

on_every_database! {
    shop:
    many_rows_are_divided_by_what_fits,
}

fn press() -> Schema {
    orm::schema![Paper, Article, Label, Section]
}

#[derive(Model, Clone, Debug)]
struct Paper {
    #[orm(primary_key)]
    id: i64,
    #[orm(unique, max_length = 50)]
    name: String,
    #[orm(back_populates = paper)]
    sections: HasMany<Section>,
}

#[derive(Model, Clone, Debug)]
#[orm(unique(paper_id, name))]
struct Section {
    #[orm(primary_key)]
    id: i64,
    paper_id: i64,
    #[orm(max_length = 50)]
    name: String,
    #[orm(default = 1)]
    pages: i32,
    #[orm(back_populates = sections)]
    paper: BelongsTo<Paper>,
    #[orm(back_populates = section)]
    articles: HasMany<Article>,
}

#[derive(Model, Clone, Debug)]
struct Article {
    #[orm(primary_key)]
    id: i64,
    title: String,
    section_id: Option<i64>,
    #[orm(back_populates = articles)]
    section: BelongsTo<Option<Section>>,
    #[orm(through("article_labels", article_id, label_id), back_populates = articles)]
    labels: ManyToMany<Label>,
}

#[derive(Model, Clone, Debug)]
struct Label {
    #[orm(primary_key)]
    id: i64,
    #[orm(unique, max_length = 50)]
    name: String,
    color: Option<String>,
    #[orm(unique, max_length = 10)]
    code: Option<String>,
    #[orm(through("article_labels", label_id, article_id), back_populates = labels)]
    articles: ManyToMany<Article>,
}

fn labels(names: &[&str]) -> Vec<orm::OrConnect<Label>> {
    names.iter().map(|name| Label::builder().name(*name).build().or_connect(Label::name)).collect()
}

async fn red_rust(db: &Db) -> Result<()> {
    let session = db.session();
    session.add(Label::builder().name("rust").color("red"));
    session.commit().await
}

async fn names(db: &Db) -> Result<Vec<String>> {
    let names: Vec<(String,)> = Label::query().order_by(Label::name).select((Label::name,)).all(db).await?;
    Ok(names.into_iter().map(|(name,)| name).collect())
}

async fn new_and_existing_rows_go_in_one_statement(db: TestDb) -> Result<()> {
    red_rust(&db).await?;
    let session = db.session();
    let article = session.add(Article::builder().title("a").labels(labels(&["orm", "rust", "sql"])));
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!(sent, 3, "the labels, the article, the links");
    assert_eq!(names(&db).await?, ["orm", "rust", "sql"]);
    let mut stored: Vec<(i64, Option<String>)> =
        article.labels().await?.iter().map(|label| (label.id, label.color.clone())).collect();
    stored.sort();
    assert_eq!(stored[0], (1, Some("red".into())));
    assert_eq!(Article::query().with(Article::labels).one(&*db).await?.labels.get()?.len(), 3);
    Ok(())
}

async fn an_existing_row_keeps_its_columns(db: TestDb) -> Result<()> {
    red_rust(&db).await?;
    let session = db.session();
    let rust = session.add(Label::builder().name("rust").color("blue").or_connect(Label::name));
    assert_eq!((session.state(rust), rust.color.as_deref()), (EntityState::Pending, Some("blue")));
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!((sent, rust.id, rust.color.as_deref()), (1, 1, Some("red")));
    assert_eq!((session.state(rust), session.get_one::<Label>(1).await?), (EntityState::Persistent, rust));
    rust.set(Label::color, "green");
    session.commit().await?;
    assert_eq!(Label::query().one(&*db).await?.color.as_deref(), Some("green"));
    Ok(())
}

async fn rows_of_one_value_are_one_entity(db: TestDb) -> Result<()> {
    let session = db.session();
    let articles: Vec<Entity<'_, Article>> =
        ["a", "b"].map(|title| session.add(Article::builder().title(title).labels(labels(&["rust", "rust"])))).to_vec();
    let of = |article: Entity<'_, Article>| Ok::<_, orm::Error>(article.labels().loaded()?.first().map(|l| l.handle()));
    assert_eq!(of(articles[0])?, of(articles[1])?);
    assert_eq!(session.added::<Label>().len(), 1);
    session.commit().await?;
    assert_eq!((names(&db).await?.len(), articles[0].labels().loaded()?.len()), (1, 1));
    Ok(())
}

async fn a_row_in_memory_needs_no_statement(db: TestDb) -> Result<()> {
    red_rust(&db).await?;
    let session = db.session();
    let rust = session.get_one::<Label>(1).await?;
    assert_eq!(session.add(Label::builder().name("rust").or_connect(Label::name)), rust);
    assert!(!session.has_changes());
    Ok(())
}

async fn two_programs_at_once_make_one_row(db: TestDb) -> Result<()> {
    let run = async |title: &str| {
        let session = db.session();
        let article = session.add(Article::builder().title(title).labels(labels(&["rust"])));
        session.flush().await?;
        tokio::task::yield_now().await;
        session.commit().await?;
        Ok::<_, orm::Error>(article.labels().await?.first().map(|label| label.id))
    };
    let (one, other) = tokio::join!(run("a"), run("b"));
    assert_eq!(one?, other?);
    assert_eq!(names(&db).await?, ["rust"]);
    Ok(())
}

async fn links_that_are_there_are_not_made_again(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(Article::builder().title("a").labels(labels(&["rust"])));
    writing.commit().await?;
    let session = db.session();
    let article = session.get_one::<Article>(1).await?;
    for label in labels(&["rust", "orm"]) {
        article.labels().push(label)?;
    }
    session.commit().await?;
    assert_eq!(article.labels().await?.len(), 2);
    let stored = Article::query().with(Article::labels).one(&*db).await?;
    assert_eq!(stored.labels.get()?.len(), 2);
    Ok(())
}

async fn several_columns_can_be_the_key(db: TestDb) -> Result<()> {
    let section = || Section::builder().name("news").pages(4).or_connect((Section::paper_id, Section::name));
    let add = async || {
        let session = db.session();
        session.add(Paper::builder().name("daily").or_connect(Paper::name));
        let paper = session.added::<Paper>()[0];
        paper.sections().push(section())?;
        session.commit().await
    };
    add().await?;
    add().await?;
    let papers = Paper::query().with(Paper::sections).all(&*db).await?;
    assert_eq!((papers.len(), papers[0].sections.get()?.len()), (1, 1));
    Ok(())
}

async fn a_target_to_one_is_connected(db: TestDb) -> Result<()> {
    for title in ["a", "b"] {
        let session = db.session();
        let paper = Paper::builder().name("daily").or_connect(Paper::name);
        let section = Section::builder().name("news").paper(paper).or_connect((Section::name, Section::paper_id));
        let article = session.add(Article::builder().title(title).section(section));
        session.commit().await?;
        let section = article.section().await?.expect("it has one");
        assert_eq!((section.paper().await?.name.as_str(), section.id), ("daily", 1));
    }
    assert_eq!((Section::query().count(&*db).await?, Article::query().count(&*db).await?), (1, 2));
    Ok(())
}

async fn members_are_added_to_what_is_there(db: TestDb) -> Result<()> {
    let paper = |section: &str| Paper::builder().name("daily").sections([Section::builder().name(section)]);
    for section in ["news", "sport"] {
        let session = db.session();
        let paper = session.add(paper(section).or_connect(Paper::name));
        assert_eq!(paper.sections().loaded()?.len(), 1);
        session.commit().await?;
        assert!(!paper.sections().is_loaded(), "there may be more");
    }
    assert_eq!(Paper::query().with(Paper::sections).one(&*db).await?.sections.get()?.len(), 2);
    Ok(())
}

async fn a_column_that_is_not_unique_is_refused(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(Label::builder().name("rust").or_connect(Label::color));
    let error = session.flush().await.expect_err("it is not unique");
    assert!(error.to_string().contains("`or_connect` of color") && session.statement_count() == 0, "{error}");
    session.rollback().await?;
    session.add(Label::builder().name("rust").or_connect(Label::id));
    assert!(session.flush().await.expect_err("the database makes it").to_string().contains("or_connect"));
    session.rollback().await
}

async fn no_row_is_found_by_null(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(Label::builder().name("rust").or_connect(Label::code));
    let error = session.flush().await.expect_err("the code is null");
    assert!(
        error.to_string().contains("`or_connect` of code, which is null") && session.statement_count() == 0,
        "{error}"
    );
    session.rollback().await?;
    let coded = |code: &str| Label::builder().name(code).code(code.to_owned()).or_connect(Label::code);
    session.add_all([coded("a"), coded("b")]);
    session.commit().await?;
    assert_eq!(names(&db).await?, ["a", "b"]);
    Ok(())
}

async fn rows_that_turn_out_the_same_are_told(db: TestDb) -> Result<()> {
    let session = db.session();
    let paper = session.add(Paper::builder().name("daily"));
    let section = || Section::builder().name("news").paper(paper).or_connect((Section::paper_id, Section::name));
    session.add_all([section(), section()]);
    let error = session.flush().await.expect_err("they are one row");
    assert!(error.to_string().contains("two rows of sections") && error.to_string().contains("news"), "{error}");
    session.rollback().await
}

async fn a_plain_value_and_push_take_it_too(db: TestDb) -> Result<()> {
    red_rust(&db).await?;
    let session = db.session();
    let article = session.add(Article::builder().title("a"));
    let value = Label { id: 0, name: "rust".into(), color: None, code: None, articles: ManyToMany::default() };
    let rust = article.labels().push(value.or_connect(Label::name))?;
    session.commit().await?;
    assert_eq!((rust.id, rust.color.as_deref()), (1, Some("red")));
    Ok(())
}

async fn rollback_forgets_what_was_connected(db: TestDb) -> Result<()> {
    let session = db.session();
    let rust = session.add(Label::builder().name("rust").or_connect(Label::name));
    session.flush().await?;
    session.rollback().await?;
    assert_eq!((session.state(rust), rust.id), (EntityState::Transient, 0));
    red_rust(&db).await?;
    session.add(rust);
    session.commit().await?;
    assert_eq!((rust.id, rust.color.as_deref()), (Label::query().one(&*db).await?.id, Some("red")));
    Ok(())
}

async fn a_row_that_was_loaded_meanwhile_is_named(db: TestDb) -> Result<()> {
    red_rust(&db).await?;
    let session = db.session();
    session.add(Label::builder().name("rust").or_connect(Label::name));
    session.no_autoflush(async || session.get_one::<Label>(1).await).await?;
    let error = session.flush().await.expect_err("two entities would be one row");
    assert!(error.to_string().contains("Label#1"), "{error}");
    session.rollback().await
}

async fn the_plan_says_what_may_be_there(db: TestDb) -> Result<()> {
    let session = db.session();
    session.add(Article::builder().title("a").labels(labels(&["rust", "orm"])));
    let plan = session.plan()?;
    insta::allow_duplicates! {
        insta::assert_snapshot!(plan, @r"
        insert articles ×1
        insert or connect labels ×2
        link Article::labels ×2
        ");
    }
    session.rollback().await
}

async fn an_existing_row_is_named_by_its_natural_key(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add(Country::builder().code("DE").name("Germany"));
    writing.commit().await?;
    let session = db.session();
    let city = session.add(City::builder().name("Ulm").country(Country::existing("DE")));
    assert!(
        city.country()
            .set(Country::existing("DE"))
            .expect_err("it is not in memory")
            .to_string()
            .contains("get it first")
    );
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!((sent, city.country_code.as_str(), city.country().await?.name.as_str()), (1, "DE", "Germany"));
    Ok(())
}

async fn an_existing_row_is_named_as_the_key_references_it(db: TestDb) -> Result<()> {
    let writing = db.session();
    let euro = writing.add(Currency::builder().code("EUR"));
    writing.commit().await?;
    let session = db.session();
    let by_entity = session.add(Price::builder().amount(1).currency(euro));
    let by_value = session.add(Price::builder().amount(2).currency(euro.to_value()));
    session.commit().await?;
    assert_eq!((by_entity.currency_code.as_deref(), by_value.currency_code.as_deref()), (Some("EUR"), Some("EUR")));
    let other = db.session();
    other.add(Price::builder().amount(3).currency(Currency::existing(1)));
    let error = other.flush().await.expect_err("the key references the code");
    assert!(error.to_string().contains("references code"), "{error}");
    other.rollback().await?;
    other.get_one::<Currency>(1).await?;
    let price = other.add(Price::builder().amount(3).currency(Currency::existing(1)));
    other.commit().await?;
    assert_eq!(price.currency_code.as_deref(), Some("EUR"));
    Ok(())
}

async fn many_rows_are_divided_by_what_fits(db: TestDb) -> Result<()> {
    let writing = db.session();
    writing.add_all((0..1_500).map(|number| User::builder().email(format!("u{number}")).credit(number)));
    writing.commit().await?;
    let session = db.session();
    let connected = session.add_all(
        (0..3_000).rev().map(|number| User::builder().email(format!("u{number}")).credit(-1).or_connect(User::email)),
    );
    let (_, sent) = statements!(session, session.commit().await?);
    assert!((3..=4).contains(&sent), "{sent} statements");
    let all = users().all(&*db).await?;
    assert_eq!((all.len(), connected.iter().filter(|user| user.credit >= 0).count()), (3_000, 1_500));
    assert!(connected.iter().all(|user| all.iter().any(|stored| stored.id == user.id && stored.email == user.email)));
    Ok(())
}
