//! The English texts.

use super::texts;

texts! {
    Locked
        "The portfolio is locked."
        "Your papers and notes are safe on this device."
        "Please open it with your passphrase.";
    WrongPassphrase
        "This passphrase does not fit."
        "Nothing has been lost."
        "Please check the spelling, or open the portfolio with the recovery code.";
    WrongRecoveryCode
        "This recovery code does not fit."
        "Nothing has been lost."
        "Please compare it with your printout, character by character.";
    WrongPin
        "This PIN does not fit."
        "Nothing has been lost."
        "Please try once more, or use the passphrase.";
    WeakPin
        "These digits are no good as a PIN."
        "Nothing was changed."
        "Please choose 6 to 12 digits that do not just count or repeat.";
    PinUnset
        "No PIN has been chosen on this tablet."
        "Your papers and notes are safe."
        "Please open the portfolio with the passphrase.";
    PinRefused
        "The PIN was wrong five times."
        "Your papers and notes are safe."
        "Please open the portfolio once with the passphrase, then the PIN holds again.";
    PinLost
        "The key store of this device has lost the part that belongs to the PIN."
        "Your papers and notes are safe."
        "Please open the portfolio with the passphrase, then choose a new PIN.";
    KeyStoreMissing
        "This device has no key store that is running."
        "Your papers and notes are safe."
        "Please use the passphrase; a PIN holds only while one is running.";
    KeyStoreLocked
        "The key store of this device is locked."
        "Your papers and notes are safe."
        "Please unlock it, or use the passphrase.";
    KeyStoreFailed
        "The key store of this device does not answer."
        "Your papers and notes are safe."
        "Please try once more, or use the passphrase.";
    OlderKeys
        "Older keys lie on this tablet than there have been before: perhaps a backup of the device was restored."
        "Your notes are not affected."
        "Please synchronise; if this stays or a council is missing, pair the tablet again or ask the council office.";
    UnlockWait
        "After several wrong tries the portfolio waits before it checks the next one."
        "Nothing has been lost, and this try does not count."
        "Please wait, or open it with the recovery code.";
    UnlockOnlyRecovery
        "The passphrase was wrong too often."
        "Your papers and notes are safe on this device."
        "Please open the portfolio with the recovery code, then choose a new passphrase.";
    BackupNotEmpty
        "There are own notes on this tablet already."
        "Nothing was changed."
        "Please back those up first, before the backup takes their place.";
    BackupWrongCode
        "This backup code does not fit the file."
        "Nothing was changed."
        "Please compare it, character by character, with the one you wrote down when you made the backup.";
    BackupForeign
        "This file is no backup of the portfolio."
        "Nothing was changed."
        "Please choose another file.";
    BackupDamaged
        "This backup is incomplete or damaged."
        "Nothing was changed."
        "Please take an older backup, or copy the file once more.";
    WeakPassphrase
        "This passphrase is too easy to guess."
        "Nothing has been stored yet."
        "Please choose at least five words that have nothing to do with each other.";
    VaultDamaged
        "The key file of the portfolio is damaged."
        "Nothing has been deleted."
        "Please put back a backup, or turn to the council office.";
    KeyringDamaged
        "The registration of this device with the council office is damaged."
        "Your notes are intact, and the damaged file is kept."
        "Please open the portfolio once more, then register the device with a new invitation code.";
    VaultMissing
        "There is no portfolio on this device yet."
        "Nothing has been lost."
        "Please set it up first.";
    VaultExists
        "There is a portfolio on this device already."
        "It has not been changed."
        "Please open it with your passphrase.";
    InUse
        "The portfolio is already open in another window on this device."
        "Nothing has been lost."
        "Please go on there, or close that window first.";
    CodeInvalid
        "One character of the invitation code is wrong."
        "Nothing was sent and the code stays valid."
        "Please compare it with the letter.";
    CodeRefused
        "The council office does not know this invitation code, or it was entered wrongly too often."
        "Nothing has changed on this device."
        "Please ask for a new code.";
    CodeUsed
        "This invitation code has been used already."
        "Nothing has changed on this device."
        "If that was not you, please tell the council office; it will give you a new code.";
    CodeExpired
        "This invitation code has expired."
        "Nothing has changed on this device."
        "Please ask the council office for a new one.";
    AddressInvalid
        "This address cannot be read."
        "Nothing was sent."
        "Please copy the address exactly as it stands in the letter.";
    PinMismatch
        "The server does not show the key that is known to this device."
        "Nothing was sent, and your papers stay readable."
        "Please ask the council office before you try again.";
    ServerState
        "The server reports a state that contradicts the one already known."
        "Your papers stay readable and unchanged."
        "Please tell the council office.";
    Offline
        "The server cannot be reached right now."
        "All papers on this device and your notes stay available."
        "Syncing will catch up later.";
    ServerError
        "The server could not answer right now."
        "All papers on this device stay available."
        "Please try again in a few minutes.";
    DeviceRevoked
        "The council office has signed this device off."
        "Your own notes are kept."
        "Please turn to the council office if you want to go on using it.";
    ClockWrong
        "The clock of this device differs widely from the server's."
        "All papers on this device stay available."
        "Please set date and time, then sync again.";
    CouncilKnown
        "This device is registered with this council already."
        "Nothing has changed."
        "You can go on using the portfolio.";
    SyncRunning
        "Syncing is already under way."
        "All papers on this device are available."
        "There is nothing you need to do.";
    Cancelled
        "This was cancelled."
        "What had been fetched is kept."
        "You can continue at any time.";
    NotFound
        "This entry is no longer there."
        "Your notes are kept."
        "Please go back to the overview.";
    FileNotHere
        "This file is not on the device at the moment."
        "Nothing has been lost."
        "Please tap “Fetch” once there is a network again.";
    DocumentDamaged
        "This file cannot be read."
        "Your notes on it are kept."
        "Please sync again; if that does not help, tell the council office.";
    DocumentPassword
        "This file is protected by a password."
        "Nothing has been lost."
        "Please open the file and enter the password; the council office knows it.";
    WrongDocumentPassword
        "This password does not fit the file."
        "Nothing has been lost, and you may try as often as you like."
        "Please mind capital and small letters.";
    DocumentTooLarge
        "This file is too large to be shown."
        "It lies unchanged on the device."
        "Please tell the council office.";
    DocumentTooSlow
        "This page takes too long."
        "The file and your notes are intact."
        "Please open the file again; if that does not help, tell the council office.";
    DocumentBroke
        "This page could not be shown: the PDF viewer failed over it and was started again."
        "Your notes and all other papers are intact."
        "Please load the page again; if that does not help, tell the council office.";
    ReaderMissing
        "This installation lacks its viewer for PDF files."
        "Papers and notes are intact."
        "Please install the app again.";
    ReaderUnguarded
        "This system does not allow the PDF viewer to be secured, so it was not started."
        "Papers and notes are intact."
        "Please tell whoever looks after your device: a Linux kernel with seccomp is needed.";
    AddressNotOpened
        "No program for this address could be opened on this device."
        "Nothing was sent."
        "You can copy the address and enter it in a browser yourself.";
    DocumentClosed
        "This file is not open any more."
        "Your notes are saved."
        "Please open it again.";
    AccessEnded
        "Access to this nonpublic paper has ended."
        "Your own words are kept."
        "If you have questions, please ask the council office.";
    CacheDamaged
        "The stored papers were damaged and have been discarded."
        "Your notes are not affected."
        "Please sync, and they will be fetched again.";
    NotesDamaged
        "The file with your notes was damaged."
        "It is kept, and all that could still be read was taken into a new file."
        "Please open the portfolio once more; your technical support can examine the damaged file.";
    NewerData
        "This portfolio was written by a newer version of the app."
        "Nothing has been changed."
        "Please update the app.";
    DiskFull
        "The storage of this device is full."
        "What had been saved is kept."
        "Please free some space, then try again.";
    StorageFailed
        "The device could not read or write."
        "What had been saved is kept."
        "Please try again.";
    CalendarFolder
        "The calendar file cannot be written or removed in the folder for downloads."
        "Papers, notes and syncing are not affected."
        "Please check that the folder exists and that you may save in it.";
    ExportProtected
        "Annotations cannot be written into this file because its author has protected it."
        "Your annotations stay in the portfolio."
        "Take the file along as it came, and your notes as text.";
    ExportDamaged
        "Annotations cannot be written into this file because its inner structure is faulty."
        "Your annotations stay in the portfolio."
        "Take the file along as it came, and your notes as text.";
    NothingToTake
        "Nothing is left that could be taken along."
        "Nothing was written."
        "Please choose papers that lie on this device.";
    TakeawayRunning
        "Something is already being prepared to be taken along."
        "That goes on unchanged."
        "Please wait until it is done, or cancel it.";
    TakeawayTooLarge
        "That becomes too large for a single file."
        "Nothing was written."
        "Please choose fewer papers, or take them along unbound.";
    FactionDamaged
        "The store of the faction spaces was damaged and has been set aside."
        "Your own notes are intact."
        "Please come back with your paper key, or have yourself invited again.";
    FactionServer
        "The server reports a state of the faction space that does not fit what is known here."
        "Your contributions are unchanged on this device."
        "Please tell your faction and the council office.";
    FactionSeedMissing
        "The new key of the faction space has not arrived yet."
        "What you write waits here and is not lost."
        "Please wait until another member is online again.";
    FactionDissolved
        "This faction space has been dissolved."
        "You can still read and export what is in it."
        "Please found a new space for anything new.";
    FactionRemoved
        "You do not belong to this faction space any more."
        "What you have already read stays on this device."
        "Please ask your faction if this is a mistake.";
    FactionTooLong
        "This text is too long for one contribution."
        "It was not sent and is still in its field."
        "Please split it.";
    FactionForeignInviter
        "The answer did not come from the device that showed the code."
        "Nothing was shared."
        "Please have a new code shown to you.";
    FactionJoinRefused
        "The invitation could not be confirmed."
        "Nothing was shared."
        "Please check the code, or ask for a new one.";
    FactionNoInvitation
        "This is no invitation code for a faction space."
        "Nothing was transmitted."
        "Please copy the code character by character.";
    FactionInvitationOver
        "This invitation does not exist, or not any more."
        "Nothing has changed on this device."
        "Please ask your faction for a new one.";
    FactionInvitationUsed
        "This invitation has already been used."
        "Nothing has changed on this device."
        "If that was not you, please tell your faction at once.";
    FactionInvitationExpired
        "This invitation has expired."
        "Nothing has changed on this device."
        "Please ask your faction for a new one.";
    FactionNotYours
        "Somebody else has written this."
        "Nothing was changed."
        "Please answer it, or talk to the person.";
    FactionNotAllowed
        "Only admins of the faction space may do this."
        "Nothing was changed."
        "Please ask one of them.";
    FactionLastAdmin
        "The faction space always needs an admin."
        "Nothing was changed."
        "Please make another member an admin first.";
    FactionFull
        "This faction space already has as many members or devices as it can have."
        "Nothing was changed."
        "Please take somebody out first.";
    FactionNoRoom
        "The room of this faction space on the server is used up."
        "What you write stays on this device."
        "Please tell the council office.";
    FactionPaperKeyUnknown
        "There is no faction space for this paper key here."
        "Nothing was changed."
        "Please check the code and the council.";
    BadRequest
        "This input could not be processed."
        "Nothing has been changed."
        "Please try again.";
    UnknownCommand
        "The installed version does not have this function."
        "Nothing has been changed."
        "Please restart the app.";
    Internal
        "Something went wrong in the app."
        "What had been saved is kept."
        "Please try again, or restart the app.";
}
