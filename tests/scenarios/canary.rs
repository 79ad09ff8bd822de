//! No person and no secret in messages, logs and records: a word stands in every place where one may stand, and is
//! looked for in all that a run says and keeps in words.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::binary::{copy, files_below, root};

/// Stands where a person or a secret would, in cells and in credentials.
const CANARY: &str = "Kanarienvogel";

const DAY: &str = "2026-11-23";

const PEOPLE: &str = r#"title = "People"
files = "people*.csv"
format = "csv"
key = ["person_id"]
tolerate = 0.5
columns.person_id = { from = "Id", type = "text" }
columns.name = { from = "Name", type = "text" }
columns.email = { from = "Email", type = "text" }
columns.joined_on = { from = "Joined", type = "date" }
columns.amount = { from = "Amount", type = "decimal", scale = 2 }
columns.comment = { from = "Comment", type = "text", optional = true }
"#;

/// People of whom everything but the numbers is one: two good rows, two alike, two that contradict each other, and bad ones.
const ROWS: &str = "Id,Name,Email,Joined,Amount,Comment,Kanarien remark
K1,Ann Kanarienvogel,kanarienvogel@mail.example,2026-11-01,1.00,Kanarienvogel sings,x
Kanarienvogel-2,Bo,bo@mail.example,2026-11-01,1.00,\"Kanarienvogel
on two lines\",x
K3,Kanarienvogel,k@mail.example,2026-11-02,2.00,,x
K3,Kanarienvogel,k@mail.example,2026-11-02,2.00,,x
K4,Kanarienvogel,k@mail.example,2026-11-02,2.00,,x
K4,Kanarienvogel the other,k@mail.example,2026-11-02,3.00,,x
K5,Ann,a@mail.example,Kanarienvogel,1.00,,x
K6,Ann,a@mail.example,2026-11-02,Kanarienvogel,,x
K7,Ann,Kanarienvogel
";

const NOTES: &str = r#"title = "Notes"
files = "notes*.jsonl"
format = "json_lines"
tolerate = 0.5
columns.note_id = { from = "id", type = "text" }
columns.stars = { type = "integer" }
"#;

const NOTE_LINES: &str = r#"{"id": "Kanarienvogel", "stars": 4}
{"id": "N2", "stars": 5}
{"id": "N3", "stars": "Kanarienvogel"}
"#;

const STAGING: &str = "-- One row per person.\nSELECT person_id, name, comment FROM raw.people\n";

const COMPANION: &str = "says = \"One row per person.\"\ngrain = [\"person_id\"]\n\n[[checks]]\naccepted = { column = \"name\", values = [\"Bo\"] }\nseverity = \"warn\"\n";

const ODD: &str = "-- Nobody is called so.\n-- severity: warn\nSELECT person_id, name FROM staging.people WHERE name <> 'Bo'\n";

/// A project with canaries in it, and what befalls it.
struct Cage {
    folder: tempfile::TempDir,
    environment: Vec<(&'static str, String)>,
}

impl Cage {
    fn new() -> Self {
        let cage = Self { folder: tempfile::tempdir().unwrap(), environment: Vec::new() };
        copy(&root().join("tests/scenarios/base"), cage.path());
        cage.write("pipelines/sources/people.toml", PEOPLE);
        cage.write("pipelines/sources/notes.toml", NOTES);
        cage.write("pipelines/models/staging/people.sql", STAGING);
        cage.write("pipelines/models/staging/people.toml", COMPANION);
        cage.write("pipelines/checks/odd_people.sql", ODD);
        cage.write("extracts/people.csv", ROWS);
        cage.write("extracts/notes.jsonl", NOTE_LINES);
        let tickets = "T800,Kanarienvogel,2026-11-17 10:00:00,5\n".to_owned();
        cage.edit("extracts/tickets.csv", |text| text + &tickets);
        cage
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn edit(&self, file: &str, change: impl FnOnce(String) -> String) {
        let text = fs::read_to_string(self.path().join(file)).unwrap();
        self.write(file, change(text));
    }

    /// Runs the program; what it said, where, and how it ended.
    fn scorewright(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut asked = Command::new(env!("CARGO_BIN_EXE_scorewright"));
        asked.args(arguments).current_dir(self.path()).env_clear();
        let ended = asked.envs(self.environment.iter().cloned()).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (ended.status.code().unwrap(), text(&ended.stdout), text(&ended.stderr))
    }

    /// Checks, runs and asks for the status, in both forms of the log; answers with how the run ended and what was said.
    fn is_silent(&self, kind: &str) -> (i32, String) {
        let mut told = (0, String::new());
        for format in ["text", "json"] {
            for command in [&["check"][..], &["run", "--as-of", DAY, "--mail"], &["status"]] {
                let asked = [command, &["--log-format", format]].concat();
                let (status, answer, said) = self.scorewright(&asked);
                assert_none(&answer, kind, &asked);
                assert_none(&said, kind, &asked);
                if command[0] == "run" {
                    told.0 = status;
                    told.1 += &(answer + &said);
                }
            }
        }
        for folder in ["out/runs", "warehouse/versions", "warehouse/manifests", "warehouse/ledger"]
        {
            for (path, bytes) in files_below_if_there(&self.path().join(folder)) {
                let asked = [folder, path.to_str().unwrap()];
                assert_none(&String::from_utf8_lossy(&bytes), kind, &asked);
            }
        }
        told
    }
}

fn files_below_if_there(folder: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    if folder.is_dir() { files_below(folder) } else { Vec::new() }
}

fn assert_none(text: &str, kind: &str, place: &[&str]) {
    let is_there = text.to_lowercase().contains(&CANARY.to_lowercase());
    assert!(!is_there, "{kind}: {place:?} has it:\n{text}");
}

#[test]
fn a_run_that_publishes_names_nobody_and_the_rows_can_be_asked_for() {
    let cage = Cage::new();
    let (status, told) = cage.is_silent("published");
    assert_eq!(status, 0, "{told}");
    for part in
        ["nothing new: version 1", "not_a_date 1", "duplicates 1", "1 warning", "conflicting_key 1"]
    {
        assert!(
            told.contains(part) || part == "1 warning" && told.contains("2 warnings"),
            "{part} in {told}"
        );
    }
    for asked in [
        &["quarantine", "list", "--rows"][..],
        &["query", "SELECT * FROM raw.people"],
        &["query", "SELECT * FROM raw.notes"],
        &["query", "SELECT DISTINCT segment FROM kpi.value"],
    ] {
        let (_, answer, _) = cage.scorewright(asked);
        assert!(answer.contains(CANARY), "{asked:?} shows what is asked for: {answer}");
    }
}

/// What befalls a project that was fine: how the run then ends, what it says, and the change.
type Mishap = (&'static str, i32, &'static str, fn(&Cage));

const MISHAPS: [Mishap; 17] = [
    ("bad rows", 3, "not_a_date: 2 rows", |cage| {
        let row = "K8,Ann,Kanarienvogel,Kanarienvogel,1.00,x\n";
        cage.write(
            "extracts/people_2.csv",
            format!("Id,Name,Email,Joined,Amount,Comment\n{row}{row}"),
        );
    }),
    ("conflicts", 3, "conflicting_key: 2 rows", |cage| {
        let row = "K1,Kanarienvogel,x,2026-11-09,9.00,Kanarienvogel\nK3,Kanarienvogel,x,2026-11-09,9.00,x\n";
        cage.write("extracts/people_2.csv", format!("Id,Name,Email,Joined,Amount,Comment\n{row}"));
    }),
    ("no header", 3, "probably no header", |cage| {
        cage.write("extracts/people_2.csv", ROWS.split_once('\n').unwrap().1);
    }),
    ("another encoding", 3, "people_2.csv", |cage| {
        let wide: Vec<u8> = ROWS.encode_utf16().flat_map(u16::to_le_bytes).collect();
        cage.write("extracts/people_2.csv", wide);
    }),
    ("bytes of no text", 3, "bad_encoding", |cage| {
        let rows =
            b"Id,Name,Email,Joined,Amount,Comment\nK8,Kanarienvogel \xe4\xff,x,2026-11-09,1.00,x\n";
        cage.write("extracts/people_2.csv", rows);
    }),
    ("broken JSON", 3, "notes_2.jsonl", |cage| {
        cage.write(
            "extracts/notes_2.jsonl",
            "{\"id\": \"Kanarienvogel\", \"stars\n{\"Kanarienvogel\": Kanarienvogel}\n",
        );
    }),
    ("JSON of other members", 3, "none of the columns", |cage| {
        cage.write(
            "extracts/notes_2.jsonl",
            "{\"Kanarienvogel\": 1, \"kanarienvogel@mail.example\": 2}\n",
        );
    }),
    ("nothing to unpivot", 3, "probably no header", |cage| {
        cage.write("pipelines/sources/grid.toml", GRID);
        cage.write("extracts/grid.csv", "Kanarienvogel,kanarienvogel@mail.example\nA,B\n");
    }),
    ("only optional columns", 3, "probably no header", |cage| {
        cage.write("pipelines/sources/loose.toml", LOOSE);
        cage.write("extracts/loose.csv", "Kanarienvogel,kanarienvogel@mail.example\nA,B\n");
    }),
    ("failed check", 3, "--show-rows", |cage| {
        cage.edit("pipelines/models/staging/people.toml", |text| text.replace("warn", "error"));
    }),
    ("failed check of the project", 3, "odd_people failed", |cage| {
        cage.edit("pipelines/checks/odd_people.sql", |text| text.replace("warn", "error"));
    }),
    ("a value that cannot be cast", 2, "annot cast", |cage| {
        let sql = "-- One row per person.\nSELECT person_id, CAST(name AS BIGINT) AS number FROM staging.people\n";
        cage.write("pipelines/models/fact/person.sql", sql);
        let companion = "says = \"One row per person.\"\ngrain = [\"person_id\"]\n";
        cage.write("pipelines/models/fact/person.toml", companion);
    }),
    ("a target of no segment", 0, "has no figure for team=Nobody", |cage| {
        cage.edit("pipelines/targets.toml", |text| {
            let target = text.replace("owner", "segment = \"team=Nobody\"\nowner");
            format!("{text}\n{target}")
        });
    }),
    ("an address with a password", 2, "it holds a user", |cage| {
        cage.edit("pipelines/sources/people.toml", |text| {
            text.replace("people*.csv", "s3://key:Kanarienvogel@acme/people*.csv")
        });
    }),
    ("a signed address", 2, "it holds a user", |cage| {
        cage.edit("pipelines/sources/people.toml", |text| {
            text.replace("people*.csv", "az://acme/people.csv?sv=1&sig=Kanarienvogel")
        });
    }),
    ("a password in the settings", 2, "unknown key `password`", |cage| {
        cage.edit("scorewright.toml", |text| text + "password = \"Kanarienvogel\"\n");
    }),
    ("a column that lost its name", 3, "for the first time", |cage| {
        let rows = ROWS.split_once('\n').unwrap().1.replace("K1,", "K11,");
        let rows: String = rows.split_inclusive('\n').take(1).collect();
        cage.write(
            "extracts/people_2.csv",
            format!("Id,Name,Email,Joined,Amount,Remark,x\n{rows}"),
        );
    }),
];

const GRID: &str = r#"title = "Grid"
files = "grid*.csv"
format = "csv"
key = ["person", "question"]
columns.person = { type = "text" }
columns.question = { type = "text" }
columns.score = { type = "integer" }

[unpivot]
columns = ["Q*"]
name = "question"
value = "score"
"#;

const LOOSE: &str = r#"title = "Loose"
files = "loose*.csv"
format = "csv"
columns.person = { type = "text", optional = true }
columns.remark = { type = "text", optional = true }
"#;

#[test]
fn whatever_befalls_a_run_names_nobody() {
    std::thread::scope(|scope| {
        for (kind, expected, part, befall) in MISHAPS {
            scope.spawn(move || {
                let cage = Cage::new();
                assert_eq!(cage.scorewright(&["run", "--as-of", DAY]).0, 0);
                befall(&cage);
                let (status, told) = cage.is_silent(kind);
                assert_eq!(status, expected, "{kind}: {told}");
                assert!(told.contains(part), "{kind}: `{part}` is not in {told}");
            });
        }
    });
}

#[test]
fn rows_that_a_failed_check_is_about_are_shown_to_who_asks() {
    let cage = Cage::new();
    cage.edit("pipelines/models/staging/people.toml", |text| text.replace("warn", "error"));
    let (status, _, said) = cage.scorewright(&["run", "--as-of", DAY, "--show-rows"]);
    assert_eq!(status, 3);
    assert!(said.contains(CANARY), "{said}");
}

#[test]
fn a_name_that_two_customers_claim_is_not_told() {
    let cage = Cage::new();
    let story = root().join("tests/scenarios/two_claim_one_name");
    copy(&story.join("project"), cage.path());
    fs::copy(story.join("identity.toml"), cage.path().join("pipelines/identity.toml")).unwrap();
    for file in ["extracts/accounts.csv", "extracts/calls.csv"] {
        cage.edit(file, |text| text.replace("555-3", "Kanarienvogel"));
    }
    let (status, told) = cage.is_silent("contested name");
    assert_eq!(status, 0, "{told}");
    assert!(told.contains("one_customer"), "{told}");
    let (_, answer, _) = cage.scorewright(&["query", "SELECT * FROM dim.identity_conflict"]);
    assert!(answer.contains(CANARY), "{answer}");
}

#[test]
fn credentials_of_a_store_that_gives_no_answer_are_not_told() {
    let mut cage = Cage::new();
    cage.edit("pipelines/sources/people.toml", |text| {
        text.replace("people*.csv", "s3://acme/people*.csv")
    });
    // Nobody listens there any more.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let secret = |name| (name, CANARY.to_owned());
    cage.environment = vec![
        ("AWS_ENDPOINT", format!("http://{CANARY}:{CANARY}@127.0.0.1:{port}")),
        ("AWS_REGION", "eu-west-1".to_owned()),
        secret("AWS_ACCESS_KEY_ID"),
        secret("AWS_SECRET_ACCESS_KEY"),
        secret("AWS_SESSION_TOKEN"),
    ];
    let (status, told) = cage.is_silent("no answer");
    assert_eq!(status, 74, "{told}");
    assert!(told.contains("gave no answer"), "{told}");
}
