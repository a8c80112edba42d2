//! Secrets by the name of their place: an environment variable or a file, read at each fetch, never printed.

use super::error::Cause;
use std::path::PathBuf;

/// Where a secret is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Secret {
    /// In this environment variable.
    Env(String),
    /// In this file, white space around it left off.
    File(PathBuf),
}

impl Secret {
    /// The place that a config names: the variable, or else the file.
    pub(super) fn named(env: Option<&String>, file: Option<&PathBuf>) -> Option<Self> {
        env.cloned().map(Self::Env).or_else(|| file.cloned().map(Self::File))
    }

    /// Whether it can be had now.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.read().is_ok()
    }

    /// The secret, for whoever asks us to bear it; why not, without it, when it cannot be had.
    ///
    /// # Errors
    /// One line that names its place.
    pub fn reveal(&self) -> Result<String, String> {
        self.read().map_err(|cause| cause.to_string())
    }

    /// The secret itself.
    pub(super) fn read(&self) -> Result<String, Cause> {
        let found = match self {
            Self::Env(name) => std::env::var(name).map_err(|_| "is not set".to_owned()),
            Self::File(path) => std::fs::read_to_string(path).map_err(|error| error.kind().to_string()),
        };
        let text = found.map_err(|reason| Cause::Secret(format!("the secret {self} {reason}")))?;
        match text.trim() {
            "" => Err(Cause::Secret(format!("the secret {self} is empty"))),
            secret => Ok(secret.to_owned()),
        }
    }
}

impl std::fmt::Display for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Env(name) => write!(f, "env:{name}"),
            Self::File(path) => write!(f, "file:{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_from_its_file_without_the_line_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        std::fs::write(&path, "hunter2\n").unwrap();
        assert_eq!(Secret::File(path.clone()).read().unwrap(), "hunter2");
        std::fs::write(&path, " \n").unwrap();
        assert!(Secret::File(path).read().unwrap_err().to_string().ends_with("is empty"));
    }

    #[test]
    fn a_missing_secret_says_where_it_was_looked_for() {
        let missing = Secret::Env("WIREDESK_TEST_NO_SUCH_VARIABLE".into());
        assert_eq!(
            missing.read().unwrap_err().to_string(),
            "the secret env:WIREDESK_TEST_NO_SUCH_VARIABLE is not set"
        );
        assert!(!missing.is_set());
    }
}
