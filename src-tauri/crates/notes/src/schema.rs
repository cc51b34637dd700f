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
        number: 5,
        sql: include_str!("schema/v5.sql"),
    },
];
