//! What is known of one row: all zeros for a clean row of which nothing changed.
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};

/// The state of an entity. Zero is the state of a row that was merely loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum State {
    /// In the database as far as the session knows.
    Persistent = 0,
    /// Added, not written yet.
    Pending = 1,
    /// To be deleted by the next flush.
    Deleting = 2,
    /// Deleted by a flush.
    Deleted = 3,
    /// Not part of the session: rolled back, expunged, or deleted for good.
    Transient = 4,
}

/// One row's slot.
#[derive(Default)]
pub(crate) struct Slot {
    /// The current version's row in the model's growing chunk, plus one; 0 for the row itself.
    current: AtomicU32,
    /// When the row was last seen in a result; 0 for when its chunk was made.
    epoch: AtomicU32,
    /// The state; above it whether the session inserted the row and no result has shown it since.
    state: AtomicU8,
}

const INSERTED: u8 = 0x80;

impl Slot {
    pub(crate) fn current(&self) -> Option<u32> {
        // Pairs with the store in `publish`: who sees the number sees the row.
        self.current.load(Ordering::Acquire).checked_sub(1)
    }

    pub(crate) fn publish(&self, version: Option<u32>) {
        self.current.store(version.map_or(0, |row| row + 1), Ordering::Release);
    }

    pub(crate) fn state(&self) -> State {
        match self.state.load(Ordering::Acquire) & !INSERTED {
            0 => State::Persistent,
            1 => State::Pending,
            2 => State::Deleting,
            3 => State::Deleted,
            _ => State::Transient,
        }
    }

    pub(crate) fn set_state(&self, state: State) {
        let inserted = match state {
            State::Persistent | State::Deleting => self.state.load(Ordering::Acquire) & INSERTED,
            State::Pending | State::Deleted | State::Transient => 0,
        };
        self.state.store(state as u8 | inserted, Ordering::Release);
    }

    pub(crate) fn epoch(&self) -> u32 {
        self.epoch.load(Ordering::Relaxed)
    }

    pub(crate) fn set_epoch(&self, epoch: u32) {
        self.epoch.store(epoch, Ordering::Relaxed);
    }

    /// Whether the row is as it was read, and known to be in the database.
    pub(crate) fn is_clean(&self) -> bool {
        self.current().is_none() && self.state() == State::Persistent && self.epoch() != super::graph::UNVERIFIED
    }

    /// The session inserted the row just now.
    pub(crate) fn set_inserted(&self) {
        self.state.store(State::Persistent as u8 | INSERTED, Ordering::Release);
    }

    /// Whether the session inserted the row in that epoch.
    pub(crate) fn is_inserted_in(&self, epoch: u32) -> bool {
        self.state.load(Ordering::Acquire) & INSERTED != 0 && self.epoch() == epoch
    }

    /// The row was met in a result.
    pub(crate) fn see(&self, epoch: u32) {
        self.state.fetch_and(!INSERTED, Ordering::AcqRel);
        self.set_epoch(epoch);
    }
}
