//! Compares the decoder with the plain decoder over changed seeds, without libFuzzer. See ../../README.md.
//!
//! Execution number n of a run is the same on every machine, so the seed of the run and n identify a finding.

use mqtt_fuzz::accepted_by_both;
use std::panic;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;
use std::{env, fs, thread};

const USAGE: &str = "\
replay [--executions N] [--from N] [--seed N] [--threads N]
  --executions N   how many inputs to try (100000000)
  --from N         the number of the first one (0)
  --seed N         of the random numbers (1)
  --threads N      as many as there are processors, unless this is given";

/// The longest input.
const MAX_LEN: usize = 600;

/// Executions that a thread takes at a time.
const BATCH: u64 = 10_000;

struct Arguments {
    executions: u64,
    from: u64,
    seed: u64,
    threads: usize,
}

fn arguments() -> Result<Arguments, String> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut found = Arguments { executions: 100_000_000, from: 0, seed: 1, threads };
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let value = arguments.next().ok_or_else(|| USAGE.to_owned())?;
        let number = || value.parse::<u64>().map_err(|_| format!("{value} is not a number"));
        match argument.as_str() {
            "--executions" => found.executions = number()?,
            "--from" => found.from = number()?,
            "--seed" => found.seed = number()?,
            "--threads" => found.threads = usize::try_from(number()?.max(1)).map_err(|error| error.to_string())?,
            _ => return Err(USAGE.to_owned()),
        }
    }
    Ok(found)
}

fn main() -> ExitCode {
    let arguments = match arguments() {
        Ok(arguments) => arguments,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::FAILURE;
        }
    };
    let seeds = seeds();
    eprintln!("{} seeds, {} threads", seeds.len(), arguments.threads);
    let started = Instant::now();
    let (next, accepted, failed) = (AtomicU64::new(arguments.from), AtomicU64::new(0), AtomicBool::new(false));
    let end = arguments.from.saturating_add(arguments.executions);
    thread::scope(|scope| {
        for _ in 0..arguments.threads {
            scope.spawn(|| run(&arguments, &seeds, end, &next, &accepted, &failed));
        }
    });
    let seconds = started.elapsed().as_secs_f64();
    let accepted = accepted.load(Ordering::Relaxed);
    println!(
        "{} executions in {seconds:.0} s; {accepted} inputs were packets and are written again",
        arguments.executions
    );
    if failed.load(Ordering::Relaxed) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Takes batches of executions until there are no more, or one has failed.
fn run(
    arguments: &Arguments,
    seeds: &[Vec<u8>],
    end: u64,
    next: &AtomicU64,
    accepted: &AtomicU64,
    failed: &AtomicBool,
) {
    let mut input = Vec::with_capacity(2 * MAX_LEN);
    loop {
        let first = next.fetch_add(BATCH, Ordering::Relaxed);
        if first >= end || failed.load(Ordering::Relaxed) {
            return;
        }
        let mut accepted_here = 0;
        for number in first..end.min(first + BATCH) {
            let mut random = Random(arguments.seed.wrapping_mul(0xA076_1D64_78BD_642F) ^ number);
            change(&mut input, seeds, &mut random);
            match panic::catch_unwind(|| accepted_by_both(&input)) {
                Ok(is_accepted) => accepted_here += u64::from(is_accepted),
                Err(_) => {
                    failed.store(true, Ordering::Relaxed);
                    println!("execution {number} of seed {}: {}", arguments.seed, hex(&input));
                    return;
                }
            }
        }
        accepted.fetch_add(accepted_here, Ordering::Relaxed);
    }
}

/// Makes an input: a seed with one to four changes.
fn change(input: &mut Vec<u8>, seeds: &[Vec<u8>], random: &mut Random) {
    input.clear();
    input.extend_from_slice(&seeds[random.below(seeds.len())]);
    for _ in 0..=random.below(4) {
        let place = random.below(input.len().max(1)).min(input.len().saturating_sub(1));
        match random.below(10) {
            0 | 1 => flip(input, place, 1 << random.below(8)),
            2 => set(input, place, [0x00, 0x01, 0x7F, 0x80, 0xFF, b'+', b'#', b'/', b'$'][random.below(9)]),
            3 => set(input, place, random.byte()),
            4 => add(input, place, [1, 0xFF, 2, 0xFE][random.below(4)]),
            5 => input.insert(place, random.byte()),
            6 if !input.is_empty() => drop(input.remove(place)),
            7 => input.truncate(place),
            8 => {
                let end = (place + 1 + random.below(16)).min(input.len());
                let copy = input[place.min(end)..end].to_vec();
                input.splice(place..place, copy);
            }
            _ => {
                let other = &seeds[random.below(seeds.len())];
                let from = random.below(other.len().max(1));
                input.truncate(place);
                input.extend_from_slice(&other[from.min(other.len())..]);
            }
        }
    }
    // Most changes of the length would only be found by the Remaining Length. This makes it right again in half of the inputs.
    if random.below(2) == 0 && input.len() > 6 && input.len() - 6 < 128 {
        input[5] = u8::try_from(input.len() - 6).unwrap_or_default();
    }
    input.truncate(MAX_LEN);
}

fn flip(input: &mut [u8], place: usize, bits: u8) {
    if let Some(byte) = input.get_mut(place) {
        *byte ^= bits;
    }
}

fn set(input: &mut [u8], place: usize, value: u8) {
    if let Some(byte) = input.get_mut(place) {
        *byte = value;
    }
}

fn add(input: &mut [u8], place: usize, value: u8) {
    if let Some(byte) = input.get_mut(place) {
        *byte = byte.wrapping_add(value);
    }
}

/// The seeds of `decode`, and all past findings. The first four bytes of each choose the rules.
fn seeds() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<_> = ["seeds/decode", "findings/decode", "findings/differential"]
        .iter()
        .filter_map(|directory| fs::read_dir(root.join(directory)).ok())
        .flat_map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())))
        .collect();
    paths.sort();
    paths.iter().filter_map(|path| fs::read(path).ok()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from((u128::from(self.next()) * bound as u128) >> 64).unwrap_or_default()
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }
}
