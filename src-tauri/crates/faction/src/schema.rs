//! The released schemas of `faction.db`. Never edited after release.

use vault::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        sql: include_str!("schema/1.sql"),
    },
    Migration {
        number: 2,
        sql: include_str!("schema/2.sql"),
    },
    Migration {
        number: 3,
        sql: include_str!("schema/3.sql"),
    },
];
