//! What is left when a database fails, stops answering, is killed, or is not waited for: at every call of every operation.
mod faulty;
mod killed;
mod operations;
mod polls;
mod recorded;
mod savepoints;
mod transactions;
mod world;
