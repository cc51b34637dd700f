//! Bringing a database to the newest schema. The schemas themselves belong to the crates that own the tables.

use crate::database::DbError;
use rusqlite::{Connection, TransactionBehavior};

/// One step of a schema. Never edited after release.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Its number: the first is 1, each next one higher.
    pub number: u32,
    /// Statements, ended by semicolons.
    pub sql: &'static str,
}

/// Applies all steps that the database does not have yet, in one transaction: all of them or none.
///
/// Errors: [`DbError::TooNew`] if a newer app has written the database, which is then left as it is.
pub fn migrate(connection: &mut Connection, migrations: &[Migration]) -> Result<(), DbError> {
    let known = migrations.iter().map(|step| step.number).max().unwrap_or(0);
    if version(connection)? == known {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Read again under the lock: another connection may have been quicker.
    let found = version(&transaction)?;
    if found > known {
        return Err(DbError::TooNew { found, known });
    }
    for step in migrations.iter().filter(|step| step.number > found) {
        transaction.execute_batch(step.sql)?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(())
}

fn version(connection: &Connection) -> Result<u32, DbError> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Migration = Migration {
        number: 1,
        sql: "CREATE TABLE a(x INTEGER NOT NULL) STRICT;",
    };
    const SECOND: Migration = Migration {
        number: 2,
        sql: "CREATE TABLE b(x INTEGER NOT NULL) STRICT;",
    };
    const BROKEN: Migration = Migration {
        number: 3,
        sql: "CREATE TABLE c(x INTEGER NOT NULL) STRICT; INSERT INTO nowhere VALUES (1);",
    };

    fn has(connection: &Connection, table: &str) -> bool {
        connection
            .prepare(&format!("SELECT 1 FROM {table}"))
            .is_ok()
    }

    #[test]
    fn steps_are_applied_once_and_in_order() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[FIRST]).unwrap();
        connection.execute("INSERT INTO a VALUES (1)", []).unwrap();
        migrate(&mut connection, &[FIRST, SECOND]).unwrap();
        migrate(&mut connection, &[FIRST, SECOND]).unwrap();
        assert!(has(&connection, "b"));
        assert_eq!(version(&connection).unwrap(), 2);
    }

    #[test]
    fn a_failing_step_leaves_nothing_of_the_run() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[FIRST]).unwrap();
        assert!(migrate(&mut connection, &[FIRST, SECOND, BROKEN]).is_err());
        assert!(
            !has(&connection, "b") && !has(&connection, "c"),
            "all steps or none"
        );
        assert_eq!(version(&connection).unwrap(), 1);
    }

    #[test]
    fn a_newer_database_is_refused_by_name() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[FIRST, SECOND]).unwrap();
        assert!(matches!(
            migrate(&mut connection, &[FIRST]),
            Err(DbError::TooNew { found: 2, known: 1 })
        ));
        assert!(has(&connection, "b"));
    }
}
