//! The audit as a chain: whoever changes its table without the master key is found, with the first entry that is not as it was
//! written; a head that was noted elsewhere finds the rest.

use council_server::{AuditBroken, AuditHead, ServerError};
use rusqlite::Connection;

use crate::support::{DAY_MS, START_AT_MS, TestCouncil};

/// A council with ten entries.
fn council() -> TestCouncil {
    let council = TestCouncil::with_folder();
    for _ in 0..9 {
        council.server.invite("ada", true).unwrap();
    }
    assert_eq!(head(&council).number, 10);
    council
}

fn head(council: &TestCouncil) -> AuditHead {
    council.server.verify_audit(None).unwrap().head
}

fn broken(council: &TestCouncil, noted: Option<AuditHead>) -> Option<AuditBroken> {
    match council.server.verify_audit(noted) {
        Ok(_) => None,
        Err(ServerError::AuditBroken(broken)) => Some(broken),
        Err(error) => panic!("{error:?}"),
    }
}

/// What somebody does to the table who has its key and not the master key, and what is found of it.
const FAULTS: [(&str, &str, AuditBroken); 13] = [
    (
        "a word",
        "UPDATE audit SET action = 'invited' WHERE number = 1",
        AuditBroken::Changed { number: 1 },
    ),
    (
        "a time",
        "UPDATE audit SET at_ms = at_ms + 1 WHERE number = 4",
        AuditBroken::Changed { number: 4 },
    ),
    (
        "a device",
        "UPDATE audit SET device = zeroblob(16) WHERE number = 10",
        AuditBroken::Changed { number: 10 },
    ),
    (
        "a count",
        "UPDATE audit SET count = NULL WHERE number = 1",
        AuditBroken::Changed { number: 1 },
    ),
    (
        "a hash",
        "UPDATE audit SET hash = zeroblob(32) WHERE number = 7",
        AuditBroken::Changed { number: 7 },
    ),
    (
        "one from the middle",
        "DELETE FROM audit WHERE number = 5",
        AuditBroken::Missing { number: 5 },
    ),
    (
        "one from the middle, the rest moved up",
        "DELETE FROM audit WHERE number = 5; UPDATE audit SET number = -(number - 1) WHERE number > 5; UPDATE audit SET number = -number WHERE number < 0",
        AuditBroken::Changed { number: 5 },
    ),
    (
        "the beginning",
        "DELETE FROM audit WHERE number < 4",
        AuditBroken::Missing { number: 1 },
    ),
    (
        "the tail",
        "DELETE FROM audit WHERE number > 7",
        AuditBroken::Missing { number: 8 },
    ),
    (
        "all",
        "DELETE FROM audit",
        AuditBroken::Missing { number: 1 },
    ),
    (
        "two swapped",
        "UPDATE audit SET number = -number WHERE number IN (3, 1); UPDATE audit SET number = 4 + number WHERE number < 0",
        AuditBroken::Changed { number: 1 },
    ),
    (
        "one more",
        "INSERT INTO audit (number, at_ms, action, hash) SELECT 11, at_ms, action, hash FROM audit WHERE number = 10",
        AuditBroken::Foreign { number: 11 },
    ),
    (
        "the head",
        "DELETE FROM secret WHERE name = 'audit_head'",
        AuditBroken::NoHead,
    ),
];

#[test]
fn every_change_to_the_audit_is_found_with_the_first_entry_that_is_not_as_it_was() {
    for (what, sql, expected) in FAULTS {
        let council = council();
        assert_eq!(broken(&council, None), None, "{what}: whole before");
        council.tables().execute_batch(sql).unwrap();
        assert_eq!(broken(&council, None), Some(expected), "{what}");
        let went_on = council.server.invite("ada", true);
        if ["one more", "the head"].contains(&what) {
            let refused = went_on.unwrap_err();
            assert!(
                matches!(&refused, ServerError::AuditBroken(found) if *found == expected),
                "{what}: {refused:?}"
            );
        } else {
            went_on.unwrap();
            assert_eq!(
                broken(&council, None),
                Some(expected),
                "{what}: going on does not heal it"
            );
        }
        let council = council.reopened();
        assert_eq!(
            broken(&council, None),
            Some(expected),
            "{what}: nor does a start"
        );
    }
}

#[test]
fn nothing_is_done_that_could_not_be_noted() {
    let council = council();
    let sql = "UPDATE secret SET sealed = zeroblob(60) WHERE name = 'audit_head'";
    council.tables().execute_batch(sql).unwrap();
    let before = council
        .tables()
        .query_row("SELECT count(*) FROM invitation", [], |row| {
            row.get::<_, i64>(0)
        });
    let refused = council.server.invite("ada", true);
    assert!(
        matches!(refused, Err(ServerError::AuditBroken(AuditBroken::NoHead))),
        "{refused:?}"
    );
    let after = council
        .tables()
        .query_row("SELECT count(*) FROM invitation", [], |row| {
            row.get::<_, i64>(0)
        });
    assert_eq!(
        before.unwrap(),
        after.unwrap(),
        "the invitation was not made either"
    );
}

#[test]
fn a_noted_head_finds_tables_that_were_put_back() {
    let council = council();
    let early = head(&council);
    let backup = council.root.path().join("backup");
    let contents = council.server.backup(&backup).unwrap();
    assert_eq!(contents.audit_head, Some(early.to_string()));
    council.server.invite("ada", true).unwrap();
    let late = head(&council);
    assert_eq!(broken(&council, Some(early)), None, "it goes on through it");
    assert_eq!(late.to_string().parse::<AuditHead>().unwrap(), late);

    let again = council.root.path().join("again");
    council_server::restore(&backup, &again, &council.master).unwrap();
    let restored = council_server::Server::open(&again, &council.master).unwrap();
    assert!(
        restored.verify_audit(Some(early)).is_ok(),
        "what was noted before still holds"
    );
    let found = |noted| match restored.verify_audit(Some(noted)) {
        Err(ServerError::AuditBroken(broken)) => broken,
        other => panic!("{other:?}"),
    };
    assert_eq!(found(late), AuditBroken::NotNoted { number: 11 });
    restored.invite("ada", true).unwrap();
    assert!(
        restored.verify_audit(None).is_ok(),
        "without the note it is whole"
    );
    assert_eq!(
        found(late),
        AuditBroken::NotNoted { number: 11 },
        "another entry in its place is another chain"
    );
}

#[test]
fn what_is_forgotten_leaves_a_chain_that_holds_and_a_changed_entry_is_not_forgotten() {
    let council = council();
    let (first, tables) = (head(&council), council.tables());
    council.clock.set(START_AT_MS + 60 * DAY_MS);
    council.server.invite("ada", true).unwrap();
    let second = head(&council);
    council.clock.set(START_AT_MS + 91 * DAY_MS);
    council.server.invite("ada", true).unwrap();
    assert_eq!(council.server.audit().unwrap().len(), 2);
    assert_eq!(
        broken(&council, Some(first)),
        None,
        "the last forgotten one"
    );
    assert_eq!(broken(&council, Some(second)), None);
    let old = AuditHead { number: 3, ..first };
    assert_eq!(
        broken(&council, Some(old)),
        Some(AuditBroken::TooOld { number: 3 })
    );

    // Who makes an entry look old has it not forgotten.
    let sql = "UPDATE audit SET at_ms = 0 WHERE number = 11";
    tables.execute_batch(sql).unwrap();
    council.server.invite("ada", true).unwrap();
    let expected = Some(AuditBroken::Changed { number: 11 });
    assert_eq!(broken(&council, None), expected);
    assert_eq!(council.server.audit().unwrap().len(), 3);
}

#[test]
fn an_audit_from_before_is_chained_at_the_next_start() {
    let council = council();
    let tables = council.tables();
    // From the end, so that no number is there twice.
    let numbers = (1..=10)
        .rev()
        .map(|n| format!("UPDATE audit SET number = {} WHERE number = {n};", 2 * n));
    let apart: String = numbers.collect();
    tables
        .execute_batch(&format!(
            "{apart} UPDATE audit SET hash = NULL; DELETE FROM secret WHERE name = 'audit_head'"
        ))
        .unwrap();
    let before = actions(&tables);
    let council = council.reopened();
    let entries = council.server.audit().unwrap();
    let numbers: Vec<u64> = entries.iter().map(|entry| entry.number).collect();
    assert_eq!(numbers, (1..=11).collect::<Vec<u64>>());
    assert_eq!(broken(&council, None), None);
    let last = entries.last().unwrap();
    assert_eq!(
        (last.action.as_str(), last.count),
        ("audit_chained", Some(10)),
        "that it was chained later is seen"
    );
    assert_eq!(actions(&council.tables())[..10], before[..]);
}

fn actions(tables: &Connection) -> Vec<String> {
    let mut statement = tables
        .prepare("SELECT action FROM audit ORDER BY number")
        .unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}
