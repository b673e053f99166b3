//! Pages by number and by key, and orders asked for by name.
use orm::{Cursor, Keyset, Result, Sorting, prelude::*, schema::Schema};
use orm_test_support::{TestDb, on_every_database, statements};

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Track {
    #[orm(primary_key)]
    pub(crate) id: i64,
    #[orm(max_length = 50)]
    pub(crate) title: String,
    pub(crate) rating: Option<i32>,
    #[orm(decimal(6, 2))]
    pub(crate) price: Decimal,
    #[orm(max_length = 50)]
    pub(crate) genre: Option<String>,
}

fn tracks() -> Schema {
    orm::schema![Track]
}

on_every_database! {
    tracks:
    every_page_in_either_direction_is_a_part_of_the_whole,
    a_row_that_comes_meanwhile_shifts_no_page,
    a_page_is_one_statement,
    a_cursor_goes_through_text,
    a_cursor_of_another_query_is_refused,
    a_hostile_cursor_is_refused_before_any_statement,
    an_order_by_something_else_than_own_columns_is_refused,
    entities_come_in_pages_too,
    a_page_serializes,
    an_order_is_asked_for_by_name,
    a_page_by_number_serializes_with_its_total,
}

/// Thirty tracks with many equal values and nulls.
async fn fill(db: &Db) -> Result<()> {
    let session = db.session();
    for number in 0..30_i32 {
        let genre = ["rock", "ROCK", "it's, \"jazz\"; --"].get(number as usize % 4).map(|genre| (*genre).to_owned());
        session.add(Track {
            id: 0,
            title: format!("title {}", number % 7),
            rating: (number % 3 != 0).then_some(number % 5),
            price: Decimal::new(i64::from(number % 4) * 99, 2),
            genre,
        });
    }
    session.commit().await
}

/// Queries, and the same with an order in which no two rows are equal.
fn orders() -> Vec<(Query<Track>, Query<Track>)> {
    let all = Track::query;
    let (asc, desc) = (Track::id.asc(), Track::id.desc());
    let cases = [
        (all(), asc.clone()),
        (all().order_by(Track::id.desc()), asc.clone()),
        (all().order_by(Track::title), asc.clone()),
        (all().order_by((Track::rating, Track::title.desc())), desc.clone()),
        (all().order_by((Track::rating.desc(), Track::genre)), asc.clone()),
        (all().order_by((Track::genre.asc().nulls_last(), Track::price.desc(), Track::id.desc())), asc.clone()),
        (all().order_by((Track::rating.desc().nulls_first(), Track::genre.desc().nulls_last())), desc),
        (all().order_by((Track::price, Track::rating)).filter(Track::title.ne("title 3")), asc),
    ];
    cases.into_iter().map(|(query, last)| (query.clone(), query.order_by(last))).collect()
}

fn ids(tracks: &[Track]) -> Vec<i64> {
    tracks.iter().map(|track| track.id).collect()
}

/// All rows, page by page, and the last cursor that led to one.
async fn forwards(db: &Db, pages: &Keyset<Track>) -> Result<(Vec<i64>, Option<Cursor>)> {
    let (mut seen, mut at) = (Vec::new(), None);
    loop {
        let page = pages.clone().after(at.clone()).page(db).await?;
        assert_eq!(page.previous.is_some(), at.is_some(), "only the first page has none before it");
        seen.extend(ids(&page.items));
        let Some(next) = page.next else { return Ok((seen, at)) };
        at = Some(next);
    }
}

/// The rows before that place, page by page from the last.
async fn backwards(db: &Db, pages: &Keyset<Track>, from: Cursor) -> Result<Vec<i64>> {
    let (mut seen, mut at) = (Vec::new(), from);
    loop {
        let page = pages.clone().before(at).page(db).await?;
        seen.splice(0..0, ids(&page.items));
        let Some(previous) = page.previous else { return Ok(seen) };
        at = previous;
    }
}

async fn every_page_in_either_direction_is_a_part_of_the_whole(db: TestDb) -> Result<()> {
    fill(&db).await?;
    for (query, total) in orders() {
        let whole = ids(&total.all(&*db).await?);
        for size in [1, 4, 29, 30, 31] {
            let pages = query.clone().keyset(size);
            let (seen, last) = forwards(&db, &pages).await?;
            assert_eq!(seen, whole, "{query:?}");
            assert_eq!(last.is_none(), whole.len() as u64 <= size);
            if let Some(last) = last {
                let before = backwards(&db, &pages, last).await?;
                let begin = (whole.len() - 1) / size as usize * size as usize;
                assert_eq!(before, whole[..begin - 1], "{query:?}");
            }
        }
    }
    Ok(())
}

async fn a_row_that_comes_meanwhile_shifts_no_page(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let pages = Track::query().order_by(Track::id).keyset(10);
    let first = pages.clone().page(&*db).await?;
    Track::query().filter(Track::id.eq(first.items[9].id)).delete(&*db).await?;
    let second = pages.after(first.next).page(&*db).await?;
    assert_eq!(ids(&second.items), (11..=20).collect::<Vec<i64>>(), "although the row of the cursor has gone");
    Ok(())
}

async fn a_page_is_one_statement(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let pages = || Track::query().order_by(Track::rating).keyset(3);
    let (first, sent) = statements!(session, pages().page(&session).await?);
    assert_eq!((first.items.len(), sent), (3, 1));
    let (second, sent) = statements!(session, pages().after(first.next).page(&session).await?);
    assert_eq!((second.items.len(), sent), (3, 1));
    Ok(())
}

async fn a_cursor_goes_through_text(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let pages = Track::query().order_by((Track::genre.desc(), Track::price)).keyset(7);
    let first = pages.clone().page(&*db).await?;
    let next = first.next.expect("there are more");
    let text = next.to_string();
    assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'), "it needs no escaping: {text}");
    assert_eq!(text.parse::<Cursor>()?, next);
    let json = serde_json::to_string(&next).map_err(orm::Error::other)?;
    let back: Cursor = serde_json::from_str(&json).map_err(orm::Error::other)?;
    let direct = pages.clone().after(next).page(&*db).await?;
    assert_eq!(pages.after(back).page(&*db).await?, direct);
    Ok(())
}

async fn a_cursor_of_another_query_is_refused(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let by_title = Track::query().order_by(Track::title).keyset(5).page(&*db).await?;
    let by_price = Track::query().order_by(Track::price).keyset(5).after(by_title.next);
    let error = by_price.page(&*db).await.expect_err("another order");
    assert!(error.to_string().contains("begin again at the first page"), "{error}");
    Ok(())
}

async fn a_hostile_cursor_is_refused_before_any_statement(db: TestDb) -> Result<()> {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    fill(&db).await?;
    let session = db.session();
    let signature = "1tracks+id>=";
    let forged = ["9:", "1:x", "99999999999999999999:1", "-", "1:11:1", "2:é", "", "1:1;drop table tracks"];
    let mut texts: Vec<String> =
        forged.iter().map(|rest| BASE64_URL_SAFE_NO_PAD.encode(format!("{signature}{rest}"))).collect();
    texts.extend(["", "'; drop table tracks; --", "%%%%", "AAAA"].map(str::to_owned));
    for text in texts {
        let page = Track::query().order_by(Track::id).keyset(5).after(text.parse::<Cursor>()?);
        let (error, sent) = statements!(session, page.page(&session).await.err());
        assert!(error.is_some_and(|error| error.to_string().contains("cursor")), "{text}");
        assert_eq!(sent, 0, "{text}");
    }
    Ok(())
}

async fn an_order_by_something_else_than_own_columns_is_refused(db: TestDb) -> Result<()> {
    let page = Track::query().order_by(Track::price.max()).keyset(5).page(&*db).await;
    assert!(page.expect_err("an expression").to_string().contains("page(number, size)"));
    assert!(Track::query().keyset(0).page(&*db).await.is_err(), "no page holds nothing");
    Ok(())
}

async fn entities_come_in_pages_too(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let session = db.session();
    let first = Track::query().order_by(Track::title).keyset(2).page(&session).await?;
    first.items[0].set(Track::rating, Some(99));
    let again = Track::query().order_by(Track::title).keyset(2).page(&session).await?;
    assert_eq!(again.items, first.items, "the same entities");
    assert_eq!(again.items[0].rating, Some(99));
    Ok(())
}

async fn a_page_serializes(db: TestDb) -> Result<()> {
    let page = Track::query().select((Track::id,)).first(&*db).await?;
    assert_eq!(page, None);
    let empty = Track::query().keyset(5).page(&*db).await?;
    assert_eq!((empty.items.len(), empty.next, empty.previous), (0, None, None));
    let page = orm::KeysetPage { items: vec![1, 2], next: Some("abc".parse::<Cursor>()?), previous: None };
    let json = serde_json::to_string(&page).map_err(orm::Error::other)?;
    assert_eq!(json, r#"{"items":[1,2],"next":"abc","previous":null}"#);
    Ok(())
}

async fn an_order_is_asked_for_by_name(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let sorting =
        Sorting::new().allow("title", Track::title).allow("best", (Track::rating.desc().nulls_last(), Track::id));
    let asked = |text: &str| sorting.parse(text).map(|order| Track::query().order_by(order));
    let expected = Track::query().order_by((Track::title.desc(), Track::rating.desc().nulls_last(), Track::id));
    let rows = asked("-title, best")?.all(&*db).await?;
    assert_eq!(rows, expected.all(&*db).await?);
    let reversed = Track::query().order_by((Track::rating.asc().nulls_first(), Track::id.desc()));
    assert_eq!(asked("-best")?.all(&*db).await?, reversed.all(&*db).await?);
    assert_eq!(asked("")?.count(&*db).await?, 30);
    let error = asked("title,price").expect_err("not allowed").to_string();
    assert!(error.contains("\"price\"") && error.contains("title, best"), "{error}");
    Ok(())
}

async fn a_page_by_number_serializes_with_its_total(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let page = Track::query().order_by(Track::id).page(&*db, 4, 8).await?;
    assert_eq!((ids(&page.items), page.total, page.pages()), ((25..=30).collect(), 30, 4));
    let beyond = Track::query().page(&*db, 5, 8).await?;
    assert_eq!((beyond.items.len(), beyond.total), (0, 30));
    let page = orm::Page { items: vec![1], total: 9, number: 2, size: 8 };
    let json = serde_json::to_string(&page).map_err(orm::Error::other)?;
    assert_eq!(json, r#"{"items":[1],"total":9,"number":2,"size":8,"pages":2}"#);
    Ok(())
}
