//! `sandbox logs`.

use std::io::SeekFrom;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use super::{existing, named};
use crate::cli::sandbox::SandboxLogs;
use crate::commands::Context;
use crate::error::{Code, Error, Result};

/// Between two looks at whether the log has grown.
const LOOK: Duration = Duration::from_millis(200);

pub(super) async fn run(context: &Context, args: &SandboxLogs) -> Result<()> {
    let folder = existing(&args.which)?;
    let path = folder.log();
    let cannot = |error: std::io::Error| {
        Error::new(Code::NotFound, format!("there is no log of sandbox \"{}\"", folder.name())).caused_by(&error).hint(
            format!("kubectl opencode sandbox start{} (one in the foreground logs to its terminal)", named(&folder)),
        )
    };
    let mut file = File::open(&path).await.map_err(cannot)?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = file.read(&mut buffer).await.map_err(cannot)?;
        if length > 0 {
            context.printer.print_bytes(&buffer[..length])?;
        } else if args.follow {
            tokio::time::sleep(LOOK).await;
            if was_replaced(&file, &path).await {
                file = File::open(&path).await.map_err(cannot)?;
                file.seek(SeekFrom::Start(0)).await.map_err(cannot)?;
            }
        } else {
            return Ok(());
        }
    }
}

async fn was_replaced(file: &File, path: &Path) -> bool {
    match (file.metadata().await, tokio::fs::metadata(path).await) {
        (Ok(open), Ok(there)) => (open.dev(), open.ino()) != (there.dev(), there.ino()),
        _ => false,
    }
}
