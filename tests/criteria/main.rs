//! Global criteria and soft delete: what is hidden, from whom, and how to look around it; on every database.
mod cascades;
mod deletes;
mod fixtures;
mod loads;
mod marked;
mod models;
mod queries;
