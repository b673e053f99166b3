//! Which file a URL names; the file of `sqlite::memory:`.
use crate::error::{Error, Kind, Result};
use rusqlite::OpenFlags;
use std::{
    fs::OpenOptions,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::SystemTime,
};

/// The database file of one driver.
#[derive(Debug)]
pub(super) enum File {
    /// The user's.
    Named(PathBuf, OpenFlags),
    /// Of `sqlite::memory:`.
    Private(PrivateFile),
}

/// A database that nobody else sees, removed when dropped.
///
/// A file with a write-ahead log, because connections to one database in SQLite's own memory block each other.
#[derive(Debug)]
pub(super) struct PrivateFile(PathBuf);

impl File {
    /// `sqlite:path` or `sqlite://path`, with `?mode=ro`, `rw`, `rwc` (the default: made if it is not there) or `memory`.
    pub(super) fn of(url: &str) -> Result<Self> {
        let rest = url.strip_prefix("sqlite:").unwrap_or(url);
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        let (path, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        let mode = mode(parameters)?;
        match (path, mode) {
            (":memory:", _) | (_, "memory") => PrivateFile::new().map(Self::Private),
            ("", _) => Err(Error::usage("the URL names no file: write `sqlite://shop.db` or `sqlite::memory:`")),
            (path, mode) => Ok(Self::Named(decoded(path)?, flags(mode)?)),
        }
    }

    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Named(path, _) => path,
            Self::Private(PrivateFile(path)) => path,
        }
    }

    pub(super) fn flags(&self) -> OpenFlags {
        let own = match self {
            Self::Named(_, flags) => *flags,
            Self::Private(_) => OpenFlags::SQLITE_OPEN_READ_WRITE,
        };
        // A connection is used by one thread at a time: SQLite needs no lock of its own.
        own | OpenFlags::SQLITE_OPEN_NO_MUTEX
    }

    pub(super) fn is_private(&self) -> bool {
        matches!(self, Self::Private(_))
    }
}

fn mode(parameters: &str) -> Result<&str> {
    let mut mode = "rwc";
    for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
        match parameter.split_once('=') {
            Some(("mode", value)) => mode = value,
            _ => {
                let message =
                    format!("`{parameter}` is no parameter of a SQLite URL: there is `mode=ro|rw|rwc|memory`");
                return Err(Error::usage(message));
            }
        }
    }
    Ok(mode)
}

fn flags(mode: &str) -> Result<OpenFlags> {
    match mode {
        "ro" => Ok(OpenFlags::SQLITE_OPEN_READ_ONLY),
        "rw" => Ok(OpenFlags::SQLITE_OPEN_READ_WRITE),
        "rwc" => Ok(OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE),
        other => Err(Error::usage(format!("`mode={other}` of a SQLite URL: write `ro`, `rw`, `rwc` or `memory`"))),
    }
}

/// `%20` and the like.
fn decoded(path: &str) -> Result<PathBuf> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' { hex(rest.next(), rest.next()).ok_or_else(|| bad_escape(path))? } else { byte });
    }
    String::from_utf8(bytes).map(PathBuf::from).map_err(|_| bad_escape(path))
}

fn hex(high: Option<u8>, low: Option<u8>) -> Option<u8> {
    let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

fn bad_escape(path: &str) -> Error {
    Error::usage(format!("`{path}` has a `%` that is not the escape of a character: write `%25` for the sign itself"))
}

impl PrivateFile {
    fn new() -> Result<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let now = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |age| age.as_nanos());
        let name = format!("orm-{}-{now}-{}.db", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        create(&path).map_err(|error| {
            let message = format!("the temporary file of `sqlite::memory:` cannot be made at {}", path.display());
            Error::with_source(Kind::Connection, message, error)
        })?;
        Ok(Self(path))
    }
}

/// Makes the file; nobody else may read it, and one that is there already is not taken.
fn create(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

impl Drop for PrivateFile {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            let mut name = self.0.clone().into_os_string();
            name.push(suffix);
            // What is not there need not be removed.
            let _ = std::fs::remove_file(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(url: &str) -> String {
        File::of(url).expect("a good URL").path().display().to_string()
    }

    #[test]
    fn a_url_names_a_file() {
        assert_eq!(path("sqlite:shop.db"), "shop.db");
        assert_eq!(path("sqlite://shop.db?mode=rw"), "shop.db");
        assert_eq!(path("sqlite:///var/my%20shop.db"), "/var/my shop.db");
    }

    #[test]
    fn a_private_file_is_removed_with_its_handle() {
        let file = File::of("sqlite::memory:").expect("a private file");
        let path = file.path().to_owned();
        assert!(path.exists() && file.is_private());
        drop(file);
        assert!(!path.exists());
    }

    #[test]
    fn a_wrong_url_says_what_to_write() {
        let message = |url| File::of(url).expect_err("a wrong URL").to_string();
        assert!(message("sqlite://").contains("names no file"));
        assert!(message("sqlite://a.db?mode=x").contains("write `ro`, `rw`, `rwc` or `memory`"));
        assert!(message("sqlite://a.db?cache=shared").contains("no parameter"));
        assert!(message("sqlite://50%.db").contains("%25"));
    }
}
