//! A request for each command, as far as it must be readable.

use serde_json::{Value, json};

const PASSPHRASE: &str = "Wolke Brunnen Fahrrad Kastanie Lampe Donner";

/// A request that each command can read.
pub fn request_for(name: &str) -> Value {
    let id = "00112233445566778899aabbccddeeff";
    match name {
        "settings_set" => {
            json!({"language": "de", "appearance": "dark", "textScale": 1.0, "leftHanded": false})
        }
        "passphrase_check" | "passphrase_change" | "vault_create" | "vault_unlock"
        | "recovery_renew" => {
            json!({"passphrase": PASSPHRASE})
        }
        "vault_unlock_pin" => json!({"pin": "731904"}),
        "pin_set" => json!({"passphrase": PASSPHRASE, "pin": "731904"}),
        "backup_restore" => json!({"name": "none.age", "code": "nonsense"}),
        "drafts_keep" => json!({"drafts": []}),
        "vault_unlock_recovery" => json!({"code": "nonsense"}),
        "council_pair" => json!({"address": "localhost", "code": "nonsense"}),
        "council_forget" => json!({"council": id}),
        "sync_start" | "storage_files" => json!({"council": id}),
        "storage_keep" => json!({"files": [id], "kept": true}),
        "storage_rule_preview" | "storage_rule_set" => json!({"months": 12, "withMarked": false}),
        "meeting_open" | "agenda_item_open" | "mark_delete" | "mark_restore" => json!({"id": id}),
        "mark_update" => json!({"id": id, "text": "x"}),
        "marks_change" => json!({"deeds": [{"kind": "delete", "id": id}]}),
        "marks_page" => json!({"fileId": id, "pages": [0]}),
        "file_notes"
        | "marks_count"
        | "marks_transfer"
        | "marks_transfer_back"
        | "marks_transfer_close" => json!({"fileId": id}),
        "speaking_sheet" | "speaking_sheet_save" => {
            json!({"meetingId": id, "includeNonpublic": false})
        }
        "tally_set" => json!({"agendaItemId": id, "value": "yes"}),
        "document_open" | "document_neighbours" | "undo" | "redo" => json!({"fileId": id}),
        "document_carried" => json!({"doc": "1"}),
        "faction_found" => {
            json!({"councilId": id, "name": "F", "ownName": "N", "deviceName": "T"})
        }
        "faction_join" => {
            json!({"councilId": id, "code": "X", "ownName": "N", "deviceName": "T"})
        }
        "faction_join_cancel" => json!({"invitationId": id}),
        "faction_recover" => json!({"councilId": id, "code": "X", "deviceName": "T"}),
        "faction_members" | "faction_leave" | "faction_dissolve" | "faction_forget"
        | "faction_paper_key" | "faction_tasks" | "faction_seen" | "faction_export" => {
            json!({"factionId": id})
        }
        "faction_invite" => json!({"factionId": id, "way": "qr"}),
        "faction_admit" => json!({"factionId": id, "invitationId": id, "wordsMatch": true}),
        "faction_invitation_forget" => json!({"factionId": id, "invitationId": id}),
        "faction_set_role" => json!({"factionId": id, "userId": id, "role": "member"}),
        "faction_remove_user" => json!({"factionId": id, "userId": id}),
        "faction_remove_device" => json!({"factionId": id, "deviceId": id}),
        "faction_position" => {
            json!({"factionId": id, "target": {"kind": "agendaItem", "id": id}})
        }
        "faction_message" => json!({"factionId": id, "mentions": [], "text": "T"}),
        "faction_message_edit" => json!({"factionId": id, "itemId": id, "text": "T"}),
        "faction_read" => json!({"factionId": id, "itemId": id, "shown": true}),
        "faction_task" => json!({"factionId": id, "text": "T"}),
        "faction_marks" => json!({"fileId": id}),
        "faction_preview" | "faction_share" => {
            json!({"factionId": id, "source": {"kind": "marks", "ids": []}})
        }
        "faction_withdraw" => json!({"factionId": id, "itemId": id}),
        "faction_layer" => json!({"factionId": id, "shown": false}),
        "faction_news" => json!({"factionId": id, "newOnly": false}),
        "faction_sheet" | "faction_sheet_save" => {
            json!({"factionId": id, "meetingId": id, "includeNonpublic": false})
        }
        "document_hits" => json!({"doc": "1", "text": "Haushalt", "pages": [0]}),
        "tabs_set" => json!({"fileIds": [id]}),
        "document_unlock" => json!({"fileId": id, "password": "x"}),
        "document_outline" => json!({"doc": "1"}),
        "page_links" => json!({"doc": "1", "page": 0}),
        "link_open" => {
            json!({"doc": "1", "page": 0, "index": 0, "address": "https://lindenau.example/"})
        }
        "document_close" => json!({"doc": "1"}),
        "page_text" | "page_flow" | "page_geometry" => json!({"doc": "1", "page": 0}),
        "person_open" | "organization_open" | "paper_open" => json!({"id": "00"}),
        "carried_look" | "carried_take" => json!({"fileId": id}),
        "takeaway_preview" => json!({"scope": "all"}),
        "takeaway_save" => json!({"scope": "file", "id": id, "form": "annotated"}),
        "calendar_subscribe" => json!({"onlyMine": true}),
        "search" => json!({"text": "Haushalt", "typing": false}),
        "document_search" => json!({"doc": "1", "text": "Haushalt"}),
        "page_matches" => json!({"doc": "1", "page": 0, "text": "Haushalt"}),
        "page_cancel" => json!({"doc": "1", "tickets": [1]}),
        "place_set" => json!({"fileId": id, "page": 0, "offset": 0.0, "zoom": 1.0}),
        "mark_create" => {
            json!({"mark": {"kind": "note", "target": {"kind": "meeting", "id": id}, "rects": [], "text": "x"}})
        }
        "marks_list" => json!({"scope": {"kind": "all"}}),
        _ => json!({}),
    }
}
