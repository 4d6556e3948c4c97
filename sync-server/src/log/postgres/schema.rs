//! Bringing the database's schema up to date.

use deadpool_postgres::Object;

use crate::log::LogError;

/// Every migration, oldest first; `schema_version` counts those a database has had.
const MIGRATIONS: &[&str] = &[
    include_str!("../../../../migrations/postgres/0001_log.sql"),
    include_str!("../../../../migrations/postgres/0002_convocations.sql"),
    include_str!("../../../../migrations/postgres/0003_calendar.sql"),
    include_str!("../../../../migrations/postgres/0004_messages.sql"),
    include_str!("../../../../migrations/postgres/0005_post.sql"),
    include_str!("../../../../migrations/postgres/0006_held.sql"),
    include_str!("../../../../migrations/postgres/0007_audit.sql"),
    include_str!("../../../../migrations/postgres/0008_wipe.sql"),
];

/// Held while the schema changes, so that two processes that start together do not both change it:
/// "pupitre" in ASCII.
const LOCK: i64 = 0x70_75_70_69_74_72_65;

pub(super) async fn migrate(client: &mut Object) -> Result<(), LogError> {
    let t = client.transaction().await?;
    t.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await?;
    t.batch_execute("CREATE TABLE IF NOT EXISTS schema_version (version bigint NOT NULL)").await?;
    let row = t.query_opt("SELECT version FROM schema_version", &[]).await?;
    let found: i64 = row.map_or(Ok(0), |row| row.try_get(0))?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(LogError::Failing(format!(
            "it was written by a newer version of pupitre-server (schema {found}, this one knows \
             {known}); nothing was changed"
        )));
    }
    for migration in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        t.batch_execute(migration).await?;
    }
    if found < known {
        t.batch_execute("DELETE FROM schema_version").await?;
        t.execute("INSERT INTO schema_version (version) VALUES ($1)", &[&known]).await?;
    }
    t.commit().await?;
    Ok(())
}
