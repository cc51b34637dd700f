//! Reading what lies encrypted on the disk: from the beginning to the end and here and there, against the plain file and against
//! the library `age` on the same bytes; unlocking; opening the databases. The files are in the system's file cache.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use sync_protocol::encrypted_file::{FileKey, make_salt, seal};
use vault::EncryptedReader;

use super::figures::{Figure, Series, build, ms_since};
use super::first_page::unlock;
use super::supply::Demonstration;

const BYTES: u64 = 256 << 20;
const ROUNDS: usize = 7;
/// At once, as PDFium's reader asks.
const BUFFER: usize = 64 << 10;
const RANDOM_READS: u64 = 2_000;
const RANDOM_BYTES: usize = 4 << 10;
/// Of the sequential read, GB/s.
const AIM_GB_S: f64 = 1.0;
const AIM_UNLOCK_MS: std::ops::RangeInclusive<f64> = 150.0..=1_000.0;
const AIM_OPEN_MS: f64 = 10.0;

pub fn measure(out: &Path) -> Result<Vec<Figure>> {
    println!("measuring what lies encrypted ({}) …", build());
    let folder = out.join("at-rest");
    std::fs::create_dir_all(&folder)?;
    let mut figures = files(&folder)?;
    let demonstration = Demonstration::prepare(out, "at-rest")?;
    figures.extend(opening(&demonstration)?);
    Ok(figures)
}

/// Seconds from the first to the last byte, and milliseconds of all reads here and there.
#[derive(Default)]
struct Times {
    through: Series,
    here_and_there: Series,
}

impl Times {
    fn add(&mut self, mut open: impl Read + Seek) -> Result<()> {
        let start = Instant::now();
        let mut buffer = vec![0; BUFFER];
        let mut read = 0;
        loop {
            let count = open.read(&mut buffer)?;
            if count == 0 {
                break;
            }
            read += count as u64;
        }
        ensure!(read == BYTES, "{read} bytes were read");
        self.through
            .push(BYTES as f64 / 1e9 / start.elapsed().as_secs_f64());
        let start = Instant::now();
        let mut part = vec![0; RANDOM_BYTES];
        for at in 0..RANDOM_READS {
            // Far from each other, none twice: a step without a common divisor.
            let place = at * 104_729 * 4_096 % (BYTES - RANDOM_BYTES as u64);
            open.seek(SeekFrom::Start(place))?;
            open.read_exact(&mut part)?;
        }
        self.here_and_there
            .push(ms_since(start) * 1_000.0 / RANDOM_READS as f64);
        Ok(())
    }
}

fn files(folder: &Path) -> Result<Vec<Figure>> {
    let (plain, sealed, aged) = (
        folder.join("plain"),
        folder.join("sealed"),
        folder.join("age"),
    );
    let identity = age::x25519::Identity::generate();
    let key = FileKey::from_bytes([7; 32]);
    write_plain(&plain)?;
    let salt = make_salt().ok().context("no randomness")?;
    seal(
        &key,
        salt,
        BufReader::new(File::open(&plain)?),
        BYTES,
        File::create(&sealed)?,
    )?;
    let recipient = identity.to_public();
    let encryptor =
        age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))?;
    let mut out = encryptor.wrap_output(File::create(&aged)?)?;
    std::io::copy(&mut File::open(&plain)?, &mut out)?;
    out.finish()?;

    let (mut ours, mut theirs, mut bare) = (Times::default(), Times::default(), Times::default());
    for _ in 0..ROUNDS {
        ours.add(EncryptedReader::open(File::open(&sealed)?, &key)?)?;
        let opened = age::Decryptor::new(File::open(&aged)?)?;
        theirs.add(opened.decrypt(std::iter::once(&identity as &dyn age::Identity))?)?;
        bare.add(File::open(&plain)?)?;
    }
    let speed = ours.through.median();
    let ratio = speed / theirs.through.median();
    let random = ours.here_and_there.median() / theirs.here_and_there.median();
    Ok(vec![
        Figure {
            name: format!(
                "an encrypted file of 256 MB, from beginning to end ({})",
                build()
            ),
            ours: ours.through.words(2, "GB/s"),
            peer: format!(
                "`age` {}; the plain file {}",
                theirs.through.words(2, "GB/s"),
                bare.through.words(2, "GB/s")
            ),
            ratio: format!("{ratio:.2} times as fast as age"),
            aim: format!("> 1, and ≥ {AIM_GB_S:.0} GB/s"),
            is_met: ratio > 1.0 && speed >= AIM_GB_S,
        },
        Figure {
            name: format!("… 4 KiB here and there ({})", build()),
            ours: ours.here_and_there.words(1, "µs"),
            peer: format!(
                "`age` {}; the plain file {}",
                theirs.here_and_there.words(1, "µs"),
                bare.here_and_there.words(1, "µs")
            ),
            ratio: format!("{random:.2}"),
            aim: "< 1".to_owned(),
            is_met: random < 1.0,
        },
    ])
}

/// Bytes that do not repeat within a block.
fn write_plain(path: &Path) -> Result<()> {
    let mut out = File::create(path)?;
    let mut block = vec![0_u8; 1 << 20];
    for number in 0..BYTES / block.len() as u64 {
        for (at, byte) in block.iter_mut().enumerate() {
            *byte = ((at as u64).wrapping_mul(number + 3) >> 3) as u8;
        }
        out.write_all(&block)?;
    }
    Ok(())
}

fn opening(demonstration: &Demonstration) -> Result<Vec<Figure>> {
    let (mut unlocking, mut opening) = (Series::default(), Series::default());
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let vault = unlock(&demonstration.tablet)?;
        unlocking.push(ms_since(start));
        let start = Instant::now();
        let private = vault.open_private_db()?;
        let council = vault.open_council_db(demonstration.council)?;
        opening.push(ms_since(start));
        drop((private, council));
    }
    let (unlocks, opens) = (unlocking.median(), opening.median());
    Ok(vec![
        Figure {
            name: format!("unlocking by the passphrase ({})", build()),
            ours: unlocking.words(0, "ms"),
            peer: "none".to_owned(),
            ratio: String::new(),
            aim: "150–1000 ms".to_owned(),
            is_met: AIM_UNLOCK_MS.contains(&unlocks),
        },
        Figure {
            name: format!("… then opening private and council database ({})", build()),
            ours: opening.words(1, "ms"),
            peer: "none".to_owned(),
            ratio: String::new(),
            aim: format!("≤ {AIM_OPEN_MS:.0} ms"),
            is_met: opens <= AIM_OPEN_MS,
        },
    ])
}
