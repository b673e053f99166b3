//! A whole tree from one JSON document: a company with its departments and their employees.
//!
//! The models derive serde's traits themselves. A relationship field that is absent from a document is unloaded, one that
//! is there holds rows of its own; `session.add` adds them all, and the keys between them are filled by the database's. What
//! a query loaded is written back in the same shape, and nothing else.
use orm::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Model, Clone, Debug, Serialize, Deserialize)]
struct Company {
    #[orm(primary_key)]
    #[serde(default)]
    id: i64,
    name: String,
    #[orm(back_populates = company, order_by = Department::name)]
    #[serde(skip_serializing_if = "HasMany::is_unloaded")]
    departments: HasMany<Department>,
}

#[derive(Model, Clone, Debug, Serialize, Deserialize)]
struct Department {
    #[orm(primary_key)]
    #[serde(default)]
    id: i64,
    name: String,
    // The key is filled by the relationship: no document needs to give it, and none shows it.
    #[serde(default, skip_serializing)]
    company_id: i64,
    #[orm(back_populates = departments)]
    #[serde(skip_serializing_if = "BelongsTo::is_unloaded")]
    company: BelongsTo<Company>,
    #[orm(back_populates = department, order_by = Employee::name)]
    #[serde(skip_serializing_if = "HasMany::is_unloaded")]
    employees: HasMany<Employee>,
}

#[derive(Model, Clone, Debug, Serialize, Deserialize)]
struct Employee {
    #[orm(primary_key)]
    #[serde(default)]
    id: i64,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(default, skip_serializing)]
    department_id: i64,
    #[orm(back_populates = employees)]
    #[serde(skip_serializing_if = "BelongsTo::is_unloaded")]
    department: BelongsTo<Department>,
}

const DOCUMENT: &str = r#"{
  "name": "Initech",
  "departments": [
    { "name": "Research", "employees": [{ "name": "Ada", "email": "ada@example.com" }, { "name": "Grace" }] },
    { "name": "Accounting", "employees": [{ "name": "Milton" }] },
    { "name": "Basement" }
  ]
}"#;

#[tokio::main]
async fn main() -> Result<(), orm::Error> {
    let db = Db::connect("sqlite::memory:").await?;
    orm::schema![Company].create_all(&db).await?; // with the tables that it is related to

    // One value that owns the whole tree: plain Rust, no database yet.
    let document: Company = serde_json::from_str(DOCUMENT).map_err(orm::Error::other)?;
    assert_eq!(document.departments.get()?.len(), 3);

    let session = db.session();
    let company = session.add(document);
    println!("What the flush will do:\n{}", session.plan()?);
    session.commit().await?;
    println!("written in {} statements, one for each table\n", session.statement_count());
    assert_eq!(session.statement_count(), 3);
    let ada = company.departments().loaded()?.first().map(|department| department.employees());
    assert!(ada.is_some_and(|employees| employees.is_loaded()), "what was added is known without a query");

    // Read back as values by a `Db`, and written in the shape that the query loaded.
    let tree = Company::query().with(Company::departments.selectin().with(Department::employees.selectin()));
    let stored = tree.clone().one(&db).await?;
    println!("{}", json(&stored)?);
    assert!(json(&stored)?.contains("ada@example.com"));

    // An entity is serialized the same way, along its own query: here no employees, whatever the session holds.
    let page = db.session();
    let company = Company::query().with(Company::departments).one(&page).await?;
    for department in company.departments().loaded()? {
        department.employees().await?;
    }
    println!("\nThe departments alone:\n{}", json(&company)?);
    assert!(!json(&company)?.contains("employees"));

    // A mistake in a document is serde's error and says where it is.
    let mistake = serde_json::from_str::<Company>(r#"{ "name": "X", "departments": [{ "nmae": "Sales" }] }"#);
    let error = mistake.err().map(|error| error.to_string()).unwrap_or_default();
    println!("\nA misspelt document: {error}");
    assert!(error.contains("missing field `name`"));
    Ok(())
}

fn json(value: &impl Serialize) -> Result<String, orm::Error> {
    serde_json::to_string_pretty(value).map_err(orm::Error::other)
}
