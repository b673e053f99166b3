//! The rows that the tests begin with.
use crate::models::{Address, Badge, Code, Customer, Item, Level, Order, Part, Product, Profile, Review, Tag};
use orm::{Db, Result};

/// A customer with what is required, as a builder.
macro_rules! plain {
    ($name:expr) => {
        Customer::builder().email($name).level(Level::Gold).code(Code($name.to_string()))
    };
}

/// Ann has a profile with two badges, two orders, two tags; Ben, whom Ann referred, has one order and one tag; Cid has
/// nothing.
pub(crate) async fn three(db: &Db) -> Result<()> {
    let session = db.session();
    let reviews = [Review::builder().stars(5), Review::builder().stars(3)];
    let lamp = session.add(Product::builder().name("lamp").reviews(reviews));
    let desk = session.add(Product::builder().name("desk"));
    let (new, loyal) = (session.add(Tag::builder().name("new")), session.add(Tag::builder().name("loyal")));
    let ann = session.add(
        plain!("ann")
            .name("Ann".to_owned())
            .address(Address { city: "Oslo".into(), street: Some("Main".into()) })
            .notes("a note".to_owned())
            .profile(
                Profile::builder()
                    .bio("likes lamps")
                    .badges(["first", "best"].map(|title| Badge::builder().title(title))),
            ),
    );
    session.flush().await?;
    let ben = session.add(plain!("ben").address(Address::default()).referrer(ann));
    session.flush().await?;
    session.add(plain!("cid").address(Address::default()));
    session.flush().await?;
    for (customer, status, total) in [(ann, "open", 10), (ann, "done", 20), (ben, "open", 30)] {
        let order = session.add(Order::builder().customer(customer).status(status).total(total));
        session.flush().await?;
        session.add(Item::builder().order(order).line(1).quantity(2).product(lamp));
        session.add(Item::builder().order(order).line(2).quantity(1).product(desk));
        session.add(Item::builder().order(order).line(3).quantity(4));
        session.flush().await?;
        session.add(Part::builder().name("bulb").order_id(order.id).line(1));
        session.flush().await?;
    }
    ann.tags().push(new)?;
    ann.tags().push(loyal)?;
    ben.tags().push(loyal)?;
    session.commit().await
}

/// So many customers `c0`, `c1`, … with an order each, those of even number with a second one.
pub(crate) async fn many(db: &Db, customers: usize) -> Result<()> {
    let session = db.session();
    for number in 0..customers {
        let customer = session.add(plain!(format!("c{number}")).address(Address::default()));
        for _ in 0..2 - number % 2 {
            session.add(Order::builder().customer(customer).status("open").total(number as i64));
        }
    }
    session.commit().await
}
