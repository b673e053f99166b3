//! Enums and newtypes as columns.
use orm::{
    __private::{SqlType, Value},
    ColumnType, IntoDraft, Record,
    prelude::*,
};

#[derive(ColumnEnum, Clone, Copy, Debug, PartialEq)]
#[orm(rename_all = "snake_case")]
enum Status {
    Pending,
    InProgress,
    #[orm(rename = "finished")]
    Done,
}

#[derive(ColumnEnum, Clone, Copy, Debug, PartialEq)]
#[orm(integer)]
enum Level {
    Low = 1,
    High = 10,
}

#[derive(ColumnType, Clone, Copy, Debug, PartialEq)]
struct TaskId(i64);

#[derive(ColumnType, Clone, Debug, PartialEq)]
struct Email {
    text: String,
}

#[derive(Model, Clone, Debug)]
struct Task {
    #[orm(primary_key)]
    id: TaskId,
    owner: Email,
    status: Status,
    #[orm(default = Level::Low)]
    level: Level,
    previous: Option<Status>,
    #[orm(default_sql = "'pending'")]
    first: Status,
    parent_id: Option<TaskId>,
    #[orm(back_populates = children)]
    parent: BelongsTo<Option<Task>>,
    #[orm(back_populates = parent)]
    children: HasMany<Task>,
}

#[test]
fn an_enum_is_stored_by_name() {
    assert_eq!(Status::TYPE, SqlType::Text);
    assert_eq!(Status::VARIANTS, ["pending", "in_progress", "finished"]);
    assert_eq!(Status::Done.encode(), Value::String(Some("finished".into())));
    assert_eq!(Status::from_value(Value::String(Some("in_progress".into()))).ok(), Some(Status::InProgress));
    let error = Status::from_value(Value::String(Some("lost".into()))).expect_err("there is no such variant");
    assert_eq!(error.to_string(), "\"lost\" is none of pending, in_progress, finished");
}

#[test]
fn an_enum_can_be_stored_by_number() {
    assert_eq!((Level::TYPE, Level::VARIANTS.len()), (SqlType::I32, 0));
    assert_eq!(Level::High.encode(), Value::Int(Some(10)));
    assert_eq!(Level::from_value(Value::Int(Some(1))).ok(), Some(Level::Low));
    assert!(Level::from_value(Value::Int(Some(2))).is_err());
}

#[test]
fn a_newtype_is_stored_as_what_is_inside() {
    assert_eq!((TaskId::TYPE, Email::TYPE), (SqlType::I64, SqlType::Text));
    assert_eq!(TaskId(5).encode(), Value::BigInt(Some(5)));
    assert_eq!(TaskId::unset(), Some(TaskId(0)));
}

#[test]
fn a_newtype_of_an_integer_is_a_generated_key() {
    assert!(Task::table().columns[0].generated);
    let task = Task::builder().owner(Email { text: "a@x".into() }).status(Status::Pending);
    let draft = task.into_draft();
    assert_eq!(draft.open.unset.iter().collect::<Vec<_>>(), [0, 5]);
    assert_eq!((draft.value.level, draft.value.previous, draft.value.first), (Level::Low, None, Status::Pending));
}
