//! Builders: what must be given, what was, and what is left open.
use super::shop::*;
use orm::{__private::Related, IntoDraft, IntoRelated, prelude::*};

fn open(draft: &orm::__private::Draft<impl orm::Record>) -> (Vec<u16>, Vec<u16>) {
    (draft.open.unset.iter().collect(), draft.open.given.iter().collect())
}

#[test]
fn unset_and_given_columns_are_noted() {
    let draft = User::builder().email("a@x").full_name("A").into_draft();
    assert_eq!(open(&draft), (vec![0], vec![1, 2]));
    assert_eq!((draft.value.id, draft.value.email.as_str()), (0, "a@x"));
}

#[test]
fn a_generated_key_can_be_given_even_as_zero() {
    assert_eq!(open(&User::builder().id(0).email("a").full_name("A").into_draft()), (vec![], vec![0, 1, 2]));
}

#[test]
fn defaults_are_applied_and_count_as_not_given() {
    let draft = Order::builder().user_id(1).total_amount(dec!(5)).into_draft();
    assert_eq!(draft.value.status, "pending");
    assert_eq!(open(&draft), (vec![0], vec![1, 2]));
    let draft = Order::builder().user_id(1).total_amount(5).status("new").into_draft();
    assert_eq!((draft.value.status.as_str(), draft.open.given.has(3)), ("new", true));
}

#[test]
fn a_relationship_stands_for_its_key() {
    let user = User::builder().id(7).email("a").full_name("A").build();
    let draft = Order::builder().user(user).total_amount(1).into_draft();
    assert_eq!(open(&draft), (vec![0, 1], vec![2]));
    let user = draft.value.user.get().expect("it was given").expect("it is not optional");
    assert_eq!(user.id, 7);
}

#[test]
fn a_builder_may_lack_the_key_that_its_relationship_fills() {
    let items = [
        OrderItem::builder().product(Product::builder().name("mouse").price(dec!(25.25))).quantity(1).unit_price(1),
        OrderItem::builder().product_id(2).quantity(2).unit_price(2),
    ];
    let order = Order::builder().user_id(1).total_amount(3).items(items).build();
    assert!(order.items.get().is_err(), "builders have no values yet");
    assert!(!order.items.is_unloaded());
}

#[test]
fn values_given_to_a_relationship_can_be_read_back() {
    let role = |name: &str| Role::builder().name(name).build();
    let user = User::builder().email("a").full_name("A").roles([role("admin"), role("guest")]).build();
    let names: Vec<&str> = user.roles.get().expect("values were given").iter().map(|role| role.name.as_str()).collect();
    assert_eq!(names, ["admin", "guest"]);
}

#[test]
fn an_optional_target_may_be_none() {
    let user = User::builder().email("a").full_name("A").profile(None::<UserProfile>).build();
    assert!(user.profile.get().expect("none was given").is_none());
    let profile = UserProfile::builder().bio("writes");
    let user = User::builder().email("a").full_name("A").profile(profile).build();
    assert!(!user.profile.is_unloaded());
}

#[test]
fn a_builder_is_related_with_what_it_left_open() {
    fn related<R: orm::Relation<Target = OrderItem>>(_: R, item: impl IntoRelated<R>) -> Vec<u16> {
        match item.into_related() {
            Some(Related::New(draft)) => draft.open.unset.iter().collect(),
            _ => panic!("a builder is a new row"),
        }
    }
    assert_eq!(related(Order::items, OrderItem::builder().product_id(1).quantity(1).unit_price(1)), [0, 1]);
}

#[test]
fn decimal_literals_are_exact() {
    assert_eq!(dec!(99.90).to_string(), "99.90");
    assert_eq!(dec!(-1_000.5).to_string(), "-1000.5");
    assert_eq!(dec!(0), Decimal::ZERO);
}
