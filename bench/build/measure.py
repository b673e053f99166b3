"""What it costs to build a project of 30 related models: generates the projects, builds them, and prints the table."""

import argparse
import os
import resource
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODELS = 30
COLUMNS = 8
TOUCHED = 15
TOKIO = 'tokio = { version = "1", features = ["macros", "rt-multi-thread"] }\n'


def columns(number, line):
    """The lines of the columns; the last one of the model that is edited has its mark."""
    mark = "MARK" if number == TOUCHED else ""
    return "".join(line.format(f"c{i}" + (mark if i == COLUMNS - 1 else "")) for i in range(COLUMNS))


def before(number, chain):
    """The model of the chain that this one belongs to."""
    return number - 1 if number % chain else None


def after(number, chain):
    """The model of the chain of which this one has many."""
    return number + 1 if (number + 1) % chain and number + 1 < MODELS else None


class Orm:
    name = "orm"
    manifest = f'orm = {{ path = "{ROOT}" }}\n' + TOKIO

    def model(self, i):
        code, uses = columns(i, "    pub {}: String,\n"), "use orm::prelude::*;\n"
        if (other := before(i, MODELS)) is not None:
            uses += f"use crate::m{other}::M{other};\n"
            code += f"    pub prev_id: i64,\n    #[orm(back_populates = nexts)]\n    pub prev: BelongsTo<M{other}>,\n"
        if (other := after(i, MODELS)) is not None:
            uses += f"use crate::m{other}::M{other};\n"
            code += f"    #[orm(back_populates = prev)]\n    pub nexts: HasMany<M{other}>,\n"
        return f"{uses}\n#[derive(Model, Clone, Debug)]\npub struct M{i} {{\n    #[orm(primary_key)]\n    pub id: i64,\n{code}}}\n"

    def main(self):
        models = ", ".join(f"m{i}::M{i}" for i in range(MODELS))
        return f"""#[tokio::main]
async fn main() -> orm::Result<()> {{
    use orm::prelude::*;
    let db = Db::connect("sqlite::memory:").await?;
    orm::schema![{models}].create_all(&db).await?;
    let session = db.session();
    let found = m0::M0::query().filter(m0::M0::c0.eq("x")).with(m0::M0::nexts).all(&session).await?;
    println!("{{}}", found.len());
    Ok(())
}}
"""


class SeaOrm:
    # A chain of 30 is beyond the compiler's default recursion limit.
    chain = 5
    name = "SeaORM (chains of 5)"
    manifest = (
        'sea-orm = { version = "2", default-features = false, features = ["macros", "sqlx-sqlite", "runtime-tokio"] }\n'
        + TOKIO
    )

    def model(self, i):
        code = columns(i, "    pub {}: String,\n")
        if (other := before(i, self.chain)) is not None:
            code += "    pub prev_id: i64,\n    #[sea_orm(belongs_to, from = \"prev_id\", to = \"id\")]\n"
            code += f"    pub prev: BelongsTo<super::m{other}::Entity>,\n"
        if (other := after(i, self.chain)) is not None:
            code += f"    #[sea_orm(has_many)]\n    pub nexts: HasMany<super::m{other}::Entity>,\n"
        return f"""use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "m{i}")]
pub struct Model {{
    #[sea_orm(primary_key)]
    pub id: i64,
{code}}}

impl ActiveModelBehavior for ActiveModel {{}}
"""

    def main(self):
        return """#[tokio::main]
async fn main() -> Result<(), sea_orm::DbErr> {
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
    let db = sea_orm::Database::connect("sqlite::memory:").await?;
    let found = m0::Entity::load().filter(m0::Column::C0.eq("x")).with(m1::Entity).all(&db).await?;
    println!("{}", found.len());
    Ok(())
}
"""


class Diesel:
    name = "diesel"
    manifest = """diesel = { version = "2.3", default-features = false, features = ["sqlite"] }
libsqlite3-sys = { version = "*", features = ["bundled"] }
"""

    def model(self, i):
        table, code, derives, words = columns(i, "        {} -> Text,\n"), columns(i, "    pub {}: String,\n"), "", ""
        if (other := before(i, MODELS)) is not None:
            table += "        prev_id -> BigInt,\n"
            code += "    pub prev_id: i64,\n"
            derives, words = ", Associations", f"#[diesel(belongs_to(crate::m{other}::M{other}, foreign_key = prev_id))]\n"
        return f"""use diesel::prelude::*;

diesel::table! {{
    m{i} (id) {{
        id -> BigInt,
{table}    }}
}}

#[derive(Queryable, Selectable, Identifiable, Insertable, AsChangeset, Clone, Debug{derives})]
#[diesel(table_name = m{i})]
{words}pub struct M{i} {{
    pub id: i64,
{code}}}
"""

    def main(self):
        return """fn main() -> Result<(), Box<dyn std::error::Error>> {
    use diesel::prelude::*;
    let mut connection = SqliteConnection::establish(":memory:")?;
    let found: Vec<m0::M0> = m0::m0::table.filter(m0::m0::c0.eq("x")).load(&mut connection)?;
    let next: Vec<m1::M1> = m1::M1::belonging_to(&found).load(&mut connection)?;
    println!("{}", found.len() + next.len());
    Ok(())
}
"""


class Toasty:
    name = "toasty"
    manifest = 'toasty = { version = "0.11", features = ["sqlite"] }\n' + TOKIO

    def model(self, i):
        code, uses = columns(i, "    pub {}: String,\n"), "use toasty::Deferred;\n"
        if (other := before(i, MODELS)) is not None:
            uses += f"use crate::m{other}::M{other};\n"
            code += f"    #[index]\n    pub prev_id: i64,\n    #[belongs_to(key = prev_id, references = id)]\n    pub prev: Deferred<M{other}>,\n"
        if (other := after(i, MODELS)) is not None:
            uses += f"use crate::m{other}::M{other};\n"
            code += f"    #[has_many(pair = prev)]\n    pub nexts: Deferred<Vec<M{other}>>,\n"
        return f"{uses}\n#[derive(Debug, toasty::Model)]\npub struct M{i} {{\n    #[key]\n    #[auto]\n    pub id: i64,\n{code}}}\n"

    def main(self):
        models = ", ".join(f"m{i}::M{i}" for i in range(MODELS))
        return f"""#[tokio::main]
async fn main() -> toasty::Result<()> {{
    let mut builder = toasty::Db::builder();
    builder.models(toasty::models!({models}));
    let mut db = builder.connect("sqlite::memory:").await?;
    db.push_schema().await?;
    let found = m0::M0::all().exec(&mut db).await?;
    println!("{{}}", found.len());
    Ok(())
}}
"""


CONTENDERS = {"orm": Orm, "seaorm": SeaOrm, "diesel": Diesel, "toasty": Toasty}


def generate(contender, folder):
    source = folder / "src"
    source.mkdir(parents=True, exist_ok=True)
    head = '[package]\nname = "project"\nversion = "0.0.0"\nedition = "2024"\n\n[workspace]\n\n[dependencies]\n'
    (folder / "Cargo.toml").write_text(head + contender.manifest)
    for i in range(MODELS):
        (source / f"m{i}.rs").write_text(contender.model(i).replace("MARK", ""))
    modules = "".join(f"mod m{i};\n" for i in range(MODELS))
    (source / "main.rs").write_text("#![allow(dead_code, unused_imports)]\n" + modules + "\n" + contender.main())


def cargo(folder, *arguments):
    """Runs cargo; the CPU seconds of it and its compilers, and the seconds that passed."""
    def used():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    cpu, start = used(), time.monotonic()
    environment = {**os.environ, "CARGO_TARGET_DIR": str(folder / "target")}
    subprocess.run(["cargo", *arguments, "--quiet"], cwd=folder, env=environment, check=True)
    return used() - cpu, time.monotonic() - start


def rebuilds(contender, folder, rounds, command):
    """Medians after touching one model, and after renaming one of its columns."""
    model = folder / "src" / f"m{TOUCHED}.rs"
    cargo(folder, command)
    touched, edited = [], []
    for number in range(rounds):
        model.touch()
        touched.append(cargo(folder, command))
        model.write_text(contender.model(TOUCHED).replace("MARK", f"_{number}"))
        edited.append(cargo(folder, command))
        model.write_text(contender.model(TOUCHED).replace("MARK", ""))
        cargo(folder, command)
    return [tuple(map(statistics.median, zip(*times))) for times in (touched, edited)]


def measure(contender, folder, options):
    generate(contender, folder)
    cargo(folder, "fetch")
    if options.clean and (folder / "target").exists():
        cargo(folder, "clean")
    clean = cargo(folder, "build")
    return [clean, *rebuilds(contender, folder, options.rounds, "build"), *rebuilds(contender, folder, options.rounds, "check")]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "orm-bench-build", help="where the projects are made")
    parser.add_argument("--contenders", default=",".join(CONTENDERS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-clean", dest="clean", action="store_false", help="keep what was built before")
    options = parser.parse_args()
    heads = ["clean build", "touch, build", "edit, build", "touch, check", "edit, check"]
    print("| CPU seconds (seconds passed) | " + " | ".join(heads) + " |\n" + "|---" * (len(heads) + 1) + "|", flush=True)
    for name in options.contenders.split(","):
        contender = CONTENDERS[name]()
        cells = [f"{cpu:.1f} ({passed:.1f})" for cpu, passed in measure(contender, options.folder / name, options)]
        print(f"| {contender.name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
