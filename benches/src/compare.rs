//! Measures engines in turns, so that a disturbance affects all of them, and prints tables for comparison.
//!
//! Each group and workload is measured in rounds, in some processes. In a round every engine runs once, for about one and
//! a half milliseconds, in an order that rotates from round to round. The time of an engine is the median over the rounds
//! of all processes. The ratio of two engines is the median of the ratios of each round, which noise affects less than the
//! ratio of the medians.

use crate::engine::{Engine, Group, Kind, Made, Skipped, Task};
use crate::workloads::{self, Topics, Workload};
use crate::{allocations, engines};
use core::time::Duration;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs, io};

/// The options of a measurement.
#[derive(Clone, Debug)]
pub struct Options {
    /// The number of rounds.
    pub rounds: usize,
    /// How many processes measure. Where the code and the memory of a process lie differs, and decides whether an engine
    /// takes twice the time, in one process of five.
    pub processes: usize,
    /// The file that a process writes its rounds to, for the process that started it.
    rounds_to: Option<String>,
    /// The time that an engine runs in a round.
    pub turn: Duration,
    /// Selects groups whose names contain one of these texts. If it is empty, all groups are measured.
    pub groups: Vec<String>,
    /// Selects workloads whose names contain one of these texts. If it is empty, all workloads are measured.
    pub workloads: Vec<String>,
    /// The file to write the numbers to, as JSON.
    pub json: Option<String>,
    /// Whether to print which engines have no task, and why.
    pub explain: bool,
}

const USAGE: &str = "\
options (each of the first two may be given many times):
  --group TEXT      groups whose name holds this: decode, read, encode, encoded-len, stream-whole, stream-segments,
                    stream-trickled, forward, match
  --workload TEXT   workloads whose name holds this
  --rounds N        how many rounds in each process (11)
  --processes N     how many processes (3)
  --turn MICROS     how long an engine runs in a round, in microseconds (1500)
  --json FILE       write all numbers there too
  --explain         say which engine has no task, and why";

impl Options {
    /// Parses the command line.
    fn from_arguments(arguments: &[String]) -> Result<Self, String> {
        let turn = Duration::from_micros(1_500);
        let (groups, workloads) = (Vec::new(), Vec::new());
        let (json, rounds_to, explain) = (None, None, false);
        let mut options = Self { rounds: 11, processes: 3, rounds_to, turn, groups, workloads, json, explain };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().cloned().ok_or_else(|| format!("{argument} needs a value"));
            let number = |text: String| text.parse::<u32>().map_err(|_| format!("{text} is no number"));
            match argument.as_str() {
                "--bench" => {}
                "--group" => options.groups.push(value()?),
                "--workload" => options.workloads.push(value()?),
                "--rounds" => options.rounds = number(value()?)?.max(1) as usize,
                "--processes" => options.processes = number(value()?)?.max(1) as usize,
                "--rounds-to" => options.rounds_to = Some(value()?),
                "--turn" => options.turn = Duration::from_micros(number(value()?)?.into()),
                "--json" => options.json = Some(value()?),
                "--explain" => options.explain = true,
                _ => return Err(format!("{argument} is not known\n{USAGE}")),
            }
        }
        Ok(options)
    }

    fn takes(&self, group: Group, workload: &str) -> bool {
        let holds = |all: &[String], name: &str| all.is_empty() || all.iter().any(|part| name.contains(part.as_str()));
        // If the name of a group is a part of another name, only the exact group is selected: `encode` does not select
        // `encoded-len`.
        let is_group = self.groups.iter().any(|name| name == group.name())
            || holds(&self.groups, group.name())
                && !Group::ALL.iter().any(|other| self.groups.contains(&other.name().to_owned()));
        is_group && holds(&self.workloads, workload)
    }
}

/// The result of an engine.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The engine.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Nanoseconds for an operation, for each round.
    pub rounds: Vec<f64>,
    /// The number of allocations of an operation.
    pub allocations: f64,
}

impl Measured {
    /// Returns the median over the rounds, in nanoseconds.
    #[must_use]
    pub fn nanoseconds(&self) -> f64 {
        median(self.rounds.clone())
    }

    /// Returns how much slower it is than another engine: the median of the ratios.
    #[must_use]
    pub fn ratio(&self, other: &Self) -> f64 {
        median(self.rounds.iter().zip(&other.rounds).map(|(one, other)| one / other).collect())
    }
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A row of a table: a group, a workload, and all engines that have a task for them.
#[derive(Clone, Debug)]
pub struct Row {
    /// The group.
    pub group: Group,
    /// The workload's name.
    pub workload: String,
    /// The number of bytes of an operation.
    pub bytes: usize,
    /// The number of packets, or of pairs of topics.
    pub packets: usize,
    /// The engines that take part.
    pub measured: Vec<Measured>,
    /// The engines that do not take part, with the reason.
    pub skipped: Vec<(&'static str, Skipped)>,
}

impl Row {
    fn find(&self, name: &str) -> Option<&Measured> {
        self.measured.iter().find(|measured| measured.name == name)
    }

    fn kind(&self, kind: Kind) -> Option<&Measured> {
        self.measured.iter().find(|measured| measured.kind == kind)
    }

    /// Returns the engine that all are compared with: the plain floor, or memcpy for encoding.
    fn base(&self) -> Option<&Measured> {
        self.find("plain floor").or_else(|| self.find("memcpy"))
    }

    fn fastest(&self, kinds: &[Kind]) -> Option<&Measured> {
        let rivals = self.measured.iter().filter(|measured| kinds.contains(&measured.kind));
        rivals.min_by(|one, other| one.nanoseconds().total_cmp(&other.nanoseconds()))
    }

    fn fastest_rival(&self) -> Option<&Measured> {
        self.fastest(&[Kind::Rival, Kind::BorrowingRival])
    }

    /// Returns the engine that a sharing decoder is compared with: the fastest rival that also shares or copies.
    fn fastest_owner(&self) -> Option<&Measured> {
        self.fastest(&[Kind::Rival])
    }

    fn to_json(&self) -> Value {
        let engine = |measured: &Measured| {
            json!({
                "engine": measured.name,
                "kind": format!("{:?}", measured.kind),
                "nanoseconds": measured.nanoseconds(),
                "to_base": self.base().map(|base| measured.ratio(base)),
                "to_fastest_owner": self.fastest_owner().map(|rival| measured.ratio(rival)),
                "to_fastest_rival": self.fastest_rival().map(|rival| measured.ratio(rival)),
                "allocations": measured.allocations,
            })
        };
        json!({
            "group": self.group.name(),
            "workload": self.workload,
            "bytes": self.bytes,
            "packets": self.packets,
            "base": self.base().map(|base| base.name),
            "fastest_rival": self.fastest_rival().map(|rival| rival.name),
            "engines": self.measured.iter().map(engine).collect::<Vec<_>>(),
            "skipped": self.skipped.iter().map(|(name, why)| json!({ "engine": name, "why": why })).collect::<Vec<_>>(),
        })
    }
}

/// Measures the tasks of one row in turns.
#[must_use]
pub fn measure(tasks: Vec<(&'static str, Kind, Task<'_>)>, rounds: usize, turn: Duration) -> Vec<Measured> {
    let mut tasks: Vec<_> = tasks
        .into_iter()
        .map(|(name, kind, mut task)| {
            let times = times_in(&mut task, turn);
            let few = times.min(256);
            let before = allocations::count();
            task.run(few);
            let allocations = (allocations::count() - before) as f64 / few as f64;
            (task, times, Measured { name, kind, rounds: Vec::with_capacity(rounds), allocations })
        })
        .collect();
    for round in 0..rounds {
        for place in 0..tasks.len() {
            let next = (place + round) % tasks.len();
            let (task, times, measured) = &mut tasks[next];
            let elapsed = task.run(*times);
            measured.rounds.push(elapsed.as_nanos() as f64 / *times as f64);
        }
    }
    tasks.into_iter().map(|(_, _, measured)| measured).collect()
}

/// Returns how often a task can run in this time. The number is doubled until it takes a quarter of the time.
#[must_use]
pub fn times_in(task: &mut Task<'_>, turn: Duration) -> u64 {
    let mut times = 1;
    loop {
        let elapsed = task.run(times);
        if elapsed * 4 >= turn || times > 1 << 30 {
            let one = (elapsed.as_nanos() as f64 / times as f64).max(0.1);
            return ((turn.as_nanos() as f64 / one) as u64).max(1);
        }
        times *= 2;
    }
}

fn row<'w>(
    group: Group,
    (workload, bytes, packets): (&str, usize, usize),
    engines: &[Box<dyn Engine>],
    make: impl Fn(&dyn Engine) -> Made<'w>,
    (options, others): (&Options, &Rounds),
) -> Row {
    let (mut tasks, mut skipped) = (Vec::new(), Vec::new());
    for engine in engines {
        match make(engine.as_ref()) {
            Ok(task) => tasks.push((engine.name(), engine.kind(), task)),
            Err(why) => skipped.push((engine.name(), why)),
        }
    }
    let mut measured = measure(tasks, options.rounds, options.turn);
    for engine in &mut measured {
        let key = rounds_key(group, workload, engine.name);
        engine.rounds.extend(others.iter().filter_map(|process| process.get(&key)).flatten());
    }
    Row { group, workload: workload.to_owned(), bytes, packets, measured, skipped }
}

/// Runs the program: measures these engines beside those of this package, and prints the tables.
#[must_use]
pub fn main(rivals: Vec<Box<dyn Engine>>, versions: &[String]) -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if !arguments.iter().any(|argument| argument == "--bench") {
        println!("measures nothing unless it is a benchmark: cargo bench");
        return ExitCode::SUCCESS;
    }
    let options = match Options::from_arguments(&arguments) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let others = match measure_in_processes(&options, &arguments) {
        Ok(others) => others,
        Err(error) => {
            eprintln!("another process: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut engines = engines::own();
    engines.extend(rivals);
    println!("nanoseconds for an operation; in brackets allocations, if there are any. {HOW}");
    if !versions.is_empty() {
        println!("rivals: {}", versions.join(", "));
    }
    let (workloads, topics) = (workloads::all(), workloads::topics());
    let mut rows = Vec::new();
    for group in Group::ALL {
        let of_group = rows_of(group, &workloads, &topics, &engines, (&options, &others));
        rows.extend(of_group);
    }
    if let Some(file) = &options.rounds_to {
        return write(file, &rounds_to_json(&rows));
    }
    let goals = judge(&rows);
    print_goals(&goals);
    if let Some(file) = &options.json {
        let all = json!({
            "processes": options.processes,
            "rounds": options.rounds,
            "turn_nanoseconds": options.turn.as_nanos() as u64,
            "rivals": versions,
            "rows": rows.iter().map(Row::to_json).collect::<Vec<_>>(),
            "goals": goals.iter().map(Judged::to_json).collect::<Vec<_>>(),
        });
        return write(file, &all);
    }
    ExitCode::SUCCESS
}

fn write(file: &str, all: &Value) -> ExitCode {
    match fs::write(file, format!("{all:#}\n")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{file}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The rounds of other processes, for each of them by group, workload and engine.
type Rounds = Vec<BTreeMap<String, Vec<f64>>>;

fn rounds_key(group: Group, workload: &str, engine: &str) -> String {
    format!("{}: {workload}: {engine}", group.name())
}

fn rounds_to_json(rows: &[Row]) -> Value {
    let engines = rows.iter().flat_map(|row| row.measured.iter().map(move |engine| (row, engine)));
    engines.map(|(row, engine)| (rounds_key(row.group, &row.workload, engine.name), json!(engine.rounds))).collect()
}

/// Measures the same in the other processes, one after the other.
fn measure_in_processes(options: &Options, arguments: &[String]) -> io::Result<Rounds> {
    let others = if options.rounds_to.is_some() { 0 } else { options.processes - 1 };
    let file = env::temp_dir().join(format!("mqtt-benches-rounds-{}.json", std::process::id()));
    let measure = |_| {
        let mut process = Command::new(env::current_exe()?);
        let finished = process.args(arguments).arg("--rounds-to").arg(&file).stdout(Stdio::null()).status()?;
        if !finished.success() {
            return Err(io::Error::other("has failed"));
        }
        let rounds = serde_json::from_slice(&fs::read(&file)?)?;
        fs::remove_file(&file)?;
        Ok(rounds)
    };
    (0..others).map(measure).collect()
}

const HOW: &str = "\
All engines of a row ran in turns, in some
processes; times and ratios are medians over the rounds. base: the plain floor, for encoding memcpy. rival: the fastest; for\n`shared` the fastest that does not borrow.";

fn rows_of(
    group: Group,
    workloads: &[Workload],
    topics: &[Topics],
    engines: &[Box<dyn Engine>],
    (options, others): (&Options, &Rounds),
) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut add = |row: Row| {
        if rows.is_empty() {
            print_head(group);
        }
        print_row(&row, options);
        rows.push(row);
    };
    if group == Group::Match {
        for topics in topics.iter().filter(|topics| options.takes(group, topics.name)) {
            let bytes = topics.pairs.iter().map(|(filter, name, _)| filter.len() + name.len()).sum();
            let size = (topics.name, bytes, topics.pairs.len());
            add(row(group, size, engines, |engine| engine.matching(topics), (options, others)));
        }
        return rows;
    }
    for workload in workloads {
        if group.takes(workload) && options.takes(group, &workload.name) {
            let size = (&*workload.name, workload.bytes.len(), workload.packets);
            add(row(group, size, engines, |engine| engine.task(group, workload), (options, others)));
        }
    }
    rows
}

fn print_head(group: Group) {
    println!(
        "\n{:<44} {:>9} {:>9} {:>9} {:>9} | {:>6} {:>6} {:>7} {:>7} | {:>7} {:>7}  fastest rival",
        group.name(),
        "ours",
        "shared",
        "base",
        "fused",
        "ours/",
        "ours/",
        "ours/",
        "shared/",
        "Mpkt/s",
        "MB/s",
    );
    println!(
        "{:<44} {:>9} {:>9} {:>9} {:>9} | {:>6} {:>6} {:>7} {:>7} | {:>7} {:>7}",
        "", "", "", "", "", "base", "fused", "rival", "rival", "ours", "ours"
    );
}

fn print_row(row: &Row, options: &Options) {
    let time = |measured: Option<&Measured>| measured.map_or_else(|| "-".to_owned(), with_allocations);
    let ratio = |one: Option<&Measured>, other: Option<&Measured>| match (one, other) {
        (Some(one), Some(other)) => format!("{:.2}", one.ratio(other)),
        _ => "-".to_owned(),
    };
    let (ours, shared) = (row.kind(Kind::Ours), row.kind(Kind::OursShared));
    let (base, fused, rival) = (row.base(), row.find("fused floor"), row.fastest_rival());
    let in_a_second = |amount: usize| ours.map_or(f64::NAN, |ours| amount as f64 * 1e3 / ours.nanoseconds());
    let (packets, megabytes) = (in_a_second(row.packets), in_a_second(row.bytes));
    println!(
        "{:<44} {:>9} {:>9} {:>9} {:>9} | {:>6} {:>6} {:>7} {:>7} | {packets:>7.2} {megabytes:>7.0}  {}",
        row.workload,
        time(ours),
        time(shared),
        time(base),
        time(fused),
        ratio(ours, base),
        ratio(ours, fused),
        ratio(ours, rival),
        ratio(shared, row.fastest_owner()),
        rival.map_or("-", |rival| rival.name),
    );
    if let Some(frames) = row.kind(Kind::OursFrames) {
        let (of_shared, of_rival) = (ratio(Some(frames), shared), ratio(Some(frames), row.fastest_owner()));
        let of_memcpy = ratio(Some(frames), row.find("memcpy"));
        println!(
            "    frames {}: {of_shared} of shared, {of_rival} of the fastest rival that shares or copies, {of_memcpy} of memcpy",
            with_allocations(frames)
        );
    }
    let mut rivals: Vec<&Measured> = row.measured.iter().filter(|measured| is_rival(measured.kind)).collect();
    rivals.sort_by(|one, other| one.nanoseconds().total_cmp(&other.nanoseconds()));
    if !rivals.is_empty() {
        let all: Vec<String> = rivals.iter().map(|one| format!("{} {}", one.name, with_allocations(one))).collect();
        println!("    {}", all.join(", "));
    }
    if options.explain {
        for (name, why) in &row.skipped {
            println!("    no {name}: it {why}");
        }
    }
}

const fn is_rival(kind: Kind) -> bool {
    matches!(kind, Kind::Rival | Kind::BorrowingRival)
}

fn with_allocations(measured: &Measured) -> String {
    let time = short(measured.nanoseconds());
    // A buffer that is refilled for many operations counts as a fraction of an allocation for each.
    let allocations = measured.allocations;
    if allocations < 0.1 { time } else { format!("{time} [{}]", (allocations * 10.0).round() / 10.0) }
}

/// Formats a time with three digits, and with its unit if it is not nanoseconds.
fn short(nanoseconds: f64) -> String {
    match nanoseconds {
        ..10.0 => format!("{nanoseconds:.2}"),
        ..100.0 => format!("{nanoseconds:.1}"),
        ..10_000.0 => format!("{nanoseconds:.0}"),
        ..1e6 => format!("{:.1}us", nanoseconds / 1e3),
        _ => format!("{:.2}ms", nanoseconds / 1e6),
    }
}

/// A goal: its description, the rows that it concerns, the largest allowed ratio, and the function that returns the
/// ratio of a row.
type Goal = (&'static str, f64, fn(&Row) -> Option<f64>);

fn is_encode(row: &Row) -> bool {
    row.group == Group::Encode
}

fn is_sequence(row: &Row) -> bool {
    row.workload.contains("50 filters") || row.workload.contains("8 properties")
}

fn is_decode_of_publish(row: &Row) -> bool {
    row.group == Group::Decode && row.workload.contains("PUBLISH")
}

fn is_stream_of_mix(row: &Row) -> bool {
    matches!(row.group, Group::StreamWhole | Group::StreamSegments) && row.workload.contains("mix")
}

/// Where the least that an operation can cost misses a goal, nothing can reach it there: these goals begin with "the least".
const GOALS: [Goal; 20] = [
    ("borrowed decode / plain floor", 1.0, |row| {
        let is_decode = row.group == Group::Decode;
        Some(row.kind(Kind::Ours)?.ratio(row.find("plain floor")?)).filter(|_| is_decode)
    }),
    ("borrowed decode / fused floor", 1.15, |row| {
        let is_decode = row.group == Group::Decode;
        Some(row.kind(Kind::Ours)?.ratio(row.find("fused floor")?)).filter(|_| is_decode)
    }),
    ("shared decode / fastest rival that shares or copies", 0.5, |row| {
        let is_decode = row.group == Group::Decode;
        Some(row.kind(Kind::OursShared)?.ratio(row.fastest_owner()?)).filter(|_| is_decode)
    }),
    ("encode / fastest rival", 0.7, |row| {
        Some(row.kind(Kind::Ours)?.ratio(row.fastest_rival()?)).filter(|_| is_encode(row))
    }),
    ("the least, memcpy / fastest rival", 0.7, |row| {
        Some(row.find("memcpy")?.ratio(row.fastest_rival()?)).filter(|_| is_encode(row))
    }),
    ("encode into a BytesMut / fastest rival", 0.7, |row| {
        Some(row.kind(Kind::OursShared)?.ratio(row.fastest_rival()?)).filter(|_| is_encode(row))
    }),
    ("the least, append / fastest rival", 0.7, |row| {
        Some(row.find("append")?.ratio(row.fastest_rival()?)).filter(|_| is_encode(row))
    }),
    ("encode of sequences / memcpy", 2.0, |row| {
        Some(row.kind(Kind::Ours)?.ratio(row.find("memcpy")?)).filter(|_| is_encode(row) && is_sequence(row))
    }),
    ("borrowed stream of a mix / fastest rival", 0.5, |row| {
        Some(row.kind(Kind::Ours)?.ratio(row.fastest_rival()?)).filter(|_| is_stream_of_mix(row))
    }),
    ("shared stream of a mix / fastest rival that shares or copies", 0.5, |row| {
        Some(row.kind(Kind::OursShared)?.ratio(row.fastest_owner()?)).filter(|_| is_stream_of_mix(row))
    }),
    ("frame of a PUBLISH from a stream / shared decode", 0.5, |row| {
        Some(row.kind(Kind::OursFrames)?.ratio(row.kind(Kind::OursShared)?)).filter(|_| is_decode_of_publish(row))
    }),
    ("frame of a PUBLISH from a stream / fastest rival that shares or copies", 0.5, |row| {
        Some(row.kind(Kind::OursFrames)?.ratio(row.fastest_owner()?)).filter(|_| is_decode_of_publish(row))
    }),
    ("the least, frame floor of a PUBLISH / fastest rival that shares or copies", 0.5, |row| {
        Some(row.find("frame floor")?.ratio(row.fastest_owner()?)).filter(|_| is_decode_of_publish(row))
    }),
    ("frame of a PUBLISH from a stream / frame floor", 1.15, |row| {
        Some(row.kind(Kind::OursFrames)?.ratio(row.find("frame floor")?)).filter(|_| is_decode_of_publish(row))
    }),
    ("frames of a stream of a mix / frame floor", 1.15, |row| {
        Some(row.kind(Kind::OursFrames)?.ratio(row.find("frame floor")?)).filter(|_| is_stream_of_mix(row))
    }),
    ("frames of a stream of a mix / fastest rival that shares or copies", 0.5, |row| {
        Some(row.kind(Kind::OursFrames)?.ratio(row.fastest_owner()?)).filter(|_| is_stream_of_mix(row))
    }),
    ("the least, frame floor of a mix / fastest rival that shares or copies", 0.5, |row| {
        Some(row.find("frame floor")?.ratio(row.fastest_owner()?)).filter(|_| is_stream_of_mix(row))
    }),
    ("one subscriber of many / decode, change, encode by the fastest rival that shares or copies", 0.1, |row| {
        Some(row.kind(Kind::OursFrames)?.ratio(row.fastest_owner()?)).filter(|_| row.group == Group::Forward)
    }),
    ("one subscriber of many / memcpy of the packet", 2.0, |row| {
        Some(row.kind(Kind::OursFrames)?.ratio(row.find("memcpy")?)).filter(|_| row.group == Group::Forward)
    }),
    ("allocations when borrowing", 0.0, |row| Some(row.kind(Kind::Ours)?.allocations)),
];

/// The outcome of a goal: the number of rows that it concerns, and the rows that miss it, the worst first.
struct Judged<'r> {
    name: &'static str,
    limit: f64,
    rows: usize,
    missed: Vec<(&'r Row, f64)>,
}

impl Judged<'_> {
    fn to_json(&self) -> Value {
        let missed = self
            .missed
            .iter()
            .map(|(row, ratio)| json!({ "ratio": ratio, "group": row.group.name(), "workload": row.workload }));
        json!({ "name": self.name, "limit": self.limit, "rows": self.rows, "missed": missed.collect::<Vec<_>>() })
    }
}

fn judge(rows: &[Row]) -> Vec<Judged<'_>> {
    let judge = |(name, limit, of_row): Goal| {
        let found: Vec<(&Row, f64)> = rows.iter().filter_map(|row| Some((row, of_row(row)?))).collect();
        let mut missed: Vec<(&Row, f64)> = found.iter().filter(|(_, ratio)| *ratio > limit).copied().collect();
        missed.sort_by(|one, other| other.1.total_cmp(&one.1));
        Judged { name, limit, rows: found.len(), missed }
    };
    GOALS.into_iter().map(judge).filter(|goal| goal.rows > 0).collect()
}

fn print_goals(goals: &[Judged<'_>]) {
    println!("\ngoals: how many rows reach them, and those that do not");
    for goal in goals {
        println!("{} at most {}: {} of {}", goal.name, goal.limit, goal.rows - goal.missed.len(), goal.rows);
        for (row, ratio) in &goal.missed {
            println!("    {ratio:.2} {}: {}", row.group.name(), row.workload);
        }
    }
}
