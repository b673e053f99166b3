//! Lists of which the session keeps the order, and what lies behind another relationship, on every database.
mod models;
mod ordering;
mod proxies;
mod random;
mod unique;
