//! Draws charts of the results of `compare` and `growth`: `report RESULTS DEFAULT.json LTO.json GROWTH.json`, see
//! `benches/report`.

use plotters::coord::Shift;
use plotters::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

type Failure = Box<dyn Error>;

/// For each name, points: the number of units and the cost.
type Lines = BTreeMap<String, Vec<(f64, f64)>>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [results, default, lto, growth] = &arguments[..] else {
        return Err("usage: report RESULTS DEFAULT.json LTO.json GROWTH.json".into());
    };
    fs::create_dir_all(results)?;
    let (default, lto, growth) = (read(default)?, read(lto)?, read(growth)?);
    let mut table = String::new();
    for (name, settings) in [("cargo's default release settings", &default), ("fat LTO, one codegen unit", &lto)] {
        writeln!(table, "## {name}\n")?;
        goals(&mut table, settings)?;
        tables(&mut table, settings)?;
    }
    fs::write(results.join("tables.md"), table)?;
    for (group, title) in
        [("decode", "decoding"), ("encode", "encoding"), ("stream", "streams"), ("forward", "forwarding")]
    {
        let file = results.join(format!("{group}.svg"));
        beside(&file, title, &rows(&default, group))?;
    }
    growing(&results.join("growth.svg"), &growth)
}

fn read(file: &Path) -> Result<Value, Failure> {
    Ok(serde_json::from_str(&fs::read_to_string(file)?)?)
}

/// A line of `compare`: the operation, the workload, and the time of each engine.
struct Row<'a> {
    name: String,
    packets: f64,
    bytes: f64,
    engines: Vec<Engine<'a>>,
}

struct Engine<'a> {
    name: &'a str,
    kind: &'a str,
    nanoseconds: f64,
    allocations: f64,
}

/// The workload and, for a stream, its pieces.
fn name_of(row: &Value) -> String {
    let (group, workload) = (row["group"].as_str().unwrap_or(""), row["workload"].as_str().unwrap_or(""));
    group.strip_prefix("stream-").map_or(workload.to_owned(), |how| format!("{workload}, {how}"))
}

fn rows<'a>(measured: &'a Value, group: &str) -> Vec<Row<'a>> {
    let all = measured["rows"].as_array().map_or(&[][..], Vec::as_slice);
    let is_of_group = |name: &str| name == group || name.split_once('-').is_some_and(|(of, _)| of == group);
    all.iter()
        .filter(|row| row["group"].as_str().is_some_and(is_of_group))
        .map(|row| {
            let engines = row["engines"].as_array().map_or(&[][..], Vec::as_slice);
            let engines = engines.iter().filter_map(|engine| {
                Some(Engine {
                    name: engine["engine"].as_str()?,
                    kind: engine["kind"].as_str()?,
                    nanoseconds: engine["nanoseconds"].as_f64()?,
                    allocations: engine["allocations"].as_f64()?,
                })
            });
            let number = |name: &str| row[name].as_f64().unwrap_or(f64::NAN);
            let (packets, bytes) = (number("packets"), number("bytes"));
            Row { name: name_of(row), packets, bytes, engines: engines.collect() }
        })
        .collect()
}

/// A goal, the number of rows that reach it, and the rows that do not.
fn goals(table: &mut String, measured: &Value) -> Result<(), Failure> {
    writeln!(table, "### goals\n\n| ratio | goal | reached by | not by |\n| --- | ---: | ---: | --- |")?;
    for goal in measured["goals"].as_array().ok_or("no goals were measured")? {
        let (name, limit) = (goal["name"].as_str().unwrap_or(""), &goal["limit"]);
        let rows = goal["rows"].as_u64().unwrap_or(0);
        let missed = goal["missed"].as_array().map_or(&[][..], Vec::as_slice);
        let reached = rows.saturating_sub(u64::try_from(missed.len())?);
        let missed: Vec<String> = missed
            .iter()
            .map(|row| format!("{} ({:.2})", name_of(row), row["ratio"].as_f64().unwrap_or(f64::NAN)))
            .collect();
        writeln!(table, "| {name} | {limit} | {reached} of {rows} | {} |", missed.join("; "))?;
    }
    table.push('\n');
    Ok(())
}

/// The time of each engine, with its allocations in brackets, and the throughput of this codec.
fn tables(table: &mut String, measured: &Value) -> Result<(), Failure> {
    for group in ["decode", "read", "encode", "encoded-len", "stream", "forward", "match"] {
        let rows = rows(measured, group);
        let mut names: Vec<&str> = Vec::new();
        for engine in rows.iter().flat_map(|row| &row.engines) {
            if !names.contains(&engine.name) {
                names.push(engine.name);
            }
        }
        writeln!(table, "### {group}, ns [allocations]\n\n| | ours, Mpkt/s | MB/s | {} |", names.join(" | "))?;
        writeln!(table, "| --- | ---: | ---: |{}", " ---: |".repeat(names.len()))?;
        for row in rows {
            write!(table, "| {} |", row.name)?;
            match row.engines.iter().find(|engine| engine.kind == "Ours") {
                Some(Engine { nanoseconds, .. }) => {
                    let (packets, bytes) = (row.packets / nanoseconds * 1e3, row.bytes / nanoseconds * 1e3);
                    write!(table, " {} | {bytes:.0} |", three_digits(packets))?;
                }
                None => table.push_str(" | |"),
            }
            for name in &names {
                match row.engines.iter().find(|engine| engine.name == *name) {
                    Some(Engine { nanoseconds, allocations, .. }) if *allocations > 0.0 => {
                        let allocations = (allocations * 100.0).round() / 100.0;
                        write!(table, " {} [{allocations}] |", three_digits(*nanoseconds))?;
                    }
                    Some(Engine { nanoseconds, .. }) => write!(table, " {} |", three_digits(*nanoseconds))?,
                    None => table.push_str(" |"),
                }
            }
            table.push('\n');
        }
        table.push('\n');
    }
    Ok(())
}

/// 0.123, 1.23, 12.3, 123, 1230.
fn three_digits(number: f64) -> String {
    let decimals = (2.0 - number.abs().max(1e-9).log10().floor()).clamp(0.0, 3.0);
    format!("{number:.*}", decimals as usize)
}

const OURS: RGBColor = RGBColor(0xD0, 0x20, 0x20);
const SHARED: RGBColor = RGBColor(0xF0, 0x90, 0x30);
const FRAMES: RGBColor = RGBColor(0x30, 0x90, 0x50);
const FLOOR: RGBColor = RGBColor(0x20, 0x20, 0x20);
const FUSED: RGBColor = RGBColor(0x90, 0x90, 0x90);
const KEEPING: RGBColor = RGBColor(0xB8, 0xA0, 0x58);
const RIVALS: RGBColor = RGBColor(0x40, 0x78, 0xC0);

fn colour(name: &str, kind: &str) -> RGBColor {
    match (kind, name) {
        ("Ours", _) => OURS,
        ("OursShared", _) => SHARED,
        ("OursFrames", _) => FRAMES,
        ("Floor", "fused floor") => FUSED,
        ("Floor", "frame floor" | "append" | "frame floor, append") => KEEPING,
        ("Floor", _) => FLOOR,
        _ => RIVALS,
    }
}

/// A line for each row, a dot for each engine, the time on a logarithmic scale.
fn beside(file: &Path, title: &str, rows: &[Row<'_>]) -> Result<(), Failure> {
    let times = || rows.iter().flat_map(|row| row.engines.iter().map(|engine| engine.nanoseconds));
    let (Some(least), Some(most)) = (times().reduce(f64::min), times().reduce(f64::max)) else {
        return Ok(());
    };
    let height = 130 + 20 * u32::try_from(rows.len())?;
    let area = SVGBackend::new(file, (1000, height)).into_drawing_area();
    area.fill(&WHITE)?;
    let last = rows.len() as f64;
    let (legend, area) = area.split_vertically(30);
    let mut chart = ChartBuilder::on(&area)
        .caption(format!("{title}: nanoseconds an operation, less is better"), ("sans-serif", 18))
        .margin(10)
        .x_label_area_size(30)
        .y_label_area_size(330)
        .build_cartesian_2d((least * 0.8..most * 1.3).log_scale(), last - 0.5..-0.5)?;
    let label = |place: &f64| {
        let row = (place.fract() == 0.0 && *place >= 0.0).then(|| rows.get(*place as usize)).flatten();
        row.map_or(String::new(), |row| row.name.clone())
    };
    chart
        .configure_mesh()
        .y_labels(rows.len() * 2 + 1)
        .y_label_formatter(&label)
        .y_label_style(("sans-serif", 13))
        .x_label_formatter(&|time| three_digits(*time))
        .light_line_style(WHITE)
        .draw()?;
    for (place, (name, kind)) in (0_i32..).zip([
        ("another codec", "Rival"),
        ("plain floor, memcpy", "Floor"),
        ("fused floor", "Floor"),
        ("frame floor, append", "Floor"),
        ("mqtt-codec, frames", "OursFrames"),
        ("mqtt-codec, shared", "OursShared"),
        ("mqtt-codec", "Ours"),
    ]) {
        let colour = colour(name, kind);
        let dots = rows.iter().enumerate().flat_map(|(place, row)| {
            let of_colour = row.engines.iter().filter(move |engine| self::colour(engine.name, engine.kind) == colour);
            of_colour.map(move |engine| Circle::new((engine.nanoseconds, place as f64), 4, colour.filled()))
        });
        chart.draw_series(dots)?;
        let x = 20 + 140 * place;
        legend.draw(&Circle::new((x, 18), 4, colour.filled()))?;
        legend.draw(&Text::new(name, (x + 10, 11), ("sans-serif", 14)))?;
    }
    area.present()?;
    Ok(())
}

/// The growth of costs. On two logarithmic scales, linear growth is a straight line, and all such lines are parallel.
fn growing(file: &Path, points: &Value) -> Result<(), Failure> {
    const MEASURES: [&str; 2] = ["nanoseconds", "instructions"];
    let mut charts: BTreeMap<&str, [Lines; 2]> = BTreeMap::new();
    for point in points.as_array().map_or(&[][..], Vec::as_slice) {
        let text = |name: &str| point[name].as_str().unwrap_or("");
        let line = format!("{}, {}", text("group"), text("engine"));
        for (measure, lines) in MEASURES.iter().zip(charts.entry(text("what")).or_default()) {
            if let (Some(units), Some(taken)) = (point["units"].as_f64(), point[measure].as_f64()) {
                lines.entry(line.clone()).or_default().push((units.max(1.0), taken));
            }
        }
    }
    let area = SVGBackend::new(file, (1200, 300 * u32::try_from(charts.len())?)).into_drawing_area();
    area.fill(&WHITE)?;
    for (part, (what, measured)) in area.split_evenly((charts.len(), 1)).iter().zip(&charts) {
        let (both, legend) = part.split_horizontally(980);
        for ((chart, measure), lines) in both.split_evenly((1, 2)).iter().zip(MEASURES).zip(measured) {
            // Without valgrind there are no counts.
            if !lines.is_empty() {
                growth(chart, &format!("{what}: {measure}"), lines)?;
            }
        }
        for (place, name) in (0_i32..).zip(measured[0].keys()) {
            let colour = Palette99::pick(usize::try_from(place)?).stroke_width(2);
            let y = 40 + 18 * place;
            legend.draw(&PathElement::new([(0, y), (20, y)], colour))?;
            legend.draw(&Text::new(name.clone(), (28, y - 6), ("sans-serif", 13)))?;
        }
    }
    area.present()?;
    Ok(())
}

fn growth(area: &DrawingArea<SVGBackend<'_>, Shift>, title: &str, lines: &Lines) -> Result<(), Failure> {
    let points = || lines.values().flatten();
    let bounds = |of: fn(&(f64, f64)) -> f64| {
        let numbers = || points().map(of);
        (numbers().fold(f64::MAX, f64::min) * 0.8, numbers().fold(f64::MIN_POSITIVE, f64::max) * 1.3)
    };
    let ((left, right), (low, high)) = (bounds(|point| point.0), bounds(|point| point.1));
    let mut chart = ChartBuilder::on(area)
        .caption(title, ("sans-serif", 15))
        .margin(8)
        .x_label_area_size(25)
        .y_label_area_size(60)
        .build_cartesian_2d((left..right).log_scale(), (low..high).log_scale())?;
    chart
        .configure_mesh()
        .x_label_formatter(&|units| three_digits(*units))
        .y_label_formatter(&|taken| three_digits(*taken))
        .light_line_style(WHITE)
        .draw()?;
    for (place, points) in lines.values().enumerate() {
        let colour = Palette99::pick(place).stroke_width(2);
        chart.draw_series(LineSeries::new(points.iter().copied(), colour))?;
    }
    Ok(())
}
