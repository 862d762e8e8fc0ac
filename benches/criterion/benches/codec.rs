//! Time of the codec's operations, by criterion: see ../../README.md.

use core::time::Duration;
use criterion::{BenchmarkId, Criterion, Throughput};
use mqtt_benches::engine::{Engine, Group, Task};
use mqtt_benches::engines::{Ours, OursShared};
use mqtt_benches::workloads;

/// The operation, the half of the codec that performs it, and the name of the benchmark.
const GROUPS: [(&str, Group, &dyn Engine); 13] = [
    ("decode-borrowed", Group::Decode, &Ours),
    ("decode-shared", Group::Decode, &OursShared),
    ("read-borrowed", Group::Read, &Ours),
    ("encode-slice", Group::Encode, &Ours),
    ("encode-bytes-mut", Group::Encode, &OursShared),
    ("encoded-len", Group::EncodedLen, &Ours),
    ("stream-whole", Group::StreamWhole, &OursShared),
    ("stream-segments", Group::StreamSegments, &OursShared),
    ("stream-trickled", Group::StreamTrickled, &OursShared),
    ("stream-slice-segments", Group::StreamSegments, &Ours),
    ("forward-borrowed", Group::Forward, &Ours),
    ("forward-shared", Group::Forward, &OursShared),
    ("match", Group::Match, &Ours),
];

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(300))
        .sample_size(10)
        .configure_from_args();
    let (workloads, topics) = (workloads::all(), workloads::topics());
    for (name, group, engine) in GROUPS {
        let mut benchmarks = criterion.benchmark_group(name);
        let mut add = |workload: &str, packets: usize, bytes: u64, mut task: Task<'_>| {
            // Criterion has one throughput for each benchmark: packets, or for streams bytes.
            let throughput = if packets == 1 { Throughput::Elements(1) } else { Throughput::Bytes(bytes) };
            benchmarks.throughput(throughput);
            let id = BenchmarkId::from_parameter(workload);
            benchmarks.bench_function(id, |bencher| bencher.iter_custom(|times| task.run(times)));
        };
        for workload in workloads.iter().filter(|workload| group.takes(workload)) {
            if let Ok(task) = engine.task(group, workload) {
                add(&workload.name, workload.packets, in_bytes(&[&workload.bytes]), task);
            }
        }
        if group == Group::Match {
            for topics in &topics {
                if let Ok(task) = engine.matching(topics) {
                    let texts = topics.pairs.iter().flat_map(|(filter, name, _)| [filter.as_bytes(), name.as_bytes()]);
                    let bytes = in_bytes(&texts.collect::<Vec<_>>());
                    add(topics.name, topics.pairs.len(), bytes, task);
                }
            }
        }
        benchmarks.finish();
    }
    criterion.final_summary();
}

fn in_bytes(parts: &[&[u8]]) -> u64 {
    parts.iter().map(|part| u64::try_from(part.len()).unwrap_or(u64::MAX)).sum()
}
