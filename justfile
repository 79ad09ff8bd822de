# Shortcuts; each is a plain command that works without `just`.

# List the recipes.
default:
    @just --list

# A made-up company, from extracts to scorecard: `just demo DIR --customers 2000`.
demo *options:
    cargo run -- demo {{options}}

# Everything a change must pass: format, lints, tests, docs.
check: && test docs
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --locked -- -D warnings

# All tests. Of the whole workspace: one package alone may build the engine again.
test:
    cargo test --workspace --locked

# The reference of the crates, warnings refused.
docs $RUSTDOCFLAGS="-D warnings":
    cargo doc --workspace --no-deps --locked

# The guide as a book, into target/book (needs mdbook).
guide:
    mdbook build docs

# Licences, sources and doubled crates (needs cargo-deny).
deny:
    cargo deny check bans licenses sources

# The whole job beside DuckDB, a million rows (needs `pip install duckdb`): `--customers 92000` for 10 million, `--land tickets,all` for landing alone.
bench *options:
    python3 tests/bench/bench.py {{options}}

# Every kind of fault at every change of the disk that a night makes; `just test` looks at a part of them.
faults:
    SCOREWRIGHT_FAULTS=all cargo test --workspace --locked --test scenarios -- faults:: --nocapture

# A thousand mails through a real mail server, as root (needs Debian's postfix, sasl2-bin, libsasl2-modules, openssl).
mail-server *options:
    python3 tests/mail_server.py target/debug/scorewright {{options}}

# A linear solver tries to tell small groups from what is shown, of 1,000 random tables (needs `pip install scipy`).
privacy *options:
    python3 tests/privacy.py target/debug/scorewright --tables 1000 {{options}}

# Twenty stories of random nights with history, each beside a fresh start and a plain replay; `just test` tells two.
history:
    SCOREWRIGHT_SEEDS=20 cargo test --workspace --locked --test scenarios -- history_values --nocapture

# Two hundred sequences of random deliveries, corrections and edits, each beside a fresh start; `just test` tells twenty.
sequences:
    SCOREWRIGHT_SEEDS=200 cargo test --workspace --locked --test scenarios -- sequences --nocapture

# Takes the guards of the code away: the hostile cases must turn red (guards of different families share a build).
mutants *options:
    python3 tests/mutants.py --target target/mutants {{options}}
