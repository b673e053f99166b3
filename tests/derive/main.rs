//! What the derives make: metadata, constants, builders.
#![allow(missing_docs, unreachable_pub)]
mod builders;
mod columns;
mod relations;
mod scopes;
mod shop;
mod types;
