//! Where the config and the data are, and what `WIREDESK_*` and flags lay over the file.

use super::error::ConfigError;
use super::values::Config;
use crate::fetch::HostPort;
use etcetera::BaseStrategy;
use std::path::PathBuf;

/// What the command line says. It wins over everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `--config`
    pub config: Option<PathBuf>,
    /// `--data-dir`
    pub data_dir: Option<PathBuf>,
}

/// The config file: `--config`, `WIREDESK_CONFIG`, `wiredesk.toml` here, or in XDG's config home.
pub(super) fn find(
    overrides: &Overrides,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<PathBuf, ConfigError> {
    if let Some(named) = overrides.config.clone().or_else(|| set(env, "WIREDESK_CONFIG").map(PathBuf::from)) {
        return Ok(named);
    }
    let home = home(env, "XDG_CONFIG_HOME", user().map(|dirs| dirs.config_dir()));
    let places: Vec<PathBuf> =
        [Some(PathBuf::from("wiredesk.toml")), home.map(|home| home.join("wiredesk/wiredesk.toml"))]
            .into_iter()
            .flatten()
            .collect();
    places.iter().find(|place| place.is_file()).cloned().ok_or(ConfigError::Missing(places))
}

/// `WIREDESK_*` over the file, flags over both. `said`: the file itself says where the data is.
pub(super) fn lay_over(
    mut config: Config,
    said: bool,
    overrides: &Overrides,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Config, ConfigError> {
    let told = overrides.data_dir.clone().or_else(|| set(env, "WIREDESK_DATA_DIR").map(PathBuf::from));
    let home =
        || home(env, "XDG_DATA_HOME", user().map(|dirs| dirs.data_dir())).map(|home| home.join("wiredesk"));
    if let Some(folder) = told.or_else(|| if said { None } else { home() }) {
        config.data_dir = folder;
    }
    for pair in set(env, "WIREDESK_ALLOW_PRIVATE").iter().flat_map(|list| list.split(',')) {
        config.http.allow_private.push(host_port(pair.trim())?);
    }
    if let Some(path) = set(env, "WIREDESK_CA_FILE") {
        config.http.ca_file = Some(path.into());
    }
    if let Some(contact) = set(env, "WIREDESK_CONTACT") {
        config.http.contact = Some(contact);
    }
    Ok(config)
}

fn host_port(pair: &str) -> Result<HostPort, ConfigError> {
    HostPort::try_from(pair.to_owned()).map_err(|reason| ConfigError::Variable {
        name: "WIREDESK_ALLOW_PRIVATE".into(),
        value: pair.into(),
        reason,
    })
}

fn set(env: &dyn Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    env(name).filter(|value| !value.trim().is_empty())
}

/// One of XDG's homes: the variable if it holds an absolute path, else the default below the user's home.
fn home(env: &dyn Fn(&str) -> Option<String>, variable: &str, default: Option<PathBuf>) -> Option<PathBuf> {
    set(env, variable).map(PathBuf::from).filter(|path| path.is_absolute()).or(default)
}

fn user() -> Option<impl BaseStrategy> {
    etcetera::choose_base_strategy().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::Settings;

    fn config() -> Config {
        Config {
            file: "w.toml".into(),
            data_dir: "said".into(),
            feeds: Vec::new(),
            http: Settings::default(),
            status: None,
            alert: None,
            places: Vec::new(),
            keep_alerts: None,
        }
    }

    fn env(pairs: &'static [(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        |name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn flags_win_over_variables_and_variables_over_the_file() {
        let flag = Overrides { data_dir: Some("flag".into()), ..Overrides::default() };
        let none = Overrides::default();
        let variable = env(&[("WIREDESK_DATA_DIR", "variable"), ("XDG_DATA_HOME", "/home/desk/share")]);
        let home = env(&[("WIREDESK_DATA_DIR", ""), ("XDG_DATA_HOME", "/home/desk/share")]);
        let folder = |overrides: &Overrides, env: &dyn Fn(&str) -> Option<String>, said| {
            lay_over(config(), said, overrides, env).unwrap().data_dir.display().to_string()
        };
        assert_eq!(folder(&flag, &variable, true), "flag");
        assert_eq!(folder(&none, &variable, true), "variable");
        assert_eq!(folder(&none, &home, true), "said");
        assert_eq!(folder(&none, &home, false), "/home/desk/share/wiredesk");
    }

    #[test]
    fn variables_add_addresses_and_say_which_is_bad() {
        let two = env(&[("WIREDESK_ALLOW_PRIVATE", "127.0.0.1:80, [::1]:81"), ("WIREDESK_CONTACT", "desk")]);
        let config_with = lay_over(config(), true, &Overrides::default(), &two).unwrap();
        assert_eq!(config_with.http.allow_private.len(), 2);
        assert_eq!(config_with.http.contact.as_deref(), Some("desk"));
        let bad = env(&[("WIREDESK_ALLOW_PRIVATE", "127.0.0.1")]);
        let refused = lay_over(config(), true, &Overrides::default(), &bad).unwrap_err().to_string();
        assert!(
            refused.starts_with("WIREDESK_ALLOW_PRIVATE = \"127.0.0.1\": \"127.0.0.1\" is not \"host:port\""),
            "{refused}"
        );
    }

    #[test]
    fn the_named_config_is_taken_and_without_any_it_says_how_to_get_one() {
        let named = Overrides { config: Some("mine.toml".into()), ..Overrides::default() };
        let variable = env(&[("WIREDESK_CONFIG", "theirs.toml"), ("XDG_CONFIG_HOME", "/nowhere")]);
        assert_eq!(find(&named, &variable), Ok("mine.toml".into()));
        assert_eq!(find(&Overrides::default(), &variable), Ok("theirs.toml".into()));
        let nowhere = env(&[("XDG_CONFIG_HOME", "/nowhere")]);
        let missing = find(&Overrides::default(), &nowhere).unwrap_err().to_string();
        assert!(missing.contains("looked for wiredesk.toml, /nowhere/wiredesk/wiredesk.toml"), "{missing}");
        assert!(missing.contains("wiredesk init"), "{missing}");
    }
}
