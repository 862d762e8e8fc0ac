//! Runs examples as programs.

use std::path::PathBuf;
use std::process::Command;

/// The features of `cargo test --all-features`, which has built the libraries with them.
pub(crate) const ALL_FEATURES: &[&str] = &["--workspace", "--all-features"];

/// Builds an example, since `cargo test --test NAME` does not and would run an old one.
pub(crate) fn example(name: &str, features: &[&str]) -> PathBuf {
    // <target>/<profile>/deps/<test>
    let test = std::env::current_exe().unwrap();
    let profile = test.ancestors().nth(2).unwrap();
    let profile_name = profile.file_name().unwrap();
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--quiet", "--example", name]).args(features).arg("--profile");
    build.arg(if profile_name == "debug" { "dev".as_ref() } else { profile_name });
    build.arg("--target-dir").arg(profile.parent().unwrap());
    assert!(build.current_dir(env!("CARGO_MANIFEST_DIR")).status().unwrap().success());
    profile.join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
