//! What is loaded when it is asked for, and how few statements that takes: counts, columns that are left out, and what tells
//! of loops.
mod counting;
mod counts_asked;
mod deferred;
mod expectations;
mod loops;
mod models;
mod walks;
