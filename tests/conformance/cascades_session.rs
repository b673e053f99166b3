//! Cascades that stay in the session: `expunge`, `refresh`, and relationships that say what they do not cascade.
use orm::{EntityState, Result, prelude::*, schema::Schema};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    forest:
    expunge_goes_along_relationships_that_ask_for_it,
    refresh_goes_along_relationships_that_ask_for_it,
    refresh_forgets_what_was_added_below,
    refresh_goes_down_level_by_level,
    all_is_everything_but_delete_orphan,
    a_new_row_is_refused_where_save_update_is_not_cascaded,
    an_entity_of_the_session_is_taken_there,
}

fn forest() -> Schema {
    orm::schema![Tree, Branch, Leaf, Bird]
}

#[derive(Model, Clone, Debug)]
struct Tree {
    #[orm(primary_key)]
    id: i64,
    name: String,
    #[orm(back_populates = tree, cascade(all), order_by = Branch::id)]
    branches: HasMany<Branch>,
    #[orm(back_populates = tree, cascade(delete))]
    birds: HasMany<Bird>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "branches")]
struct Branch {
    #[orm(primary_key)]
    id: i64,
    name: String,
    tree_id: Option<i64>,
    #[orm(back_populates = branches)]
    tree: BelongsTo<Option<Tree>>,
    #[orm(back_populates = branch, cascade(save_update, refresh))]
    leaves: HasMany<Leaf>,
}

#[derive(Model, Clone, Debug)]
#[orm(table = "leaves")]
struct Leaf {
    #[orm(primary_key)]
    id: i64,
    name: String,
    branch_id: i64,
    #[orm(back_populates = leaves)]
    branch: BelongsTo<Branch>,
}

#[derive(Model, Clone, Debug)]
struct Bird {
    #[orm(primary_key)]
    id: i64,
    name: String,
    tree_id: Option<i64>,
    #[orm(back_populates = birds, cascade(merge))]
    tree: BelongsTo<Option<Tree>>,
}

/// A tree of two branches with two leaves each, and a bird in it.
async fn oak(db: &Db) -> Result<()> {
    let session = db.session();
    let branch = |name: &str| {
        let leaves = ["l1", "l2"].map(|leaf| Leaf::builder().name(format!("{name} {leaf}")));
        Branch::builder().name(name).leaves(leaves)
    };
    let tree = session.add(Tree::builder().name("oak").branches([branch("b1"), branch("b2")]));
    let bird = session.add(Bird::builder().name("owl"));
    tree.birds().push(bird)?;
    session.commit().await
}

async fn whole(session: &Session) -> Result<Entity<'_, Tree>> {
    Tree::query().with((Tree::branches.with(Branch::leaves), Tree::birds)).one(session).await
}

async fn expunge_goes_along_relationships_that_ask_for_it(db: TestDb) -> Result<()> {
    oak(&db).await?;
    let session = db.session();
    let tree = whole(&session).await?;
    let (branches, birds) = (tree.branches().await?, tree.birds().await?);
    let leaf = branches.get(0).expect("it has two").leaves().await?.first().expect("it has two");
    let added = tree.branches().push(Branch::builder().name("added"))?;
    branches.get(1).expect("it has two").set(Branch::name, "changed");
    session.expunge(tree);
    assert!(branches.iter().all(|branch| session.state(branch) == EntityState::Transient));
    assert_eq!((session.state(tree), session.state(added)), (EntityState::Transient, EntityState::Transient));
    assert!(session.contains(leaf) && birds.iter().all(|bird| session.contains(bird)), "these do not ask for it");
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!((sent, Branch::query().count(&*db).await?), (0, 2));
    let again = session.get_one::<Branch>(2).await?;
    assert_eq!(again.name, "b2");
    Ok(())
}

async fn rename_all(db: &Db) -> Result<()> {
    Tree::query().all_rows().set(Tree::name, "new").update(db).await?;
    Branch::query().all_rows().set(Branch::name, "new").update(db).await?;
    Leaf::query().all_rows().set(Leaf::name, "new").update(db).await?;
    Bird::query().all_rows().set(Bird::name, "new").update(db).await?;
    Ok(())
}

async fn refresh_goes_along_relationships_that_ask_for_it(db: TestDb) -> Result<()> {
    oak(&db).await?;
    let session = db.session();
    let tree = session.get_one::<Tree>(1).await?;
    let (_, sent) = statements!(session, session.refresh(tree).await?);
    assert_eq!(sent, 1, "what is not in memory is not read");
    let tree = Tree::query().with((Tree::branches, Tree::birds)).one(&session).await?;
    let branch = tree.branches().await?.first().expect("it has two");
    branch.set(Branch::name, "unwritten");
    rename_all(&db).await?;
    let (_, sent) = statements!(session, session.refresh(tree).await?);
    assert_eq!((sent, tree.name.as_str(), branch.name.as_str()), (2, "new", "new"));
    assert_eq!(tree.birds().await?.first().expect("an owl").name, "owl");
    assert!(!session.has_changes());
    Ok(())
}

async fn refresh_forgets_what_was_added_below(db: TestDb) -> Result<()> {
    oak(&db).await?;
    let session = db.session();
    let tree = Tree::query().with(Tree::branches).one(&session).await?;
    let first = tree.branches().await?.first().expect("it has two");
    let added = tree.branches().push(Branch::builder().name("added"))?;
    tree.branches().remove(first)?;
    session.refresh(tree).await?;
    assert_eq!((session.state(added), tree.branches().loaded()?.len()), (EntityState::Transient, 2));
    assert!(!session.has_changes(), "{}", session.plan()?);
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!(sent, 0);
    Ok(())
}

async fn refresh_goes_down_level_by_level(db: TestDb) -> Result<()> {
    oak(&db).await?;
    let session = db.session();
    let tree = whole(&session).await?;
    rename_all(&db).await?;
    let (_, sent) = statements!(session, session.refresh(tree).await?);
    assert_eq!(sent, 3, "the tree, its branches, their leaves");
    for branch in tree.branches().loaded()? {
        assert!(branch.leaves().loaded()?.iter().all(|leaf| leaf.name == "new"));
    }
    Ok(())
}

async fn all_is_everything_but_delete_orphan(db: TestDb) -> Result<()> {
    let session = db.session();
    let tree = session.merge(Tree::builder().name("fir").branches([Branch::builder().name("b")]).build()).await?;
    let branch = tree.branches().loaded()?.first().expect("merged along");
    session.commit().await?;
    tree.branches().remove(branch)?;
    session.commit().await?;
    assert_eq!((Branch::query().count(&*db).await?, branch.tree_id), (1, None));
    tree.branches().push(branch)?;
    session.commit().await?;
    session.delete(tree);
    session.commit().await?;
    assert_eq!(Branch::query().count(&*db).await?, 0);
    Ok(())
}

async fn a_new_row_is_refused_where_save_update_is_not_cascaded(db: TestDb) -> Result<()> {
    oak(&db).await?;
    let session = db.session();
    let tree = session.get_one::<Tree>(1).await?;
    let error = tree.birds().push(Bird::builder().name("jay")).expect_err("it is new");
    assert!(error.to_string().contains("Tree::birds, which does not cascade `save_update`"), "{error}");
    assert!(!session.has_changes());
    let owl = session.get_one::<Bird>(1).await?;
    assert!(owl.tree().set(Tree::builder().name("elm")).is_err());
    assert!(!session.has_changes());
    session.add(Tree::builder().name("elm").birds([Bird::builder().name("jay")]));
    let error = session.flush().await.expect_err("recorded");
    assert!(error.to_string().contains("Tree::birds"), "{error}");
    session.rollback().await?;
    assert_eq!(Bird::query().count(&*db).await?, 1);
    Ok(())
}

async fn an_entity_of_the_session_is_taken_there(db: TestDb) -> Result<()> {
    let session = db.session();
    let tree = session.add(Tree::builder().name("elm"));
    let jay = session.add(Bird::builder().name("jay").tree(tree));
    assert_eq!(tree.birds().loaded()?.len(), 1);
    session.commit().await?;
    assert_eq!(jay.tree_id, Some(tree.id));
    session.expunge(jay);
    assert!(tree.birds().push(jay).is_err(), "it would have to be added again");
    session.add(jay);
    session.rollback().await
}
