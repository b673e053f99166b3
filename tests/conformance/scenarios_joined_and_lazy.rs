//! Whole stories of joined and lazy loading, with the tables and the numbers of statements at their ends.
use orm::{Result, prelude::*, schema::Schema};
use orm_test_support::{TestDb, on_every_database, statements};
use std::collections::BTreeSet;

on_every_database! {
    letters:
    a_limit_with_a_joined_collection_keeps_whole_parents,
    a_lazy_parent_is_taken_from_memory_and_raise_says_so,
}

fn letters() -> Schema {
    orm::schema![A, B]
}

#[derive(Model, Clone, Debug)]
#[orm(table = "a")]
struct A {
    #[orm(primary_key)]
    id: i64,
    #[orm(default = "")]
    note: String,
    #[orm(back_populates = a)]
    bs: HasMany<B>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "b")]
struct B {
    #[orm(primary_key)]
    id: i64,
    a_id: Option<i64>,
    #[orm(back_populates = bs)]
    a: BelongsTo<Option<A>>,
}

async fn given(db: &Db, parents: usize, children: usize) -> Result<()> {
    let session = db.session();
    for _ in 0..parents {
        session.add(A::builder().bs((0..children).map(|_| B::builder()).collect::<Vec<_>>()));
    }
    session.commit().await
}

async fn tables(db: &Db) -> Result<(Vec<i64>, Vec<(i64, Option<i64>)>)> {
    let a = A::query().order_by(A::id.asc()).select(A::id).all(db).await?;
    Ok((a, B::query().order_by(B::id.asc()).select((B::id, B::a_id)).all(db).await?))
}

async fn a_limit_with_a_joined_collection_keeps_whole_parents(db: TestDb) -> Result<()> {
    given(&db, 3, 3).await?;
    let session = db.session();
    let joined = A::query().order_by(A::id.asc()).limit(2).with(A::bs.joined());
    let (parents, sent) = statements!(session, joined.all(&session).await?);
    let full: Vec<(i64, usize)> = parents.iter().map(|a| Ok((a.id, a.bs().loaded()?.len()))).collect::<Result<_>>()?;
    assert_eq!((full, sent), (vec![(1, 3), (2, 3)], 1));
    let rows = B::query().order_by(B::id.asc()).select((B::id, B::a.path(A::id)));
    let (rows, sent) = statements!(session, rows.all(&session).await?);
    let distinct: BTreeSet<Option<i64>> = rows.iter().map(|(_, a)| *a).collect();
    assert_eq!((rows.len(), distinct.len(), sent), (9, 3, 1));
    let joined = B::query().order_by(B::id.asc()).limit(2).with(B::a.joined());
    let (children, sent) = statements!(session, joined.all(&session).await?);
    let pairs: Vec<(i64, Option<i64>)> =
        children.iter().map(|b| Ok((b.id, b.a().loaded()?.map(|a| a.id)))).collect::<Result<_>>()?;
    assert_eq!((pairs, sent), (vec![(1, Some(1)), (2, Some(1))], 1));
    let b = (1..=9).map(|id| (id, Some((id + 2) / 3))).collect();
    assert_eq!(tables(&db).await?, (vec![1, 2, 3], b));
    Ok(())
}

async fn a_lazy_parent_is_taken_from_memory_and_raise_says_so(db: TestDb) -> Result<()> {
    given(&db, 2, 2).await?;
    let session = db.session();
    let (children, sent) = statements!(session, {
        A::query().all(&session).await?;
        B::query().order_by(B::id.asc()).all(&session).await?
    });
    assert_eq!(sent, 2);
    let (_, sent) = statements!(session, {
        for b in &children {
            assert_eq!(b.a().await?.map(|a| a.id), b.a_id);
        }
    });
    assert_eq!(sent, 0, "the targets are present");

    let fresh = db.session();
    let (_, sent) = statements!(fresh, {
        for b in B::query().order_by(B::id.asc()).all(&fresh).await? {
            assert_eq!(b.a().await?.map(|a| a.id), b.a_id);
        }
    });
    assert!(sent <= 3, "{sent}");

    let (error, sent) = statements!(fresh, {
        let b = B::query().with(B::a.raise()).first(&fresh).await?.expect("there are four");
        b.a().await.expect_err("also where the target is present")
    });
    assert!(error.is_not_loaded() && error.to_string().contains("B::a") && sent == 1, "{error}");

    let deleting = db.session();
    let a = A::query().order_by(A::id.asc()).with(A::bs.raise()).first(&deleting).await?.expect("there are two");
    assert!(a.bs().await.expect_err("it raises").is_not_loaded());
    deleting.delete(a);
    let (_, sent) = statements!(deleting, deleting.flush().await?);
    assert!(sent <= 3, "the flush may load what it must know");
    deleting.rollback().await?;

    given(&db, 1, 0).await?;
    let childless = A::query().filter(A::id.eq(3)).with(A::bs.raise()).one(&deleting).await?;
    deleting.delete(childless);
    let (_, sent) = statements!(deleting, deleting.commit().await?);
    assert!(sent <= 2, "{sent}");
    assert_eq!(tables(&db).await?, (vec![1, 2], vec![(1, Some(1)), (2, Some(1)), (3, Some(2)), (4, Some(2))]));
    Ok(())
}
