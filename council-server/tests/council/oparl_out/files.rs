//! Files as citizens get them: decrypted while they are sent, whole or in part.

use reqwest::{Method, StatusCode};

use super::crawl::Citizen;
use crate::support::{TestCouncil, bytes_below, folder};

/// Longer than several chunks of the encrypted file, with a last one that is not full.
const LONG: usize = 3 * 65_536 + 12_345;

/// A council whose site plan is a long file, and its plain bytes.
fn with_long_file() -> (TestCouncil, Vec<u8>) {
    let council = TestCouncil::new();
    folder::write(&council.intake());
    let mut plain = folder::pdf("Lageplan", 1);
    let marker = b"% KLARTEXT-0123456789\n";
    while plain.len() < LONG {
        let number = plain.len().to_string().into_bytes();
        plain.extend_from_slice(marker);
        plain.extend_from_slice(b"% ");
        plain.extend(number);
        plain.push(b'\n');
    }
    plain.truncate(LONG);
    std::fs::write(
        council.intake().join("meetings/2026-03-rat/Lageplan.pdf"),
        &plain,
    )
    .unwrap();
    council.edit(
        "meetings/2026-03-rat/meeting.toml",
        "name = \"Lageplan\"",
        "name = \"Lageplan Süd\"",
    );
    council.import();
    (council, plain)
}

#[test]
fn a_file_is_served_whole_and_in_part() {
    let (council, plain) = with_long_file();
    let handle = super::open(&council);
    let citizen = Citizen::new(&handle);
    let list = citizen.list("/oparl/file");
    let file = list.iter().find(|f| f["name"] == "Lageplan Süd").unwrap();
    assert_eq!(file["size"], LONG);
    let access = file["accessUrl"].as_str().unwrap();
    let whole = citizen.get(access);
    assert_eq!(whole.body, plain);
    assert_eq!(whole.header("content-type"), "application/pdf");
    assert_eq!(whole.header("content-length"), LONG.to_string());
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert_eq!(whole.header("content-disposition"), "", "shown, not saved");

    let save = citizen.get(file["downloadUrl"].as_str().unwrap());
    assert_eq!(save.body, plain);
    let name = save.header("content-disposition");
    assert!(
        name.starts_with("attachment; filename=\"Lageplan"),
        "{name}"
    );

    for (range, part) in [
        ("bytes=0-0", 0..1),
        ("bytes=65530-65540", 65_530..65_541),
        ("bytes=65536-131071", 65_536..131_072),
        ("bytes=131000-", 131_000..LONG),
        ("bytes=-100", LONG - 100..LONG),
        ("bytes=0-99999999", 0..LONG),
    ] {
        let visit = citizen.ask(Method::GET, access, &[("range", range)]);
        assert_eq!(visit.status, StatusCode::PARTIAL_CONTENT, "{range}");
        assert_eq!(visit.body, plain[part.clone()], "{range}");
        let said = format!("bytes {}-{}/{LONG}", part.start, part.end - 1);
        assert_eq!(visit.header("content-range"), said);
    }
    let beyond = citizen.ask(Method::GET, access, &[("range", &format!("bytes={LONG}-"))]);
    assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(beyond.header("content-range"), format!("bytes */{LONG}"));
}

#[test]
fn what_is_known_is_not_sent_again() {
    let (council, plain) = with_long_file();
    let handle = super::open(&council);
    let citizen = Citizen::new(&handle);
    let list = citizen.list("/oparl/file");
    let file = list.iter().find(|f| f["name"] == "Lageplan Süd").unwrap();
    let access = file["accessUrl"].as_str().unwrap();
    let tag = citizen.get(access).header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.ends_with('"'));
    let known = citizen.ask(Method::GET, access, &[("if-none-match", &tag)]);
    assert_eq!(
        (known.status, known.body.len()),
        (StatusCode::NOT_MODIFIED, 0)
    );

    let changed = [&plain[..], b"% neu\n"].concat();
    std::fs::write(
        council.intake().join("meetings/2026-03-rat/Lageplan.pdf"),
        &changed,
    )
    .unwrap();
    council.import();
    let anew = citizen.ask(Method::GET, access, &[("if-none-match", &tag)]);
    assert_eq!((anew.status, anew.body == changed), (StatusCode::OK, true));
    let headers = [("range", "bytes=5-9"), ("if-range", tag.as_str())];
    let whole = citizen.ask(Method::GET, access, &headers);
    assert_eq!(
        (whole.status, whole.body.len()),
        (StatusCode::OK, changed.len()),
        "no part of another file"
    );
    let tag = anew.header("etag").to_owned();
    let headers = [("range", "bytes=5-9"), ("if-range", tag.as_str())];
    let part = citizen.ask(Method::GET, access, &headers);
    assert_eq!(
        (part.status, part.body.len()),
        (StatusCode::PARTIAL_CONTENT, 5)
    );
}

#[test]
fn serving_leaves_no_plaintext_behind() {
    let (council, plain) = with_long_file();
    let handle = super::open(&council);
    let pages = Citizen::new(&handle).crawl();
    assert!(
        pages.values().any(|page| page.body == plain),
        "it was served"
    );
    let stored = bytes_below(&council.root.path().join("data"));
    let holds = |text: &[u8]| stored.windows(text.len()).any(|w| w == text);
    assert!(holds(b"RATSFILE"), "the search finds what is there");
    assert!(!holds(b"KLARTEXT-0123456789"));
}

#[test]
fn a_damaged_ciphertext_is_noticed_and_not_served() {
    let (council, _) = with_long_file();
    let handle = super::open(&council);
    let citizen = Citizen::new(&handle);
    let list = citizen.list("/oparl/file");
    let file = list.iter().find(|f| f["name"] == "Lageplan Süd").unwrap();
    let access = file["accessUrl"].as_str().unwrap();
    let tag = citizen
        .get(access)
        .header("etag")
        .trim_matches('"')
        .to_owned();
    let shelf = council.root.path().join("data/blobs").join(&tag[..2]);
    let path = shelf.join(&tag);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
    let cut = citizen.get(access);
    assert_eq!(cut.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(cut.json()["type"], "https://schema.oparl.org/1.1/Error");
    std::fs::remove_file(&path).unwrap();
    assert_eq!(citizen.get(access).status, StatusCode::GONE);
}
