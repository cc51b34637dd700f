//! The schema of `private.db` in its numbered steps.

use vault::Migration;

/// All steps, oldest first.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        sql: include_str!("schema/v1.sql"),
    },
    Migration {
        number: 2,
        sql: include_str!("schema/v2.sql"),
    },
    Migration {
        number: 3,
        sql: include_str!("schema/v3.sql"),
    },
    Migration {
        number: 4,
        sql: include_str!("schema/v4.sql"),
    },
    Migration {
        number: 5,
        sql: include_str!("schema/v5.sql"),
    },
    Migration {
        number: 6,
        sql: include_str!("schema/v6.sql"),
    },
];

#[cfg(test)]
mod tests {
    use super::MIGRATIONS;
    use rusqlite::{Connection, Result};

    /// The references that no index begins with: each row stored or removed at their other end walks through the whole table.
    fn references_without_index(connection: &Connection) -> Result<Vec<String>> {
        connection
            .prepare(
                "SELECT tables.name || '.' || reference.\"from\"
                 FROM sqlite_schema AS tables, pragma_foreign_key_list(tables.name) AS reference
                 WHERE tables.type = 'table' AND NOT EXISTS (
                     SELECT 1 FROM pragma_index_list(tables.name) AS indexes, pragma_index_info(indexes.name) AS columns
                     WHERE columns.seqno = 0 AND columns.name = reference.\"from\")
                 ORDER BY 1",
            )?
            .query_map([], |row| row.get(0))?
            .collect()
    }

    #[test]
    fn every_reference_is_found_by_an_index() -> Result<()> {
        let connection = Connection::open_in_memory()?;
        for step in MIGRATIONS {
            connection.execute_batch(step.sql)?;
        }
        assert_eq!(references_without_index(&connection)?, Vec::<String>::new());
        // The search finds one that is missing.
        connection.execute_batch("DROP INDEX steps_by_after")?;
        assert_eq!(references_without_index(&connection)?, ["steps.after"]);
        Ok(())
    }
}
