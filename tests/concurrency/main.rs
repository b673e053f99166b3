//! Several futures on one session, and many sessions on one pool: nothing is lost, nothing is done twice, nobody waits for ever.
mod gate;
mod interleaved;
mod many_sessions;
mod random;
mod stress;
mod world;
