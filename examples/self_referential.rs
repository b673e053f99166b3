//! A model that relates to itself: a tree of categories.
//!
//! Both sides are in one model. A tree is written level by level, whatever the order in which it was added, and read level by
//! level with `recursive`.
use orm::prelude::*;

#[derive(Model, Clone, Debug)]
#[orm(table = "categories")]
struct Category {
    #[orm(primary_key)]
    id: i64,
    name: String,
    parent_id: Option<i64>, // a root has none
    #[orm(back_populates = children)]
    parent: BelongsTo<Option<Category>>,
    #[orm(back_populates = parent, order_by = Category::name, cascade(all))]
    children: HasMany<Category>,
}

fn category(name: &str, children: Vec<Category>) -> Category {
    Category { id: 0, name: name.into(), parent_id: None, parent: Default::default(), children: children.into() }
}

#[tokio::main]
async fn main() -> Result<(), orm::Error> {
    let db = Db::connect("sqlite::memory:").await?;
    orm::schema![Category].create_all(&db).await?;

    // A tree of plain values, added at its root.
    let session = db.session();
    let root = session.add(category(
        "everything",
        vec![
            category("books", vec![category("poetry", vec![]), category("science fiction", vec![])]),
            category("music", vec![category("vinyl", vec![category("singles", vec![])])]),
        ],
    ));
    session.commit().await?;
    println!("added 7 categories in {} statements, one for each level\n", session.statement_count());
    assert_eq!(session.statement_count(), 4);

    // Down: one query for each level.
    let down = db.session();
    let whole = Category::query()
        .filter(Category::parent_id.is_null())
        .with(Category::children.selectin().recursive(10))
        .one(&down)
        .await?;
    print_tree(whole, 0)?;
    println!("the tree took {} statements\n", down.statement_count());
    assert_eq!(down.statement_count(), 5);

    // Up: what is in memory costs nothing.
    let Some(singles) = Category::query().filter(Category::name.eq("singles")).first(&down).await? else {
        return Err(orm::Error::other("there is a category of singles"));
    };
    let before = down.statement_count();
    println!("{}", path(singles).await?);
    assert_eq!(down.statement_count(), before);

    // Through the parent of the parent, in SQL.
    let grandparent = Category::parent.path(Category::parent.path(Category::name));
    let below = Category::query().filter(grandparent.eq("everything")).order_by(Category::id).all(&db).await?;
    println!("two levels below: {:?}", below.iter().map(|category| &category.name).collect::<Vec<_>>());
    assert_eq!(below.len(), 3);

    // A branch moves with all that is below it.
    let vinyl = Category::query().filter(Category::name.eq("vinyl")).one(&session).await?;
    vinyl.parent().set(root)?;
    session.commit().await?;
    assert_eq!(root.children().await?.len(), 3);

    // `cascade(all)`: a branch is deleted with all that is below it, the deepest first.
    session.delete(vinyl);
    session.commit().await?;
    println!("categories left: {}", Category::query().count(&db).await?);
    assert_eq!(Category::query().count(&db).await?, 5);
    Ok(())
}

fn print_tree(category: Entity<'_, Category>, depth: usize) -> Result<(), orm::Error> {
    println!("{:width$}{}", "", category.name, width = 2 * depth);
    for child in category.children().loaded()? {
        print_tree(child, depth + 1)?;
    }
    Ok(())
}

async fn path(mut category: Entity<'_, Category>) -> Result<String, orm::Error> {
    let mut path = category.name.clone();
    while let Some(parent) = category.parent().await? {
        path = format!("{} / {path}", parent.name);
        category = parent;
    }
    Ok(path)
}
