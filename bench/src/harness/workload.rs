//! The workloads, how large they are, and in what they are measured.

/// What is done. The README of this directory tells it at length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Workload {
    /// Loads users as plain values.
    Values,
    /// Loads users into a new session.
    Entities,
    /// Loads the users that the session has already.
    Again,
    /// Loads users and their posts, one statement for each level.
    SelectIn,
    /// The same with comments.
    SelectInLevels,
    /// Loads users and their posts by a join.
    Joined,
    /// The same with comments.
    JoinedLevels,
    /// Inserts users and reads their keys back.
    Insert,
    /// Gets users by key, one by one.
    Get,
    /// Gets users by key that the session has already.
    Known,
    /// Changes one column of users and writes it.
    Change,
    /// Walks users and their posts in a naive loop.
    Walk,
    /// What a loaded user takes beyond its struct.
    Memory,
    /// What a loaded user takes beyond its three columns.
    MemoryOfColumns,
    /// Many sessions read at once.
    Readers,
    /// The same, while another one writes.
    ReadersAndWriter,
}

/// In what a workload is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Time for the whole.
    Time,
    /// Time for one of them.
    TimeOfEach,
    /// How many in a second.
    Rate,
    /// Bytes for one of them.
    Bytes,
}

impl Workload {
    /// All of them, in the order of the table: what leaves the rows changed comes last.
    pub const ALL: [Self; 16] = [
        Self::Values,
        Self::Entities,
        Self::Again,
        Self::SelectIn,
        Self::SelectInLevels,
        Self::Joined,
        Self::JoinedLevels,
        Self::Insert,
        Self::Get,
        Self::Known,
        Self::Walk,
        Self::Memory,
        Self::MemoryOfColumns,
        Self::Change,
        Self::Readers,
        Self::ReadersAndWriter,
    ];

    /// As the table and `--only` name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Values => "values",
            Self::Entities => "entities",
            Self::Again => "again",
            Self::SelectIn => "select-in",
            Self::SelectInLevels => "select-in-levels",
            Self::Joined => "joined",
            Self::JoinedLevels => "joined-levels",
            Self::Insert => "insert",
            Self::Get => "get-new",
            Self::Known => "get-known",
            Self::Change => "change",
            Self::Walk => "walk",
            Self::Memory => "memory",
            Self::MemoryOfColumns => "memory-of-columns",
            Self::Readers => "readers",
            Self::ReadersAndWriter => "readers-and-writer",
        }
    }

    /// Of how many, unless `--sizes` says otherwise.
    pub fn sizes(self) -> &'static [usize] {
        match self {
            Self::Values | Self::Entities | Self::Again => &[1, 100, 10_000, 100_000],
            Self::SelectIn | Self::Joined => &[1_000, 10_000],
            Self::SelectInLevels | Self::JoinedLevels => &[100],
            Self::Insert => &[1, 100, 10_000],
            Self::Get | Self::Known | Self::Change | Self::Walk => &[1_000],
            Self::Memory | Self::MemoryOfColumns => &[100_000],
            Self::Readers | Self::ReadersAndWriter => &[1, 2, 8, 64],
        }
    }

    /// In what.
    pub fn unit(self) -> Unit {
        match self {
            Self::Known => Unit::TimeOfEach,
            Self::Memory | Self::MemoryOfColumns => Unit::Bytes,
            Self::Readers | Self::ReadersAndWriter => Unit::Rate,
            _ => Unit::Time,
        }
    }

    /// Whether a time for each row is worth a look as the tables grow.
    pub fn grows(self) -> bool {
        matches!(self, Self::Values | Self::Entities | Self::Insert | Self::SelectIn | Self::Change)
    }

    /// How many users a size asks for, so that as many rows are touched in each workload that grows.
    pub fn size_of_rows(self, rows: usize) -> usize {
        if self == Self::SelectIn { rows / crate::data::CHILDREN } else { rows }
    }

    /// The number of users that the database must have.
    pub fn users(self, size: usize) -> usize {
        match self {
            Self::Insert | Self::Readers | Self::ReadersAndWriter => 10_000,
            // A tenth of the users has posts.
            Self::SelectIn | Self::Joined | Self::Walk => size * crate::data::CHILDREN,
            _ => size,
        }
    }
}
