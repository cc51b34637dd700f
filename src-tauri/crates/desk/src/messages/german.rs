//! The German texts, from which the English ones are made.

use super::texts;

texts! {
    Locked
        "Die Mappe ist verschlossen."
        "Ihre Unterlagen und Notizen liegen sicher auf dem Gerät."
        "Bitte öffnen Sie die Mappe mit Ihrer Passphrase.";
    WrongPassphrase
        "Diese Passphrase passt nicht."
        "Es ist nichts verloren gegangen."
        "Bitte prüfen Sie die Schreibweise, oder öffnen Sie die Mappe mit dem Notfallcode.";
    WrongRecoveryCode
        "Dieser Notfallcode passt nicht."
        "Es ist nichts verloren gegangen."
        "Bitte vergleichen Sie ihn Zeichen für Zeichen mit Ihrem Ausdruck.";
    WrongPin
        "Diese PIN passt nicht."
        "Es ist nichts verloren."
        "Bitte versuchen Sie es noch einmal, oder nehmen Sie die Passphrase.";
    WeakPin
        "Diese Ziffern taugen nicht als PIN."
        "Es wurde nichts verändert."
        "Bitte wählen Sie 6 bis 12 Ziffern, die nicht nur zählen oder sich wiederholen.";
    PinUnset
        "Auf diesem Tablet ist keine PIN festgelegt."
        "Ihre Unterlagen und Notizen sind sicher."
        "Bitte öffnen Sie die Mappe mit der Passphrase.";
    PinRefused
        "Die PIN wurde fünfmal falsch eingegeben."
        "Ihre Unterlagen und Notizen sind sicher."
        "Bitte öffnen Sie die Mappe einmal mit der Passphrase, dann gilt die PIN wieder.";
    PinLost
        "Der Schlüsselspeicher dieses Geräts hat den Teil verloren, der zur PIN gehört."
        "Ihre Unterlagen und Notizen sind sicher."
        "Bitte öffnen Sie die Mappe mit der Passphrase, und legen Sie dann eine neue PIN fest.";
    KeyStoreMissing
        "Dieses Gerät hat keinen Schlüsselspeicher, der gerade läuft."
        "Ihre Unterlagen und Notizen sind sicher."
        "Bitte nehmen Sie die Passphrase; eine PIN gilt nur, solange er läuft.";
    KeyStoreLocked
        "Der Schlüsselspeicher dieses Geräts ist gesperrt."
        "Ihre Unterlagen und Notizen sind sicher."
        "Bitte entsperren Sie ihn, oder nehmen Sie die Passphrase.";
    KeyStoreFailed
        "Der Schlüsselspeicher dieses Geräts antwortet nicht."
        "Ihre Unterlagen und Notizen sind sicher."
        "Bitte versuchen Sie es noch einmal, oder nehmen Sie die Passphrase.";
    OlderKeys
        "Auf diesem Tablet liegt ein älterer Stand der Schlüssel, als es schon einmal gab: Vielleicht wurde eine Sicherung des Geräts eingespielt."
        "Ihre Notizen betrifft das nicht."
        "Bitte gleichen Sie ab; bleibt der Hinweis oder fehlt eine Körperschaft, melden Sie das Tablet neu an oder fragen Sie das Ratsbüro.";
    UnlockWait
        "Nach mehreren falschen Eingaben wartet die Mappe, bevor sie die nächste prüft."
        "Es ist nichts verloren gegangen, und diese Eingabe zählt nicht."
        "Bitte warten Sie, oder öffnen Sie die Mappe mit dem Notfallcode.";
    UnlockOnlyRecovery
        "Die Passphrase wurde zu oft falsch eingegeben."
        "Ihre Unterlagen und Notizen liegen sicher auf dem Gerät."
        "Bitte öffnen Sie die Mappe mit dem Notfallcode, und legen Sie dann eine neue Passphrase fest.";
    BackupNotEmpty
        "Auf diesem Tablet gibt es schon eigene Notizen."
        "Es wurde nichts verändert."
        "Bitte sichern Sie zuerst diese, bevor die Sicherung an ihre Stelle tritt.";
    BackupWrongCode
        "Dieser Sicherungscode passt nicht zu der Datei."
        "Es wurde nichts verändert."
        "Bitte vergleichen Sie ihn Zeichen für Zeichen mit dem, den Sie beim Sichern aufgeschrieben haben.";
    BackupForeign
        "Diese Datei ist keine Sicherung der Ratsmappe."
        "Es wurde nichts verändert."
        "Bitte wählen Sie eine andere Datei.";
    BackupDamaged
        "Diese Sicherung ist unvollständig oder beschädigt."
        "Es wurde nichts verändert."
        "Bitte nehmen Sie eine ältere Sicherung, oder kopieren Sie die Datei noch einmal.";
    WeakPassphrase
        "Diese Passphrase ist zu leicht zu erraten."
        "Es wurde noch nichts gespeichert."
        "Bitte wählen Sie mindestens fünf Wörter, die nichts miteinander zu tun haben.";
    VaultDamaged
        "Die Schlüsseldatei der Mappe ist beschädigt."
        "Es wurde nichts gelöscht."
        "Bitte legen Sie eine Sicherung der Mappe zurück, oder wenden Sie sich an das Ratsbüro.";
    KeyringDamaged
        "Die Anmeldung dieses Geräts beim Ratsbüro ist beschädigt."
        "Ihre Notizen sind unversehrt, und die beschädigte Datei bleibt aufbewahrt."
        "Bitte öffnen Sie die Mappe noch einmal, und melden Sie das Gerät danach mit einem neuen Einladungscode an.";
    VaultMissing
        "Auf diesem Gerät liegt noch keine Mappe."
        "Es ist nichts verloren gegangen."
        "Bitte richten Sie die Mappe zuerst ein.";
    VaultExists
        "Auf diesem Gerät liegt bereits eine Mappe."
        "Sie wurde nicht verändert."
        "Bitte öffnen Sie diese mit Ihrer Passphrase.";
    InUse
        "Die Mappe ist auf diesem Gerät schon in einem anderen Fenster geöffnet."
        "Es ist nichts verloren gegangen."
        "Bitte arbeiten Sie dort weiter, oder schließen Sie es zuerst.";
    CodeInvalid
        "Im Einladungscode stimmt ein Zeichen nicht."
        "Es wurde nichts übertragen, der Code bleibt gültig."
        "Bitte vergleichen Sie ihn mit dem Schreiben.";
    CodeRefused
        "Das Ratsbüro kennt diesen Einladungscode nicht, oder er wurde zu oft falsch eingegeben."
        "Auf dem Gerät hat sich nichts geändert."
        "Bitte lassen Sie sich einen neuen Code geben.";
    CodeUsed
        "Dieser Einladungscode wurde schon verwendet."
        "Auf dem Gerät hat sich nichts geändert."
        "Waren Sie das nicht selbst, sagen Sie es bitte dem Ratsbüro; es gibt Ihnen einen neuen Code.";
    CodeExpired
        "Dieser Einladungscode ist abgelaufen."
        "Auf dem Gerät hat sich nichts geändert."
        "Bitte lassen Sie sich vom Ratsbüro einen neuen Code geben.";
    AddressInvalid
        "Diese Adresse lässt sich nicht lesen."
        "Es wurde nichts übertragen."
        "Bitte übernehmen Sie die Adresse so, wie sie im Schreiben steht.";
    PinMismatch
        "Der Server weist sich nicht mit dem bekannten Schlüssel aus."
        "Es wurde nichts übertragen, Ihre Unterlagen bleiben lesbar."
        "Bitte fragen Sie das Ratsbüro, bevor Sie es erneut versuchen.";
    ServerState
        "Der Server meldet einen Stand, der nicht zu dem schon bekannten passt."
        "Ihre Unterlagen bleiben unverändert lesbar."
        "Bitte sagen Sie dem Ratsbüro Bescheid.";
    Offline
        "Der Server ist gerade nicht erreichbar."
        "Alle geladenen Unterlagen und Ihre Notizen stehen weiter bereit."
        "Der Abgleich wird später nachgeholt.";
    ServerError
        "Der Server konnte die Anfrage gerade nicht beantworten."
        "Alle geladenen Unterlagen stehen weiter bereit."
        "Bitte versuchen Sie es in einigen Minuten noch einmal.";
    DeviceRevoked
        "Das Ratsbüro hat dieses Gerät abgemeldet."
        "Ihre eigenen Notizen bleiben erhalten."
        "Bitte wenden Sie sich an das Ratsbüro, wenn Sie das Gerät weiter nutzen möchten.";
    ClockWrong
        "Die Uhr dieses Geräts weicht stark von der des Servers ab."
        "Alle geladenen Unterlagen stehen weiter bereit."
        "Bitte stellen Sie Datum und Uhrzeit richtig, und gleichen Sie dann erneut ab.";
    CouncilKnown
        "Dieses Gerät ist bei dieser Körperschaft schon angemeldet."
        "Es hat sich nichts geändert."
        "Sie können die Mappe weiter benutzen.";
    SyncRunning
        "Der Abgleich läuft bereits."
        "Alle geladenen Unterlagen stehen bereit."
        "Sie brauchen nichts zu tun.";
    Cancelled
        "Der Vorgang wurde abgebrochen."
        "Was schon geladen war, bleibt erhalten."
        "Sie können ihn jederzeit fortsetzen.";
    NotFound
        "Dieser Eintrag ist nicht mehr vorhanden."
        "Ihre Notizen bleiben erhalten."
        "Bitte gehen Sie zurück zur Übersicht.";
    FileNotHere
        "Diese Datei liegt gerade nicht auf dem Gerät."
        "Es ist nichts verloren gegangen."
        "Bitte tippen Sie auf „Laden“, sobald wieder Netz da ist.";
    DocumentDamaged
        "Diese Datei lässt sich nicht lesen."
        "Ihre Notizen dazu bleiben erhalten."
        "Bitte gleichen Sie erneut ab; bleibt es dabei, sagen Sie dem Ratsbüro Bescheid.";
    DocumentPassword
        "Diese Datei ist mit einem Kennwort geschützt."
        "Es ist nichts verloren gegangen."
        "Bitte öffnen Sie die Datei und geben Sie das Kennwort ein; das Ratsbüro kennt es.";
    WrongDocumentPassword
        "Dieses Kennwort passt nicht zu der Datei."
        "Es ist nichts verloren gegangen, und Sie können es beliebig oft versuchen."
        "Bitte achten Sie auf Groß- und Kleinschreibung.";
    DocumentTooLarge
        "Diese Datei ist zu groß für die Anzeige."
        "Sie liegt unverändert auf dem Gerät."
        "Bitte sagen Sie dem Ratsbüro Bescheid.";
    DocumentTooSlow
        "Diese Seite braucht zu lange."
        "Die Datei und Ihre Notizen sind unversehrt."
        "Bitte öffnen Sie die Datei noch einmal; bleibt es dabei, sagen Sie dem Ratsbüro Bescheid.";
    DocumentBroke
        "Diese Seite ließ sich nicht anzeigen: Die PDF-Anzeige ist daran gescheitert und wurde neu gestartet."
        "Ihre Notizen und alle anderen Unterlagen sind unversehrt."
        "Bitte laden Sie die Seite noch einmal; bleibt es dabei, sagen Sie dem Ratsbüro Bescheid.";
    ReaderMissing
        "Die Anzeige für PDF-Dateien fehlt in dieser Installation."
        "Unterlagen und Notizen sind unversehrt."
        "Bitte installieren Sie die App neu.";
    ReaderUnguarded
        "Dieses System erlaubt es nicht, die Anzeige für PDF-Dateien abzusichern; deshalb wurde sie nicht gestartet."
        "Unterlagen und Notizen sind unversehrt."
        "Bitte geben Sie Ihrer IT-Betreuung Bescheid: Gebraucht wird ein Linux-Kernel mit seccomp.";
    AddressNotOpened
        "Auf diesem Gerät ließ sich kein Programm für diese Adresse öffnen."
        "Es wurde nichts übertragen."
        "Sie können die Adresse kopieren und selbst im Browser eingeben.";
    DocumentClosed
        "Diese Datei ist nicht mehr geöffnet."
        "Ihre Notizen sind gespeichert."
        "Bitte öffnen Sie sie noch einmal.";
    AccessEnded
        "Der Zugang zu dieser nichtöffentlichen Unterlage ist beendet."
        "Ihre eigenen Worte bleiben erhalten."
        "Bei Fragen hilft das Ratsbüro.";
    CacheDamaged
        "Die gespeicherten Unterlagen waren beschädigt und wurden verworfen."
        "Ihre Notizen sind davon nicht betroffen."
        "Bitte gleichen Sie ab, dann werden sie neu geladen.";
    NotesDamaged
        "Die Datei mit Ihren Notizen war beschädigt."
        "Sie bleibt aufbewahrt, und alles noch Lesbare wurde in eine neue Datei übernommen."
        "Bitte öffnen Sie die Mappe noch einmal; die beschädigte Datei kann Ihre technische Betreuung untersuchen.";
    NewerData
        "Diese Mappe wurde mit einer neueren Fassung der App angelegt."
        "Es wurde nichts verändert."
        "Bitte aktualisieren Sie die App.";
    DiskFull
        "Der Speicher des Geräts ist voll."
        "Was schon gespeichert war, bleibt erhalten."
        "Bitte geben Sie Speicher frei, und versuchen Sie es dann noch einmal.";
    StorageFailed
        "Das Gerät konnte nicht lesen oder schreiben."
        "Was schon gespeichert war, bleibt erhalten."
        "Bitte versuchen Sie es noch einmal.";
    CalendarFolder
        "Die Kalenderdatei lässt sich im Ordner für Downloads nicht schreiben oder entfernen."
        "Unterlagen, Notizen und Abgleich sind davon nicht berührt."
        "Bitte prüfen Sie, ob es den Ordner gibt und ob Sie darin speichern dürfen.";
    ExportProtected
        "In diese Datei lassen sich keine Anmerkungen schreiben, weil ihr Urheber sie geschützt hat."
        "Ihre Anmerkungen bleiben in der Mappe."
        "Nehmen Sie die Datei so mit, wie sie kam, und Ihre Notizen als Text.";
    ExportDamaged
        "In diese Datei lassen sich keine Anmerkungen schreiben, weil ihr innerer Aufbau fehlerhaft ist."
        "Ihre Anmerkungen bleiben in der Mappe."
        "Nehmen Sie die Datei so mit, wie sie kam, und Ihre Notizen als Text.";
    NothingToTake
        "Es ist nichts übrig, das mitgenommen werden könnte."
        "Es wurde nichts geschrieben."
        "Bitte wählen Sie Unterlagen aus, die auf diesem Gerät liegen.";
    TakeawayRunning
        "Es wird gerade schon etwas zum Mitnehmen vorbereitet."
        "Das läuft unverändert weiter."
        "Bitte warten Sie, bis es fertig ist, oder brechen Sie es ab.";
    TakeawayTooLarge
        "Das wird für eine einzige Datei zu groß."
        "Es wurde nichts geschrieben."
        "Bitte wählen Sie weniger Unterlagen aus, oder nehmen Sie sie ungebunden mit.";
    FactionDamaged
        "Die Ablage der Fraktionsräume war beschädigt und wurde beiseitegelegt."
        "Ihre eigenen Notizen sind unversehrt."
        "Bitte kommen Sie mit Ihrem Papierschlüssel zurück, oder lassen Sie sich neu einladen.";
    FactionServer
        "Der Server meldet für den Fraktionsraum einen Stand, der nicht zu dem bekannten passt."
        "Ihre Beiträge liegen unverändert hier."
        "Bitte sagen Sie es der Fraktion und dem Ratsbüro.";
    FactionSeedMissing
        "Der neue Schlüssel des Fraktionsraums ist noch nicht angekommen."
        "Was Sie schreiben, wartet hier und geht nicht verloren."
        "Bitte warten Sie, bis ein anderes Mitglied wieder Netz hat.";
    FactionDissolved
        "Dieser Fraktionsraum wurde aufgelöst."
        "Was darin steht, können Sie weiter lesen und ausgeben."
        "Für Neues gründen Sie bitte einen neuen Raum.";
    FactionRemoved
        "Sie gehören diesem Fraktionsraum nicht mehr an."
        "Was Sie schon gelesen haben, bleibt auf dem Gerät."
        "Bitte wenden Sie sich an die Fraktion, wenn das ein Irrtum ist.";
    FactionTooLong
        "Dieser Text ist zu lang für einen Beitrag."
        "Er wurde nicht gesendet und steht noch im Feld."
        "Bitte teilen Sie ihn auf.";
    FactionForeignInviter
        "Die Antwort kam nicht von dem Gerät, das den Code gezeigt hat."
        "Es wurde nichts geteilt."
        "Bitte lassen Sie sich einen neuen Code zeigen.";
    FactionJoinRefused
        "Die Einladung ließ sich nicht bestätigen."
        "Es wurde nichts geteilt."
        "Bitte prüfen Sie den Code, oder lassen Sie sich einen neuen geben.";
    FactionNoInvitation
        "Das ist kein Einladungscode für einen Fraktionsraum."
        "Es wurde nichts übertragen."
        "Bitte übernehmen Sie den Code Zeichen für Zeichen.";
    FactionInvitationOver
        "Diese Einladung gibt es nicht oder nicht mehr."
        "Auf dem Gerät hat sich nichts geändert."
        "Bitte lassen Sie sich von der Fraktion eine neue geben.";
    FactionInvitationUsed
        "Diese Einladung wurde schon verwendet."
        "Auf dem Gerät hat sich nichts geändert."
        "Waren Sie das nicht selbst, sagen Sie es bitte sofort der Fraktion.";
    FactionInvitationExpired
        "Diese Einladung ist abgelaufen."
        "Auf dem Gerät hat sich nichts geändert."
        "Bitte lassen Sie sich von der Fraktion eine neue geben.";
    FactionNotYours
        "Das hat jemand anderes geschrieben."
        "Es wurde nichts geändert."
        "Bitte antworten Sie darauf, oder sprechen Sie die Person an.";
    FactionNotAllowed
        "Das dürfen nur Verwalterinnen und Verwalter des Fraktionsraums."
        "Es wurde nichts geändert."
        "Bitte fragen Sie eine von ihnen.";
    FactionLastAdmin
        "Der Fraktionsraum braucht immer jemanden, der ihn verwaltet."
        "Es wurde nichts geändert."
        "Bitte machen Sie zuerst ein anderes Mitglied zur Verwalterin oder zum Verwalter.";
    FactionFull
        "Dieser Fraktionsraum hat schon so viele Mitglieder oder Geräte, wie er haben kann."
        "Es wurde nichts geändert."
        "Bitte nehmen Sie zuerst jemanden heraus.";
    FactionNoRoom
        "Der Platz dieses Fraktionsraums auf dem Server ist verbraucht."
        "Was Sie schreiben, bleibt auf diesem Gerät."
        "Bitte sagen Sie es dem Ratsbüro.";
    FactionPaperKeyUnknown
        "Zu diesem Papierschlüssel gibt es hier keinen Fraktionsraum."
        "Es wurde nichts geändert."
        "Bitte prüfen Sie den Code und die Körperschaft.";
    BadRequest
        "Diese Eingabe konnte nicht verarbeitet werden."
        "Es wurde nichts verändert."
        "Bitte versuchen Sie es noch einmal.";
    UnknownCommand
        "Diese Funktion gibt es in der installierten Fassung nicht."
        "Es wurde nichts verändert."
        "Bitte starten Sie die App neu.";
    Internal
        "In der App ist ein Fehler aufgetreten."
        "Was gespeichert war, bleibt erhalten."
        "Bitte versuchen Sie es noch einmal, oder starten Sie die App neu.";
}
