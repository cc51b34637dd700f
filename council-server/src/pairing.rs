//! Pairing at the server: finds the invitation, counts tries, makes the device. The proofs are `sync_protocol::pairing`'s.
//! No HTTP here. Each new start is one try, because it allows one guess at the code.

use sync_protocol::cbor::{from_cbor_lenient, to_cbor};
use sync_protocol::ids::{DeviceId, Hash};
use sync_protocol::key_box::DeviceBoxPublic;
use sync_protocol::pairing::{
    InvitationCode, MAX_TRIES, PairDone, PairFinish, PairHello, PairNonce, PairStart, Transcript,
    check_finish, make_hello,
};
use sync_protocol::sign::PublicKey;
use thiserror::Error;

use crate::audit;
use crate::error::ServerError;
use crate::identity;
use crate::server::Server;
use crate::store::devices::DeviceRow;
use crate::store::invitations::{self, InvitationRow, PairingRow};
use crate::store::{StoreError, devices, people};

/// Why a pairing is refused.
#[derive(Debug, Error)]
pub(crate) enum PairingRefused {
    #[error("the invitation is unknown, or the proof was wrong")]
    CodeInvalid,
    #[error("the invitation was used")]
    CodeUsed,
    #[error("the invitation ran out")]
    CodeExpired,
    #[error("the device's keys are not usable")]
    BadKeys,
    #[error(transparent)]
    Server(#[from] ServerError),
}

impl From<StoreError> for PairingRefused {
    fn from(error: StoreError) -> Self {
        Self::Server(error.into())
    }
}

impl Server {
    /// Answers a tablet's first message. The same message again gets the same answer.
    pub(crate) fn pair_start(&self, start: &PairStart) -> Result<PairHello, PairingRefused> {
        start
            .device_box
            .check()
            .map_err(|_| PairingRefused::BadKeys)?;
        let inner = &*self.inner;
        let now_at_ms = inner.clock.now_at_ms();
        let start_digest = Hash::of(&to_cbor(start));
        inner.store.write(|tx| {
            let invitation =
                invitations::get(tx, &start.invitation)?.ok_or(PairingRefused::CodeInvalid)?;
            let code = self.code_of(&invitation, now_at_ms)?;
            if let Some(known) = invitations::pairing_of_start(tx, &invitation.id, &start_digest)? {
                return from_cbor_lenient(&known.hello).map_err(|e| ServerError::from(e).into());
            }
            if invitation.tries >= MAX_TRIES {
                return Err(PairingRefused::CodeExpired);
            }
            invitations::count_try(tx, &invitation.id)?;
            let device = DeviceId::make().map_err(ServerError::from)?;
            let nonce = PairNonce::make().map_err(ServerError::from)?;
            let (hello, transcript) =
                make_hello(&code, start, identity::signed_root(tx)?, nonce, device);
            let row = PairingRow {
                device,
                invitation: invitation.id,
                start_digest,
                sign_key: *start.device_sign.as_bytes(),
                box_key: start.device_box.0.clone(),
                hello: to_cbor(&hello),
                transcript: Hash::from_bytes(*transcript.as_bytes()),
                finished_mac: None,
            };
            invitations::insert_pairing(tx, &row, now_at_ms)?;
            Ok(hello)
        })
    }

    // Meets: O.Auth_3
    /// Answers a tablet's proof: from now on the device is paired. The same proof again gets the same answer.
    pub(crate) fn pair_finish(&self, finish: &PairFinish) -> Result<PairDone, PairingRefused> {
        let inner = &*self.inner;
        let now_at_ms = inner.clock.now_at_ms();
        inner.store.write(|tx| {
            let pairing =
                invitations::pairing(tx, &finish.device)?.ok_or(PairingRefused::CodeInvalid)?;
            let invitation =
                invitations::get(tx, &pairing.invitation)?.ok_or(PairingRefused::CodeInvalid)?;
            let person =
                people::person(tx, &invitation.person)?.ok_or(PairingRefused::CodeInvalid)?;
            let done = PairDone {
                device: pairing.device,
                person_name: person.name,
                council_name: identity::council_name(tx)?,
            };
            if let Some(mac) = &pairing.finished_mac {
                let is_same = Hash::of(mac) == Hash::of(finish.mac.as_bytes());
                return if is_same {
                    Ok(done)
                } else {
                    // As for a device that nobody knows: who guesses learns nothing.
                    Err(PairingRefused::CodeInvalid)
                };
            }
            let code = self.code_of(&invitation, now_at_ms)?;
            let transcript = Transcript::from_bytes(*pairing.transcript.as_bytes());
            check_finish(&code, &transcript, pairing.device, finish)
                .map_err(|_| PairingRefused::CodeInvalid)?;
            let words = transcript.confirm_words(&code).join(" ");
            let row = DeviceRow {
                id: pairing.device,
                person: invitation.person,
                sign_key: PublicKey(pairing.sign_key),
                box_key: DeviceBoxPublic(pairing.box_key.clone()),
                sealed_words: inner.keys.seal_words(pairing.device.as_bytes(), &words)?,
                confirm_tries: 0,
                paired_at_ms: now_at_ms,
                confirmed_at_ms: invitation.in_person.then_some(now_at_ms),
                revoked_at_ms: None,
                seen_at_ms: None,
                head_counter: 0,
            };
            devices::insert(tx, &row)?;
            invitations::finish_pairing(
                tx,
                &pairing.device,
                &invitation.id,
                finish.mac.as_bytes(),
            )?;
            invitations::use_up(tx, &invitation.id, now_at_ms)?;
            audit::note(
                tx,
                &inner.keys,
                now_at_ms,
                "device_paired",
                Some(&pairing.device),
                None,
            )?;
            Ok(done)
        })
    }

    /// The code of an invitation that still counts.
    fn code_of(
        &self,
        invitation: &InvitationRow,
        now_at_ms: i64,
    ) -> Result<InvitationCode, PairingRefused> {
        if invitation.used_at_ms.is_some() {
            return Err(PairingRefused::CodeUsed);
        }
        let sealed = invitation
            .sealed_code
            .as_ref()
            .ok_or(PairingRefused::CodeExpired)?;
        if invitation.expires_at_ms < now_at_ms {
            return Err(PairingRefused::CodeExpired);
        }
        Ok(self.inner.keys.open_code(&invitation.id, sealed)?)
    }
}
