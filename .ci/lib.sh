# Functions that the checks have in common. Sourced in the root of the repository.

export CARGO_TERM_COLOR=never
PATH="$PATH:/usr/sbin:/usr/local/sbin" # Debian installs brokers there; not every user has it in PATH

is_there() { command -v "$@" > /dev/null 2>&1; }

# Prints what is not checked on this machine, and why. Also adds it to the list that .ci/run prints at its end.
left_out() {
    echo "left out: $*"
    [ -z "${MQTT_LEFT_OUT-}" ] || echo "$*" >> "$MQTT_LEFT_OUT"
}

# Installs Debian packages. Fails if that is not possible.
install_packages() {
    echo "installing $*"
    is_there apt-get || { echo "there is no apt-get"; return 1; }
    local as_root=()
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2> /dev/null || { echo "this is neither root nor a user with sudo and no password"; return 1; }
        as_root=(sudo -n)
    fi
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive sh -c \
        'apt-get -qq update && apt-get -qq install -y --no-install-recommends "$@"' sh "$@" > /dev/null
}

# Installs a cargo subcommand from its source, which takes minutes. Fails if that is not possible.
install_cargo_tool() {
    echo "compiling $1"
    cargo install --quiet --locked --debug "$1"
}

# Installs a rustup toolchain or adds components to it. Fails if that is not possible.
install_toolchain() {
    local name=$1
    shift
    is_there rustup || { echo "there is no rustup"; return 1; }
    echo "installing the toolchain $name $*"
    # Never an update: that would change the compiler under the caller.
    rustup which rustc --toolchain "$name" > /dev/null 2>&1 ||
        rustup --quiet toolchain install "$name" --profile minimal --no-self-update > /dev/null 2>&1 || return 1
    [ $# = 0 ] || rustup --quiet component add --toolchain "$name" "$@" > /dev/null 2>&1
}

has_nightly() { cargo +nightly --version > /dev/null 2>&1; }
has_miri() { cargo +nightly miri --version > /dev/null 2>&1; }
has_fuzz() { cargo fuzz --version > /dev/null 2>&1; }
has_public_api() { cargo public-api --version > /dev/null 2>&1; }
has_deny() { cargo deny --version > /dev/null 2>&1; }
has_mosquitto() { is_there mosquitto && is_there mosquitto_pub && is_there mosquitto_sub; }

# The source of `core` belongs to a compiler, and is there only if it was installed.
has_core_source() { [ -f "$("$1" --print sysroot 2> /dev/null)/lib/rustlib/src/rust/library/core/src/lib.rs" ]; }

install_mosquitto() {
    install_packages mosquitto mosquitto-clients || return 1
    # The package may start a broker of its own, which the tests do not need.
    { systemctl disable --now mosquitto || service mosquitto stop; } > /dev/null 2>&1 || true
}

# Sets `cargo` and exports RUSTC: a compiler that can build `core` for a target which the installed toolchain has no
# `core` for. It is the one in use, or else Debian's, which needs a linker for the target. Arguments: target, linker.
find_compiler_of_core() {
    cargo=cargo RUSTC=rustc
    if ! has_core_source rustc && ! install_toolchain "$(default_toolchain)" rust-src; then
        cargo=/usr/bin/cargo RUSTC=/usr/bin/rustc
        { [ -x $cargo ] && has_core_source $RUSTC && is_there "$2"; } ||
            install_packages rustc-web cargo-web rust-web-src lld || return 1
        local variable=${1//-/_}
        export "CARGO_TARGET_${variable^^}_LINKER=$2"
    fi
    has_core_source $RUSTC || return 1
    export RUSTC RUSTC_BOOTSTRAP=1 # `-Zbuild-std` on a stable compiler
    $RUSTC --version
}

default_toolchain() { rustup default 2> /dev/null | cut -d ' ' -f 1; }
