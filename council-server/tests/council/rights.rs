//! The table of rights: every standing against every audience, and the dates at their edges.

use chrono::NaiveDate;
use council_server::draft::CouncilSettings;
use council_server::rights::{Access, CouncilFacts, Days, MembershipFact, Reach, Standing, access};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn seat(
    person: &'static str,
    organization: &'static str,
    standing: Standing,
) -> MembershipFact<&'static str> {
    MembershipFact {
        person,
        organization,
        standing,
        start_date: Some(day("2024-07-01")),
        end_date: None,
    }
}

fn term() -> Days {
    Days {
        start: Some(day("2024-07-01")),
        end: Some(day("2029-06-30")),
    }
}

/// Council and committee, a village council, a faction with staff, guests.
fn facts(settings: CouncilSettings) -> CouncilFacts<&'static str> {
    CouncilFacts {
        memberships: vec![
            seat("councillor", "council", Standing::Member),
            seat("councillor", "faction", Standing::Member),
            seat("expert", "committee", Standing::Member),
            seat("mayor", "village council", Standing::VillageMayor),
            seat("villager", "village council", Standing::Member),
            seat("staff", "faction", Standing::FactionStaff),
            seat("staff in council", "council", Standing::FactionStaff),
            seat("guest", "council", Standing::Guest),
        ],
        villages: vec![("village council", "Oberdorf".to_owned())],
        settings,
    }
}

fn reaches() -> [Reach<&'static str>; 6] {
    let organization = |organization| Reach::Organization {
        organization,
        term: term(),
    };
    let village = |name: &str| Reach::Village {
        name: name.to_owned(),
        term: term(),
    };
    [
        Reach::Public,
        organization("council"),
        organization("committee"),
        organization("village council"),
        village("Oberdorf"),
        village("Niederdorf"),
    ]
}

fn reads(facts: &CouncilFacts<&'static str>, person: &'static str) -> [bool; 6] {
    reaches().map(|reach| access(facts, &person, &reach, day("2026-03-03")) != Access::Denied)
}

#[test]
fn every_standing_against_every_audience() {
    let facts = facts(CouncilSettings::default());
    //                       public council committee village-council Oberdorf Niederdorf
    for (person, expected) in [
        ("councillor", [true, true, false, false, false, false]),
        ("expert", [true, false, true, false, false, false]),
        ("mayor", [true, false, false, true, true, false]),
        ("villager", [true, false, false, true, false, false]),
        ("staff", [true, false, false, false, false, false]),
        (
            "staff in council",
            [true, false, false, false, false, false],
        ),
        ("guest", [true, false, false, false, false, false]),
        ("stranger", [true, false, false, false, false, false]),
    ] {
        assert_eq!(reads(&facts, person), expected, "{person}");
    }
}

#[test]
fn sworn_in_staff_read_what_their_faction_reads() {
    let facts = facts(CouncilSettings {
        staff_nonpublic: true,
        ..CouncilSettings::default()
    });
    assert_eq!(
        reads(&facts, "staff"),
        [true, true, false, false, false, false],
        "the faction sits in the council"
    );
    assert_eq!(
        reads(&facts, "guest"),
        [true, false, false, false, false, false],
        "guests gain nothing"
    );
}

#[test]
fn rights_begin_and_end_with_the_membership() {
    let mut facts = facts(CouncilSettings::default());
    facts.memberships[0].start_date = Some(day("2025-01-15"));
    facts.memberships[0].end_date = Some(day("2026-03-31"));
    let reach = Reach::Organization {
        organization: "council",
        term: term(),
    };
    for (today, expected) in [
        ("2025-01-14", Access::Denied),
        (
            "2025-01-15",
            Access::Granted {
                until: Some(day("2026-03-31")),
                reads_back: true,
            },
        ),
        (
            "2026-03-31",
            Access::Granted {
                until: Some(day("2026-03-31")),
                reads_back: true,
            },
        ),
        ("2026-04-01", Access::Denied),
    ] {
        assert_eq!(
            access(&facts, &"councillor", &reach, day(today)),
            expected,
            "on {today}"
        );
    }
}

#[test]
fn a_second_membership_extends_the_first() {
    let mut facts = facts(CouncilSettings::default());
    facts.memberships[0].end_date = Some(day("2026-03-31"));
    let reach = Reach::Organization {
        organization: "council",
        term: term(),
    };
    let until =
        |facts: &CouncilFacts<&str>| access(facts, &"councillor", &reach, day("2026-03-03"));
    facts.memberships.push(MembershipFact {
        end_date: Some(day("2027-01-31")),
        ..seat("councillor", "council", Standing::Member)
    });
    assert_eq!(
        until(&facts),
        Access::Granted {
            until: Some(day("2027-01-31")),
            reads_back: true
        }
    );
    facts
        .memberships
        .push(seat("councillor", "council", Standing::Member));
    assert_eq!(
        until(&facts),
        Access::Granted {
            until: None,
            reads_back: true
        }
    );
}

#[test]
fn another_term_needs_a_membership_of_its_own() {
    let facts = facts(CouncilSettings::default());
    let former = Days {
        start: Some(day("2019-07-01")),
        end: Some(day("2024-06-30")),
    };
    let reach = Reach::Organization {
        organization: "council",
        term: former,
    };
    assert_eq!(
        access(&facts, &"councillor", &reach, day("2026-03-03")),
        Access::Denied
    );
}

#[test]
fn the_council_decides_whether_new_members_read_back() {
    let facts = facts(CouncilSettings {
        new_members_read_back: false,
        ..CouncilSettings::default()
    });
    let reach = Reach::Organization {
        organization: "council",
        term: term(),
    };
    let granted = access(&facts, &"councillor", &reach, day("2026-03-03"));
    assert_eq!(
        granted,
        Access::Granted {
            until: None,
            reads_back: false
        }
    );
}

#[test]
fn german_roles_are_understood() {
    for (role, standing) in [
        (Some("Ortsteilbürgermeisterin"), Standing::VillageMayor),
        (Some("Ortsvorsteher"), Standing::VillageMayor),
        (Some("Fraktionsmitarbeiter"), Standing::FactionStaff),
        (Some("Fraktionsgeschäftsführerin"), Standing::FactionStaff),
        (Some("Gast"), Standing::Guest),
        (Some("Vorsitzende"), Standing::Member),
        (Some("Sachkundiger Bürger"), Standing::Member),
        (Some("Oberbürgermeisterin"), Standing::Member),
        (None, Standing::Member),
    ] {
        assert_eq!(Standing::of_role(role), standing, "{role:?}");
    }
}
