//! Without `std` nobody asks the linker for the C library, which calls `main`.

fn main() {
    println!("cargo::rustc-link-arg=-lc");
}
