// Names that a test of the real window taps, types into or reads (`[data-testid=…]`). Not used by the page itself: this is the list, and
// testids.test.ts holds it against the markup both ways. `*` stands for a part that varies.

export const testIds = {
  firstSteps: [
    "greeting", "greeting-start", "passphrase", "passphrase-repeat", "passphrase-suggest", "passphrase-save", "recovery-code", "recovery-noted", "recovery-continue",
    "pair-address", "pair-code", "pair-submit", "confirm-words", "confirm-word", "words-continue",
  ],
  unlock: ["unlock", "unlock-secret", "unlock-submit", "unlock-swap", "unlock-swap-pin", "pin-pad", "pin-key-*", "pin-key-0", "pin-delete", "unlock-wait", "lock-soon", "lock-stay"],
  /** Everywhere in the open folder. `stand` carries data-syncing; `message` is any failure; nav-* is today, meetings, notes, faction, search, settings. */
  folder: ["nav-*", "stand", "message", "toast", "toast-undo", "sync-progress", "sync-more", "fetch-progress", "council-name", "clash"],
  today: ["today", "next-meeting", "open-agenda", "continue-reading", "new-item", "pending-words", "older", "older-hide", "older-sync", "deleted", "deleted-look", "deleted-understood"],
  meetings: [
    "meetings", "meeting-row", "meetings-as-*", "meetings-mine", "meetings-council", "meetings-committee", "meetings-period", "meetings-reset", "meetings-today", "meetings-year",
    /* month-day carries data-day, as in 2026-11-17. */
    "month", "month-title", "month-previous", "month-next", "month-today", "month-day", "month-entry", "month-panel",
  ],
  /** agenda-row carries data-number, file-row data-main; tally-* is yes, no, abstain; stamp-* is question, agree, reject, followUp, done. */
  meeting: ["meeting", "meeting-back", "agenda", "agenda-row", "nonpublic-part", "receipt", "item", "file-row", "item-mark", "item-note", "item-note-save", "item-paper", "tally-*",
    "item-mark-open", "item-mark-edit", "item-mark-delete", "item-mark-words", "item-mark-save", "stamp-*", "item-copy", "copy-ask", "copy-cancel", "copy-now", "sheet-open"],
  /** sheet-item carries data-number. */
  sheet: ["sheet", "sheet-back", "sheet-nonpublic", "sheet-choose", "sheet-choice", "sheet-own", "sheet-all", "sheet-item", "sheet-print", "sheet-save", "sheet-ask", "sheet-save-cancel", "sheet-save-now", "sheet-speak", "speak", "speak-title", "speak-next", "speak-previous", "speak-close", "speak-size-*"],
  /**
   * pages carries data-page, a tile the class `here` once it is drawn, panel-mark data-kind. marks-* is the drawing layer of a page, page-* the page, both
   * counted from 0. tool-* is read, pen, marker, note, text, shape, stamp, eraser, select; mark-* a kind: the node of a mark in the list mark-list-*.
   * tile* is tile, and tile-ahead for what is not yet seen. pages carries data-page, data-single and data-rotation, pane-* (0, 1) data-active, onward-* (next, previous) data-file.
   */
  reader: [
    "reader", "reader-back", "reader-failed-back", "reader-load", "reader-tab", "reader-tab-close", "undo", "redo", "page-number", "zoom-in", "zoom-out", "fit-width", "light-pages",
    "toggle-panel", "tool-*", "tool-options", "pen-*-*", "pen-keep", "fingers", "color-*", "width", "style-*", "form-*", "stamp-*", "place-here", "placing", "placing-lay", "placing-drop", "handle", "eraser-*", "select-*", "caret-here", "caret",
    "pages", "page-*", "tile*", "marks-*", "mark-list-*", "mark-*", "mark-note", "text-box", "selection", "selection-bar", "selection-color-*", "selection-width", "selection-edit", "selection-stamp-*", "selection-smaller", "selection-larger",
    "selection-copy", "selection-delete", "selection-close", "marks-shown", "panel-sort-*", "panel-words", "panel-filter", "panel-kind-*", "panel-delete", "slip", "slip-text",
    "slip-saved", "slip-close", "slip-delete", "panel", "panel-mark",
    "panel-tab-*", "panel-close", "thumbs", "thumb-*", "thumb-image", "thumb-marked", "outline", "outline-row", "outline-fold", "outline-to-pages", "outline-again",
    "pane-*", "onward-*", "page-previous", "page-next", "view-open", "view-menu", "view-layout-*", "view-fit-*", "turn-left", "turn-right", "full", "full-bar", "full-leave",
    "split", "split-grip", "split-close", "tabs-open", "tabs-menu", "tabs-choose", "tabs-beside", "tabs-close",
    "selected", "select-start", "select-end", "select-bar", "select-copy", "select-mark", "select-find",
    "jumps", "jump-back", "jump-ahead", "jump-dismiss", "link", "link-question", "link-address", "link-stay", "link-open",
  ],
  /** In the head of a meeting and of all meetings, and the dialog they open. */
  calendar: ["calendar-one", "calendar-all", "calendar", "calendar-mine", "calendar-past", "calendar-count", "calendar-cancel", "calendar-save", "calendar-subscribe"],
  /** In the settings, and the dialog it opens; subscription-choice-* is mine, all. */
  subscription: [
    "subscription-state", "subscription-open", "subscription", "subscription-choice-*", "subscription-path", "subscription-address", "subscription-copy", "subscription-on",
    "subscription-end", "subscription-end-now", "subscription-keep", "subscription-close", "subscription-cancel",
  ],
  /** note-row carries data-kind and data-stamp, notes-choice and notes-chip data-value. */
  notes: ["notes", "notes-sort-*", "notes-words", "notes-fold", "notes-choice", "notes-chip", "notes-meeting", "notes-reset", "notes-more", "note-row", "note-delete"],
  /** faction-part-* is news, tasks, members; faction-contact carries data-contact, faction-joining and faction-invitation data-state, faction-entry data-kind and data-new, faction-task data-status. */
  faction: [
    "faction", "faction-badge", "faction-begin", "faction-to-found", "faction-to-accept", "faction-to-recover", "faction-back", "faction-found", "faction-accept", "faction-recover", "faction-name", "faction-own-name",
    "faction-device-name", "faction-council", "faction-code", "faction-scan", "faction-scan-close", "faction-submit", "faction-joining", "faction-again", "faction-join-cancel", "faction-cancel", "faction-confirm",
    "faction-space", "faction-contact", "faction-which", "faction-part-*", "faction-over-export", "faction-forget",
    "faction-news", "faction-news-new", "faction-news-*", "faction-news-reset", "faction-entry",
    "faction-tasks", "faction-task", "faction-task-done", "faction-task-about", "faction-task-edit", "faction-task-add", "faction-task-form", "faction-task-text", "faction-task-owner", "faction-task-due", "faction-task-status", "faction-task-cancel", "faction-task-save",
    "faction-members", "faction-person", "faction-role", "faction-compare", "faction-fingerprint", "faction-device-remove", "faction-remove", "faction-invite-first", "faction-invite", "faction-paper", "faction-export",
    "faction-more-found", "faction-more-accept", "faction-leave", "faction-dissolve", "faction-whom-*", "faction-way-*", "faction-invite-cancel", "faction-invite-do", "faction-qr", "faction-secret", "faction-invited-close", "faction-print",
    "faction-invitation", "faction-words-match", "faction-words-differ", "faction-invitation-forget", "faction-paper-make", "faction-paper-code", "faction-paper-kept", "faction-paper-close",
    "faction-topic", "faction-position", "faction-position-begin", "faction-status-*", "faction-field-*", "faction-speaker", "faction-talk", "faction-thread", "faction-answer", "faction-message", "faction-message-edit", "faction-message-words",
    "faction-message-save", "faction-read", "faction-write", "faction-call", "faction-call-open", "faction-write-cancel", "faction-send", "faction-shared", "faction-shared-open", "faction-withdraw",
    "share-note", "share-slip", "share-selection", "share-panel", "share-file", "share-which", "share-parts", "share-readers", "share-cancel", "share-now",
    "faction-layer", "faction-layer-shown", "faction-mark", "faction-slip", "faction-slip-close", "faction-slip-talk", "faction-slip-withdraw", "panel-whose-*", "panel-faction", "panel-faction-mark",
    "faction-sheet", "faction-sheet-open", "faction-news-sheet", "faction-sheet-back", "faction-sheet-whole", "faction-sheet-nonpublic", "faction-sheet-print", "faction-sheet-save", "faction-sheet-item", "faction-sheet-cancel", "faction-sheet-save-now",
  ],
  /** search-group-* is all, papers, notes, faction, agendas, people; hit carries data-kind. */
  search: ["search", "search-text", "search-clear", "search-group-*", "search-council", "search-committee", "search-year", "search-publicity", "search-widen", "hit", "search-preview", "search-open"],
  find: ["find-open", "find-text", "find-count", "find-previous", "find-next", "find-mark", "find-close", "found"],
  /** flow-text carries data-at: the page at the upper edge; flow-page-* data-known. */
  flow: ["flow-open", "flow", "flow-text", "flow-close", "flow-smaller", "flow-larger", "flow-size", "flow-settings", "flow-colours-*", "flow-font-*", "flow-spacing-*", "flow-page-*", "flow-view", "flow-link", "flow-picture", "flow-retry"],
  special: ["password", "password-text", "password-back", "password-open", "nature", "nature-close"],
  /** In the reader, when marks of an older version were looked for in a newer one; transfer carries data-placed and data-total. */
  transfer: ["transfer", "transfer-look", "transfer-back", "transfer-again", "transfer-close", "behind", "behind-lay", "behind-delete", "changed-words"],
  pages: ["person", "organization", "paper", "page-back", "seat-row", "paper-station"],
  /** storage-file carries data-state. */
  storage: [
    "storage", "deletions", "deletion", "storage-used", "storage-rule", "storage-months-*", "storage-rule-ask", "storage-rule-on", "storage-before", "storage-before-ask", "storage-show-*", "storage-sort-*",
    "storage-meeting", "storage-choose", "storage-open", "storage-free-meeting", "storage-load-meeting", "storage-file", "storage-keep-file", "storage-free-file", "storage-load-file",
    "storage-selection", "storage-free-chosen", "storage-ask", "storage-preview", "storage-cancel", "storage-free",
  ],
  /** In the toolbar of the reader, at an item, at a meeting and in the settings, and the dialog it opens. */
  takeaway: ["takeaway-open", "takeaway", "takeaway-form-*", "takeaway-bound", "takeaway-file", "takeaway-secret", "takeaway-what", "takeaway-save", "takeaway-cancel", "takeaway-done", "takeaway-path", "takeaway-close", "carried", "carried-take"],
  sync: ["sync", "sync-details-now", "sync-details-stop", "sync-council", "sync-missing", "sync-try", "sync-run"],
  /** In the settings, on the first view, in the first steps. */
  backup: [
    "backup-settings", "backup-make", "backup-restore", "backup-cancel", "backup-make-now", "backup-path", "backup-code", "backup-noted", "backup-done", "backup-due", "backup-later", "backup-due-make",
    "restore", "restore-file", "restore-code", "restore-replace", "restore-cancel", "restore-look", "restore-now", "restore-first",
  ],
  settings: ["settings", "council-row", "council-add", "council-remove", "forget", "forget-sure", "forget-cancel", "forget-now", "sync-now", "sync-details", "storage-details", "receipts", "appearance-*", "text-size-*", "language-*", "lock-settings", "lock-now", "auto-lock-*", "lock-change", "lock-recovery",
    "change", "change-old", "change-cancel", "change-now", "renew", "renew-passphrase", "renew-cancel", "renew-make", "renew-code", "renew-noted", "renew-done", "pin-settings", "pin-set", "pin-remove", "pin-form", "pin-passphrase", "pin-first", "pin-second", "pin-cancel", "pin-save", "older-accept"],
} as const;
