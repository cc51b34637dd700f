//! What a run has to fetch: the files that are wanted and not whole here, in order. What is whole already is only marked.

use std::collections::{HashMap, HashSet};

use sync_protocol::ids::{CouncilId, ObjectId};
use vault::Vault;

use crate::error::SyncError;
use crate::freeing;
use crate::plan::blobs::{BlobFetch, BlobNeeds, plan_blobs};
use crate::plan::wishes::Wishes;
use crate::presence;
use crate::store::CouncilStore;

/// Which files a run fetches.
#[derive(Clone)]
pub(crate) enum Wanted {
    /// All that are wished, and those that are not are freed.
    Wishes(Wishes),
    /// Exactly these.
    Files(HashSet<ObjectId>),
}

pub(crate) type MissingFiles = (Vec<BlobFetch>, HashMap<ObjectId, String>);

/// Strikes out what is not wanted.
fn keep_wanted(
    needs: &mut BlobNeeds,
    (vault, council, now_ms): (&Vault, CouncilId, i64),
    wanted: &Wanted,
) -> Result<(), SyncError> {
    match wanted {
        Wanted::Files(files) => needs.missing.retain(|one| files.contains(&one.file)),
        Wanted::Wishes(wishes) => {
            let needless = freeing::give_up_parts(vault, council, wishes, now_ms)?;
            needs.missing.retain(|one| !needless.contains(&one.blob_id));
        }
    }
    Ok(())
}

/// What has to be fetched, in order; blobs that are whole already are only marked.
pub(crate) fn missing_files(
    vault: &Vault,
    council: CouncilId,
    now_ms: i64,
    wanted: &Wanted,
) -> Result<MissingFiles, SyncError> {
    let mut opened = CouncilStore::open(vault, council, now_ms)?;
    let blobs = vault.blobs(council);
    let _turn = presence::hold();
    let whole = blobs.list()?.into_iter().map(|stored| stored.blob_id);
    opened.set_lost(&whole.collect())?;
    let mut needs = opened.blob_needs()?;
    keep_wanted(&mut needs, (vault, council, now_ms), wanted)?;
    if needs.missing.is_empty() {
        return Ok(MissingFiles::default());
    }
    let (here, fetches): (Vec<BlobFetch>, Vec<BlobFetch>) = plan_blobs(&needs, now_ms)
        .into_iter()
        .partition(|fetch| blobs.has(fetch.blob_id));
    if !here.is_empty() {
        opened.set_present(&here.iter().map(|fetch| fetch.blob_id).collect::<Vec<_>>())?;
    }
    let names = if fetches.is_empty() {
        Default::default()
    } else {
        opened.meeting_names()?
    };
    Ok((fetches, names))
}
