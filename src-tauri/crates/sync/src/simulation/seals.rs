//! Keys and signatures of the simulated worlds, made once for each thread: what costs time and says nothing about order. Keys are
//! fixed, so that worlds differ by their seed alone; seals draw their own random numbers, which nothing here looks at.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use sync_protocol::class_key::{ClassKey, KeyEpoch};
use sync_protocol::ids::{AudienceId, CouncilId, DeviceId, Hash};
use sync_protocol::key_box::{DeviceBoxKey, DeviceBoxPublic, KeyBox, KeyBoxError, open_key_box};
use sync_protocol::root::{RootDocument, SignedRoot};
use sync_protocol::sign::{PublicKey, SigningKey};

use super::office::BoxPlace;

pub(super) const COUNCIL: CouncilId = CouncilId::from_bytes([0xc0; 16]);

pub(super) struct Seals {
    pub(super) feed: SigningKey,
    root: SigningKey,
    pub(super) root_public: PublicKey,
    feed_public: PublicKey,
    pub(super) device: Vec<SigningKey>,
    pub(super) device_public: Vec<PublicKey>,
    pub(super) device_box: Vec<DeviceBoxKey>,
    pub(super) box_public: Vec<DeviceBoxPublic>,
    roots: RefCell<BTreeMap<u32, SignedRoot>>,
    pub(super) boxes: RefCell<BTreeMap<BoxPlace, KeyBox>>,
    opened: RefCell<HashMap<(DeviceId, Hash), ClassKey>>,
}

impl Seals {
    pub(super) fn new(tablets: usize) -> Self {
        let numbers = || (0..tablets).map(|number| u8::try_from(number).unwrap());
        let device: Vec<_> = numbers()
            .map(|number| SigningKey::from_bytes([0x40 + number; 32]))
            .collect();
        let device_box: Vec<_> = numbers()
            .map(|number| DeviceBoxKey::from_bytes([0x60 + number; 32]))
            .collect();
        let (root, feed) = (
            SigningKey::from_bytes([0x20; 32]),
            SigningKey::from_bytes([0x21; 32]),
        );
        Self {
            root_public: root.public().unwrap(),
            feed_public: feed.public().unwrap(),
            device_public: device.iter().map(|key| key.public().unwrap()).collect(),
            box_public: device_box.iter().map(|key| key.public().unwrap()).collect(),
            device,
            device_box,
            feed,
            root,
            roots: RefCell::default(),
            boxes: RefCell::default(),
            opened: RefCell::default(),
        }
    }

    pub(super) fn audience(number: usize) -> AudienceId {
        AudienceId::from_bytes([0xa0 + u8::try_from(number).unwrap(); 16])
    }

    pub(super) fn number(audience: &AudienceId) -> usize {
        usize::from(audience.as_bytes()[0] - 0xa0)
    }

    /// Another one in each generation: real ones are drawn.
    pub(super) fn class_key(&self, number: usize, epoch: KeyEpoch, generation: u32) -> ClassKey {
        let place = format!("{number}/{}/{generation}", epoch.0);
        ClassKey::from_bytes(*Hash::of(place.as_bytes()).as_bytes())
    }

    /// Opens a box; one that was opened before is not opened a second time.
    pub(super) fn open(
        &self,
        tablet: usize,
        device: &DeviceId,
        key_box: &KeyBox,
    ) -> Result<ClassKey, KeyBoxError> {
        let place = (*device, Hash::of(&key_box.bytes));
        if let Some(known) = self.opened.borrow().get(&place) {
            return Ok(known.clone());
        }
        let key = open_key_box(&self.device_box[tablet], &COUNCIL, device, key_box)?;
        self.opened.borrow_mut().insert(place, key.clone());
        Ok(key)
    }

    pub(super) fn signed_root(&self, generation: u32) -> SignedRoot {
        let mut roots = self.roots.borrow_mut();
        let signed = roots.entry(generation).or_insert_with(|| {
            let document = RootDocument {
                council: COUNCIL,
                name: "Stadt Musterfurt".to_owned(),
                root_key: self.root_public,
                generation,
                feed_key: self.feed_public,
                tls_spki: vec![],
                issued_at_ms: 1,
                serial: u64::from(generation),
            };
            document.sign(&self.root).unwrap()
        });
        signed.clone()
    }
}
