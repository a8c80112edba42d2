//! Has anybody touched the files since their checksums were last looked at?
//!
//! Reading the whole index takes longer than most questions to it. So once every byte was found right, that is noted beside
//! the files, with what the file system says of each of them; while it goes on saying the same, the bytes are not read
//! again for a day. A file that was written to, replaced, cut or deleted is noticed at once; a bit that decays on the disk
//! within a day, as it would beside a process that runs for a day.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Where it is noted down, in the folder of the index.
const NOTE: &str = ".whole";
/// How long the bytes are believed to be what they were.
const BELIEVED: Duration = Duration::from_secs(24 * 3600);
/// A file changed so shortly before it was looked at may change again with no other time on it.
const SETTLED: Duration = Duration::from_secs(2);

/// The files of one index as they are at one time.
pub(super) struct Files {
    note: PathBuf,
    state: String,
    latest: Duration,
}

impl Files {
    /// Looks at the folder; none when it cannot be read.
    pub(super) fn look(dir: &Path) -> Option<Self> {
        let mut lines = Vec::new();
        let mut latest = Duration::ZERO;
        for entry in fs::read_dir(dir).ok()? {
            let entry = entry.ok()?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name == NOTE || name.ends_with(".lock") {
                continue;
            }
            let (line, changed) = told(&entry.metadata().ok()?)?;
            lines.push(format!("{name} {line}\n"));
            latest = latest.max(changed);
        }
        lines.sort_unstable();
        Some(Self { note: dir.join(NOTE), state: lines.concat(), latest })
    }

    /// True when they were found right within a day, and nobody has touched them since.
    pub(super) fn are_known(&self) -> bool {
        let Ok(noted) = fs::read_to_string(&self.note) else { return false };
        let Some((at, state)) = noted.split_once('\n') else { return false };
        let age = at.parse().ok().and_then(|at| now().checked_sub(Duration::from_secs(at)));
        state == self.state && age.is_some_and(|age| age < BELIEVED)
    }

    /// Notes down that they are right as they were looked at. Not being able to only means to look again.
    pub(super) fn remember(&self) {
        let now = now();
        if self.latest + SETTLED > now {
            return;
        }
        let draft = self.note.with_extension(format!("tmp{}", std::process::id()));
        let noted = fs::write(&draft, format!("{}\n{}", now.as_secs(), self.state))
            .and_then(|()| fs::rename(&draft, &self.note));
        if let Err(error) = noted {
            tracing::debug!(%error, "the state of the index is not noted down");
            let _ = fs::remove_file(draft); // it may never have been made
        }
    }
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// What the file system says of a file, and when it was changed last.
#[cfg(unix)]
fn told(file: &Metadata) -> Option<(String, Duration)> {
    use std::os::unix::fs::MetadataExt;
    let changed = Duration::new(file.ctime().try_into().ok()?, file.ctime_nsec().try_into().ok()?);
    let written = (file.mtime(), file.mtime_nsec());
    Some((format!("{} {} {changed:?} {written:?}", file.len(), file.ino()), changed))
}

/// Elsewhere too little is said to be sure.
#[cfg(not(unix))]
fn told(_: &Metadata) -> Option<(String, Duration)> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_until_one_is_touched() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.idx");
        let look = || {
            let mut files = Files::look(dir.path()).unwrap();
            files.latest = Duration::ZERO; // as if all were written long ago
            files
        };
        fs::write(&file, "one").unwrap();
        assert!(!look().are_known());
        look().remember();
        fs::write(dir.path().join(".tantivy-writer.lock"), "").unwrap();
        assert!(look().are_known());
        let touches: [(&str, &dyn Fn()); 4] = [
            ("written to", &|| {
                fs::write(&file, "two").unwrap();
                // two writes within one tick of the file system's clock bear the same time
                let later = SystemTime::now() + Duration::from_secs(5);
                fs::File::options().write(true).open(&file).unwrap().set_modified(later).unwrap();
            }),
            ("longer", &|| fs::write(&file, "three").unwrap()),
            ("deleted", &|| fs::remove_file(&file).unwrap()),
            ("another beside it", &|| fs::write(dir.path().join("b.idx"), "").unwrap()),
        ];
        for (name, touch) in touches {
            touch();
            assert!(!look().are_known(), "{name}");
            look().remember();
            assert!(look().are_known(), "{name}");
        }
        fs::write(dir.path().join(NOTE), "junk").unwrap();
        assert!(!look().are_known());
    }

    #[test]
    fn what_was_written_just_now_is_looked_at_again() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a.idx"), "one").unwrap();
        Files::look(dir.path()).unwrap().remember();
        assert!(!dir.path().join(NOTE).exists());
    }
}
