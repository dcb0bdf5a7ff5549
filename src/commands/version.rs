//! `version`: which program this is.

use serde_json::json;

use super::Context;
use crate::cli::VersionArgs;
use crate::error::Result;
use crate::output::Format;

/// Prints the version.
pub fn run(context: &Context, args: &VersionArgs) -> Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    let object = json!({"clientVersion": {
        "version": version,
        "platform": format!("{}/{}", std::env::consts::OS, std::env::consts::ARCH),
    }});
    match args.output.format() {
        Format::Table | Format::Wide => context.printer.line(&format!("kubectl-opencode {version}")),
        format => context.printer.structured(&object, &format, true),
    }
}
