//! A disk of which is known what it has promised to keep. Nothing that was written, made, moved or removed is kept for certain
//! before an fsync: of a file for its bytes, of a folder for its names. What may be found after a loss of power is
//! * of each folder its names at any moment since its last fsync; a rename within one is one step, between two one in each, so that a file
//!   may be found in both or in neither,
//! * of each file any of the writes since its last fsync, torn at sectors; of what came after a change of length nothing, if that
//!   change is not kept.
//!
//! This is less than ext4 and xfs keep, which write names down in one order for all folders.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::record::Entry;
use crate::tablet::seeded;

/// What is written as a whole or not at all, bytes.
const SECTOR: usize = 512;

#[derive(Clone, Debug)]
enum Change {
    Write { at: usize, bytes: Rc<[u8]> },
    Truncate(usize),
}

/// A file by whatever name.
#[derive(Clone, Debug, Default)]
struct Bytes {
    kept: Vec<u8>,
    since: Vec<Change>,
}

type Names = BTreeMap<String, Node>;

#[derive(Clone, Debug)]
struct Folder {
    kept: Names,
    /// As it stood after each change since.
    since: Vec<Names>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Node {
    File(usize),
    Folder(usize),
}

/// What the disk has done with everything that it need not keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Luck {
    /// All of it is lost.
    Lost,
    /// All of it is kept, as after a crash of the program alone.
    Kept,
    /// Some of it, drawn from this number.
    Seeded(u64),
}

/// The content of a folder, by path; folders without content have none.
pub type Image = BTreeMap<PathBuf, Option<Vec<u8>>>;

/// The disk.
#[derive(Clone, Debug)]
pub struct Disk {
    files: Vec<Bytes>,
    folders: Vec<Folder>,
    handles: HashMap<u64, Node>,
}

impl Disk {
    /// A disk that keeps everything that stands in a folder now, and nothing of the index of SQLite's log.
    ///
    /// Errors: the folder cannot be read.
    pub fn of(folder: &Path) -> io::Result<Self> {
        let mut disk = Self {
            files: Vec::new(),
            folders: Vec::new(),
            handles: HashMap::new(),
        };
        disk.take_in(folder)?;
        Ok(disk)
    }

    fn take_in(&mut self, folder: &Path) -> io::Result<usize> {
        let own = self.make_folder();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = name_of(&path);
            let node = if path.is_dir() {
                Node::Folder(self.take_in(&path)?)
            } else if name.ends_with("-shm") {
                continue;
            } else {
                let kept = fs::read(&path)?;
                self.files.push(Bytes {
                    kept,
                    since: Vec::new(),
                });
                Node::File(self.files.len() - 1)
            };
            self.folders[own].kept.insert(name, node);
        }
        Ok(own)
    }

    fn make_folder(&mut self) -> usize {
        self.folders.push(Folder {
            kept: Names::new(),
            since: Vec::new(),
        });
        self.folders.len() - 1
    }

    /// Does what the program did.
    ///
    /// Panics where the record contradicts itself: then it has holes.
    pub fn apply(&mut self, entry: &Entry) {
        match entry {
            Entry::Open {
                handle,
                path,
                is_made,
                is_emptied,
            } => {
                if *is_made {
                    self.files.push(Bytes::default());
                    let node = Node::File(self.files.len() - 1);
                    self.rename_in(path, |names, name| {
                        names.insert(name, node);
                    });
                }
                let node = self.at(path).expect("what was opened is there");
                self.handles.insert(*handle, node);
                if *is_emptied {
                    self.file(*handle).since.push(Change::Truncate(0));
                }
            }
            Entry::Write { handle, at, bytes } => {
                let change = Change::Write {
                    at: usize::try_from(*at).unwrap(),
                    bytes: bytes.as_slice().into(),
                };
                self.file(*handle).since.push(change);
            }
            Entry::Truncate { handle, len } => {
                let change = Change::Truncate(usize::try_from(*len).unwrap());
                self.file(*handle).since.push(change);
            }
            Entry::Sync { handle } => self.sync(self.handles[handle]),
            Entry::Rename { from, to } => {
                let node = self.at(from).expect("what is renamed is there");
                let is_within = from.parent() == to.parent();
                self.rename_in(from, |names, name| {
                    names.remove(&name);
                    if is_within {
                        names.insert(name_of(to), node);
                    }
                });
                if !is_within {
                    self.rename_in(to, |names, name| {
                        names.insert(name, node);
                    });
                }
            }
            Entry::Unlink(path) | Entry::RemoveFolder(path) => {
                assert!(self.at(path).is_some(), "what is removed is there");
                self.rename_in(path, |names, name| {
                    names.remove(&name);
                });
            }
            Entry::MakeFolder(path) => {
                let node = Node::Folder(self.make_folder());
                self.rename_in(path, |names, name| {
                    names.insert(name, node);
                });
            }
            Entry::Read | Entry::Told(_) | Entry::Fault => {}
        }
    }

    fn file(&mut self, handle: u64) -> &mut Bytes {
        let Node::File(file) = self.handles[&handle] else {
            panic!("a folder has no bytes");
        };
        &mut self.files[file]
    }

    fn sync(&mut self, node: Node) {
        match node {
            Node::File(file) => {
                let file = &mut self.files[file];
                for change in std::mem::take(&mut file.since) {
                    change.apply(&mut file.kept, |_| true);
                }
            }
            Node::Folder(folder) => {
                let folder = &mut self.folders[folder];
                if let Some(last) = folder.since.pop() {
                    folder.kept = last;
                    folder.since.clear();
                }
            }
        }
    }

    /// What the program sees under a path.
    fn at(&self, path: &Path) -> Option<Node> {
        let mut node = Node::Folder(0);
        for part in path {
            let Node::Folder(folder) = node else {
                return None;
            };
            node = *self.folders[folder].names().get(part.to_str()?)?;
        }
        Some(node)
    }

    /// One step of the names of the folder that `path` lies in.
    fn rename_in(&mut self, path: &Path, step: impl FnOnce(&mut Names, String)) {
        let Some(Node::Folder(folder)) = self.at(path.parent().unwrap()) else {
            panic!("{} lies nowhere", path.display());
        };
        let folder = &mut self.folders[folder];
        let mut names = folder.names().clone();
        step(&mut names, name_of(path));
        folder.since.push(names);
    }

    /// What is found after the power fails now.
    #[must_use]
    pub fn image(&self, luck: Luck) -> Image {
        let mut image = Image::new();
        let mut random = match luck {
            Luck::Seeded(seed) => seed,
            Luck::Lost | Luck::Kept => 0,
        };
        self.image_of(0, Path::new(""), luck, &mut random, &mut image);
        image
    }

    fn image_of(
        &self,
        folder: usize,
        path: &Path,
        luck: Luck,
        random: &mut u64,
        image: &mut Image,
    ) {
        let folder = &self.folders[folder];
        let names = match luck {
            Luck::Lost => &folder.kept,
            Luck::Kept => folder.names(),
            Luck::Seeded(_) => match seeded(random) % (folder.since.len() + 1) {
                0 => &folder.kept,
                steps => &folder.since[steps - 1],
            },
        };
        for (name, node) in names {
            let path = path.join(name);
            match node {
                Node::Folder(inner) => {
                    image.insert(path.clone(), None);
                    self.image_of(*inner, &path, luck, random, image);
                }
                Node::File(file) => {
                    let bytes = self.files[*file].after(luck, random);
                    image.insert(path, Some(bytes));
                }
            }
        }
    }
}

impl Folder {
    fn names(&self) -> &Names {
        self.since.last().unwrap_or(&self.kept)
    }
}

impl Bytes {
    fn after(&self, luck: Luck, random: &mut u64) -> Vec<u8> {
        let mut bytes = self.kept.clone();
        match luck {
            Luck::Lost => {}
            Luck::Kept => {
                for change in &self.since {
                    change.apply(&mut bytes, |_| true);
                }
            }
            Luck::Seeded(_) => {
                let is_cut = |change: &&Change| matches!(change, Change::Truncate(_));
                let mut cuts = seeded(random) % (self.since.iter().filter(is_cut).count() + 1);
                // Whole writes, few or many of them, or a mixture of sectors.
                let (way, odds) = (seeded(random) % 3, seeded(random) % 4 + 1);
                for change in &self.since {
                    if is_cut(&change) {
                        if cuts == 0 {
                            break;
                        }
                        cuts -= 1;
                        change.apply(&mut bytes, |_| true);
                        continue;
                    }
                    let is_whole = seeded(random) % 5 < odds;
                    change.apply(&mut bytes, |_| match way {
                        0 => is_whole,
                        _ => seeded(random) % 5 < odds,
                    });
                }
            }
        }
        bytes
    }
}

impl Change {
    /// Does the change; of a write those sectors of the file that `keeps` lets through.
    fn apply(&self, file: &mut Vec<u8>, mut keeps: impl FnMut(usize) -> bool) {
        match self {
            Self::Truncate(len) => file.resize(*len, 0),
            Self::Write { at, bytes } => {
                let mut done = 0;
                while done < bytes.len() {
                    let place = at + done;
                    let len = (SECTOR - place % SECTOR).min(bytes.len() - done);
                    if keeps(place / SECTOR) {
                        if file.len() < place + len {
                            file.resize(place + len, 0);
                        }
                        file[place..place + len].copy_from_slice(&bytes[done..done + len]);
                    }
                    done += len;
                }
            }
        }
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

/// Lays an image into an empty folder.
///
/// Errors: the folder cannot be written.
pub fn lay(image: &Image, folder: &Path) -> io::Result<()> {
    for (path, bytes) in image {
        let path = folder.join(path);
        match bytes {
            None => fs::create_dir(path)?,
            Some(bytes) => fs::write(path, bytes)?,
        }
    }
    Ok(())
}
