//! What a backup holds: its files, their lengths and hashes. Written last, so that half a backup is none.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Component, Path};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Its name in the backup's folder.
pub const NAME: &str = "manifest.json";
/// The layout of a backup.
pub const LAYOUT: u32 = 1;

/// The list of what is in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The layout of copies when it was made.
    pub layout: u32,
    /// The version of wiredesk that made it.
    pub wiredesk: String,
    /// When it was made.
    pub made: Timestamp,
    /// The desk's own name.
    pub desk: String,
    /// The last place in the log.
    pub last_seq: u64,
    /// Every file.
    pub files: Vec<Entry>,
}

/// One file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its path in the backup, with `/`.
    pub name: String,
    /// Its length in bytes.
    pub size: u64,
    /// SHA-256 of its bytes, 64 hex digits.
    pub sha256: String,
}

impl Entry {
    /// Describes the file `name` below `dir`.
    pub fn of(dir: &Path, name: &str) -> io::Result<Self> {
        let (size, sha256) = hash(&dir.join(name))?;
        Ok(Self { name: name.to_owned(), size, sha256 })
    }

    /// What is wrong with the file of this entry below `dir`; none when it is as it was written.
    pub fn fault(&self, dir: &Path) -> Option<String> {
        let parts: Vec<_> = Path::new(&self.name).components().collect();
        if parts.is_empty() || !parts.iter().all(|part| matches!(part, Component::Normal(_))) {
            return Some(format!("{:?} leads out of the backup", self.name));
        }
        match hash(&dir.join(&self.name)) {
            Err(error) => Some(format!("{}: {error}", self.name)),
            Ok((size, _)) if size != self.size => {
                Some(format!("{} has {size} bytes, and {} when it was made", self.name, self.size))
            }
            Ok((_, sha256)) if sha256 != self.sha256 => {
                Some(format!("{} is not the file that was written: its SHA-256 is {sha256}", self.name))
            }
            Ok(_) => None,
        }
    }
}

impl Manifest {
    /// Reads the manifest of the backup in `dir`.
    pub fn read(dir: &Path) -> io::Result<Self> {
        let text = fs::read_to_string(dir.join(NAME))?;
        serde_json::from_str(&text).map_err(io::Error::from)
    }

    /// Writes it into `dir`, durable when this returns.
    pub fn write(&self, dir: &Path) -> io::Result<()> {
        let draft = dir.join("manifest.new");
        let mut file = File::create(&draft)?;
        serde_json::to_writer_pretty(&mut file, self)?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        fs::rename(&draft, dir.join(NAME))?;
        File::open(dir)?.sync_all()
    }
}

fn hash(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let (mut size, mut buffer) = (0, vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        hash.update(bytes);
        size += read as u64;
    }
    Ok((size, hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
}
