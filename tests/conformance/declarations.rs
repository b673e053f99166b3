//! What is wrong between models, told each time and before anything is sent.
use crate::models::blog;
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database};

on_every_database! {
    blog:
    models_that_do_not_fit_together_are_told_each_time,
    a_link_table_declared_in_two_ways_is_told,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "notes")]
struct Note {
    #[orm(primary_key)]
    id: i64,
    text: String,
}

/// The same table with other columns.
#[derive(Model, Clone, Debug)]
#[orm(table = "notes")]
struct Notice {
    #[orm(primary_key)]
    id: i64,
    title: String,
}

#[derive(Model, Clone, Debug)]
struct Reader {
    #[orm(primary_key)]
    id: i64,
    #[orm(through("marks", reader_id, page_id))]
    pages: ManyToMany<Page>,
}

#[derive(Model, Clone, Debug)]
struct Page {
    #[orm(primary_key)]
    id: i64,
    #[orm(through("marks", page, reader))]
    readers: ManyToMany<Reader>,
}

async fn models_that_do_not_fit_together_are_told_each_time(db: TestDb) -> Result<()> {
    let schema = orm::schema![Note, Notice];
    for _ in 0..2 {
        let error = schema.create_all(&db).await.expect_err("they are one table").to_string();
        for part in ["Note and Notice", "\"notes\"", "give both the same columns"] {
            assert!(error.contains(part), "{error}");
        }
        assert_eq!(schema.verify().expect_err("they are one table").to_string(), error);
    }
    assert!(Note::query().count(&*db).await.is_err(), "nothing was created");
    Ok(())
}

async fn a_link_table_declared_in_two_ways_is_told(db: TestDb) -> Result<()> {
    let error = orm::schema![Reader].create_all(&db).await.expect_err("the columns differ").to_string();
    for part in ["Reader::pages", "Page::readers", "\"marks\"", "in reverse"] {
        assert!(error.contains(part), "{error}");
    }
    Ok(())
}
