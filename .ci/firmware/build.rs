//! Sets the arguments of the linker for a machine without an operating system.

fn main() {
    println!("cargo::rustc-link-search={}", env!("CARGO_MANIFEST_DIR")); // memory.x
    println!("cargo::rerun-if-changed=memory.x");
    println!("cargo::rustc-link-arg-bins=-Tlink.x"); // of cortex-m-rt
    println!("cargo::rustc-link-arg-bins=--nmagic"); // flash has no pages, so sections need no padding
}
