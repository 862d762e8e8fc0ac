# Functions that the checks share. Source this file in the root of the repository.

export CARGO_TERM_COLOR=never
PATH="$PATH:/usr/sbin:/usr/local/sbin" # Debian installs brokers there, and not every user's PATH has it

# Reports a check that is skipped on this machine, and the reason. .ci/run repeats these lines at its end.
left_out() {
    echo "left out: $*"
    [ -z "${MQTT_LEFT_OUT-}" ] || echo "$*" >> "$MQTT_LEFT_OUT"
}

is_there() { command -v "$1" > /dev/null; }
has_mosquitto() { is_there mosquitto && is_there mosquitto_pub && is_there mosquitto_sub; }
has_cargo_tool() { cargo "$1" --version > /dev/null 2>&1; }
has_toolchain() { rustup which rustc --toolchain "$1" > /dev/null 2>&1; }
has_venv() { python3 -c 'import ensurepip, venv' > /dev/null 2>&1; }
has_nightly() { cargo +nightly --version > /dev/null 2>&1; }
has_miri() { cargo +nightly miri --version > /dev/null 2>&1; }

# The source of `core` is a separate component. An argument names the compiler that it belongs to.
has_core_source() { [ -f "$("$1" --print sysroot 2> /dev/null)/lib/rustlib/src/rust/library/core/src/lib.rs" ]; }

# The functions below install something. If that is impossible, they print the reason and fail.

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

install_packages() {
    echo "installing the Debian packages $*"
    is_there apt-get || { echo "there is no apt-get"; return 1; }
    as_root true || { echo "this needs root, or sudo without a password"; return 1; }
    as_root env DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes sh -c \
        'apt-get -qq update && apt-get -qq install -y --no-install-recommends "$@"' sh "$@" > /dev/null
}

install_mosquitto() {
    install_packages mosquitto mosquitto-clients || return 1
    # The package starts a broker if it can. The tests start their own.
    as_root sh -c 'systemctl disable --now mosquitto || service mosquitto stop' > /dev/null 2>&1 || true
}

# Compiles a cargo subcommand. Without optimisation: the tools run for seconds, but optimising them takes minutes.
install_cargo_tool() {
    echo "compiling cargo-$1"
    cargo install --quiet --locked --debug "cargo-$1"
}

# Installs a toolchain with these components, or adds them to it. Never updates a toolchain.
install_toolchain() {
    local toolchain=$1
    shift
    echo "installing the Rust toolchain $toolchain $*"
    is_there rustup || { echo "there is no rustup"; return 1; }
    has_toolchain "$toolchain" ||
        rustup toolchain install "$toolchain" --profile minimal --no-self-update > /dev/null 2>&1 || return 1
    [ $# = 0 ] || rustup component add --toolchain "$toolchain" "$@" > /dev/null 2>&1
}

# Adds the source of `core` to the toolchain in use.
install_core_source() {
    echo "installing rust-src"
    is_there rustup && rustup component add rust-src > /dev/null 2>&1
}

# Finds a compiler with the source of `core`, to build `core` for a target that the installed toolchain lacks: the
# compiler in use, or else Debian's. If it has no linker for such targets, LLVM's linker is used. Sets `cargo` and
# exports RUSTC.
find_core_source() {
    local target=$1 linker=$2
    cargo=cargo RUSTC=rustc
    if ! has_core_source rustc && ! install_core_source; then
        cargo=/usr/bin/cargo RUSTC=/usr/bin/rustc
        { [ -x $cargo ] && has_core_source $RUSTC; } || install_packages rustc-web cargo-web rust-web-src || return 1
    fi
    has_core_source $RUSTC || return 1
    if [ -z "$(find "$($RUSTC --print sysroot)/lib/rustlib" -name rust-lld -print -quit)" ]; then
        is_there "$linker" || install_packages lld || return 1
        target=${target//-/_}
        export "CARGO_TARGET_${target^^}_LINKER=$linker"
    fi
    export RUSTC RUSTC_BOOTSTRAP=1 # for `-Zbuild-std`
    $RUSTC --version
}
