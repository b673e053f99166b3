//! Writes: one statement with arrays each.
use crate::{
    Result,
    data::{dyed, new_users},
    harness::Run,
};
use ::sqlx::{PgConnection, query, query_scalar};

const INSERT: &str = "
    INSERT INTO users (name, hair_color) SELECT * FROM UNNEST($1::TEXT[], $2::TEXT[]) RETURNING id";
const CHANGE: &str = "
    UPDATE users SET hair_color = v.hair FROM UNNEST($1::BIGINT[], $2::TEXT[]) AS v (id, hair) WHERE users.id = v.id";

pub(super) async fn insert(connection: &mut PgConnection, run: &mut Run) -> Result<()> {
    let rows = new_users(run.size);
    let keys: Vec<i64> = run
        .time(async {
            let (names, hair): (Vec<String>, Vec<Option<String>>) = rows.clone().unzip();
            query_scalar(INSERT).bind(names).bind(hair).fetch_all(connection).await
        })
        .await?;
    run.check_written(keys.into_iter().zip(rows.map(|(name, _)| name)));
    Ok(())
}

pub(super) async fn change(connection: &mut PgConnection, run: &mut Run) -> Result<()> {
    let (size, round) = (run.size as i64, run.round);
    run.time(async {
        let users: Vec<i64> = (1..=size).collect();
        let hair: Vec<String> = users.iter().map(|user| dyed(*user, round)).collect();
        query(CHANGE).bind(users).bind(hair).execute(connection).await
    })
    .await?;
    Ok(())
}
