//! Models that are private, local to a function, renamed, re-exported, or in another module than their targets.
use orm::{Record, prelude::*};

mod catalog {
    use orm::prelude::*;

    #[derive(Model, Clone, Debug)]
    pub(crate) struct Artist {
        #[orm(primary_key)]
        pub(crate) id: i64,
        #[orm(back_populates = artist)]
        pub(crate) albums: HasMany<super::Record_>,
    }
}

use catalog::Artist as Performer;
pub(crate) use catalog::Artist;

#[derive(Model, Clone, Debug)]
#[orm(table = "albums", crate = "orm")]
pub(crate) struct Record_ {
    #[orm(primary_key)]
    id: i64,
    performer: i64,
    #[orm(foreign_key = performer, back_populates = albums)]
    artist: BelongsTo<Performer>,
}

#[test]
fn a_target_may_have_another_name() {
    assert_eq!(Record_::table().relationships[0].target().model, "Artist");
    let artist = Artist::builder().albums([Record_::builder(), Record_::builder().id(1)]).build();
    assert!(!artist.albums.is_unloaded());
}

#[test]
fn models_may_be_local_to_a_function() {
    #[derive(Model, Clone, Debug)]
    struct Parent {
        #[orm(primary_key)]
        id: i64,
        #[orm(back_populates = parent)]
        children: HasMany<Child>,
    }

    #[derive(Model, Clone, Debug)]
    struct Child {
        #[orm(primary_key)]
        id: i64,
        parent_id: i64,
        #[orm(back_populates = children)]
        parent: BelongsTo<Parent>,
    }

    assert_eq!(Child::table().relationships[0].inverse().map(|other| other.path()), Some("Parent::children".into()));
    let parent = Parent::builder().children([Child::builder()]).build();
    assert_eq!(parent.id, 0);
    assert_eq!(Parent::PATH, concat!(module_path!(), "::Parent"));
}

#[test]
fn names_of_fields_do_not_hide_crates() {
    #[derive(Model, Clone, Debug)]
    struct Event {
        #[orm(primary_key)]
        id: i64,
        time: time::OffsetDateTime,
        uuid: orm::prelude::Uuid,
        chrono: chrono::NaiveDate,
        reader: i32,
        position: i32,
        value: i32,
        state: i32,
    }
    let names: Vec<&str> = Event::table().columns.iter().map(|column| column.name).collect();
    assert_eq!(names, ["id", "time", "uuid", "chrono", "reader", "position", "value", "state"]);
}

macro_rules! model {
    ($name:ident, $key:ty) => {
        #[derive(Model, Clone, Debug)]
        struct $name {
            #[orm(primary_key)]
            id: $key,
            note: Option<String>,
        }
    };
}
model!(FromMacro, i64);

#[test]
fn a_macro_can_write_models() {
    assert_eq!(FromMacro::table().name, "from_macros");
    assert_eq!(FromMacro::builder().note("x").build().note.as_deref(), Some("x"));
}
