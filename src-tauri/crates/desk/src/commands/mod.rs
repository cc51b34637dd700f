//! The list of all commands, and the one dispatch over it. A command without a method on `Desk` does not compile.
//!
//! Each line reads `name(Request) -> Result`; what the command does stands in the method of the same name.

mod app;
mod backup;
mod calendar;
mod carried;
mod council;
mod deletions;
mod document;
mod faction;
mod fetch;
mod flow;
mod lock;
mod marks;
mod meetings;
mod notes;
mod pages;
mod password;
mod reading;
mod search;
mod share;
mod sheet;
mod storage;
mod subscription;
mod sync;
mod sync_details;
mod takeaway;
mod targets;
mod transfer;
mod vault;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::Desk;
use crate::dto::*;
use crate::error::{DeskError, ErrorCode, Failure};

/// Calls `$apply!` with the list of all commands.
#[macro_export]
macro_rules! for_each_command {
    ($apply:ident) => {
        $apply! {
            app_status(Empty) -> AppStatus,
            settings_get(Empty) -> Settings,
            settings_set(Settings) -> Settings,
            storage_overview(Empty) -> StorageOverview,

            passphrase_check(PassphraseCheckRequest) -> PassphraseVerdict,
            passphrase_suggest(Empty) -> PassphraseSuggestion,
            passphrase_change(PassphraseChangeRequest) -> Empty,
            vault_create(VaultCreateRequest) -> VaultCreated,
            vault_unlock(VaultUnlockRequest) -> Empty,
            vault_unlock_recovery(VaultUnlockRecoveryRequest) -> Empty,
            vault_unlock_pin(VaultUnlockPinRequest) -> Empty,
            vault_lock(Empty) -> Empty,
            unlock_state(Empty) -> UnlockState,
            recovery_renew(RecoveryRenewRequest) -> RecoveryRenewed,
            pin_set(PinSetRequest) -> Empty,
            pin_remove(Empty) -> Empty,
            older_accept(Empty) -> Empty,
            activity(Empty) -> Empty,
            drafts_keep(DraftsKeepRequest) -> Empty,
            drafts_take(Empty) -> DraftsKept,
            backup_state(Empty) -> BackupState,
            backup_make(Empty) -> BackupMade,
            backup_later(Empty) -> Empty,
            backup_list(Empty) -> BackupList,
            backup_restore(BackupRestoreRequest) -> BackupRestored,

            council_pair(CouncilPairRequest) -> CouncilPaired,
            council_forget(CouncilForgetRequest) -> Empty,
            sync_start(SyncStartRequest) -> Empty,
            sync_cancel(Empty) -> Empty,
            sync_status(SyncStatusRequest) -> SyncStatus,
            sync_details(Empty) -> SyncDetails,

            storage_details(Empty) -> StorageDetails,
            storage_files(StorageFilesRequest) -> StorageFiles,
            storage_preview(StorageSelection) -> StoragePreview,
            storage_free(StorageSelection) -> StorageFreed,
            storage_keep(StorageKeepRequest) -> Empty,
            storage_rule_preview(StorageRule) -> StoragePreview,
            storage_rule_set(StorageRule) -> StorageFreed,
            deletions(Empty) -> DeletionsList,
            deletions_seen(Empty) -> Empty,
            file_fetch(FileFetchRequest) -> FileFetched,

            today(Empty) -> Today,
            meetings_list(Empty) -> MeetingsList,
            meeting_open(MeetingOpenRequest) -> MeetingDetail,
            agenda_item_open(AgendaItemOpenRequest) -> AgendaItemDetail,
            tally_set(TallySetRequest) -> Empty,
            speaking_sheet(SpeakingSheetRequest) -> SpeakingSheet,
            speaking_sheet_save(SpeakingSheetRequest) -> SheetSaved,
            person_open(PersonOpenRequest) -> PersonDetail,
            organization_open(OrganizationOpenRequest) -> OrganizationDetail,
            paper_open(PaperOpenRequest) -> PaperDetail,

            calendar_export(CalendarExportRequest) -> CalendarFile,
            calendar_save(CalendarExportRequest) -> CalendarSaved,
            calendar_subscription(Empty) -> CalendarSubscription,
            calendar_subscribe(CalendarSubscribeRequest) -> CalendarSubscription,
            calendar_unsubscribe(Empty) -> CalendarSubscription,

            takeaway_preview(TakeawayPreviewRequest) -> TakeawayPreview,
            takeaway_save(TakeawayRequest) -> TakeawaySaved,
            takeaway_cancel(Empty) -> Empty,
            carried_look(CarriedRequest) -> CarriedSummary,
            carried_take(CarriedRequest) -> CarriedTaken,
            document_carried(DocumentCarriedRequest) -> DocumentCarried,

            search(SearchRequest) -> SearchAnswer,
            search_choices(Empty) -> SearchChoices,
            index_status(Empty) -> IndexStatus,
            document_search(DocumentSearchRequest) -> DocumentMatches,
            page_matches(PageMatchesRequest) -> PageMatches,

            document_open(DocumentOpenRequest) -> DocumentOpened,
            document_unlock(DocumentUnlockRequest) -> Empty,
            document_close(DocumentCloseRequest) -> Empty,
            page_geometry(PageGeometryRequest) -> PageGeometry,
            page_text(PageTextRequest) -> PageText,
            page_flow(PageFlowRequest) -> PageFlow,
            page_cancel(PageCancelRequest) -> Empty,
            place_set(PlaceSetRequest) -> Empty,

            document_outline(DocumentOutlineRequest) -> DocumentOutline,
            page_links(PageLinksRequest) -> PageLinks,
            link_open(LinkOpenRequest) -> Empty,

            document_neighbours(DocumentNeighboursRequest) -> DocumentNeighbours,
            document_hits(DocumentHitsRequest) -> DocumentHits,
            tabs_list(Empty) -> Vec<Tab>,
            tabs_set(TabsSetRequest) -> Empty,
            split_get(Empty) -> SplitKept,
            split_set(SplitKept) -> Empty,

            mark_create(MarkCreateRequest) -> Mark,
            mark_update(MarkUpdateRequest) -> Mark,
            mark_delete(MarkDeleteRequest) -> Empty,
            marks_change(MarksChangeRequest) -> Vec<Mark>,
            marks_page(MarksPageRequest) -> Vec<Mark>,
            marks_count(MarksCountRequest) -> MarksCount,
            file_notes(FileNotesRequest) -> NotesOverview,
            marks_transfer(MarksTransferRequest) -> MarksTransferred,
            marks_transfer_back(MarksTransferFileRequest) -> MarksTransferred,
            marks_transfer_close(MarksTransferFileRequest) -> Empty,
            undo(UndoRequest) -> UndoResult,
            redo(UndoRequest) -> UndoResult,
            marks_list(MarksListRequest) -> Vec<Mark>,
            mark_restore(MarkRestoreRequest) -> Empty,
            notes_overview(Empty) -> NotesOverview,

            faction_overview(Empty) -> FactionOverview,
            faction_found(FactionFoundRequest) -> FactionCard,
            faction_join(FactionJoinRequest) -> FactionJoin,
            faction_join_cancel(FactionJoinCancelRequest) -> Empty,
            faction_recover(FactionRecoverRequest) -> FactionCard,
            faction_members(FactionRequest) -> FactionMembers,
            faction_invite(FactionInviteRequest) -> FactionInvited,
            faction_admit(FactionAdmitRequest) -> FactionMembers,
            faction_invitation_forget(FactionInvitationRequest) -> FactionMembers,
            faction_set_role(FactionRoleRequest) -> FactionMembers,
            faction_remove_user(FactionUserRequest) -> FactionMembers,
            faction_remove_device(FactionDeviceRequest) -> FactionMembers,
            faction_leave(FactionRequest) -> FactionCard,
            faction_dissolve(FactionRequest) -> FactionCard,
            faction_forget(FactionRequest) -> FactionOverview,
            faction_paper_key(FactionRequest) -> FactionPaperKey,
            faction_about(FactionAboutRequest) -> FactionAbout,
            faction_position(FactionPositionRequest) -> FactionWritten,
            faction_message(FactionMessageRequest) -> FactionWritten,
            faction_message_edit(FactionMessageEditRequest) -> FactionWritten,
            faction_read(FactionReadRequest) -> FactionWritten,
            faction_task(FactionTaskRequest) -> FactionWritten,
            faction_tasks(FactionRequest) -> FactionTasks,
            faction_marks(FactionMarksRequest) -> FactionMarks,
            faction_preview(FactionShareRequest) -> FactionPreview,
            faction_share(FactionShareRequest) -> FactionShared,
            faction_withdraw(FactionItemRequest) -> FactionWritten,
            faction_news(FactionNewsRequest) -> FactionNews,
            faction_seen(FactionRequest) -> FactionCard,
            faction_layer(FactionLayerRequest) -> FactionCard,
            faction_sheet(FactionSheetRequest) -> FactionSheet,
            faction_sheet_save(FactionSheetRequest) -> FactionSaved,
            faction_export(FactionRequest) -> FactionSaved,
            faction_exchange(Empty) -> Empty,
        }
    };
}

macro_rules! dispatch {
    ($($name:ident($request:ty) -> $result:ty),* $(,)?) => {
        /// The names of all commands.
        pub const COMMANDS: &[&str] = &[$(stringify!($name)),*];

        impl Desk {
            fn dispatch(&self, name: &str, request: Value) -> Result<Box<RawValue>, Failure> {
                match name {
                    $(stringify!($name) => {
                        let result: $result = self.$name(parsed::<$request>(request)?)?;
                        written(&result)
                    })*
                    _ => Err(ErrorCode::UnknownCommand.into()),
                }
            }
        }
    };
}
for_each_command!(dispatch);

impl Desk {
    /// Runs a command. Blocks until it is done: call it from a thread that may wait, never from an async task.
    ///
    /// `request` is the request struct as JSON; `null` stands for an empty one.
    ///
    /// Errors: `{code, message}` with the message in the set language.
    pub fn call(&self, name: &str, request: Value) -> Result<Value, DeskError> {
        let text = self.call_text(name, request)?;
        serde_json::from_str(text.get()).map_err(|_| self.internal_error())
    }

    /// Like [`Desk::call`] with the result as JSON text: the page takes it as it is, and a tree of a thousand notes costs more
    /// than the text of them.
    ///
    /// Errors: as [`Desk::call`].
    pub fn call_text(&self, name: &str, request: Value) -> Result<Box<RawValue>, DeskError> {
        let answer = self.dispatch(name, request);
        // What a command knew of keys does not stay on the stack of a thread that waits for the next one.
        ::vault::scrub_stack();
        answer.map_err(|failure| self.spoken(&failure))
    }
}

// Meets: O.Source_1
fn parsed<T: DeserializeOwned>(request: Value) -> Result<T, Failure> {
    let request = if request.is_null() {
        Value::Object(serde_json::Map::new())
    } else {
        request
    };
    serde_json::from_value(request).map_err(|_| ErrorCode::BadRequest.into())
}

fn written(result: &impl Serialize) -> Result<Box<RawValue>, Failure> {
    serde_json::value::to_raw_value(result)
        .map_err(|error| Failure::caused(ErrorCode::Internal, error))
}
