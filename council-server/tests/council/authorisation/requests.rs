//! The requests that are made of every route for every kind of object. A route without a row here does not compile.

use council_server::http::{OpenRoute, Route};
use reqwest::Method;
use sync_protocol::cbor::to_cbor;
use sync_protocol::faction::device::FactionKeys;
use sync_protocol::faction::wire::FactionRoute;
use sync_protocol::ids::{DeviceId, FactionId, InvitationId};
use sync_protocol::key_box::DeviceBoxKey;
use sync_protocol::pairing::{
    InvitationCode, PairFinish, PairNonce, PairStart, check_hello, make_finish,
};
use sync_protocol::receipt::{Receipt, ReceiptBatch};
use sync_protocol::sign::SigningKey;
use sync_protocol::wire::{self, CouncilRoute};

use super::world::{Target, Who, World};

/// One request.
pub struct Asked {
    pub method: Method,
    pub path: String,
    pub body: Vec<u8>,
}

fn get(path: String) -> Asked {
    Asked {
        method: Method::GET,
        path,
        body: Vec::new(),
    }
}

fn post(path: &str, body: Vec<u8>) -> Asked {
    Asked {
        method: Method::POST,
        path: path.to_owned(),
        body,
    }
}

/// The requests of `route` for `target` as `who` makes them. None: the route names no such object, or the request would be good and
/// change what the others are asked about.
pub fn requests(world: &World, route: Route, target: Target, who: Who) -> Vec<Asked> {
    match route {
        Route::Council(route) => of_council(world, route, target, who),
        Route::Faction(route) => of_faction(world, route, target, who).into_iter().collect(),
        Route::Open(route) => of_open(world, route, target),
    }
}

fn of_council(world: &World, route: CouncilRoute, target: Target, who: Who) -> Vec<Asked> {
    let things = world.things(target);
    let names_nothing = target != Target::Council;
    match route {
        CouncilRoute::Root | CouncilRoute::Head | CouncilRoute::ReadReceipts if names_nothing => {
            Vec::new()
        }
        CouncilRoute::Root => vec![get(wire::PATH_ROOT.to_owned())],
        CouncilRoute::Head => vec![get(wire::PATH_HEAD.to_owned())],
        CouncilRoute::ReadReceipts => vec![get(wire::PATH_RECEIPTS.to_owned())],
        CouncilRoute::PairStart => pair_start(world, target).into_iter().collect(),
        CouncilRoute::PairFinish => pair_finish(world, target).into_iter().collect(),
        CouncilRoute::Chain => vec![get(wire::path_chain(&things.audience, 0, 10))],
        CouncilRoute::Snapshot => vec![get(wire::path_snapshot(&things.audience))],
        CouncilRoute::Keys => vec![get(format!(
            "{}?audience={}",
            wire::PATH_KEYS,
            things.audience
        ))],
        CouncilRoute::Blob => vec![get(wire::path_blob(&things.blob))],
        CouncilRoute::SendReceipts => vec![post(wire::PATH_RECEIPTS, receipts(world, target, who))],
    }
}

/// A receipt of her own (for what is everybody's), of Ada, of Bruno, of a device that does not exist.
fn receipts(world: &World, target: Target, who: Who) -> Vec<u8> {
    let strange = SigningKey::make().unwrap();
    let (device, key) = match target {
        Target::Public => (world.tablet(who).device, &world.tablet(who).sign_key),
        Target::Council => (world.ada.device, &world.ada.sign_key),
        Target::Committee => (world.bruno.device, &world.bruno.sign_key),
        Target::Unknown => (DeviceId::make().unwrap(), &strange),
    };
    let receipt = Receipt {
        council: world.ada.root.council,
        device,
        meeting: world.things(target).item,
        invitation_revision: 1,
        blob_id: world.things(target).blob,
        at_ms: world.ada.now_at_ms,
    };
    to_cbor(&ReceiptBatch(vec![receipt.sign(key).unwrap()]))
}

fn start(code: &InvitationCode) -> PairStart {
    PairStart {
        invitation: code.invitation_id(),
        device_sign: SigningKey::make().unwrap().public().unwrap(),
        device_box: DeviceBoxKey::make().unwrap().public().unwrap(),
        nonce: PairNonce::make().unwrap(),
    }
}

/// Whoever holds the letter may begin, device or not; a letter of another council and one that does not exist begin nothing.
fn pair_start(world: &World, target: Target) -> Option<Asked> {
    let code = match target {
        Target::Public => return None,
        Target::Council => world.council.server.invite("ada", false).unwrap().code,
        Target::Committee => world.other.server.invite("ada", false).unwrap().code,
        Target::Unknown => InvitationCode::make().unwrap(),
    };
    Some(post(wire::PATH_PAIR_START, to_cbor(&start(&code))))
}

/// The proof of whoever began; one for somebody else's beginning, without her code; one for a device that is paired already; one for
/// a device that does not exist.
fn pair_finish(world: &World, target: Target) -> Option<Asked> {
    let code = world.council.server.invite("ada", false).unwrap().code;
    let begun = start(&code);
    let answer = world.ada.send(
        Method::POST,
        wire::PATH_PAIR_START,
        to_cbor(&begun),
        Vec::new(),
    );
    let hello: sync_protocol::pairing::PairHello = answer.decode();
    let (transcript, _) = check_hello(&code, &begun, &hello).unwrap();
    let good = make_finish(&code, &transcript, hello.device);
    let guessed = make_finish(&InvitationCode::make().unwrap(), &transcript, hello.device);
    let finish = match target {
        Target::Public => PairFinish {
            device: world.bruno.device,
            mac: guessed.mac,
        },
        Target::Council => good,
        Target::Committee => guessed,
        Target::Unknown => PairFinish {
            device: DeviceId::make().unwrap(),
            mac: guessed.mac,
        },
    };
    Some(post(wire::PATH_PAIR_FINISH, to_cbor(&finish)))
}

fn of_faction(world: &World, route: FactionRoute, target: Target, who: Who) -> Option<Asked> {
    let space = match (target, who) {
        (Target::Public, _) => return None,
        (Target::Committee, _) => &world.bruno_space,
        (Target::Council | Target::Unknown, _) => &world.ada_space,
    };
    let (method, mut path, body) = space.request(route);
    if target == Target::Unknown {
        let unknown_space = FactionId::from_bytes([5; 32]).to_string();
        let unknown_device = FactionKeys::make().unwrap().device.to_string();
        let unknown_invitation = InvitationId::from_bytes([6; 16]).to_string();
        path = path
            .replace(&space.chair.space().to_string(), &unknown_space)
            .replace(&space.chair.keys.device.to_string(), &unknown_device)
            .replace(&space.invitation.to_string(), &unknown_invitation);
    }
    Some(Asked { method, path, body })
}

fn of_open(world: &World, route: OpenRoute, target: Target) -> Vec<Asked> {
    let things = world.things(target);
    match route {
        OpenRoute::Bare | OpenRoute::System if target != Target::Public => Vec::new(),
        OpenRoute::Bare => vec![get("/oparl".to_owned())],
        OpenRoute::System => vec![get("/oparl/".to_owned())],
        OpenRoute::Below => vec![
            get(format!("/oparl/agendaItem/{}", things.item)),
            get(format!("/oparl/file/{}", things.file)),
            get(format!("/oparl/file/{}/access", things.file)),
            get(format!("/oparl/file/{}/download", things.file)),
        ],
    }
}
