//! What the derives make: metadata, constants, builders.
#![allow(missing_docs, unreachable_pub)]
mod shop;
mod columns;
mod types;
mod relations;
mod builders;
mod scopes;
