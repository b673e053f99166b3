//! Every word of `#[orm(..)]`, once: where it may stand and how it is written.
use std::ops::BitOr;

/// Where a word may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place(u16);

impl Place {
    pub(crate) const MODEL: Self = Self(1);
    pub(crate) const COLUMN: Self = Self(2);
    pub(crate) const GROUP: Self = Self(4);
    pub(crate) const SKIPPED: Self = Self(8);
    pub(crate) const BELONGS_TO: Self = Self(16);
    pub(crate) const HAS_ONE: Self = Self(32);
    pub(crate) const HAS_MANY: Self = Self(64);
    pub(crate) const MANY_TO_MANY: Self = Self(128);
    pub(crate) const EMBEDDED: Self = Self(256);
    pub(crate) const ENUM: Self = Self(512);
    pub(crate) const VARIANT: Self = Self(1024);
    pub(crate) const NEWTYPE: Self = Self(2048);
    pub(crate) const PROJECTION: Self = Self(4096);
    pub(crate) const PROJECTED: Self = Self(8192);
    const RELATION: Self = Self(16 | 32 | 64 | 128);
    const TO_TARGETS: Self = Self(32 | 64 | 128);
    const FIELD: Self = Self(2 | 4 | 8);

    pub(crate) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// What stands there, for messages.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::MODEL => "the struct",
            Self::COLUMN => "a column",
            Self::GROUP => "an embedded group",
            Self::SKIPPED => "a skipped field",
            Self::BELONGS_TO => "a `BelongsTo`",
            Self::HAS_ONE => "a `HasOne`",
            Self::HAS_MANY => "a `HasMany`",
            Self::MANY_TO_MANY => "a `ManyToMany`",
            Self::EMBEDDED => "an embedded group's struct",
            Self::ENUM => "an enum",
            Self::VARIANT => "a variant",
            Self::NEWTYPE => "a newtype",
            Self::PROJECTION => "a projection's struct",
            Self::PROJECTED => "a projection's field",
            _ => "a field",
        }
    }
}

impl BitOr for Place {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// A word of `#[orm(..)]`.
pub(crate) struct Word {
    /// The word itself.
    pub(crate) name: &'static str,
    /// Where it may stand.
    pub(crate) places: Place,
    /// How it is written, as an example.
    pub(crate) example: &'static str,
}

macro_rules! words {
    ($($symbol:ident $name:literal in [$($place:ident)+] as $example:literal;)*) => {
        $(pub(crate) const $symbol: Word = Word {
            name: $name,
            places: Place(0 $(| Place::$place.0)+),
            example: $example,
        };)*

        /// All words.
        pub(crate) const WORDS: &[Word] = &[$($symbol),*];
    };
}

words! {
    CRATE "crate" in [MODEL EMBEDDED ENUM NEWTYPE PROJECTION] as r#"crate = "my_orm""#;
    TABLE "table" in [MODEL] as r#"table = "users""#;
    SCHEMA "schema" in [MODEL] as r#"schema = "sales""#;
    RENAME_ALL "rename_all" in [MODEL EMBEDDED ENUM] as r#"rename_all = "camelCase""#;
    READ_ONLY "read_only" in [MODEL] as "read_only";
    BEFORE_SAVE "before_save" in [MODEL] as "before_save = Self::before_save";
    VALIDATE "validate" in [MODEL] as "validate = Self::validate";
    CRITERIA "criteria" in [MODEL] as "criteria = Self::visible";
    SOFT_DELETE "soft_delete" in [MODEL] as "soft_delete = deleted_at";
    BUILDER "builder" in [MODEL] as r#"builder = "NewUser""#;

    PROXY "proxy" in [MODEL] as "proxy(role_names = roles.name)";

    PRIMARY_KEY "primary_key" in [COLUMN] as "primary_key";
    GENERATED "generated" in [COLUMN] as "generated = false";
    COLUMN "column" in [COLUMN PROJECTED] as r#"column = "email_address""#;
    UNIQUE "unique" in [MODEL COLUMN] as "unique";
    INDEX "index" in [MODEL COLUMN BELONGS_TO] as "index";
    MAX_LENGTH "max_length" in [COLUMN] as "max_length = 255";
    DECIMAL "decimal" in [COLUMN] as "decimal(10, 2)";
    DEFAULT "default" in [COLUMN] as r#"default = "pending""#;
    DEFAULT_SQL "default_sql" in [COLUMN] as r#"default_sql = "now()""#;
    SQL_TYPE "sql_type" in [COLUMN] as r#"sql_type = "citext""#;
    CHECK "check" in [MODEL COLUMN] as r#"check = "quantity > 0""#;
    VERSION "version" in [COLUMN] as "version";
    CREATED_AT "created_at" in [COLUMN] as "created_at";
    UPDATED_AT "updated_at" in [COLUMN] as "updated_at";
    DEFERRED "deferred" in [COLUMN] as r#"deferred = "media""#;
    SKIP "skip" in [FIELD PROJECTED] as "skip";
    EMBED "embed" in [FIELD] as "embed";
    PREFIX "prefix" in [GROUP] as r#"prefix = "billing_""#;

    CONSTANT "constant" in [COLUMN GROUP RELATION] as r#"constant = "EMAIL""#;
    ACCESSOR "accessor" in [COLUMN RELATION] as r#"accessor = "all_orders""#;
    BACK_POPULATES "back_populates" in [RELATION] as "back_populates = user";
    FOREIGN_KEY "foreign_key" in [BELONGS_TO HAS_ONE HAS_MANY] as "foreign_key = user_id";
    REFERENCES "references" in [COLUMN BELONGS_TO] as "references = Country::code";
    ON_DELETE "on_delete" in [COLUMN BELONGS_TO] as r#"on_delete = "cascade""#;
    ON_UPDATE "on_update" in [COLUMN BELONGS_TO] as r#"on_update = "cascade""#;
    CONSTRAINT "constraint" in [BELONGS_TO] as "constraint = false";
    THROUGH "through" in [MANY_TO_MANY] as "through(UserRole::user, UserRole::role)";
    CASCADE "cascade" in [RELATION] as "cascade(all, delete_orphan)";
    ORDER_BY "order_by" in [HAS_MANY MANY_TO_MANY PROJECTED] as "order_by = OrderItem::id";
    ORDERING "ordering" in [HAS_MANY] as "ordering = Track::position";
    ORDERING_START "ordering_start" in [HAS_MANY] as "ordering_start = 1";
    LOAD "load" in [RELATION] as r#"load = "selectin""#;
    PASSIVE_DELETES "passive_deletes" in [TO_TARGETS] as r#"passive_deletes = "all""#;
    SINGLE_PARENT "single_parent" in [BELONGS_TO MANY_TO_MANY] as "single_parent";

    INTEGER "integer" in [ENUM] as "integer";
    RENAME "rename" in [VARIANT] as r#"rename = "in progress""#;

    FROM "from" in [PROJECTION] as "from = User";
    RELATION "relation" in [PROJECTED] as "relation = orders";
    PATH "path" in [PROJECTED] as "path = profile.bio";
    EXPR "expr" in [PROJECTED] as "expr = User::orders.count()";
    FLATTEN "flatten" in [PROJECTED] as "flatten";
    FILTER "filter" in [PROJECTED] as r#"filter = Order::status.eq("open")"#;
    LIMIT "limit" in [PROJECTED] as "limit = 3";
}

/// Words of other libraries, and what stands for them here.
pub(crate) const ELSEWHERE: &[(&str, &str)] = &[
    ("backref", "both sides are written, each with `back_populates`"),
    ("secondary", "name the table between, `through(\"user_roles\", user_id, role_id)`, or its model's two sides"),
    ("uselist", "the type says how many: `HasOne<..>` or `HasMany<..>`"),
    ("collection_class", "members are collected where they are needed: `.iter().collect::<HashSet<_>>()`"),
    ("remote_side", "the side that has the key is the `BelongsTo`, and names it with `foreign_key`"),
    ("overlaps", "keys may share columns; two relationships over one key are each other's `back_populates`"),
    ("ordering_list", ORDERING_INSTEAD),
    ("acts_as_list", ORDERING_INSTEAD),
    ("count_from", "the place of the first member is `ordering_start = 1`"),
    ("association_proxy", "what lies behind a relationship is named at the struct, `proxy(role_names = roles.name)`"),
    ("viewonly", READ_ONLY_INSTEAD),
    ("view_only", READ_ONLY_INSTEAD),
    ("primaryjoin", CONDITION_INSTEAD),
    ("primary_join", CONDITION_INSTEAD),
    ("secondaryjoin", CONDITION_INSTEAD),
    ("secondary_join", CONDITION_INSTEAD),
];

const ORDERING_INSTEAD: &str =
    "a list whose order the session keeps names the column of its members' positions, `ordering = Track::position`";

const READ_ONLY_INSTEAD: &str =
    "a relationship follows a foreign key and is written; what is only read is a model of a view, marked `read_only`";

const CONDITION_INSTEAD: &str = "a relationship follows a foreign key; for another condition write a query, `through(.., where(kind = ..))`, or a `read_only` model of a view";

/// The word within `index(..)` and `through(..)`.
pub(crate) const WHERE: &str = "where";

/// The names of [`orm::schema::Cascade`], and the two that stand for several.
pub(crate) const CASCADES: &[(&str, &str)] = &[
    ("save_update", "SaveUpdate"),
    ("merge", "Merge"),
    ("expunge", "Expunge"),
    ("delete", "Delete"),
    ("delete_orphan", "DeleteOrphan"),
    ("refresh", "Refresh"),
    ("all", "ALL"),
    ("none", "NONE"),
];

/// The names of `load = ".."`.
pub(crate) const STRATEGIES: &[(&str, &str)] = &[
    ("lazy", "Lazy"),
    ("selectin", "SelectIn"),
    ("joined", "Joined"),
    ("inner_joined", "InnerJoined"),
    ("subquery", "Subquery"),
    ("immediate", "Immediate"),
    ("raise", "Raise"),
    ("noload", "NoLoad"),
];

/// The names of `passive_deletes = ".."`.
pub(crate) const PASSIVE: &[(&str, &str)] = &[("unloaded", "Unloaded"), ("all", "All")];

/// The names of `on_delete` and `on_update`.
pub(crate) const ACTIONS: &[(&str, &str)] = &[
    ("no_action", "NoAction"),
    ("restrict", "Restrict"),
    ("cascade", "Cascade"),
    ("set_null", "SetNull"),
    ("set_default", "SetDefault"),
];

/// The name nearest to what was written, if one is near.
pub(crate) fn nearest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = names.into_iter().map(|name| (distance(written, name), name)).min()?;
    (near.0 <= 1 + written.len() / 4).then_some(near.1)
}

/// How many letters must be changed, added, removed or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<_>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}
