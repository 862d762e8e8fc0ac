//! Counts instructions: the program runs itself under valgrind's callgrind, once for all tasks.
//!
//! Each task is warmed up, then run once and eleven times inside one function. Callgrind counts only in that function,
//! and writes a file each time it returns. The difference is the cost of ten operations, and is exactly the same in
//! each run.

use crate::engine::Task;
use core::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs, io};

/// The argument that tells a program to call [`count_here`], because it runs under callgrind.
pub const UNDER_CALLGRIND: &str = "--under-callgrind";

/// The function in which callgrind counts, with everything that it calls. (With a wildcard callgrind writes no file.)
const MARK: &str = "mqtt_benches::callgrind::counted_by_callgrind";

const FEW: u64 = 1;
const MANY: u64 = 11;

#[inline(never)]
fn counted_by_callgrind(task: &mut Task<'_>, times: u64) {
    black_box(task).repeat(black_box(times));
}

/// Runs a task so that callgrind counts it. Call it for the same tasks, in the same order, as the program that called
/// [`count`].
pub fn count_here(task: &mut Task<'_>) {
    task.repeat(2);
    counted_by_callgrind(task, FEW);
    counted_by_callgrind(task, MANY);
}

/// Returns the version of valgrind, or `None` if it is not installed.
#[must_use]
pub fn version() -> Option<String> {
    let output = Command::new("valgrind").arg("--version").output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Counts the tasks of a benchmark. Returns the version of valgrind and the instructions of each task.
///
/// # Errors
///
/// Returns the result of the program if nothing is counted: under callgrind itself, without `--bench`, without valgrind, or
/// after an error.
pub fn count_tasks<'t>(tasks: impl IntoIterator<Item = Task<'t>>) -> Result<(String, Vec<u64>), ExitCode> {
    if env::args().any(|argument| argument == UNDER_CALLGRIND) {
        tasks.into_iter().for_each(|mut task| count_here(&mut task));
        return Err(ExitCode::SUCCESS);
    }
    if !env::args().any(|argument| argument == "--bench") {
        println!("counts nothing unless it is a benchmark: cargo bench");
        return Err(ExitCode::SUCCESS);
    }
    let Some(version) = version() else {
        println!("valgrind is not there, so nothing is counted");
        return Err(ExitCode::SUCCESS);
    };
    match count(&[], tasks.into_iter().count()) {
        Ok(counts) => Ok((version, counts)),
        Err(error) => {
            eprintln!("{error}");
            Err(ExitCode::FAILURE)
        }
    }
}

/// Runs this program under callgrind, with these arguments and [`UNDER_CALLGRIND`]. Returns the instructions of each
/// task.
///
/// # Errors
///
/// Returns an error if callgrind fails, or has counted another number of tasks.
pub fn count(arguments: &[String], tasks: usize) -> io::Result<Vec<u64>> {
    let directory = env::temp_dir().join(format!("mqtt-benches-{}", std::process::id()));
    fs::create_dir_all(&directory)?;
    let counts = count_in(&directory, arguments, tasks);
    fs::remove_dir_all(&directory)?;
    counts
}

fn count_in(directory: &Path, arguments: &[String], tasks: usize) -> io::Result<Vec<u64>> {
    let output = directory.join("counts");
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--quiet", "--collect-atstart=no"]);
    valgrind.arg(format!("--toggle-collect={MARK}")).arg(format!("--dump-after={MARK}"));
    valgrind.arg(format!("--callgrind-out-file={}", output.display()));
    // The environment is fixed, because its size moves the stack, which changes the counts.
    valgrind.env_clear().envs(env::var_os("PATH").map(|path| ("PATH", path)));
    valgrind.arg(env::current_exe()?).args(arguments).arg(UNDER_CALLGRIND);
    let finished = valgrind.output()?;
    if !finished.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&finished.stderr)));
    }
    let mut counts = Vec::with_capacity(tasks);
    for task in 0..tasks {
        let [few, many] = [2 * task + 1, 2 * task + 2].map(|part| total(&part_of(&output, part)));
        counts.push(many?.saturating_sub(few?) / (MANY - FEW));
    }
    if part_of(&output, 2 * tasks + 2).exists() {
        return Err(io::Error::other("callgrind has counted more tasks than there are"));
    }
    Ok(counts)
}

fn part_of(output: &Path, part: usize) -> PathBuf {
    let mut name = output.as_os_str().to_owned();
    name.push(format!(".{part}"));
    name.into()
}

fn total(file: &Path) -> io::Result<u64> {
    let text = fs::read_to_string(file)?;
    let line = |prefix| text.lines().find_map(|line: &str| line.strip_prefix(prefix)?.trim().parse().ok());
    line("totals:").or_else(|| line("summary:")).ok_or_else(|| io::Error::other("callgrind gives no total"))
}
