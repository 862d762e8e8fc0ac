//! The cost of one more unit, in time and instructions, as the work grows. See ../README.md.

use mqtt_benches::callgrind::{self, UNDER_CALLGRIND, count_here};
use mqtt_benches::compare::measure;
use mqtt_benches::engine::{Engine, Group, Kind, Task};
use mqtt_benches::engines::{Ours, OursShared, PLAIN, stream_in_pieces};
use mqtt_benches::workloads::{self, Workload};
use serde_json::{Value, json};
use std::process::ExitCode;
use std::time::Duration;
use std::{env, fs};

const HOW_IT_IS_MEASURED: &str = "\
Time and instructions of an operation, and what they come to for a unit. What is linear has the same cost for a unit in
each row, but for the first rows, where the rest of the packet weighs more. `each more`: the difference to the row above,
for each unit that there is more.";

const ROUNDS: usize = 15;
const TURN: Duration = Duration::from_millis(1);

/// A line of a table: the growing quantity, its unit, the group, the engine, and the numbers of units.
struct Point {
    what: &'static str,
    unit: &'static str,
    group: &'static str,
    engine: &'static str,
    units: usize,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == UNDER_CALLGRIND) {
        for_each_task(|_, mut task| count_here(&mut task));
        return ExitCode::SUCCESS;
    }
    let file =
        match &arguments.iter().map(String::as_str).filter(|argument| *argument != "--bench").collect::<Vec<_>>()[..] {
            [] => None,
            ["--json", file] => Some((*file).to_owned()),
            _ => {
                eprintln!("the only option is --json FILE");
                return ExitCode::FAILURE;
            }
        };
    if !arguments.iter().any(|argument| argument == "--bench") {
        println!("measures nothing unless it is a benchmark: cargo bench");
        return ExitCode::SUCCESS;
    }
    println!("{HOW_IT_IS_MEASURED}");
    let mut points = Vec::new();
    let mut times = Vec::new();
    for_each_task(|point, task| {
        let measured = measure(vec![(point.engine, Kind::Ours, task)], ROUNDS, TURN);
        times.push(measured.first().map_or(f64::NAN, |measured| measured.nanoseconds()));
        points.push(point);
    });
    let counts = match callgrind::version().map(|_| callgrind::count(&[], points.len())) {
        Some(Ok(counts)) => Some(counts),
        Some(Err(error)) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
        None => {
            println!("valgrind is not there, so no instructions are counted");
            None
        }
    };
    print_table(&points, &times, counts.as_deref());
    let Some(file) = file else { return ExitCode::SUCCESS };
    let rows = points.iter().enumerate().map(|(place, point)| {
        json!({
            "what": point.what,
            "unit": point.unit,
            "group": point.group,
            "engine": point.engine,
            "units": point.units,
            "nanoseconds": times[place],
            "instructions": counts.as_ref().map(|counts| counts[place]),
        })
    });
    match fs::write(&file, format!("{:#}\n", Value::Array(rows.collect()))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{file}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Returns the same tasks in the same order in the parent and in the child process.
fn for_each_task(mut found: impl FnMut(Point, Task<'_>)) {
    let engines: [&dyn Engine; 3] = [&Ours, &OursShared, &PLAIN];
    let growing = workloads::growing();
    for (what, unit, workloads) in &growing {
        for group in [Group::Decode, Group::Read, Group::Encode, Group::StreamWhole] {
            for engine in engines {
                for workload in workloads.iter().filter(|workload| group.takes(workload)) {
                    if let Ok(task) = engine.task(group, workload) {
                        let (group, engine) = (group.name(), engine.name());
                        found(Point { what, unit, group, engine, units: workload.units }, task);
                    }
                }
            }
        }
    }
    // The same bytes, in an increasing number of pieces.
    let Some(mix) =
        growing.iter().flat_map(|(_, _, all)| all).find(|workload| workload.units == 1_000 && workload.is_stream)
    else {
        return;
    };
    for engine in engines {
        for count in [1, 10, 100, 1_000, 10_000, 100_000] {
            let pieces = in_pieces(mix, count);
            let point = Point {
                what: "pieces of a stream",
                unit: "piece",
                group: "stream",
                engine: engine.name(),
                units: pieces.len(),
            };
            if let Some(task) = stream_in_pieces(engine.kind(), pieces, mix) {
                found(point, task);
            }
        }
    }
}

fn in_pieces(workload: &Workload, count: usize) -> Vec<&[u8]> {
    workload.bytes.chunks(workload.bytes.len().div_ceil(count).max(1)).collect()
}

fn print_table(points: &[Point], times: &[f64], counts: Option<&[u64]>) {
    let name = |point: &Point| (point.what, point.group, point.engine);
    for (place, point) in points.iter().enumerate() {
        let before = place.checked_sub(1).filter(|before| name(&points[*before]) == name(point));
        if before.is_none() {
            println!(
                "\n{}: {}, {}\n{:>10} {:>12} {:>10} {:>10} {:>13} {:>10} {:>10}",
                point.what,
                point.group,
                point.engine,
                point.unit,
                "ns",
                "each",
                "each more",
                "instructions",
                "each",
                "each more"
            );
        }
        let columns = |cost: f64, cost_before: Option<f64>, digits: usize| {
            let each = if point.units == 0 { f64::NAN } else { cost / point.units as f64 };
            let more = match (cost_before, before) {
                (Some(cost_before), Some(before)) => {
                    format!("{:.3}", (cost - cost_before) / (point.units - points[before].units) as f64)
                }
                _ => "-".to_owned(),
            };
            format!("{cost:>12.digits$} {each:>10.3} {more:>10}")
        };
        let time = columns(times[place], before.map(|before| times[before]), 1);
        let instructions = counts.map_or_else(String::new, |counts| {
            columns(counts[place] as f64, before.map(|before| counts[before] as f64), 0)
        });
        println!("{:>10} {time} {instructions}", point.units);
    }
}
