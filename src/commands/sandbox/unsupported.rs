//! `sandbox VERB` where there is none: its Pods are processes with addresses of their own, which Linux alone has for them.

use super::Context;
use crate::cli::sandbox::SandboxCommand;
use crate::error::{Code, Error, Result};

/// Says so.
pub fn run(_: &Context, _: &SandboxCommand) -> Result<()> {
    Err(Error::new(Code::Unsupported, format!("there is no sandbox on {}", std::env::consts::OS))
        .because("its Pods are processes with addresses of their own, which need Linux")
        .hint("run it on Linux, in a virtual machine or in WSL; every other command works with any cluster"))
}
