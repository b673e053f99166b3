//! URLs: which database one means, and how it may be shown.
use crate::error::{Error, Result};

/// The database that a URL names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Address {
    Sqlite,
    Postgres,
    MySql,
}

impl Address {
    /// By the URL's scheme.
    pub(super) fn of(url: &str) -> Result<Self> {
        match url.split(':').next().unwrap_or_default() {
            "sqlite" => Ok(Self::Sqlite),
            "postgres" | "postgresql" => Ok(Self::Postgres),
            "mysql" | "mariadb" => Ok(Self::MySql),
            _ => Err(Error::usage(format!(
                "`{}` names no database: a URL begins with `sqlite:`, `postgres://`, `mysql://` or `mariadb://`",
                Self::shown(url)
            ))),
        }
    }

    /// The URL without what may be secret: user, password, parameters.
    pub(super) fn shown(url: &str) -> String {
        let url = url.split(['?', '#']).next().unwrap_or_default();
        let Some((scheme, rest)) = url.split_once("://") else {
            return url.rsplit('@').next().unwrap_or_default().to_owned();
        };
        // A password may hold an unescaped `@` or `/`: everything up to the last `@` goes.
        format!("{scheme}://{}", rest.rsplit('@').next().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shown_url_has_no_password() {
        assert_eq!(Address::shown("postgres://u:p@ss/w@host:1/db?password=x"), "postgres://host:1/db");
        assert_eq!(Address::shown("mysql:u:secret@host"), "host");
        assert_eq!(Address::shown("sqlite://shop.db?mode=ro"), "sqlite://shop.db");
    }

    #[test]
    fn an_unknown_scheme_says_which_there_are() {
        let error = Address::of("oracle://u:secret@host/db").expect_err("no such database");
        assert!(error.to_string().contains("`oracle://host/db` names no database"), "{error}");
    }
}
