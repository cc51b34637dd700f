//! Who may read what: one pure function over what the council knows about people and audiences.
//! No database, no clock, no keys; `entitlement` applies the answers.
//!
//! The rules, in the order in which they are asked:
//! 1. What is public is everybody's.
//! 2. The nonpublic papers of an organization and term belong to those whose membership in it runs today and
//!    overlaps the term. Guests have no such right.
//! 3. The nonpublic papers that touch a village belong to the mayor of that village.
//! 4. Faction staff read public papers only, unless the council has sworn them in; then they read what members
//!    of their faction read in the organizations.
//!
//! Rights end with the last day of the membership. A council may decide that new members do not see what was
//! nonpublic before they came.

use chrono::NaiveDate;

use crate::draft::CouncilSettings;

/// What a membership entitles to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Members, deputies, advisory members, those who chair.
    Member,
    /// Speaks for a village: Ortsteilbürgermeister, Ortsbürgermeister, Ortsvorsteher.
    VillageMayor,
    /// Works for a faction.
    FactionStaff,
    /// Invited now and then: public papers only.
    Guest,
}

impl Standing {
    /// The standing that OParl's `Membership.role` describes; any unknown role is a member's.
    #[must_use]
    pub fn of_role(role: Option<&str>) -> Self {
        let role = role.unwrap_or_default().trim().to_lowercase();
        let begins = |words: &[&str]| words.iter().any(|w| role.starts_with(w));
        if begins(&[
            "ortsteilbürgermeister",
            "ortsbürgermeister",
            "ortsvorsteher",
        ]) {
            Self::VillageMayor
        } else if begins(&[
            "fraktionsmitarbeit",
            "fraktionsgeschäftsführ",
            "fraktionsassisten",
            "fraktionsreferent",
        ]) {
            Self::FactionStaff
        } else if begins(&["gast", "gäst", "zuhörer"]) {
            Self::Guest
        } else {
            Self::Member
        }
    }
}

/// One membership, as far as rights depend on it. Ids are those of the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MembershipFact<Id> {
    pub person: Id,
    pub organization: Id,
    pub standing: Standing,
    pub start_date: Option<NaiveDate>,
    /// The last day.
    pub end_date: Option<NaiveDate>,
}

/// A span of days; open ends are `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Days {
    pub start: Option<NaiveDate>,
    /// The last day.
    pub end: Option<NaiveDate>,
}

/// For whom something is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach<Id> {
    Public,
    /// An organization in a term.
    Organization {
        organization: Id,
        term: Days,
    },
    /// A village in a term.
    Village {
        name: String,
        term: Days,
    },
}

/// Everything that rights are decided on.
#[derive(Clone, Debug)]
pub struct CouncilFacts<Id> {
    pub memberships: Vec<MembershipFact<Id>>,
    /// Which organization speaks for which village.
    pub villages: Vec<(Id, String)>,
    pub settings: CouncilSettings,
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Denied,
    Granted {
        /// The last day that is known; `None` where no end is known.
        until: Option<NaiveDate>,
        /// Also what was published before access began.
        reads_back: bool,
    },
}

/// Whether `person` may read what is published for `reach` on the day `today`.
#[must_use]
pub fn access<Id: PartialEq>(
    facts: &CouncilFacts<Id>,
    person: &Id,
    reach: &Reach<Id>,
    today: NaiveDate,
) -> Access {
    let ends = match reach {
        Reach::Public => {
            return Access::Granted {
                until: None,
                reads_back: true,
            };
        }
        Reach::Organization { organization, term } => {
            seats(facts, person, organization, *term, today)
        }
        Reach::Village { name, term } => mayoralties(facts, person, name, *term, today),
    };
    let Some(until) = latest(&ends) else {
        return Access::Denied;
    };
    Access::Granted {
        until,
        reads_back: facts.settings.new_members_read_back,
    }
}

/// The ends of all that entitles a person to an organization's papers today.
fn seats<Id: PartialEq>(
    facts: &CouncilFacts<Id>,
    person: &Id,
    organization: &Id,
    term: Days,
    today: NaiveDate,
) -> Vec<Option<NaiveDate>> {
    let mut ends = Vec::new();
    for own in running(facts, today).filter(|m| m.person == *person) {
        match own.standing {
            Standing::Member | Standing::VillageMayor => {
                if own.organization == *organization && overlaps(own, term) {
                    ends.push(own.end_date);
                }
            }
            Standing::FactionStaff if facts.settings.staff_nonpublic => {
                let by_faction = running(facts, today)
                    .filter(|m| {
                        m.organization == own.organization && m.standing == Standing::Member
                    })
                    .any(|member| sits_in(facts, &member.person, organization, term, today));
                if by_faction {
                    ends.push(own.end_date);
                }
            }
            Standing::FactionStaff | Standing::Guest => {}
        }
    }
    ends
}

fn sits_in<Id: PartialEq>(
    facts: &CouncilFacts<Id>,
    person: &Id,
    organization: &Id,
    term: Days,
    today: NaiveDate,
) -> bool {
    running(facts, today).any(|m| {
        m.person == *person
            && m.organization == *organization
            && matches!(m.standing, Standing::Member | Standing::VillageMayor)
            && overlaps(m, term)
    })
}

fn mayoralties<Id: PartialEq>(
    facts: &CouncilFacts<Id>,
    person: &Id,
    village: &str,
    term: Days,
    today: NaiveDate,
) -> Vec<Option<NaiveDate>> {
    let speaks_for = |organization: &Id| {
        facts
            .villages
            .iter()
            .any(|(o, v)| o == organization && v == village)
    };
    running(facts, today)
        .filter(|m| m.person == *person && m.standing == Standing::VillageMayor)
        .filter(|m| speaks_for(&m.organization) && overlaps(m, term))
        .map(|m| m.end_date)
        .collect()
}

fn running<Id>(
    facts: &CouncilFacts<Id>,
    today: NaiveDate,
) -> impl Iterator<Item = &MembershipFact<Id>> {
    facts.memberships.iter().filter(move |m| {
        m.start_date.is_none_or(|start| start <= today) && m.end_date.is_none_or(|end| today <= end)
    })
}

fn overlaps<Id>(membership: &MembershipFact<Id>, term: Days) -> bool {
    let begins_in_time = match (membership.start_date, term.end) {
        (Some(start), Some(end)) => start <= end,
        _ => true,
    };
    let ends_in_time = match (membership.end_date, term.start) {
        (Some(end), Some(start)) => start <= end,
        _ => true,
    };
    begins_in_time && ends_in_time
}

/// The latest of several ends, `None` inside meaning no known end; `None` outside where there is nothing.
#[allow(
    clippy::option_option,
    reason = "nothing and no known end are two answers"
)]
fn latest(ends: &[Option<NaiveDate>]) -> Option<Option<NaiveDate>> {
    if ends.is_empty() {
        return None;
    }
    if ends.iter().any(Option::is_none) {
        return Some(None);
    }
    Some(ends.iter().flatten().max().copied())
}
