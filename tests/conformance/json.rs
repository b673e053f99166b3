//! What goes out as JSON: columns, and what the query loaded.
use orm::{Result, prelude::*, schema::Schema};
use orm_test_support::{TestDb, on_every_database};
use serde::Serialize;
use serde_json::{Value, json};

on_every_database! {
    firm:
    what_was_loaded_is_inside,
    what_was_not_loaded_is_null_or_left_out,
    other_code_does_not_change_the_shape,
    an_object_on_the_way_from_the_root_is_left_out,
    defaults_of_attributes_belong_to_the_shape,
    parts_are_written_as_they_were_loaded,
    a_value_and_an_entity_are_written_alike,
    collections_and_pages_are_written,
    a_tree_goes_to_its_depth,
}

fn firm() -> Schema {
    orm::schema![Company, Department, Employee]
}

#[derive(Model, Clone, Debug, Serialize)]
#[orm(table = "companies")]
struct Company {
    #[orm(primary_key)]
    id: i64,
    name: String,
    #[orm(back_populates = company, order_by = Department::name)]
    departments: HasMany<Department>,
}

#[derive(Model, Clone, Debug, Serialize)]
struct Department {
    #[orm(primary_key)]
    #[serde(skip)]
    id: i64,
    #[serde(rename = "title")]
    name: String,
    #[serde(skip)]
    company_id: i64,
    #[orm(back_populates = departments)]
    #[serde(skip_serializing_if = "BelongsTo::is_unloaded")]
    company: BelongsTo<Company>,
    #[orm(back_populates = department, load = "selectin", order_by = Employee::name)]
    #[serde(skip_serializing_if = "HasMany::is_unloaded")]
    staff: HasMany<Employee>,
}

#[derive(Model, Clone, Debug, Serialize)]
struct Employee {
    #[orm(primary_key)]
    #[serde(skip)]
    id: i64,
    name: String,
    #[serde(skip)]
    department_id: Option<i64>,
    #[orm(back_populates = staff)]
    #[serde(skip_serializing_if = "BelongsTo::is_unloaded")]
    department: BelongsTo<Option<Department>>,
    #[serde(skip)]
    boss_id: Option<i64>,
    #[orm(back_populates = reports)]
    #[serde(skip_serializing_if = "BelongsTo::is_unloaded")]
    boss: BelongsTo<Option<Employee>>,
    #[orm(back_populates = boss, order_by = Employee::name)]
    #[serde(skip_serializing_if = "HasMany::is_unloaded")]
    reports: HasMany<Employee>,
}

/// One company with two departments; Ann of the first is the boss of Bob.
async fn company(db: &Db) -> Result<()> {
    let session = db.session();
    let company = session.add(Company::builder().name("acme"));
    let sales = session.add(Department::builder().name("sales").company(company));
    session.add(Department::builder().name("empty").company(company));
    let ann = session.add(Employee::builder().name("ann").department(sales));
    session.add(Employee::builder().name("bob").department(sales).boss(ann));
    session.commit().await
}

fn written(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("it can be written")
}

async fn what_was_loaded_is_inside(db: TestDb) -> Result<()> {
    company(&db).await?;
    let session = db.session();
    let company = Company::query().with(Company::departments).one(&session).await?;
    let staff = json!([{"name": "ann"}, {"name": "bob"}]);
    let departments = json!([{"title": "empty", "staff": []}, {"title": "sales", "staff": staff}]);
    assert_eq!(written(&company), json!({"id": company.id, "name": "acme", "departments": departments}));
    Ok(())
}

async fn what_was_not_loaded_is_null_or_left_out(db: TestDb) -> Result<()> {
    company(&db).await?;
    let session = db.session();
    let company = Company::query().one(&session).await?;
    assert_eq!(written(&company), json!({"id": company.id, "name": "acme", "departments": null}));
    let ann = Employee::query().filter(Employee::name.eq("ann")).one(&session).await?;
    assert_eq!(written(&ann), json!({"name": "ann"}));
    let with_boss = Employee::query().filter(Employee::name.eq("ann")).with(Employee::boss).one(&session).await?;
    assert_eq!(written(&with_boss), json!({"name": "ann", "boss": null}));
    Ok(())
}

async fn other_code_does_not_change_the_shape(db: TestDb) -> Result<()> {
    company(&db).await?;
    let session = db.session();
    let company = Company::query().one(&session).await?;
    let before = written(&company);
    company.departments().await?;
    let other = Company::query().with(Company::departments.lazy()).one(&session).await?;
    assert_eq!((written(&company), written(&other)), (before.clone(), before));
    Ok(())
}

async fn an_object_on_the_way_from_the_root_is_left_out(db: TestDb) -> Result<()> {
    company(&db).await?;
    let session = db.session();
    let load = Company::departments.selectin().with(Department::company).with(Department::staff.lazy());
    let company = Company::query().with(load).one(&session).await?;
    let department = &written(&company)["departments"][0];
    assert_eq!(department, &json!({"title": "empty", "company": null}));
    Ok(())
}

async fn defaults_of_attributes_belong_to_the_shape(db: TestDb) -> Result<()> {
    company(&db).await?;
    let expected = json!({"title": "sales", "staff": [{"name": "ann"}, {"name": "bob"}]});
    let session = db.session();
    let sales = Department::query().filter(Department::name.eq("sales")).one(&session).await?;
    assert_eq!(written(&sales), expected);
    let other = db.session();
    assert_eq!(written(&other.get_one::<Department>(sales.id).await?), expected);
    let lazily = db.session();
    let company = Company::query().one(&lazily).await?;
    assert_eq!(written(&company.departments().await?.last()), expected);
    Ok(())
}

async fn parts_are_written_as_they_were_loaded(db: TestDb) -> Result<()> {
    company(&db).await?;
    let load = || Department::staff.filter(Employee::name.eq("bob"));
    let query = || Department::query().filter(Department::name.eq("sales")).with(load());
    let expected = json!({"title": "sales", "staff": [{"name": "bob"}]});
    let session = db.session();
    let sales = query().one(&session).await?;
    sales.staff().await?;
    assert_eq!(written(&sales), expected);
    assert_eq!(written(&query().one(&*db).await?), expected);
    Ok(())
}

async fn a_value_and_an_entity_are_written_alike(db: TestDb) -> Result<()> {
    company(&db).await?;
    let loads = [
        Company::departments.selectin().with(Department::staff.joined()),
        Company::departments.joined().with(Department::staff.selectin()),
        Company::departments.subquery().with(Department::staff.subquery().with(Employee::reports)),
        Company::departments.immediate().with(Department::staff.with(Employee::boss.selectin())),
    ];
    for load in loads {
        let session = db.session();
        let entity = Company::query().with(load.clone()).one(&session).await?;
        let value = Company::query().with(load).one(&*db).await?;
        assert_eq!(written(&entity.to_value()), written(&entity));
        assert_eq!(written(&value)["departments"][1]["staff"][0]["name"], "ann");
        assert_eq!(written(&value)["departments"][1]["title"], written(&entity)["departments"][1]["title"]);
    }
    Ok(())
}

async fn collections_and_pages_are_written(db: TestDb) -> Result<()> {
    company(&db).await?;
    let session = db.session();
    let company = Company::query().with(Company::departments.with(Department::staff.lazy())).one(&session).await?;
    assert_eq!(written(&company.departments().await?), json!([{"title": "empty"}, {"title": "sales"}]));
    let page = Employee::query().order_by(Employee::name.asc()).page(&session, 1, 1).await?;
    assert_eq!(written(&page), json!({"items": [{"name": "ann"}], "total": 2, "number": 1, "size": 1, "pages": 2}));
    Ok(())
}

async fn a_tree_goes_to_its_depth(db: TestDb) -> Result<()> {
    company(&db).await?;
    let session = db.session();
    let boss = Employee::query().filter(Employee::boss_id.is_null());
    let ann = boss.with(Employee::reports.selectin().recursive(2)).one(&session).await?;
    assert_eq!(written(&ann), json!({"name": "ann", "reports": [{"name": "bob", "reports": []}]}));
    Ok(())
}
