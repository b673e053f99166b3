//! What a deletion takes along is decided by the flush, from what is there then.
use crate::models::*;
use orm::{EntityState, Result, prelude::*, schema::Schema};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    blog:
    members_taken_out_before_a_deletion_stay,
    members_given_to_a_deleted_owner_are_refused,
    a_member_moved_after_the_deletion_of_its_owner_stays,
    a_deletion_of_owner_and_members_updates_nothing,
    a_deletion_of_many_owners_reads_once_for_each_relationship,
    queued_members_count_for_a_deletion,
}

mod orphans {
    use super::*;

    on_every_database! {
        trees:
        orphans_take_their_subtrees_along,
        a_loss_of_any_owner_makes_an_orphan,
        a_replaced_list_deletes_what_it_drops,
        an_orphan_that_is_given_a_key_is_none,
        deletions_end_in_circles,
        what_may_not_be_loaded_is_still_found_by_a_deletion,
    }

    fn trees() -> Schema {
        orm::schema![Branch, Leaf, Insect]
    }

    /// Below another branch, or nothing.
    #[derive(Model, Clone, Debug, PartialEq)]
    struct Branch {
        #[orm(primary_key)]
        id: i64,
        parent_id: Option<i64>,
        #[orm(back_populates = branches)]
        parent: BelongsTo<Option<Branch>>,
        #[orm(back_populates = parent, cascade(all, delete_orphan), load = "raise")]
        branches: HasMany<Branch>,
        #[orm(back_populates = branch, cascade(all, delete_orphan))]
        leaves: HasMany<Leaf>,
    }

    /// On a branch, and under an insect.
    #[derive(Model, Clone, Debug, PartialEq)]
    #[orm(table = "leaves")]
    struct Leaf {
        #[orm(primary_key)]
        id: i64,
        branch_id: Option<i64>,
        insect_id: Option<i64>,
        #[orm(back_populates = leaves)]
        branch: BelongsTo<Option<Branch>>,
        #[orm(back_populates = leaves)]
        insect: BelongsTo<Option<Insect>>,
    }

    #[derive(Model, Clone, Debug, PartialEq)]
    struct Insect {
        #[orm(primary_key)]
        id: i64,
        #[orm(back_populates = insect, cascade(all, delete_orphan))]
        leaves: HasMany<Leaf>,
    }

    /// A trunk with two branches, the first with two more, all with a leaf.
    async fn tree(db: &TestDb) -> Result<()> {
        let branch = || Branch::builder().leaves([Leaf::builder()]);
        let session = db.session();
        session.add(branch().branches([branch().branches([branch(), branch()]), branch()]));
        session.commit().await
    }

    async fn counts(db: &TestDb) -> Result<(u64, u64)> {
        Ok((Branch::query().count(&**db).await?, Leaf::query().count(&**db).await?))
    }

    async fn orphans_take_their_subtrees_along(db: TestDb) -> Result<()> {
        tree(&db).await?;
        let session = db.session();
        let trunk =
            Branch::query().filter(Branch::parent_id.is_null()).with(Branch::branches.selectin()).one(&session).await?;
        let first = trunk.branches().loaded()?.first().expect("it has two");
        trunk.branches().remove(first)?;
        assert_eq!(session.state(first), EntityState::Persistent);
        session.commit().await?;
        assert_eq!((session.state(first), counts(&db).await?), (EntityState::Deleted, (2, 2)));
        Ok(())
    }

    async fn a_loss_of_any_owner_makes_an_orphan(db: TestDb) -> Result<()> {
        let session = db.session();
        let branch = session.add(Branch::builder().leaves([Leaf::builder(), Leaf::builder(), Leaf::builder()]));
        let insect = session.add(Insect::builder());
        let leaves: Vec<_> = branch.leaves().loaded()?.iter().collect();
        for leaf in &leaves {
            insect.leaves().push(*leaf)?;
        }
        session.commit().await?;
        insect.leaves().remove(leaves[0])?;
        leaves[1].branch().clear()?;
        session.commit().await?;
        assert_eq!(Leaf::query().select(Leaf::id).all(&*db).await?, [leaves[2].id]);
        Ok(())
    }

    async fn a_replaced_list_deletes_what_it_drops(db: TestDb) -> Result<()> {
        let session = db.session();
        let branch = session.add(Branch::builder().leaves([Leaf::builder(), Leaf::builder()]));
        session.commit().await?;
        let kept = branch.leaves().loaded()?.first().expect("it has two");
        let new = session.add(Leaf::builder());
        branch.leaves().set([new, kept]).await?;
        let (_, sent) = statements!(session, session.commit().await?);
        assert_eq!((sent, counts(&db).await?), (2, (1, 2)), "one INSERT, one DELETE");
        branch.leaves().clear().await?;
        session.commit().await?;
        assert_eq!(counts(&db).await?, (1, 0));
        Ok(())
    }

    async fn an_orphan_that_is_given_a_key_is_none(db: TestDb) -> Result<()> {
        let session = db.session();
        let branch = session.add(Branch::builder().leaves([Leaf::builder()]));
        let other = session.add(Branch::builder());
        session.commit().await?;
        let leaf = branch.leaves().loaded()?.first().expect("it was given");
        branch.leaves().remove(leaf)?;
        leaf.set(Leaf::branch_id, other.id);
        session.commit().await?;
        assert_eq!(Leaf::query().one(&*db).await?.branch_id, Some(other.id));
        Ok(())
    }

    async fn deletions_end_in_circles(db: TestDb) -> Result<()> {
        let session = db.session();
        let branches = [session.add(Branch::builder()), session.add(Branch::builder()), session.add(Branch::builder())];
        for (number, branch) in branches.iter().enumerate() {
            branch.parent().set(branches[(number + 1) % 3])?;
        }
        session.commit().await?;
        session.delete(branches[1]);
        session.commit().await?;
        assert_eq!(counts(&db).await?.0, 0, "each is below another");
        Ok(())
    }

    async fn what_may_not_be_loaded_is_still_found_by_a_deletion(db: TestDb) -> Result<()> {
        tree(&db).await?;
        let session = db.session();
        let trunk = session.get_one::<Branch>(1).await?;
        assert!(trunk.branches().await.expect_err("it is `raise`").is_not_loaded());
        session.delete(trunk);
        let (_, sent) = statements!(session, session.commit().await?);
        assert_eq!(counts(&db).await?, (0, 0));
        assert!(
            sent <= 7 + 4,
            "{sent}: two SELECTs for each of three levels and one more, a DELETE for each level, one for the leaves"
        );
        Ok(())
    }
}

/// Two authors with two posts each, the first post with two comments.
async fn two_authors(db: &TestDb) -> Result<()> {
    let session = db.session();
    let comments = ["c1", "c2"].map(|text| Comment::builder().text(text));
    let posts = [Post::builder().title("p1").comments(comments), Post::builder().title("p2")];
    session.add(Author::builder().name("A1").posts(posts));
    session.add(Author::builder().name("A2").posts([Post::builder().title("p3"), Post::builder().title("p4")]));
    session.commit().await
}

async fn members_taken_out_before_a_deletion_stay(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let post = session.get_one::<Post>(1).await?;
    let comment = post.comments().await?.first().expect("it has two");
    post.comments().remove(comment)?;
    session.delete(post);
    session.commit().await?;
    let stored = Comment::query().one(&*db).await?;
    assert_eq!((stored.id, stored.post_id), (comment.id, None));
    Ok(())
}

async fn members_given_to_a_deleted_owner_are_refused(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let post = session.get_one::<Post>(1).await?;
    session.delete(post);
    assert!(post.comments().push(Comment::builder().text("c3")).expect_err("it is deleted").is_deleted());
    let by_key = session.add(Comment::builder().text("c4").post_id(1));
    session.commit().await?;
    assert_eq!(session.state(by_key), EntityState::Transient, "its key names what goes, so it goes along");
    assert_eq!(Comment::query().count(&*db).await?, 0);
    Ok(())
}

async fn a_member_moved_after_the_deletion_of_its_owner_stays(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let (first, second) = (session.get_one::<Post>(1).await?, session.get_one::<Post>(2).await?);
    let comment = first.comments().await?.first().expect("it has two");
    session.delete(first);
    comment.post().set(second)?;
    session.commit().await?;
    assert_eq!(Comment::query().select(Comment::post_id).all(&*db).await?, [Some(2)]);
    Ok(())
}

async fn a_deletion_of_owner_and_members_updates_nothing(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let author = Author::query().filter(Author::id.eq(2)).with((Author::posts, Author::desk)).one(&session).await?;
    for post in author.posts().loaded()? {
        session.delete(post);
    }
    session.delete(author);
    let plan = session.plan()?.to_string();
    assert!(!plan.contains("update") && plan.contains("delete posts ×2"), "{plan}");
    session.commit().await?;
    assert_eq!((Author::query().count(&*db).await?, Post::query().count(&*db).await?), (1, 2));
    Ok(())
}

async fn a_deletion_of_many_owners_reads_once_for_each_relationship(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    for post in Post::query().all(&session).await? {
        session.delete(post);
    }
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!(sent, 4, "one SELECT; comments, links and posts are deleted");
    assert_eq!((Comment::query().count(&*db).await?, Post::query().count(&*db).await?), (0, 0));
    Ok(())
}

async fn queued_members_count_for_a_deletion(db: TestDb) -> Result<()> {
    two_authors(&db).await?;
    let session = db.session();
    let post = session.get_one::<Post>(1).await?;
    let pushed = post.comments().push(Comment::builder().text("c3"))?;
    session.delete(post);
    session.commit().await?;
    assert_eq!((session.state(pushed), Comment::query().count(&*db).await?), (EntityState::Transient, 0));
    Ok(())
}
