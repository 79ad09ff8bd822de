//! The employee survey: every thirteenth week, nameless, one column for each question.

use std::io;
use std::path::Path;

use crate::calendar::DAY;
use crate::customers::ids;
use crate::export::defects::Defect;
use crate::export::file::{ExportFile, ExportLayout, WrittenExtract};
use crate::export::row::{CsvStyle, ExportRow, TimestampStyle};
use crate::random::{RandomStream, StreamKind};
use crate::world::World;

static LAYOUT: ExportLayout = ExportLayout {
    file: "employee_survey.csv",
    style: CsvStyle::Lean,
    columns: &[
        "Response ID",
        "Wave",
        "Submitted at (UTC)",
        "Team",
        "How likely are you to recommend Acme Cloud as a place to work? (0-10)",
        "I have the tools and people I need to do my work. (1-5)",
        "My workload is manageable. (1-5)",
        "My manager supports me. (1-5)",
        "I can serve our customers well. (1-5)",
        "Comment",
    ],
    defects: &[
        Defect::BadDate("Submitted at (UTC)"),
        Defect::Missing("Response ID"),
        Defect::OutOfRange("My workload is manageable. (1-5)"),
        Defect::StrayQuote("Comment"),
        Defect::TooLong,
    ],
};

/// Teams, how many of a hundred employees they hold, and how content they are. Billing is short of people.
const TEAMS: [(&str, u32, i32); 7] = [
    ("Technical", 22, 0),
    ("Billing", 9, -26),
    ("Onboarding", 14, 6),
    ("Integrations", 12, 1),
    ("Product", 18, 4),
    ("Sales", 16, -3),
    ("Marketing", 9, 5),
];

/// Lowest place, of a thousand from unhappy to happy, that still gives a score; one entry for each score but the lowest.
const RECOMMEND: [u32; 10] = [15, 25, 40, 60, 90, 150, 230, 360, 560, 790];
const AGREE: [u32; 4] = [50, 140, 330, 700];

/// Writes every wave.
pub(crate) fn write(folder: &Path, world: &World) -> io::Result<Vec<WrittenExtract>> {
    let mut export = ExportFile::create(folder, &LAYOUT, world)?;
    let employees = 30 + u64::try_from(world.customers.len() / 10).unwrap_or_default();
    for (wave, (week, this)) in (1..).zip(world.weeks().skip(5).step_by(13)) {
        for employee in 0..employees {
            let mut random = world.stream(StreamKind::Employee, employee, week);
            let at = (this.monday + random.days(0, 4)) * DAY + 30_000 + random.days(0, 28_000);
            let answers = random.chance(810);
            if answers && at < world.calendar.end() {
                fill(export.row(), &mut random, employee, wave, at);
                export.end_row()?;
            }
        }
    }
    Ok(vec![export.finish()?])
}

fn fill(row: &mut ExportRow<'_>, random: &mut RandomStream, employee: u64, wave: u32, at: i64) {
    // Everybody stays in their team from wave to wave.
    let mut place = RandomStream::new(4, StreamKind::Employee, employee, 0);
    let (team, _, mood) = TEAMS[place.weighted(&TEAMS.map(|(_, share, _)| share))];
    // A number that nobody can trace to an employee.
    row.text(&ids::response(
        (u64::from(wave) << 48) + (employee << 24) + u64::from(random.below(1 << 24)),
    ));
    row.text(&format!("Wave {wave}"));
    row.moment(at, TimestampStyle::Plain);
    row.text(team);
    let recommend = score(random, mood, &RECOMMEND);
    row.number(recommend);
    for burden in [mood, mood * 3 / 2, mood / 4, mood] {
        row.number(1 + score(random, burden, &AGREE));
    }
    row.text(comment(random, recommend, team));
}

fn score(random: &mut RandomStream, mood: i32, lines: &[u32]) -> u32 {
    let place = i64::from(random.below(1000)) + i64::from(mood) * 10;
    lines.iter().map(|line| u32::from(place >= i64::from(*line))).sum()
}

fn comment(random: &mut RandomStream, recommend: u32, team: &str) -> &'static str {
    match recommend {
        _ if random.chance(700) => "",
        9.. => random.pick(&[
            "Best team I ever worked in",
            "Flexible hours, \"real\" autonomy",
            "Viel gelernt dieses Jahr!",
        ]),
        7.. => random.pick(&["Fine, more focus time please", "Too many meetings, good people"]),
        _ if team == "Billing" => {
            random.pick(&["Two people, work for four", "The queue never ends, nobody listens"])
        }
        _ => random.pick(&["Priorities change weekly", "Zu viel auf einmal"]),
    }
}
