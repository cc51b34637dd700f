//! Who may what: every route of the server × everybody who may not × own, foreign and unknown things. The routes are those that the
//! router is made of; one without a row does not compile. What is somebody else's looks like what does not exist.

mod requests;
mod world;

use std::net::SocketAddr;

use council_server::http::Route;
use council_server::{ServeOptions, ServerHandle};
use evidence::Counts;
use sync_protocol::head::SignedHead;
use sync_protocol::ids::{AudienceId, FactionId};
use sync_protocol::key_box::KeyBoxes;
use sync_protocol::receipt::ReceiptList;
use sync_protocol::wire::CouncilRoute;

use crate::faction::denied::{self, Asker};
use crate::support::TestCouncil;
use crate::support::tablet::Answer;
use requests::{Asked, requests};
use sync_protocol::faction::wire::FactionRoute;
use world::{Target, Who, World};

/// What the server says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Yes,
    No(u16, &'static str),
    /// In the form of the open interface.
    Gone(u16),
}

const NOT_FOUND: Said = Said::No(404, "not_found");
const CODE_INVALID: Said = Said::No(404, "code_invalid");

/// The table.
fn expected(route: Route, who: Who, target: Target) -> Said {
    match route {
        Route::Council(CouncilRoute::Root) => Said::Yes,
        // Nobody has a device yet; the letter's code counts, and nothing else.
        Route::Council(CouncilRoute::PairStart | CouncilRoute::PairFinish) => match target {
            Target::Council => Said::Yes,
            _ => CODE_INVALID,
        },
        Route::Open(_) if target == Target::Public => Said::Yes,
        Route::Open(_) => Said::Gone(404),
        Route::Council(_) | Route::Faction(_) if !who.is_device() => refused(who),
        Route::Council(route) => of_council(route, who, target),
        Route::Faction(route) => match denied::expected(route, Asker::NeverIn) {
            denied::Said::No(status, code) => Said::No(status, code),
            denied::Said::Ids | denied::Said::LinksAlone => Said::Yes,
        },
    }
}

fn refused(who: Who) -> Said {
    match who {
        Who::Revoked => Said::No(410, "device_revoked"),
        Who::Replayed => Said::No(401, "replayed"),
        Who::OtherTime => Said::No(401, "clock_skew"),
        _ => Said::No(401, "unauthenticated"),
    }
}

fn of_council(route: CouncilRoute, who: Who, target: Target) -> Said {
    match route {
        CouncilRoute::Chain | CouncilRoute::Snapshot | CouncilRoute::Blob => match (target, who) {
            (Target::Public, _) | (Target::Council, Who::Ada) | (Target::Committee, Who::Bruno) => {
                Said::Yes
            }
            (Target::Council, Who::Ended) => Said::No(403, "not_entitled"),
            _ => NOT_FOUND,
        },
        CouncilRoute::SendReceipts => match (target, who) {
            (Target::Public, _) | (Target::Council, Who::Ada) | (Target::Committee, Who::Bruno) => {
                Said::Yes
            }
            _ => Said::No(400, "bad_request"),
        },
        // What they say depends on who asks: see `holds_foreign`.
        CouncilRoute::Head
        | CouncilRoute::Keys
        | CouncilRoute::ReadReceipts
        | CouncilRoute::Root
        | CouncilRoute::PairStart
        | CouncilRoute::PairFinish => Said::Yes,
    }
}

/// A cell of the table in which the server did something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Hole {
    route: Route,
    who: Who,
    target: Target,
    /// What is wrong.
    why: &'static str,
}

/// What a walk through the table has seen.
#[derive(Debug, Default)]
struct Walk {
    tried: u64,
    /// Requests that had to be refused, and were.
    refused: u64,
    holes: Vec<Hole>,
}

impl Walk {
    fn through(world: &mut World) -> Self {
        let mut walk = Self::default();
        world.connect(open(&world.council));
        for who in Who::ALL.into_iter().filter(|who| who.is_device()) {
            let route = Route::Council(CouncilRoute::SendReceipts);
            for asked in requests(world, route, Target::Public, who) {
                assert_eq!(said(&ask(world, who, &asked)), Said::Yes);
            }
        }
        for who in Who::ALL {
            // As if the server had just begun: refusals count against the address, and here all come from one.
            world.connect(open(&world.council));
            for route in Route::all() {
                walk.of_route(world, route, who);
            }
        }
        walk
    }

    fn of_route(&mut self, world: &World, route: Route, who: Who) {
        let mut unknown = Vec::new();
        // What does not exist comes first: the others are compared with it.
        for target in Target::ALL.into_iter().rev() {
            let asked = requests(world, route, target, who);
            for (number, asked) in asked.into_iter().enumerate() {
                let answer = ask(world, who, &asked);
                let hole = |why| Hole {
                    route,
                    who,
                    target,
                    why,
                };
                let expected = expected(route, who, target);
                self.tried += 1;
                if expected != Said::Yes && expected == said(&answer) {
                    self.refused += 1;
                }
                if expected != said(&answer) {
                    self.holes.push(hole("another answer"));
                } else if expected == Said::Yes && holds_foreign(world, route, who, target, &answer)
                {
                    self.holes.push(hole("somebody else's"));
                }
                if target == Target::Unknown {
                    unknown.push(answer);
                } else if is_hidden(route, who, target)
                    && !unknown.get(number).is_some_and(|none| same(none, &answer))
                {
                    self.holes
                        .push(hole("can be told from what does not exist"));
                }
            }
        }
    }
}

fn ask(world: &World, who: Who, asked: &Asked) -> Answer {
    world.ask(who, &asked.method, &asked.path, &asked.body)
}

fn said(answer: &Answer) -> Said {
    match (answer.status.as_u16(), answer.error_code()) {
        (200, _) => Said::Yes,
        (status, None) => Said::Gone(status),
        (status, Some(code)) => {
            let known = [
                "unauthenticated",
                "clock_skew",
                "replayed",
                "device_revoked",
                "not_found",
                "not_entitled",
                "bad_request",
                "code_invalid",
                "faction_refused",
                "faction_not_member",
            ];
            let code = known.into_iter().find(|one| *one == code);
            Said::No(status, code.unwrap_or("another code"))
        }
    }
}

/// Whether this must look as if it did not exist.
fn is_hidden(route: Route, who: Who, target: Target) -> bool {
    let is_own = match target {
        Target::Public => true,
        Target::Council => matches!(who, Who::Ada | Who::Ended),
        Target::Committee => who == Who::Bruno,
        Target::Unknown => return false,
    };
    match route {
        Route::Council(CouncilRoute::PairStart) => target == Target::Committee,
        // Somebody else's beginning, and a device that is paired already.
        Route::Council(CouncilRoute::PairFinish) => target != Target::Council,
        // Whoever knows the id of a device of a space learns which space holds it, as coming back with a paper key needs.
        Route::Faction(FactionRoute::SpacesOf) => false,
        Route::Faction(_) => true,
        Route::Open(_) => target != Target::Public,
        // They name no object.
        Route::Council(CouncilRoute::Root | CouncilRoute::Head | CouncilRoute::ReadReceipts) => {
            false
        }
        Route::Council(_) => !is_own,
    }
}

/// Equal in status, code, length and every header but the time; the server's clock stands still.
fn same(one: &Answer, other: &Answer) -> bool {
    let headers = |answer: &Answer| {
        let mut headers = answer.headers.clone();
        headers.remove("date");
        headers
    };
    one.status == other.status && one.body == other.body && headers(one) == headers(other)
}

/// Whether a good answer tells of more than the asker may read.
fn holds_foreign(world: &World, route: Route, who: Who, target: Target, answer: &Answer) -> bool {
    if !who.is_device() {
        return false;
    }
    let tablet = world.tablet(who);
    let readable = readable(world, who);
    match route {
        Route::Council(CouncilRoute::Head) => {
            let root = &tablet.root;
            let signed = SignedHead(answer.body.clone().unwrap());
            let head = signed.verify(
                &root.feed_key,
                &root.council,
                &tablet.device,
                root.generation,
            );
            let mut listed: Vec<AudienceId> =
                head.unwrap().audiences.iter().map(|a| a.id).collect();
            listed.sort();
            listed != readable
        }
        Route::Council(CouncilRoute::Keys) => {
            let asked = world.things(target).audience;
            let boxes: KeyBoxes = answer.decode();
            let is_given = !boxes.boxes.is_empty();
            is_given != readable.contains(&asked)
                || boxes.boxes.iter().any(|one| one.audience != asked)
        }
        Route::Council(CouncilRoute::ReadReceipts) => {
            let list: ReceiptList = answer.decode();
            let own = tablet.sign_key.public().unwrap();
            let is_own = |row: &sync_protocol::receipt::ReceiptRow| {
                row.receipt
                    .verify(&own, &tablet.root.council, &tablet.device)
                    .is_ok()
            };
            list.0.is_empty() || !list.0.iter().all(is_own)
        }
        Route::Faction(FactionRoute::SpacesOf) => {
            let ids: Vec<FactionId> = answer.decode();
            let held = match target {
                Target::Council => vec![world.ada_space.chair.space()],
                Target::Committee => vec![world.bruno_space.chair.space()],
                Target::Public | Target::Unknown => Vec::new(),
            };
            ids != held
        }
        Route::Council(_) | Route::Faction(_) | Route::Open(_) => false,
    }
}

/// The audiences that somebody reads, ascending.
fn readable(world: &World, who: Who) -> Vec<AudienceId> {
    let of = |target| world.things(target).audience;
    let mut readable = vec![of(Target::Public)];
    match who {
        Who::Ada => readable.push(of(Target::Council)),
        Who::Bruno => readable.push(of(Target::Committee)),
        Who::Ended => readable.push(world.village),
        _ => {}
    }
    readable.sort();
    readable
}

/// The server with everything turned on.
fn open(council: &TestCouncil) -> ServerHandle {
    let options = ServeOptions {
        oparl: true,
        ..ServeOptions::default()
    };
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    council.server.serve_with(listen, options).unwrap()
}

// Shows: O.Arch_5, O.Auth_12, O.Auth_2, MASVS-AUTH-1
#[test]
fn safety_everybody_gets_by_every_route_what_is_theirs_and_nothing_else() {
    let mut world = World::new();
    let walk = Walk::through(&mut world);
    assert_eq!(walk.holes, Vec::<Hole>::new());
    println!("{} requests, {} refused", walk.tried, walk.refused);
    let counts = Counts {
        tried: walk.tried,
        refused: walk.refused,
        lost: walk.holes.len() as u64,
    };
    evidence::record("authorisation.routes", counts).unwrap();
}

#[test]
fn safety_a_right_that_was_given_by_mistake_is_found() {
    let mut world = World::new();
    let seat = "[[membership]]\nperson = \"bruno\"\norganization = \"rat\"\nstart = \"2024-07-01\"";
    let first = "[[membership]]\nperson = \"ada\"";
    let council = &world.council;
    council.edit("council.toml", first, &format!("{seat}\n\n{first}"));
    council.import();
    let found = Walk::through(&mut world).holes;
    assert!(
        found
            .iter()
            .all(|hole| hole.who == Who::Bruno && hole.target == Target::Council),
        "{found:?}"
    );
    for route in [
        CouncilRoute::Head,
        CouncilRoute::Chain,
        CouncilRoute::Snapshot,
        CouncilRoute::Keys,
        CouncilRoute::Blob,
    ] {
        let is_found = found.iter().any(|hole| hole.route == Route::Council(route));
        assert!(is_found, "{route:?} gives Bruno what is the council's");
    }
}

#[test]
fn safety_a_device_that_ought_to_be_revoked_is_found() {
    let mut world = World::new();
    world.forget_to_revoke();
    let found = Walk::through(&mut world).holes;
    assert!(found.iter().all(|hole| hole.who == Who::Revoked));
    for route in Route::all() {
        let is_signed = match route {
            Route::Council(route) => !matches!(
                route,
                CouncilRoute::Root | CouncilRoute::PairStart | CouncilRoute::PairFinish
            ),
            Route::Faction(_) => true,
            Route::Open(_) => false,
        };
        let is_found = found.iter().any(|hole| hole.route == route);
        assert_eq!(is_found, is_signed, "{route:?}");
    }
}

// Shows: O.Arch_5
#[test]
fn the_router_is_made_of_the_table_alone() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http");
    let mut places = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        for word in [
            ".route(",
            ".route_service(",
            ".nest(",
            ".merge(",
            ".nest_service(",
        ] {
            for _ in text.matches(word) {
                places.push((path.file_name().unwrap().to_owned(), word));
            }
        }
    }
    assert_eq!(
        places,
        [("routes.rs".into(), ".route(")],
        "a route that is added beside the table is asked about by nobody"
    );
    let mut templates: Vec<&str> = Route::all().map(Route::template).collect();
    templates.dedup();
    assert!(templates.len() > 20, "{templates:?}");
}
