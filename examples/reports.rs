//! Reports: joins, groups, windows, queries put together, rows reached in any number of steps; each is one statement.
use orm::prelude::*;

#[derive(Model, Clone, Debug)]
struct Employee {
    #[orm(primary_key)]
    id: i64,
    name: String,
    manager_id: Option<i64>,
    #[orm(back_populates = reports)]
    manager: BelongsTo<Option<Employee>>,
    #[orm(back_populates = manager)]
    reports: HasMany<Employee>,
    #[orm(back_populates = seller)]
    sales: HasMany<Sale>,
}

#[derive(Model, Clone, Debug)]
struct Sale {
    #[orm(primary_key)]
    id: i64,
    seller_id: i64,
    product: String,
    amount: i64,
    #[orm(back_populates = sales)]
    seller: BelongsTo<Employee>,
}

async fn fill(db: &Db) -> Result<(), orm::Error> {
    let session = db.session();
    let sale = |product: &str, amount: i64| Sale::builder().product(product).amount(amount);
    let ann = session.add(Employee::builder().name("Ann").sales([sale("desk", 300)]));
    let bob = ann.reports().push(Employee::builder().name("Bob").sales([sale("lamp", 40), sale("desk", 280)]))?;
    bob.reports().push(Employee::builder().name("Cem"))?;
    session.commit().await
}

#[tokio::main]
async fn main() -> Result<(), orm::Error> {
    let db = Db::connect("sqlite::memory:").await?;
    orm::schema![Employee, Sale].create_all(&db).await?;
    fill(&db).await?;

    // Groups over a join: what each seller sold, those without a sale too.
    let sales = Employee::sales.outer_alias("sales");
    let totals = Employee::query()
        .left_join(&sales)
        .select((Employee::name, sales.column(Sale::amount).sum().coalesce(0)))
        .group_by(Employee::name)
        .order_by(Employee::name)
        .all(&db)
        .await?;
    assert_eq!(totals, [("Ann".into(), 300), ("Bob".into(), 320), ("Cem".into(), 0)]);

    // The same without a join: a number over related rows, in a filter.
    let busy = Employee::query().filter(Employee::sales.count().gt(1)).one(&db).await?;
    assert_eq!(busy.name, "Bob");

    // A running sum, and the best sale of each product by its number.
    let running = Sale::amount.sum().over(orm::window().order_by(Sale::id));
    let sums: Vec<Option<i64>> = Sale::query().order_by(Sale::id).select(running).all(&db).await?;
    assert_eq!(sums, [Some(300), Some(340), Some(620)]);
    let place = orm::row_number().over(orm::window().partition_by(Sale::product).order_by(Sale::amount.desc()));
    let ranked = Sale::query().select((Sale::product, Sale::amount, place)).rows();
    let (product, amount, place) = ranked.columns();
    let best = ranked.filter(place.eq(1)).select((product.clone(), amount)).order_by(product).all(&db).await?;
    assert_eq!(best, [("desk".to_owned(), 300), ("lamp".to_owned(), 40)]);

    // Results of two models in one list.
    let names = Employee::query().select(Employee::name).union(Sale::query().select(Sale::product));
    let name = names.columns();
    assert_eq!(names.order_by(name).all(&db).await?, ["Ann", "Bob", "Cem", "desk", "lamp"]);

    // Everyone below Ann, and the way up from Cem, as entities.
    let session = db.session();
    let named = |name: &str| Employee::query().filter(Employee::name.eq(name));
    let below =
        named("Ann").reachable(Employee::reports).except(named("Ann")).order_by(Employee::id).all(&session).await?;
    assert_eq!(below.iter().map(|employee| employee.name.as_str()).collect::<Vec<_>>(), ["Bob", "Cem"]);
    let above = named("Cem").reachable(Employee::manager).count(&session).await?;
    assert_eq!(above, 3);
    Ok(())
}
