//! A faction at work with the real server: found, invite, share, answer, without network and with it, take out, come back.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking"
)]

mod common;

use common::faction::{Tablet, card};
use common::{Town, rows};
use desk::ErrorCode;
use serde_json::{Value, json};

/// The coming meeting of the committee for building.
fn meeting(tablet: &Tablet) -> Value {
    let list = tablet.ask("meetings_list", json!({}));
    let upcoming = rows(&list["upcoming"]).iter();
    let next = upcoming
        .map(|card| tablet.ask("meeting_open", json!({"id": card["id"]})))
        .find(|meeting| !rows(&meeting["publicItems"]).is_empty());
    next.expect("a coming meeting with an agenda")
}

fn about(item: &Value) -> Value {
    json!({"target": {"kind": "agendaItem", "id": item}})
}

fn position(answer: &Value) -> &Value {
    &answer["spaces"][0]["position"]
}

#[test]
fn a_faction_works_together_and_a_member_who_goes_reads_nothing_new() {
    let mut town = Town::new();
    let chair = Tablet::of(&town, "brackmann");
    let member = Tablet::of(&town, "aldenhoff");
    let leaver = Tablet::of(&town, "quendt");
    let faction = chair.found("Fraktion Bürger für Lindenau");
    chair.brings_in(&faction, "member", &member);
    chair.brings_in(&faction, "staff", &leaver);

    // Who belongs to it is the same for all of them, with the same fingerprints.
    let of = |tablet: &Tablet| {
        let members = tablet.ask("faction_members", json!({"factionId": faction}));
        let mut all: Vec<Value> = rows(&members["people"])
            .iter()
            .map(|one| {
                json!([
                    one["name"],
                    one["role"],
                    one["devices"][0]["fingerprint"],
                    one["colour"]
                ])
            })
            .collect();
        all.sort_by_key(Value::to_string);
        all
    };
    chair.until(
        "faction_members",
        &json!({"factionId": faction}),
        |members| rows(&members["people"]).len() == 3,
    );
    member.until(
        "faction_members",
        &json!({"factionId": faction}),
        |members| rows(&members["people"]).len() == 3,
    );
    assert_eq!(of(&chair), of(&member));

    // A position and a question about a public item.
    let item = meeting(&chair)["publicItems"][0]["id"].clone();
    let target = json!({"kind": "agendaItem", "id": item});
    let edit = |tablet: &Tablet, what: Value| {
        let mut request = json!({"factionId": faction, "target": target});
        request
            .as_object_mut()
            .unwrap()
            .extend(what.as_object().unwrap().clone());
        tablet.ask("faction_position", request);
    };
    edit(&chair, json!({"recommendation": "Zustimmung zum Radweg."}));
    let seen = member.until("faction_about", &about(&item), |answer| {
        position(answer)["recommendation"] == "Zustimmung zum Radweg."
    });
    assert_eq!(seen["spaces"][0]["card"]["newCount"], 1);
    chair.until_current(&faction);

    // Both offline: neither loses a word.
    let server = town.handle.take().unwrap();
    let address = server.url();
    server.shutdown();
    edit(
        &chair,
        json!({"recommendation": "Klare Zustimmung zum Radweg."}),
    );
    edit(
        &member,
        json!({"recommendation": "Zustimmung zum Radweg, mit Beleuchtung.", "status": "agreed"}),
    );
    let question = chair.ask(
        "faction_message",
        json!({"factionId": faction, "target": target, "text": "Wer spricht dazu? #Radweg",
               "mentions": [seen["spaces"][0]["card"]["ownUserId"]]}),
    );
    let waiting = chair.ask("faction_overview", json!({}));
    assert!(card(&waiting, &faction).unwrap()["unsent"].as_u64() > Some(0));
    serve_again(&mut town, &address);
    for tablet in [&chair, &member] {
        tablet.ask("faction_exchange", json!({}));
    }
    let merged = "Klare Zustimmung zum Radweg, mit Beleuchtung.";
    for tablet in [&chair, &member, &leaver] {
        let both = tablet.until("faction_about", &about(&item), |answer| {
            position(answer)["recommendation"] == merged
        });
        assert_eq!(position(&both)["status"], "agreed");
    }
    let request = json!({"factionId": faction, "newOnly": true});
    let news = member.until("faction_news", &request, |news| {
        rows(&news["entries"])
            .iter()
            .any(|entry| entry["kind"] == "message")
    });
    let entry = rows(&news["entries"])
        .iter()
        .find(|entry| entry["itemId"] == question["itemId"]);
    let entry = entry.expect("the question is news");
    assert_eq!(
        (&entry["mentionsMe"], &entry["new"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(entry["agendaItemId"], item);
    assert_eq!(news["tags"], json!(["radweg"]));
    let by_tag = |tag: &str| {
        let request = json!({"factionId": faction, "newOnly": false, "tag": tag});
        rows(&member.ask("faction_news", request)["entries"]).len()
    };
    assert_eq!((by_tag("Radweg"), by_tag("anderes")), (1, 0));
    assert_eq!(
        member.ask("faction_seen", json!({"factionId": faction}))["newCount"],
        0
    );
    let answer = member.ask(
        "faction_message",
        json!({"factionId": faction, "parentId": question["itemId"], "text": "Ich.", "mentions": []}),
    );
    let threads = chair.until("faction_about", &about(&item), |about| {
        rows(&about["spaces"][0]["threads"][0]["answers"]).len() == 1
    });
    assert_eq!(
        threads["spaces"][0]["threads"][0]["answers"][0]["itemId"],
        answer["itemId"]
    );
    let foreign = json!({"factionId": faction, "itemId": answer["itemId"], "text": "Nein."});
    assert_eq!(
        chair.refused("faction_message_edit", foreign),
        ErrorCode::FactionNotYours
    );

    // She goes, and what is said then she never reads; what she has read stays.
    let members = chair.ask("faction_members", json!({"factionId": faction}));
    let leaving = rows(&members["people"])
        .iter()
        .find(|one| one["name"] == "quendt")
        .unwrap();
    let out = json!({"factionId": faction, "userId": leaving["userId"]});
    assert_eq!(
        member.refused("faction_remove_user", out.clone()),
        ErrorCode::FactionNotAllowed
    );
    chair.ask("faction_remove_user", out);
    chair.until_current(&faction);
    leaver.until("faction_overview", &json!({}), |overview| {
        card(overview, &faction).unwrap()["removed"] == true
    });
    edit(&chair, json!({"arguments": "Nur für uns."}));
    member.until("faction_about", &about(&item), |answer| {
        position(answer)["arguments"] == "Nur für uns."
    });
    let hers = leaver.ask("faction_about", about(&item));
    assert_eq!(position(&hers)["recommendation"], merged);
    assert_eq!(position(&hers)["arguments"], "");
    let late = json!({"factionId": faction, "target": target, "text": "Und ich?", "mentions": []});
    assert_eq!(
        leaver.refused("faction_message", late),
        ErrorCode::FactionRemoved
    );

    // Who comes now reads everything old.
    let newcomer = Tablet::of(&town, "tellmann");
    chair.brings_in(&faction, "member", &newcomer);
    let old = newcomer.until("faction_about", &about(&item), |answer| {
        position(answer)["arguments"] == "Nur für uns."
    });
    assert_eq!(rows(&old["spaces"][0]["threads"]).len(), 1);
    assert_eq!(
        old["spaces"][0]["card"]["newCount"], 0,
        "nothing of it is news to her"
    );

    // What she may still do is forget it.
    assert_eq!(
        newcomer.refused("faction_forget", json!({"factionId": faction})),
        ErrorCode::BadRequest
    );
    let left = leaver.ask("faction_forget", json!({"factionId": faction}));
    assert_eq!(rows(&left["spaces"]).len(), 0);
}

fn serve_again(town: &mut Town, address: &str) {
    let listen = address.trim_start_matches("https://").parse().unwrap();
    town.handle = Some(town.server.serve(listen).unwrap());
}

#[test]
fn notes_are_shared_as_copies_and_nonpublic_ones_stay_closed() {
    let town = Town::new();
    let chair = Tablet::of(&town, "brackmann");
    let member = Tablet::of(&town, "aldenhoff");
    let sworn = Tablet::of(&town, "quendt");
    let faction = chair.found("Fraktion");
    chair.brings_in(&faction, "member", &member);
    chair.brings_in(&faction, "member", &sworn);
    let meeting = meeting(&member);
    let public = meeting["publicItems"][0]["id"].clone();
    let secret = meeting["nonpublicItems"][0]["id"].clone();
    let note = |item: &Value, text: &str| {
        let draft =
            json!({"kind": "note", "target": {"kind": "agendaItem", "id": item}, "text": text});
        member.ask("mark_create", json!({"mark": draft}))["id"].clone()
    };
    let (open, closed) = (
        note(&public, "Öffentlicher Vermerk"),
        note(&secret, "Kaufpreis zu hoch"),
    );
    let source = json!({"factionId": faction, "source": {"kind": "marks", "ids": [open, closed]}});
    let preview = member.ask("faction_preview", source.clone());
    assert_eq!(preview["nonpublic"], true);
    assert_eq!(preview["readers"], json!(["brackmann", "quendt"]));
    let texts: Vec<&Value> = rows(&preview["parts"])
        .iter()
        .map(|part| &part["text"])
        .collect();
    assert_eq!(texts, ["Öffentlicher Vermerk", "Kaufpreis zu hoch"]);
    let about_public = member.ask("faction_about", about(&public));
    assert!(
        rows(&about_public["spaces"][0]["shares"]).is_empty(),
        "a preview shares nothing"
    );

    let shared = member.ask("faction_share", source.clone());
    assert_eq!(shared["count"], 2);
    let again = member.ask("faction_preview", source);
    assert_eq!(
        (rows(&again["parts"]).len(), &again["sharedBefore"]),
        (0, &json!(2))
    );
    assert_eq!(
        rows(&member.ask("marks_list", json!({"scope": {"kind": "all"}}))).len(),
        2,
        "the private ones stay"
    );
    let seen = chair.until("faction_about", &about(&public), |about| {
        rows(&about["spaces"][0]["shares"]).len() == 1
    });
    assert_eq!(
        seen["spaces"][0]["shares"][0]["text"],
        "Öffentlicher Vermerk"
    );
    let news = chair.until(
        "faction_news",
        &json!({"factionId": faction, "newOnly": false}),
        |news| {
            rows(&news["entries"])
                .iter()
                .any(|entry| entry["kind"] == "closed")
        },
    );
    assert!(!news.to_string().contains("Kaufpreis"));
    sworn.until("faction_about", &about(&secret), |about| {
        about["spaces"][0]["shares"][0]["text"] == "Kaufpreis zu hoch"
    });

    // Taken back, it is gone everywhere, and may be shared again.
    let item = seen["spaces"][0]["shares"][0]["itemId"].clone();
    let back = json!({"factionId": faction, "itemId": item});
    assert_eq!(
        chair.refused("faction_withdraw", back.clone()),
        ErrorCode::FactionNotYours
    );
    member.ask("faction_withdraw", back);
    chair.until("faction_about", &about(&public), |about| {
        rows(&about["spaces"][0]["shares"]).is_empty()
    });
    let once_more = json!({"factionId": faction, "source": {"kind": "marks", "ids": [open]}});
    assert_eq!(
        rows(&member.ask("faction_preview", once_more)["parts"]).len(),
        1
    );

    // The sheet that may lie on the table says nothing nonpublic.
    let request = |with: bool| json!({"factionId": faction, "meetingId": meeting["card"]["id"], "includeNonpublic": with});
    member.ask(
        "faction_position",
        json!({"factionId": faction, "target": {"kind": "agendaItem", "id": secret}, "recommendation": "Ablehnen"}),
    );
    let sheet = member.ask("faction_sheet", request(false));
    assert_eq!(sheet["public"], true);
    assert!(!sheet.to_string().contains("Ablehnen") && sheet["leftOut"].as_u64() > Some(0));
    assert!(
        member
            .ask("faction_sheet", request(true))
            .to_string()
            .contains("Ablehnen")
    );
    let saved = member.ask("faction_sheet_save", request(false));
    let bytes = std::fs::read(saved["path"].as_str().unwrap()).unwrap();
    assert!(bytes.starts_with(b"%PDF-1.7"));
    let exported = member.ask("faction_export", json!({"factionId": faction}));
    let folder = std::fs::read_dir(exported["path"].as_str().unwrap()).unwrap();
    let texts: Vec<String> = folder
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    assert!(texts.len() == 2 && texts.iter().all(|text| text.contains("Kaufpreis zu hoch")));
}

#[test]
fn by_letter_six_words_are_compared_and_a_paper_key_brings_a_lost_tablet_back() {
    let town = Town::new();
    let chair = Tablet::of(&town, "brackmann");
    let member = Tablet::of(&town, "aldenhoff");
    let faction = chair.found("Fraktion");
    let letter = json!({"factionId": faction, "way": "letter", "role": "member"});
    let invited = chair.ask("faction_invite", letter);
    member.ask(
        "faction_join",
        json!({"councilId": member.council(), "code": invited["secret"], "ownName": "Miriam", "deviceName": "Tablet"}),
    );
    let joining = member.until("faction_overview", &json!({}), |overview| {
        overview["joining"][0]["state"] == "compare"
    });
    let members = chair.until(
        "faction_members",
        &json!({"factionId": faction}),
        |members| members["invitations"][0]["state"] == "compare",
    );
    assert_eq!(
        members["invitations"][0]["words"],
        joining["joining"][0]["words"]
    );
    assert_eq!(rows(&joining["joining"][0]["words"]).len(), 6);
    assert_eq!(members["invitations"][0]["newcomer"], "Miriam");
    assert_eq!(rows(&members["people"]).len(), 1, "not before the words");
    chair.ask(
        "faction_admit",
        json!({"factionId": faction, "invitationId": invited["invitationId"], "wordsMatch": true}),
    );
    member.until_in(&faction);

    let key = member.ask("faction_paper_key", json!({"factionId": faction}));
    member.until_current(&faction);
    let message = json!({"factionId": faction, "text": "Vor dem Verlust", "mentions": []});
    member.ask("faction_message", message);
    member.until_current(&faction);
    let anew = Tablet::of(&town, "aldenhoff");
    let wrong = json!({"councilId": anew.council(), "code": "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA-AAAAA-AAAA", "deviceName": "Neu"});
    assert_eq!(
        anew.refused("faction_recover", wrong),
        ErrorCode::FactionPaperKeyUnknown
    );
    let back =
        json!({"councilId": anew.council(), "code": key["code"], "deviceName": "Neues Tablet"});
    assert_eq!(anew.ask("faction_recover", back)["id"], faction);
    anew.until("faction_about", &json!({"factionId": faction}), |about| {
        about["spaces"][0]["threads"][0]["text"] == "Vor dem Verlust"
    });

    // A chair alone cannot go; the space can be ended.
    assert_eq!(
        chair.refused("faction_leave", json!({"factionId": faction})),
        ErrorCode::FactionLastAdmin
    );
    chair.ask("faction_dissolve", json!({"factionId": faction}));
    for tablet in [&chair, &member, &anew] {
        tablet.until("faction_overview", &json!({}), |overview| {
            card(overview, &faction).unwrap()["dissolved"] == true
        });
    }
}

#[test]
fn a_wrong_code_is_told_and_a_locked_vault_goes_on_where_it_was() {
    let town = Town::new();
    let chair = Tablet::of(&town, "brackmann");
    let council = chair.council();
    for code in [
        "",
        "nonsense",
        "RATSMAPPE1:ABC",
        "AAAAA-AAAA-AAAA-AAAA-AAAA-AAAAA",
    ] {
        let join = json!({"councilId": council, "code": code, "ownName": "N", "deviceName": "T"});
        assert_eq!(
            chair.refused("faction_join", join),
            ErrorCode::FactionNoInvitation,
            "{code}"
        );
    }
    let faction = chair.found("Fraktion");
    let message = json!({"factionId": faction, "text": "bleibt", "mentions": []});
    chair.ask("faction_message", message);
    let shown = |shown| json!({"factionId": faction, "shown": shown});
    assert_eq!(chair.until_current(&faction)["layerShown"], true);
    let hidden = chair.ask("faction_layer", shown(false));
    assert_eq!(hidden["layerShown"], false);
    chair.ask("vault_lock", json!({}));
    chair.ask("vault_unlock", json!({"passphrase": common::PASSPHRASE}));
    let card = chair.until_current(&faction);
    assert_eq!(card["name"], "Fraktion");
    assert_eq!(card["layerShown"], false, "hidden stays hidden");
    let again = chair.ask("faction_layer", shown(true));
    assert_eq!(again["layerShown"], true);
    let kept = chair.ask("faction_about", json!({"factionId": faction}));
    assert_eq!(kept["spaces"][0]["threads"][0]["text"], "bleibt");
}
