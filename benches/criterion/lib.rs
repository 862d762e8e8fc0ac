//! Empty. A package must have a target other than benchmarks.
