//! What people read when something fails: what happened, what is safe, what to do next.
//!
//! German is the source, English complete; both matches are exhaustive, so a new code does not compile without its
//! sentences. No other user text lives in desk, except the few words of `words.rs`.

use crate::error::ErrorCode;

/// The language that messages are made in, once "system" is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speech {
    De,
    En,
}

// Meets: O.Source_4
/// The sentence for a code.
pub fn message(code: ErrorCode, speech: Speech) -> &'static str {
    match speech {
        Speech::De => german(code),
        Speech::En => english(code),
    }
}

fn german(code: ErrorCode) -> &'static str {
    use ErrorCode::*;
    match code {
        Locked => {
            "Die Mappe ist verschlossen. Ihre Unterlagen und Notizen liegen sicher auf dem Gerät. Bitte öffnen Sie die Mappe mit Ihrer Passphrase."
        }
        WrongPassphrase => {
            "Diese Passphrase passt nicht. Es ist nichts verloren gegangen. Bitte prüfen Sie die Schreibweise, oder öffnen Sie die Mappe mit dem Notfallcode."
        }
        WrongRecoveryCode => {
            "Dieser Notfallcode passt nicht. Es ist nichts verloren gegangen. Bitte vergleichen Sie ihn Zeichen für Zeichen mit Ihrem Ausdruck."
        }
        WrongPin => {
            "Diese PIN passt nicht. Es ist nichts verloren. Bitte versuchen Sie es noch einmal, oder nehmen Sie die Passphrase."
        }
        WeakPin => {
            "Diese Ziffern taugen nicht als PIN. Es wurde nichts verändert. Bitte wählen Sie 6 bis 12 Ziffern, die nicht nur zählen oder sich wiederholen."
        }
        PinUnset => {
            "Auf diesem Tablet ist keine PIN festgelegt. Ihre Unterlagen und Notizen sind sicher. Bitte öffnen Sie die Mappe mit der Passphrase."
        }
        PinRefused => {
            "Die PIN wurde fünfmal falsch eingegeben. Ihre Unterlagen und Notizen sind sicher. Bitte öffnen Sie die Mappe einmal mit der Passphrase, dann gilt die PIN wieder."
        }
        PinLost => {
            "Der Schlüsselspeicher dieses Geräts hat den Teil verloren, der zur PIN gehört. Ihre Unterlagen und Notizen sind sicher. Bitte öffnen Sie die Mappe mit der Passphrase, und legen Sie dann eine neue PIN fest."
        }
        KeyStoreMissing => {
            "Dieses Gerät hat keinen Schlüsselspeicher, der gerade läuft. Ihre Unterlagen und Notizen sind sicher. Ohne ihn geht es nur mit der Passphrase."
        }
        KeyStoreLocked => {
            "Der Schlüsselspeicher dieses Geräts ist gesperrt. Ihre Unterlagen und Notizen sind sicher. Bitte entsperren Sie ihn, oder nehmen Sie die Passphrase."
        }
        KeyStoreFailed => {
            "Der Schlüsselspeicher dieses Geräts antwortet nicht. Ihre Unterlagen und Notizen sind sicher. Bitte versuchen Sie es noch einmal, oder nehmen Sie die Passphrase."
        }
        OlderKeys => {
            "Auf diesem Tablet liegt ein älterer Stand der Schlüssel, als es schon einmal gab: Vielleicht wurde eine Sicherung des Geräts eingespielt. Ihre Notizen betrifft das nicht. Bitte synchronisieren Sie; bleibt der Hinweis oder fehlt ein Rat, verbinden Sie das Tablet neu oder fragen Sie das Ratsbüro."
        }
        UnlockWait => {
            "Nach mehreren falschen Eingaben wartet die Mappe, bevor sie die nächste prüft. Es ist nichts verloren gegangen, und diese Eingabe zählt nicht. Bitte warten Sie, oder öffnen Sie die Mappe mit dem Notfallcode."
        }
        UnlockOnlyRecovery => {
            "Die Passphrase wurde zu oft falsch eingegeben. Ihre Unterlagen und Notizen liegen sicher auf dem Gerät. Bitte öffnen Sie die Mappe mit dem Notfallcode, und legen Sie dann eine neue Passphrase fest."
        }
        BackupNotEmpty => {
            "Auf diesem Tablet gibt es schon eigene Notizen. Es wurde nichts verändert. Bitte sichern Sie zuerst diese, bevor die Sicherung an ihre Stelle tritt."
        }
        BackupWrongCode => {
            "Dieser Sicherungscode passt nicht zu der Datei. Es wurde nichts verändert. Bitte vergleichen Sie ihn Zeichen für Zeichen mit dem, den Sie beim Sichern aufgeschrieben haben."
        }
        BackupForeign => {
            "Diese Datei ist keine Sicherung der Ratsmappe. Es wurde nichts verändert. Bitte wählen Sie eine andere Datei."
        }
        BackupDamaged => {
            "Diese Sicherung ist unvollständig oder beschädigt. Es wurde nichts verändert. Bitte nehmen Sie eine ältere Sicherung, oder kopieren Sie die Datei noch einmal."
        }
        WeakPassphrase => {
            "Diese Passphrase ist zu leicht zu erraten. Es wurde noch nichts gespeichert. Bitte wählen Sie mindestens fünf Wörter, die nichts miteinander zu tun haben."
        }
        VaultDamaged => {
            "Die Schlüsseldatei der Mappe ist beschädigt. Es wurde nichts gelöscht. Bitte legen Sie eine Sicherung der Mappe zurück, oder wenden Sie sich an das Ratsbüro."
        }
        KeyringDamaged => {
            "Die Anmeldung dieses Geräts beim Ratsbüro ist beschädigt. Ihre Notizen sind unversehrt, und die beschädigte Datei bleibt aufbewahrt. Bitte öffnen Sie die Mappe noch einmal, und melden Sie das Gerät danach mit einem neuen Einladungscode an."
        }
        VaultMissing => {
            "Auf diesem Gerät liegt noch keine Mappe. Es ist nichts verloren gegangen. Bitte richten Sie die Mappe zuerst ein."
        }
        VaultExists => {
            "Auf diesem Gerät liegt bereits eine Mappe. Sie wurde nicht verändert. Bitte öffnen Sie diese mit Ihrer Passphrase."
        }
        InUse => {
            "Die Mappe ist auf diesem Gerät schon in einem anderen Fenster geöffnet. Es ist nichts verloren gegangen. Bitte arbeiten Sie dort weiter, oder schließen Sie es zuerst."
        }
        CodeInvalid => {
            "Im Einladungscode stimmt ein Zeichen nicht. Es wurde nichts übertragen, der Code bleibt gültig. Bitte vergleichen Sie ihn mit dem Schreiben."
        }
        CodeRefused => {
            "Das Ratsbüro kennt diesen Einladungscode nicht, oder er wurde zu oft falsch eingegeben. Auf dem Gerät hat sich nichts geändert. Bitte lassen Sie sich einen neuen Code geben."
        }
        CodeUsed => {
            "Dieser Einladungscode wurde schon verwendet. Auf dem Gerät hat sich nichts geändert. Waren Sie das nicht selbst, sagen Sie es bitte dem Ratsbüro; es gibt Ihnen einen neuen Code."
        }
        CodeExpired => {
            "Dieser Einladungscode ist abgelaufen. Auf dem Gerät hat sich nichts geändert. Bitte lassen Sie sich vom Ratsbüro einen neuen Code geben."
        }
        AddressInvalid => {
            "Diese Adresse lässt sich nicht lesen. Es wurde nichts übertragen. Bitte übernehmen Sie die Adresse so, wie sie im Schreiben steht."
        }
        PinMismatch => {
            "Der Server weist sich nicht mit dem bekannten Schlüssel aus. Es wurde nichts übertragen, Ihre Unterlagen bleiben lesbar. Bitte fragen Sie das Ratsbüro, bevor Sie es erneut versuchen."
        }
        ServerState => {
            "Der Server meldet einen Stand, der nicht zu dem schon bekannten passt. Ihre Unterlagen bleiben unverändert lesbar. Bitte sagen Sie dem Ratsbüro Bescheid."
        }
        Offline => {
            "Der Server ist gerade nicht erreichbar. Alle geladenen Unterlagen und Ihre Notizen stehen weiter bereit. Der Abgleich wird später nachgeholt."
        }
        ServerError => {
            "Der Server konnte die Anfrage gerade nicht beantworten. Alle geladenen Unterlagen stehen weiter bereit. Bitte versuchen Sie es in einigen Minuten noch einmal."
        }
        DeviceRevoked => {
            "Das Ratsbüro hat dieses Gerät abgemeldet. Ihre eigenen Notizen bleiben erhalten. Bitte wenden Sie sich an das Ratsbüro, wenn Sie das Gerät weiter nutzen möchten."
        }
        ClockWrong => {
            "Die Uhr dieses Geräts weicht stark von der des Servers ab. Alle geladenen Unterlagen stehen weiter bereit. Bitte stellen Sie Datum und Uhrzeit richtig, und gleichen Sie dann erneut ab."
        }
        CouncilKnown => {
            "Dieses Gerät ist bei dieser Körperschaft schon angemeldet. Es hat sich nichts geändert. Sie können die Mappe weiter benutzen."
        }
        SyncRunning => {
            "Der Abgleich läuft bereits. Alle geladenen Unterlagen stehen bereit. Sie brauchen nichts zu tun."
        }
        Cancelled => {
            "Der Vorgang wurde abgebrochen. Was schon geladen war, bleibt erhalten. Sie können ihn jederzeit fortsetzen."
        }
        NotFound => {
            "Dieser Eintrag ist nicht mehr vorhanden. Ihre Notizen bleiben erhalten. Bitte gehen Sie zurück zur Übersicht."
        }
        FileNotHere => {
            "Diese Datei liegt gerade nicht auf dem Gerät. Es ist nichts verloren gegangen. Bitte tippen Sie auf „Laden“, sobald wieder Netz da ist."
        }
        DocumentDamaged => {
            "Diese Datei lässt sich nicht lesen. Ihre Notizen dazu bleiben erhalten. Bitte gleichen Sie erneut ab; bleibt es dabei, sagen Sie dem Ratsbüro Bescheid."
        }
        DocumentPassword => {
            "Diese Datei ist mit einem Kennwort geschützt. Es ist nichts verloren gegangen. Bitte öffnen Sie die Datei und geben Sie das Kennwort ein; das Ratsbüro kennt es."
        }
        WrongDocumentPassword => {
            "Dieses Kennwort passt nicht zu der Datei. Es ist nichts verloren gegangen, und Sie können es beliebig oft versuchen. Bitte achten Sie auf Groß- und Kleinschreibung."
        }
        DocumentTooLarge => {
            "Diese Datei ist zu groß für die Anzeige. Sie liegt unverändert auf dem Gerät. Bitte sagen Sie dem Ratsbüro Bescheid."
        }
        DocumentTooSlow => {
            "Diese Seite braucht zu lange. Die Datei und Ihre Notizen sind unversehrt. Bitte öffnen Sie die Datei noch einmal; bleibt es dabei, sagen Sie dem Ratsbüro Bescheid."
        }
        DocumentBroke => {
            "Diese Seite ließ sich nicht anzeigen: Die PDF-Anzeige ist daran gescheitert und wurde neu gestartet. Ihre Notizen und alle anderen Unterlagen sind unversehrt. Bitte laden Sie die Seite noch einmal; bleibt es dabei, sagen Sie dem Ratsbüro Bescheid."
        }
        ReaderMissing => {
            "Die Anzeige für PDF-Dateien fehlt in dieser Installation. Unterlagen und Notizen sind unversehrt. Bitte installieren Sie die App neu."
        }
        ReaderUnguarded => {
            "Dieses System erlaubt es nicht, die Anzeige für PDF-Dateien abzusichern; deshalb wurde sie nicht gestartet. Unterlagen und Notizen sind unversehrt. Bitte geben Sie Ihrer IT-Betreuung Bescheid: Gebraucht wird ein Linux-Kernel mit seccomp."
        }
        AddressNotOpened => {
            "Auf diesem Gerät ließ sich kein Programm für diese Adresse öffnen. Es wurde nichts übertragen. Sie können die Adresse kopieren und selbst im Browser eingeben."
        }
        DocumentClosed => {
            "Diese Datei ist nicht mehr geöffnet. Ihre Notizen sind gespeichert. Bitte öffnen Sie sie noch einmal."
        }
        AccessEnded => {
            "Der Zugang zu dieser nichtöffentlichen Unterlage ist beendet. Ihre eigenen Worte bleiben erhalten. Bei Fragen hilft das Ratsbüro."
        }
        CacheDamaged => {
            "Die gespeicherten Unterlagen waren beschädigt und wurden verworfen. Ihre Notizen sind davon nicht betroffen. Bitte gleichen Sie ab, dann werden sie neu geladen."
        }
        NotesDamaged => {
            "Die Datei mit Ihren Notizen war beschädigt. Sie bleibt aufbewahrt, und alles noch Lesbare wurde in eine neue Datei übernommen. Bitte öffnen Sie die Mappe noch einmal; die beschädigte Datei kann Ihre technische Betreuung untersuchen."
        }
        NewerData => {
            "Diese Mappe wurde mit einer neueren Fassung der App angelegt. Es wurde nichts verändert. Bitte aktualisieren Sie die App."
        }
        DiskFull => {
            "Der Speicher des Geräts ist voll. Was schon gespeichert war, bleibt erhalten. Bitte geben Sie Speicher frei, und versuchen Sie es dann noch einmal."
        }
        StorageFailed => {
            "Das Gerät konnte nicht lesen oder schreiben. Was schon gespeichert war, bleibt erhalten. Bitte versuchen Sie es noch einmal."
        }
        CalendarFolder => {
            "Die Kalenderdatei lässt sich im Ordner für Downloads nicht schreiben oder entfernen. Unterlagen, Notizen und Abgleich sind davon nicht berührt. Bitte prüfen Sie, ob es den Ordner gibt und ob Sie darin speichern dürfen."
        }
        ExportProtected => {
            "In diese Datei lassen sich keine Anmerkungen schreiben, weil ihr Urheber sie geschützt hat. Ihre Anmerkungen bleiben in der Mappe. Nehmen Sie die Datei so mit, wie sie kam, und Ihre Notizen als Text."
        }
        ExportDamaged => {
            "In diese Datei lassen sich keine Anmerkungen schreiben, weil ihr innerer Aufbau fehlerhaft ist. Ihre Anmerkungen bleiben in der Mappe. Nehmen Sie die Datei so mit, wie sie kam, und Ihre Notizen als Text."
        }
        NothingToTake => {
            "Es ist nichts übrig, das mitgenommen werden könnte. Es wurde nichts geschrieben. Bitte wählen Sie Unterlagen aus, die auf diesem Gerät liegen."
        }
        TakeawayRunning => {
            "Es wird gerade schon etwas zum Mitnehmen vorbereitet. Das läuft unverändert weiter. Bitte warten Sie, bis es fertig ist, oder brechen Sie es ab."
        }
        TakeawayTooLarge => {
            "Das wird für eine einzige Datei zu groß. Es wurde nichts geschrieben. Bitte wählen Sie weniger Unterlagen aus, oder nehmen Sie sie ungebunden mit."
        }
        FactionDamaged => {
            "Die Ablage der Fraktionsräume war beschädigt und wurde beiseitegelegt. Ihre eigenen Notizen sind unversehrt. Bitte kommen Sie mit Ihrem Papierschlüssel zurück, oder lassen Sie sich neu einladen."
        }
        FactionServer => {
            "Der Server meldet für den Fraktionsraum einen Stand, der nicht zu dem bekannten passt. Ihre Beiträge liegen unverändert hier. Bitte sagen Sie es der Fraktion und dem Ratsbüro."
        }
        FactionSeedMissing => {
            "Der neue Schlüssel des Fraktionsraums ist noch nicht angekommen. Was Sie schreiben, wartet hier und geht nicht verloren. Bitte warten Sie, bis ein anderes Mitglied wieder Netz hat."
        }
        FactionDissolved => {
            "Dieser Fraktionsraum wurde aufgelöst. Was darin steht, können Sie weiter lesen und ausgeben. Für Neues gründen Sie bitte einen neuen Raum."
        }
        FactionRemoved => {
            "Sie gehören diesem Fraktionsraum nicht mehr an. Was Sie schon gelesen haben, bleibt auf dem Gerät. Bitte wenden Sie sich an die Fraktion, wenn das ein Irrtum ist."
        }
        FactionTooLong => {
            "Dieser Text ist zu lang für einen Beitrag. Er wurde nicht gesendet und steht noch im Feld. Bitte teilen Sie ihn auf."
        }
        FactionForeignInviter => {
            "Die Antwort kam nicht von dem Gerät, das den Code gezeigt hat. Es wurde nichts geteilt. Bitte lassen Sie sich einen neuen Code zeigen."
        }
        FactionJoinRefused => {
            "Die Einladung ließ sich nicht bestätigen. Es wurde nichts geteilt. Bitte prüfen Sie den Code, oder lassen Sie sich einen neuen geben."
        }
        FactionNoInvitation => {
            "Das ist kein Einladungscode für einen Fraktionsraum. Es wurde nichts übertragen. Bitte übernehmen Sie den Code Zeichen für Zeichen."
        }
        FactionInvitationOver => {
            "Diese Einladung gibt es nicht oder nicht mehr. Auf dem Gerät hat sich nichts geändert. Bitte lassen Sie sich von der Fraktion eine neue geben."
        }
        FactionInvitationUsed => {
            "Diese Einladung wurde schon verwendet. Auf dem Gerät hat sich nichts geändert. Waren Sie das nicht selbst, sagen Sie es bitte sofort der Fraktion."
        }
        FactionInvitationExpired => {
            "Diese Einladung ist abgelaufen. Auf dem Gerät hat sich nichts geändert. Bitte lassen Sie sich von der Fraktion eine neue geben."
        }
        FactionNotYours => {
            "Das hat jemand anderes geschrieben. Es wurde nichts geändert. Bitte antworten Sie darauf, oder sprechen Sie die Person an."
        }
        FactionNotAllowed => {
            "Das dürfen nur Verwalterinnen und Verwalter des Fraktionsraums. Es wurde nichts geändert. Bitte fragen Sie eine von ihnen."
        }
        FactionLastAdmin => {
            "Der Fraktionsraum braucht immer jemanden, der ihn verwaltet. Es wurde nichts geändert. Bitte machen Sie zuerst ein anderes Mitglied zur Verwalterin oder zum Verwalter."
        }
        FactionFull => {
            "Dieser Fraktionsraum hat schon so viele Mitglieder oder Geräte, wie er haben kann. Es wurde nichts geändert. Bitte nehmen Sie zuerst jemanden heraus."
        }
        FactionNoRoom => {
            "Der Platz dieses Fraktionsraums auf dem Server ist verbraucht. Was Sie schreiben, bleibt auf diesem Gerät. Bitte sagen Sie es dem Ratsbüro."
        }
        FactionPaperKeyUnknown => {
            "Zu diesem Papierschlüssel gibt es hier keinen Fraktionsraum. Es wurde nichts geändert. Bitte prüfen Sie den Code und die Körperschaft."
        }
        BadRequest => {
            "Diese Eingabe konnte nicht verarbeitet werden. Es wurde nichts verändert. Bitte versuchen Sie es noch einmal."
        }
        UnknownCommand => {
            "Diese Funktion gibt es in der installierten Fassung nicht. Es wurde nichts verändert. Bitte starten Sie die App neu."
        }
        Internal => {
            "In der App ist ein Fehler aufgetreten. Was gespeichert war, bleibt erhalten. Bitte versuchen Sie es noch einmal, oder starten Sie die App neu."
        }
    }
}

fn english(code: ErrorCode) -> &'static str {
    use ErrorCode::*;
    match code {
        Locked => {
            "The portfolio is locked. Your papers and notes are safe on this device. Please open it with your passphrase."
        }
        WrongPassphrase => {
            "This passphrase does not fit. Nothing has been lost. Please check the spelling, or open the portfolio with the recovery code."
        }
        WrongRecoveryCode => {
            "This recovery code does not fit. Nothing has been lost. Please compare it with your printout, character by character."
        }
        WrongPin => {
            "This PIN does not fit. Nothing has been lost. Please try once more, or use the passphrase."
        }
        WeakPin => {
            "These digits are no good as a PIN. Nothing was changed. Please choose 6 to 12 digits that do not just count or repeat."
        }
        PinUnset => {
            "No PIN has been chosen on this tablet. Your papers and notes are safe. Please open the portfolio with the passphrase."
        }
        PinRefused => {
            "The PIN was wrong five times. Your papers and notes are safe. Please open the portfolio once with the passphrase, then the PIN holds again."
        }
        PinLost => {
            "The key store of this device has lost the part that belongs to the PIN. Your papers and notes are safe. Please open the portfolio with the passphrase, then choose a new PIN."
        }
        KeyStoreMissing => {
            "This device has no key store that is running. Your papers and notes are safe. Without one only the passphrase will do."
        }
        KeyStoreLocked => {
            "The key store of this device is locked. Your papers and notes are safe. Please unlock it, or use the passphrase."
        }
        KeyStoreFailed => {
            "The key store of this device does not answer. Your papers and notes are safe. Please try once more, or use the passphrase."
        }
        OlderKeys => {
            "Older keys lie on this tablet than there have been before: perhaps a backup of the device was restored. Your notes are not affected. Please synchronise; if this stays or a council is missing, pair the tablet again or ask the council office."
        }
        UnlockWait => {
            "After several wrong tries the portfolio waits before it checks the next one. Nothing has been lost, and this try does not count. Please wait, or open it with the recovery code."
        }
        UnlockOnlyRecovery => {
            "The passphrase was wrong too often. Your papers and notes are safe on this device. Please open the portfolio with the recovery code, then choose a new passphrase."
        }
        BackupNotEmpty => {
            "There are own notes on this tablet already. Nothing was changed. Please back those up first, before the backup takes their place."
        }
        BackupWrongCode => {
            "This backup code does not fit the file. Nothing was changed. Please compare it, character by character, with the one you wrote down when you made the backup."
        }
        BackupForeign => {
            "This file is no backup of the portfolio. Nothing was changed. Please choose another file."
        }
        BackupDamaged => {
            "This backup is incomplete or damaged. Nothing was changed. Please take an older backup, or copy the file once more."
        }
        WeakPassphrase => {
            "This passphrase is too easy to guess. Nothing has been stored yet. Please choose at least five words that have nothing to do with each other."
        }
        VaultDamaged => {
            "The key file of the portfolio is damaged. Nothing has been deleted. Please put back a backup, or turn to the council office."
        }
        KeyringDamaged => {
            "The registration of this device with the council office is damaged. Your notes are intact, and the damaged file is kept. Please open the portfolio once more, then register the device with a new invitation code."
        }
        VaultMissing => {
            "There is no portfolio on this device yet. Nothing has been lost. Please set it up first."
        }
        VaultExists => {
            "There is a portfolio on this device already. It has not been changed. Please open it with your passphrase."
        }
        InUse => {
            "The portfolio is already open in another window on this device. Nothing has been lost. Please go on there, or close that window first."
        }
        CodeInvalid => {
            "One character of the invitation code is wrong. Nothing was sent and the code stays valid. Please compare it with the letter."
        }
        CodeRefused => {
            "The council office does not know this invitation code, or it was entered wrongly too often. Nothing has changed on this device. Please ask for a new code."
        }
        CodeUsed => {
            "This invitation code has been used already. Nothing has changed on this device. If that was not you, please tell the council office; it will give you a new code."
        }
        CodeExpired => {
            "This invitation code has expired. Nothing has changed on this device. Please ask the council office for a new one."
        }
        AddressInvalid => {
            "This address cannot be read. Nothing was sent. Please copy the address exactly as it stands in the letter."
        }
        PinMismatch => {
            "The server does not show the key that is known to this device. Nothing was sent, and your papers stay readable. Please ask the council office before you try again."
        }
        ServerState => {
            "The server reports a state that contradicts the one already known. Your papers stay readable and unchanged. Please tell the council office."
        }
        Offline => {
            "The server cannot be reached right now. All papers on this device and your notes stay available. Syncing will catch up later."
        }
        ServerError => {
            "The server could not answer right now. All papers on this device stay available. Please try again in a few minutes."
        }
        DeviceRevoked => {
            "The council office has signed this device off. Your own notes are kept. Please turn to the council office if you want to go on using it."
        }
        ClockWrong => {
            "The clock of this device differs widely from the server's. All papers on this device stay available. Please set date and time, then sync again."
        }
        CouncilKnown => {
            "This device is registered with this council already. Nothing has changed. You can go on using the portfolio."
        }
        SyncRunning => {
            "Syncing is already under way. All papers on this device are available. There is nothing you need to do."
        }
        Cancelled => {
            "This was cancelled. What had been fetched is kept. You can continue at any time."
        }
        NotFound => {
            "This entry is no longer there. Your notes are kept. Please go back to the overview."
        }
        FileNotHere => {
            "This file is not on the device at the moment. Nothing has been lost. Please tap “Fetch” once there is a network again."
        }
        DocumentDamaged => {
            "This file cannot be read. Your notes on it are kept. Please sync again; if that does not help, tell the council office."
        }
        DocumentPassword => {
            "This file is protected by a password. Nothing has been lost. Please open the file and enter the password; the council office knows it."
        }
        WrongDocumentPassword => {
            "This password does not fit the file. Nothing has been lost, and you may try as often as you like. Please mind capital and small letters."
        }
        DocumentTooLarge => {
            "This file is too large to be shown. It lies unchanged on the device. Please tell the council office."
        }
        DocumentTooSlow => {
            "This page takes too long. The file and your notes are intact. Please open the file again; if that does not help, tell the council office."
        }
        DocumentBroke => {
            "This page could not be shown: the PDF viewer failed over it and was started again. Your notes and all other papers are intact. Please load the page again; if that does not help, tell the council office."
        }
        ReaderMissing => {
            "This installation lacks its viewer for PDF files. Papers and notes are intact. Please install the app again."
        }
        ReaderUnguarded => {
            "This system does not allow the PDF viewer to be secured, so it was not started. Papers and notes are intact. Please tell whoever looks after your device: a Linux kernel with seccomp is needed."
        }
        AddressNotOpened => {
            "No program for this address could be opened on this device. Nothing was sent. You can copy the address and enter it in a browser yourself."
        }
        DocumentClosed => {
            "This file is not open any more. Your notes are saved. Please open it again."
        }
        AccessEnded => {
            "Access to this nonpublic paper has ended. Your own words are kept. The council office can answer questions."
        }
        CacheDamaged => {
            "The stored papers were damaged and have been discarded. Your notes are not affected. Please sync, and they will be fetched again."
        }
        NotesDamaged => {
            "The file with your notes was damaged. It is kept, and all that could still be read was taken into a new file. Please open the portfolio once more; your technical support can examine the damaged file."
        }
        NewerData => {
            "This portfolio was written by a newer version of the app. Nothing has been changed. Please update the app."
        }
        DiskFull => {
            "The storage of this device is full. What had been saved is kept. Please free some space, then try again."
        }
        StorageFailed => {
            "The device could not read or write. What had been saved is kept. Please try again."
        }
        CalendarFolder => {
            "The calendar file cannot be written or removed in the folder for downloads. Papers, notes and syncing are not affected. Please check that the folder exists and that you may save in it."
        }
        ExportProtected => {
            "Annotations cannot be written into this file because its author has protected it. Your annotations stay in the portfolio. Take the file along as it came, and your notes as text."
        }
        ExportDamaged => {
            "Annotations cannot be written into this file because its inner structure is faulty. Your annotations stay in the portfolio. Take the file along as it came, and your notes as text."
        }
        NothingToTake => {
            "Nothing is left that could be taken along. Nothing was written. Please choose papers that lie on this device."
        }
        TakeawayRunning => {
            "Something is already being prepared to be taken along. That goes on unchanged. Please wait until it is done, or cancel it."
        }
        TakeawayTooLarge => {
            "That becomes too large for a single file. Nothing was written. Please choose fewer papers, or take them along unbound."
        }
        FactionDamaged => {
            "The store of the faction spaces was damaged and has been set aside. Your own notes are intact. Please come back with your paper key, or have yourself invited again."
        }
        FactionServer => {
            "The server reports a state of the faction space that does not fit what is known here. Your contributions are unchanged on this device. Please tell your faction and the council office."
        }
        FactionSeedMissing => {
            "The new key of the faction space has not arrived yet. What you write waits here and is not lost. Please wait until another member is online again."
        }
        FactionDissolved => {
            "This faction space has been dissolved. You can still read and export what is in it. Please found a new space for anything new."
        }
        FactionRemoved => {
            "You do not belong to this faction space any more. What you have already read stays on this device. Please ask your faction if this is a mistake."
        }
        FactionTooLong => {
            "This text is too long for one contribution. It was not sent and is still in its field. Please split it."
        }
        FactionForeignInviter => {
            "The answer did not come from the device that showed the code. Nothing was shared. Please have a new code shown to you."
        }
        FactionJoinRefused => {
            "The invitation could not be confirmed. Nothing was shared. Please check the code, or ask for a new one."
        }
        FactionNoInvitation => {
            "This is no invitation code for a faction space. Nothing was transmitted. Please copy the code character by character."
        }
        FactionInvitationOver => {
            "This invitation does not exist, or not any more. Nothing has changed on this device. Please ask your faction for a new one."
        }
        FactionInvitationUsed => {
            "This invitation has already been used. Nothing has changed on this device. If that was not you, please tell your faction at once."
        }
        FactionInvitationExpired => {
            "This invitation has expired. Nothing has changed on this device. Please ask your faction for a new one."
        }
        FactionNotYours => {
            "Somebody else has written this. Nothing was changed. Please answer it, or talk to the person."
        }
        FactionNotAllowed => {
            "Only admins of the faction space may do this. Nothing was changed. Please ask one of them."
        }
        FactionLastAdmin => {
            "The faction space always needs an admin. Nothing was changed. Please make another member an admin first."
        }
        FactionFull => {
            "This faction space already has as many members or devices as it can have. Nothing was changed. Please take somebody out first."
        }
        FactionNoRoom => {
            "The room of this faction space on the server is used up. What you write stays on this device. Please tell the council office."
        }
        FactionPaperKeyUnknown => {
            "There is no faction space for this paper key here. Nothing was changed. Please check the code and the council."
        }
        BadRequest => {
            "This input could not be processed. Nothing has been changed. Please try again."
        }
        UnknownCommand => {
            "The installed version does not have this function. Nothing has been changed. Please restart the app."
        }
        Internal => {
            "Something went wrong in the app. What had been saved is kept. Please try again, or restart the app."
        }
    }
}
