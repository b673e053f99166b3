//! Where criteria hold: every kind of query that a model can appear in.
use crate::{fixtures::*, models::*};
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database};

on_every_database! {
    shop:
    the_rows_of_the_query_itself,
    counts_pages_and_whether_there_is_a_row,
    pages_by_key_and_streams,
    joins_and_outer_joins_of_the_query,
    outer_joins_through_a_link,
    paths_to_one,
    a_path_to_a_required_row_that_is_hidden_is_an_error_that_names_it,
    conditions_on_targets,
    conditions_on_targets_through_a_link,
    aggregates_of_targets,
    queries_inside_conditions,
    unions_and_rows_of_queries,
    set_based_writes,
    columns_and_whole_rows,
    two_criteria_on_one_model_both_hold,
}

async fn the_rows_of_the_query_itself(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let orders = Order::query().order_by(Order::id).all(&*db).await?;
    assert_eq!(ids(&orders), [1, 2, 5]);
    let session = db.session();
    assert_eq!(Order::query().all(&session).await?.len(), 3);
    assert_eq!(Order::query().all(session.values()).await?.len(), 3);
    assert_eq!(ids(&every_order().all(&*db).await?), [1, 2, 3, 4, 5]);
    Ok(())
}

async fn counts_pages_and_whether_there_is_a_row(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let of_bob = || Order::query().filter(Order::user_id.eq(2));
    assert_eq!(Order::query().count(&*db).await?, 3);
    assert!(!of_bob().exists(&*db).await?);
    assert!(of_bob().without_criteria().exists(&*db).await?);
    let page = Order::query().order_by(Order::id).page(&*db, 2, 2).await?;
    assert_eq!((page.total, ids(&page.items)), (3, vec![5]));
    let session = db.session();
    assert_eq!(of_bob().count(&session).await?, 0);
    assert!(of_bob().first(&session).await?.is_none());
    assert!(of_bob().one(&session).await.expect_err("it is hidden").is_not_found());
    Ok(())
}

async fn pages_by_key_and_streams(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let page = Order::query().order_by(Order::id).keyset(2).page(&*db).await?;
    assert_eq!(ids(&page.items), [1, 2]);
    let mut stream = User::query().order_by(User::id).with(User::orders).stream(&db);
    let mut seen = Vec::new();
    while let Some(user) = stream.next().await {
        let user = user?;
        seen.push((user.email.clone(), ids(user.orders.get()?)));
    }
    assert_eq!(seen, [("ann".to_owned(), vec![1, 2]), ("bob".to_owned(), vec![])]);
    Ok(())
}

async fn joins_and_outer_joins_of_the_query(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let orders = User::orders.alias("orders");
    let inner = User::query().join(&orders).select((User::id, orders.column(Order::id))).order_by(User::id);
    assert_eq!(inner.order_by(orders.column(Order::id)).all(&*db).await?, [(1, 1), (1, 2)]);
    let orders = User::orders.outer_alias("orders");
    let outer = User::query().left_join(&orders).select((User::id, orders.column(Order::id)));
    let outer = outer.order_by(User::id).order_by(orders.column(Order::id));
    assert_eq!(outer.all(&*db).await?, [(1, Some(1)), (1, Some(2)), (2, None)], "hidden in ON: Bob stays");
    let any = orm::alias::<User, Order>("any").on(|order| order.column(Order::total).ge(30));
    assert_eq!(User::query().join(&any).select((User::id, any.column(Order::id))).all(&*db).await?, [(1, 5), (2, 5)]);
    Ok(())
}

async fn outer_joins_through_a_link(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let users = Team::users.outer_alias("users");
    let names = || Team::query().left_join(&users).select(users.column(User::email));
    assert_eq!(names().all(&*db).await?, [Some("ann".to_owned())]);
    let users = Team::users.alias("users");
    let names = Team::query().join(&users).select(users.column(User::email));
    assert_eq!(names.all(&*db).await?, ["ann"]);
    Ok(())
}

async fn paths_to_one(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let texts = |query: Query<Remark>| query.select(Remark::text).all(&*db);
    let by_cem = Remark::author.path(User::email).eq("cem");
    assert!(texts(Remark::query().filter(by_cem.clone())).await?.is_empty());
    assert_eq!(texts(Remark::query().filter(by_cem).without_criteria()).await?, ["by cem"]);
    let authors = Remark::query().order_by(Remark::id).select(Remark::author.path(User::email));
    assert_eq!(authors.all(&*db).await?, [Some("ann".to_owned()), None]);
    Ok(())
}

#[derive(Projection)]
#[orm(from = Order)]
struct OrderCard {
    total: i64,
    user: UserCard,
}

#[derive(Projection)]
#[orm(from = User)]
struct UserCard {
    email: String,
}

async fn a_path_to_a_required_row_that_is_hidden_is_an_error_that_names_it(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let expected = "`Order::user.email` cannot be read, since there is no row: a key names none, or a criterion hides the row: ask \
        for those that are seen, `.filter(Order::user.exists())`, or look around the criteria, `.without_criteria()`";
    let email = || Order::user.path(User::email);
    let path = Order::query().select((Order::id, email())).all(&*db).await.expect_err("Cem is hidden");
    assert_eq!((path.is_not_found(), path.to_string().as_str()), (true, expected));
    let computed = Order::query().select(email().upper()).all(&*db).await.expect_err("Cem is hidden");
    assert_eq!(computed.to_string(), expected);
    let nested = Order::query().project::<OrderCard>().all(&*db).await.map(|_| ()).expect_err("Cem is hidden");
    assert_eq!((nested.is_not_found(), nested.to_string().as_str()), (true, expected));
    let seen = Order::query().filter(Order::user.exists()).project::<OrderCard>().all(&*db).await?;
    assert!(seen.iter().all(|card| card.total < 30 && card.user.email == "ann"));
    let emails = Order::query().without_criteria().select(email()).all(&*db).await?;
    assert_eq!(emails.len(), 5);
    Ok(())
}

async fn conditions_on_targets(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let found = async |condition: Predicate<User>| {
        User::query().filter(condition).order_by(User::id).select(User::id).all(&*db).await
    };
    assert_eq!(found(User::orders.exists()).await?, [1]);
    assert_eq!(found(User::orders.any(Order::total.ge(30))).await?, [0; 0]);
    assert_eq!(found(User::orders.none(Order::total.ge(30))).await?, [1, 2]);
    assert_eq!(found(User::orders.all(Order::total.le(20))).await?, [1, 2]);
    let owned = Order::query().filter(Order::user.has(Predicate::always())).select(Order::id).order_by(Order::id);
    assert_eq!(owned.all(&*db).await?, [1, 2]);
    Ok(())
}

async fn conditions_on_targets_through_a_link(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let teams = async |condition: Predicate<Team>| Team::query().filter(condition).count(&*db).await;
    assert_eq!(teams(Team::users.exists()).await?, 1);
    assert_eq!(teams(Team::users.any(User::email.eq("bob"))).await?, 0, "the membership is not active");
    assert_eq!(teams(Team::users.any(User::email.eq("cem"))).await?, 0, "the user is deleted");
    let bob = Team::query().without_criteria().filter(Team::users.any(User::email.eq("bob")));
    assert_eq!(bob.count(&*db).await?, 1);
    let session = db.session();
    let red = Team::query().one(&session).await?;
    assert_eq!(red.users().query().select(User::email).all(&session).await?, ["ann"]);
    Ok(())
}

async fn aggregates_of_targets(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let sums = User::query().order_by(User::id).select((User::orders.count(), User::orders.max(Order::total)));
    assert_eq!(sums.all(&*db).await?, [(2, Some(20)), (0, None)]);
    let members = Team::query().select(Team::users.count());
    assert_eq!(members.all(&*db).await?, [1]);
    let of_all = User::query().without_criteria().order_by(User::id).select(User::orders.count());
    assert_eq!(of_all.all(&*db).await?, [3, 1, 1]);
    Ok(())
}

async fn queries_inside_conditions(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let users = async |condition: Predicate<User>| User::query().filter(condition).count(&*db).await;
    let owners = || Order::query().select(Order::user_id);
    assert_eq!(users(User::id.is_in(owners())).await?, 1);
    let all_owners = Order::query().without_criteria().select(Order::user_id);
    assert_eq!(users(User::id.is_in(all_owners)).await?, 2, "inside alone the criteria are left out");
    let ordered = orm::exists(|user| Order::query().filter(Order::user_id.eq(user.column(User::id))));
    assert_eq!(users(ordered).await?, 1);
    let dearest = orm::scalar(|_| Order::query().select(Order::total.max()));
    assert_eq!(Order::query().filter(Order::total.eq(dearest)).select(Order::id).all(&*db).await?, [5]);
    Ok(())
}

async fn unions_and_rows_of_queries(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let of = |user: i64| Order::query().filter(Order::user_id.eq(user));
    let both = of(1).union(of(2)).order_by(Order::id).all(&*db).await?;
    assert_eq!(ids(&both), [1, 2]);
    let with_hidden = of(1).union(of(2).without_criteria()).order_by(Order::id).all(&*db).await?;
    assert_eq!(ids(&with_hidden), [1, 2, 4], "each query says it for itself");
    let all = of(1).union(of(2)).without_criteria().order_by(Order::id).all(&*db).await?;
    assert_eq!(ids(&all), [1, 2, 3, 4]);
    let distinct = User::query().join(User::orders).distinct().all(&*db).await?;
    assert_eq!(distinct.len(), 1);
    Ok(())
}

async fn set_based_writes(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let all = || Order::query().filter(Order::total.gt(0));
    assert_eq!(all().set(Order::total, 1).update(&*db).await?, 3);
    let session = db.session();
    let hidden = every_order().filter(Order::id.eq(3)).one(&session).await?;
    assert_eq!(all().set(Order::total, 2).update(&session).await?, 3);
    assert_eq!(hidden.total, 30);
    assert_eq!(all().without_criteria().set(Order::total, 3).update(&session).await?, 5);
    assert_eq!(hidden.total, 3);
    session.rollback().await?;
    let of_bob = Order::query().filter(Order::user.has(User::email.eq("cem")));
    assert_eq!(of_bob.set(Order::total, 9).update(&*db).await?, 0, "its user is hidden");
    assert_eq!(all().delete_permanently(&*db).await?, 3);
    assert_eq!(ids(&every_order().all(&*db).await?), [3, 4]);
    Ok(())
}

async fn columns_and_whole_rows(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let rows = Order::query().group_by_user().all(&*db).await?;
    assert_eq!(rows, [(1, 2), (3, 1)]);
    let orders = User::orders.alias("orders");
    let rows: Vec<(User, Order)> = User::query().join(&orders).select((orm::row(), orders.row())).all(&*db).await?;
    assert_eq!(rows.len(), 2);
    Ok(())
}

trait ByUser {
    fn group_by_user(self) -> orm::Projected<Order, (i64, i64)>;
}

impl ByUser for Query<Order> {
    fn group_by_user(self) -> orm::Projected<Order, (i64, i64)> {
        self.select((Order::user_id, orm::count())).group_by(Order::user_id).order_by(Order::user_id)
    }
}

async fn two_criteria_on_one_model_both_hold(db: TestDb) -> Result<()> {
    fill(&db).await?;
    let tenant = db.with_criteria(Order::tenant_id.eq(1));
    assert_eq!(ids(&Order::query().order_by(Order::id).all(&tenant).await?), [1, 5]);
    let small = tenant.with_criteria(Order::total.lt(50));
    assert_eq!(ids(&Order::query().all(&small).await?), [1]);
    let seen = small.transaction(async |session| Order::query().count(session).await).await?;
    assert_eq!((seen, Order::query().count(&*db).await?), (1, 3));
    let mut stream = Order::query().stream(&small);
    assert_eq!(stream.next().await.transpose()?.map(|order| order.id), Some(1));
    assert!(stream.next().await.is_none());
    Ok(())
}

mod fresh {
    use super::*;

    on_every_database! {
        invoices:
        a_criterion_of_a_model_is_asked_at_each_execution,
        a_criterion_may_ask_for_other_models,
        a_change_of_what_a_criterion_reads_is_flushed_before,
    }

    async fn write(db: &TestDb) -> Result<()> {
        let session = db.session();
        for (tenant, draft) in [(1, false), (2, false), (1, true)] {
            let invoice = session.add(Invoice::builder().tenant_id(tenant).draft(draft));
            session.add(Line::builder().tenant_id(tenant).invoice(invoice));
        }
        session.commit().await
    }

    async fn a_criterion_of_a_model_is_asked_at_each_execution(db: TestDb) -> Result<()> {
        write(&db).await?;
        let query = Invoice::query().select(Invoice::id);
        enter_tenant(1);
        assert_eq!(query.clone().all(&*db).await?, [1]);
        assert!(db.session().get::<Invoice>(2).await?.is_none());
        enter_tenant(2);
        assert_eq!(query.all(&*db).await?, [2]);
        assert!(db.session().get::<Invoice>(2).await?.is_some());
        Ok(())
    }

    async fn a_criterion_may_ask_for_other_models(db: TestDb) -> Result<()> {
        write(&db).await?;
        enter_tenant(1);
        assert_eq!(Line::query().select(Line::id).all(&*db).await?, [1], "the other invoice is a draft");
        let session = db.session();
        let invoice = session.get_one::<Invoice>(1).await?;
        assert_eq!(invoice.lines().await?.len(), 1);
        let lines = Invoice::query().with(Invoice::lines.joined()).all(&*db).await?;
        assert_eq!(lines[0].lines.get()?.len(), 1);
        Ok(())
    }

    async fn a_change_of_what_a_criterion_reads_is_flushed_before(db: TestDb) -> Result<()> {
        write(&db).await?;
        enter_tenant(1);
        let session = db.session();
        let invoice = session.get_one::<Invoice>(1).await?;
        invoice.set(Invoice::draft, true);
        assert_eq!(Line::query().count(&session).await?, 0);
        Ok(())
    }
}

mod reachable {
    use super::*;

    on_every_database! { tree: what_is_reachable_ends_at_hidden_rows }

    async fn what_is_reachable_ends_at_hidden_rows(db: TestDb) -> Result<()> {
        let session = db.session();
        let root = session.add(Folder::builder().name("root"));
        let gone = session.add(Folder::builder().name("gone").gone(true).parent(root));
        session.add(Folder::builder().name("below").parent(gone));
        session.add(Folder::builder().name("kept").parent(root));
        session.commit().await?;
        let from_root = || Folder::query().filter(Folder::name.eq("root")).reachable(Folder::children);
        let names = from_root().order_by(Folder::name).select(Folder::name).all(&*db).await?;
        assert_eq!(names, ["kept", "root"]);
        assert_eq!(from_root().without_criteria().count(&*db).await?, 4);
        Ok(())
    }
}
