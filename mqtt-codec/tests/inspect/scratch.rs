//! Files for tests.

use std::path::PathBuf;

/// Returns the path of a file for one test.
pub(crate) fn scratch_file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()))
}
