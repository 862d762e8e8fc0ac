//! Links the C library, which calls `main`. Normally `std` links it.

fn main() {
    println!("cargo::rustc-link-arg=-lc");
}
