//! UUIDs.
use super::scalar::scalar_column;
use ::uuid::Uuid;

scalar_column!(Uuid, Uuid, Uuid, "a UUID", unset = Uuid::nil());
