//! Nothing: a package needs a target of its own to have benchmarks.
