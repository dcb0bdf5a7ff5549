//! The values of `-o`.

use std::str::FromStr;

/// How a result is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Columns for people.
    #[default]
    Table,
    /// More columns for people.
    Wide,
    /// JSON as the API server wrote it.
    Json,
    /// YAML of the same.
    Yaml,
    /// `task.kubeopencode.io/NAME`, one a line.
    Name,
}

impl Format {
    /// Every value that `-o` takes, as the help shows it.
    pub const VALUES: &'static str = "table|wide|json|yaml|name";

    /// Whether the result is for a program: nothing may stand beside it.
    pub fn is_structured(&self) -> bool {
        !matches!(self, Self::Table | Self::Wide)
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "table" => Ok(Self::Table),
            "wide" => Ok(Self::Wide),
            "json" => Ok(Self::Json),
            "yaml" => Ok(Self::Yaml),
            "name" => Ok(Self::Name),
            _ => Err(format!("must be one of {}", Self::VALUES)),
        }
    }
}
