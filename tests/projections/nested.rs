//! Projections inside projections, by relationships to one: joined in the same statement.
use crate::{
    fixtures::three,
    models::{Badge, Customer, Item, Order, Product, Profile, Review, shop},
};
use orm::{Result, prelude::*};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    shop:
    what_may_be_missing_is_an_option,
    what_is_always_there_is_the_struct_itself,
    three_levels_are_one_statement,
    lists_hang_below_what_may_be_missing,
    a_shared_target_has_its_lists_everywhere,
}

#[derive(Projection, Debug, PartialEq)]
#[orm(from = Profile)]
struct ProfileCard {
    bio: String,
}

#[derive(Projection, Debug, PartialEq)]
#[orm(from = Customer)]
struct CustomerCard {
    email: String,
    profile: Option<ProfileCard>,
    #[orm(expr = Customer::orders.count())]
    orders_made: i64,
}

async fn what_may_be_missing_is_an_option(db: TestDb) -> Result<()> {
    three(&db).await?;
    let session = db.session();
    let query = Customer::query().order_by(Customer::id).limit(2).project::<CustomerCard>();
    let (cards, sent) = statements!(session, query.all(&session).await?);
    let profile = Some(ProfileCard { bio: "likes lamps".into() });
    assert_eq!(cards[0], CustomerCard { email: "ann".into(), profile, orders_made: 2 });
    assert_eq!(cards[1], CustomerCard { email: "ben".into(), profile: None, orders_made: 1 });
    assert_eq!(sent, 1);
    Ok(())
}

#[derive(Projection, Debug, PartialEq)]
#[orm(from = Order)]
struct OrderCard {
    id: i64,
    customer: CustomerCard,
}

async fn what_is_always_there_is_the_struct_itself(db: TestDb) -> Result<()> {
    three(&db).await?;
    let session = db.session();
    let query = Order::query().order_by(Order::id.desc()).project::<OrderCard>();
    let (cards, sent) = statements!(session, query.all(&session).await?);
    assert_eq!((cards[0].customer.email.as_str(), cards[2].customer.orders_made, sent), ("ben", 2, 1));
    Ok(())
}

async fn three_levels_are_one_statement(db: TestDb) -> Result<()> {
    #[derive(Projection, Debug, PartialEq)]
    #[orm(from = Item)]
    struct ItemCard {
        line: i64,
        order: OrderCard,
        #[orm(relation = product)]
        goods: Option<ProductName>,
        quantity: i32,
    }
    #[derive(Projection, Debug, PartialEq)]
    #[orm(from = Product)]
    struct ProductName {
        name: String,
    }
    three(&db).await?;
    let session = db.session();
    let query = Item::query().order_by((Item::order_id, Item::line)).project::<ItemCard>();
    let (cards, sent) = statements!(session, query.all(&session).await?);
    assert_eq!((cards.len(), sent), (9, 1));
    let bio = cards[0].order.customer.profile.as_ref().map(|profile| profile.bio.as_str());
    assert_eq!((bio, cards[2].goods.is_none(), cards[2].quantity), (Some("likes lamps"), true, 4));
    assert_eq!(cards[8].order.customer.profile, None);
    Ok(())
}

#[derive(Projection, Debug, PartialEq)]
#[orm(from = Badge)]
struct BadgeTitle {
    title: String,
}

async fn lists_hang_below_what_may_be_missing(db: TestDb) -> Result<()> {
    #[derive(Projection, Debug, PartialEq)]
    #[orm(from = Profile)]
    struct Badges {
        badges: Vec<BadgeTitle>,
    }
    #[derive(Projection, Debug, PartialEq)]
    #[orm(from = Customer)]
    struct Honours {
        profile: Option<Badges>,
        orders: Vec<OrderNumber>,
    }
    #[derive(Projection, Debug, PartialEq)]
    #[orm(from = Order)]
    struct OrderNumber {
        id: i64,
    }
    three(&db).await?;
    let session = db.session();
    let query = Customer::query().order_by(Customer::id).project::<Honours>();
    let (honours, sent) = statements!(session, query.all(&session).await?);
    let titles =
        honours[0].profile.as_ref().map(|profile| profile.badges.iter().map(|badge| &badge.title[..]).collect());
    assert_eq!((titles, sent), (Some(vec!["first", "best"]), 3));
    assert_eq!(honours[1], Honours { profile: None, orders: vec![OrderNumber { id: 3 }] });
    assert_eq!(honours[2], Honours { profile: None, orders: Vec::new() });
    Ok(())
}

async fn a_shared_target_has_its_lists_everywhere(db: TestDb) -> Result<()> {
    #[derive(Projection, Debug, PartialEq)]
    #[orm(from = Item)]
    struct Bought {
        product: Option<Reviewed>,
    }
    #[derive(Projection, Debug, PartialEq)]
    #[orm(from = Product)]
    struct Reviewed {
        name: String,
        reviews: Vec<Stars>,
    }
    #[derive(Projection, Debug, PartialEq)]
    #[orm(from = Review)]
    struct Stars {
        stars: i32,
    }
    three(&db).await?;
    let session = db.session();
    let query = Item::query().filter(Item::line.eq(1)).project::<Bought>();
    let (bought, sent) = statements!(session, query.all(&session).await?);
    let lamp = || Bought {
        product: Some(Reviewed { name: "lamp".into(), reviews: vec![Stars { stars: 5 }, Stars { stars: 3 }] }),
    };
    assert_eq!((bought, sent), (vec![lamp(), lamp(), lamp()], 2));
    Ok(())
}
