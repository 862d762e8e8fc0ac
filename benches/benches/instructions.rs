//! Instructions for each operation, of the codec and the floors: see ../README.md.

use mqtt_benches::callgrind::{self, UNDER_CALLGRIND, count_here};
use mqtt_benches::engine::{Group, Task};
use mqtt_benches::engines;
use mqtt_benches::workloads::{self, Topics, Workload};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::{env, fs};

const USAGE: &str = "\
options:
  --save FILE      write the counts there, as JSON
  --against FILE   show what has changed since the counts in this file
  --group TEXT     groups whose name begins with this
  --workload TEXT  workloads whose name holds this";

#[derive(Default)]
struct Options {
    save: Option<String>,
    against: Option<String>,
    group: String,
    workload: String,
}

/// The name of an engine, and the index of its task.
type Place = (&'static str, usize);

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let options = match options(&arguments) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("{error}\n{USAGE}");
            return ExitCode::FAILURE;
        }
    };
    if arguments.iter().any(|argument| argument == UNDER_CALLGRIND) {
        for_each_task(&options, |_, _, _, mut task| count_here(&mut task));
        return ExitCode::SUCCESS;
    }
    if !arguments.iter().any(|argument| argument == "--bench") {
        println!("counts nothing unless it is a benchmark: cargo bench");
        return ExitCode::SUCCESS;
    }
    let Some(version) = callgrind::version() else {
        println!("valgrind is not there, so nothing is counted");
        return ExitCode::SUCCESS;
    };
    let (mut rows, mut tasks): (Vec<(Group, String, Vec<Place>)>, _) = (Vec::new(), 0);
    for_each_task(&options, |group, workload, engine, _| {
        match rows.last_mut() {
            Some((of, name, places)) if *of == group && name == workload => places.push((engine, tasks)),
            _ => rows.push((group, workload.to_owned(), vec![(engine, tasks)])),
        }
        tasks += 1;
    });
    // Only these arguments are passed to the child.
    let passed = ["--group".to_owned(), options.group.clone(), "--workload".to_owned(), options.workload.clone()];
    let counts = match callgrind::count(&passed, tasks) {
        Ok(counts) => counts,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    println!(
        "instructions for an operation, counted by {version}; in brackets, of the plain floor (for encoding: memcpy)"
    );
    print_table(&rows, &counts);
    let found = rows.iter().flat_map(|(group, workload, places)| {
        let name = move |engine| format!("{}: {workload}: {engine}", group.name());
        places.iter().map(move |(engine, place)| (name(engine), *place))
    });
    let found: BTreeMap<String, u64> = found.map(|(name, place)| (name, counts[place])).collect();
    if let Some(file) = &options.save {
        let all: Map<String, Value> = found.iter().map(|(name, count)| (name.clone(), json!(count))).collect();
        if let Err(error) = fs::write(file, format!("{:#}\n", Value::Object(all))) {
            eprintln!("{file}: {error}");
            return ExitCode::FAILURE;
        }
    }
    match &options.against {
        Some(file) => print_changes(file, &found),
        None => ExitCode::SUCCESS,
    }
}

fn options(arguments: &[String]) -> Result<Options, String> {
    let mut options = Options::default();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().cloned().ok_or_else(|| format!("{argument} needs a value"));
        match argument.as_str() {
            "--bench" | UNDER_CALLGRIND => {}
            "--save" => options.save = Some(value()?),
            "--against" => options.against = Some(value()?),
            "--group" => options.group = value()?,
            "--workload" => options.workload = value()?,
            _ => return Err(format!("{argument} is not known")),
        }
    }
    Ok(options)
}

/// Returns the same tasks in the same order in the parent and in the child process.
fn for_each_task(options: &Options, mut found: impl FnMut(Group, &str, &'static str, Task<'_>)) {
    let engines = engines::own();
    let workloads: Vec<Workload> =
        workloads::all().into_iter().filter(|workload| workload.name.contains(&options.workload)).collect();
    let topics: Vec<Topics> =
        workloads::topics().into_iter().filter(|topics| topics.name.contains(&options.workload)).collect();
    for group in Group::ALL.into_iter().filter(|group| group.name().starts_with(&options.group)) {
        for workload in workloads.iter().filter(|workload| group.takes(workload)) {
            for engine in &engines {
                if let Ok(task) = engine.task(group, workload) {
                    found(group, &workload.name, engine.name(), task);
                }
            }
        }
        if group == Group::Match {
            for topics in &topics {
                for engine in &engines {
                    if let Ok(task) = engine.matching(topics) {
                        found(group, topics.name, engine.name(), task);
                    }
                }
            }
        }
    }
}

fn print_table(rows: &[(Group, String, Vec<Place>)], counts: &[u64]) {
    let mut last = None;
    for (group, workload, places) in rows {
        if last != Some(*group) {
            let [ours, shared, plain, fused] = ["ours", "ours, shared", "plain floor", "fused floor"];
            println!("\n{:<42} {ours:>18} {shared:>18} {plain:>11} {fused:>18} {:>10}", group.name(), "memcpy");
            last = Some(*group);
        }
        let of = |name: &str| places.iter().find(|(engine, _)| *engine == name).map(|(_, place)| counts[*place]);
        let base = of("plain floor").or_else(|| of("memcpy"));
        let with_ratio = |count: Option<u64>| match (count, base) {
            (Some(count), Some(base)) => format!("{count} [{:.2}]", count as f64 / base as f64),
            (Some(count), None) => count.to_string(),
            (None, _) => "-".to_owned(),
        };
        let plain = |count: Option<u64>| count.map_or_else(|| "-".to_owned(), |count| count.to_string());
        println!(
            "{workload:<42} {:>18} {:>18} {:>11} {:>18} {:>10}",
            with_ratio(of("ours")),
            with_ratio(of("ours, shared")),
            plain(of("plain floor")),
            with_ratio(of("fused floor")),
            plain(of("memcpy")),
        );
    }
}

fn print_changes(file: &str, found: &BTreeMap<String, u64>) -> ExitCode {
    let before = fs::read_to_string(file).map_err(|error| error.to_string());
    let before = before.and_then(|text| serde_json::from_str(&text).map_err(|error| error.to_string()));
    let before: BTreeMap<String, u64> = match before {
        Ok(before) => before,
        Err(error) => {
            eprintln!("{file}: {error}");
            return ExitCode::FAILURE;
        }
    };
    println!("\nagainst {file}: before, now, now/before");
    let mut same = 0;
    let mut changes = Vec::new();
    for (name, now) in found {
        match before.get(name) {
            Some(before) if before == now => same += 1,
            Some(before) => changes.push((*now as f64 / (*before).max(1) as f64, name, *before, *now)),
            None => println!("{name}: new, {now}"),
        }
    }
    changes.sort_by(|one, other| other.0.total_cmp(&one.0));
    for (ratio, name, before, now) in &changes {
        println!("{ratio:>6.3} {before:>10} {now:>10}  {name}");
    }
    println!("{same} are the same, {} are not", changes.len());
    ExitCode::SUCCESS
}
