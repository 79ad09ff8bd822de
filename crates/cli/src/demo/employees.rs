//! The employee survey: every thirteenth week, nameless, one column for each question.

use std::io;
use std::path::Path;

use super::Written;
use super::calendar::DAY;
use super::dirt::Spoil;
use super::draw::{About, Draw};
use super::row::{Dialect, Row, Stamp};
use super::sheet::{Form, Sheet};
use super::world::World;

static FORM: Form = Form {
    file: "employee_survey.csv",
    dialect: Dialect::Lean,
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
    spoils: &[
        Spoil::BadDate("Submitted at (UTC)"),
        Spoil::Missing("Response ID"),
        Spoil::OutOfRange("My workload is manageable. (1-5)"),
        Spoil::StrayQuote("Comment"),
        Spoil::TooLong,
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
pub(super) fn write(folder: &Path, world: &World, tell: &mut dyn FnMut(Written)) -> io::Result<()> {
    let mut sheet = Sheet::create(folder, &FORM, world)?;
    let employees = 30 + u64::try_from(world.customers.len() / 10).unwrap_or_default();
    for (wave, (week, this)) in (1..).zip(world.weeks().skip(5).step_by(13)) {
        for employee in 0..employees {
            let mut draw = world.stream(About::Employee, employee, week);
            let at = (this.monday + draw.days(0, 4)) * DAY + 30_000 + draw.days(0, 28_000);
            let answers = draw.chance(810);
            if answers && at < world.calendar.end() {
                fill(sheet.row(), &mut draw, employee, wave, at);
                sheet.end_row()?;
            }
        }
    }
    tell(sheet.finish()?);
    Ok(())
}

fn fill(row: &mut Row<'_>, draw: &mut Draw, employee: u64, wave: u32, at: i64) {
    // Everybody stays in their team from wave to wave.
    let mut place = Draw::new(4, About::Employee, employee, 0);
    let (team, _, mood) = TEAMS[place.weighted(&TEAMS.map(|(_, share, _)| share))];
    // A number that nobody can trace to an employee.
    row.text(&super::identity::response(
        (u64::from(wave) << 48) + (employee << 24) + u64::from(draw.below(1 << 24)),
    ));
    row.text(&format!("Wave {wave}"));
    row.moment(at, Stamp::Plain);
    row.text(team);
    let recommend = score(draw, mood, &RECOMMEND);
    row.number(recommend);
    for burden in [mood, mood * 3 / 2, mood / 4, mood] {
        row.number(1 + score(draw, burden, &AGREE));
    }
    row.text(comment(draw, recommend, team));
}

fn score(draw: &mut Draw, mood: i32, lines: &[u32]) -> u32 {
    let place = i64::from(draw.below(1000)) + i64::from(mood) * 10;
    lines.iter().map(|line| u32::from(place >= i64::from(*line))).sum()
}

fn comment(draw: &mut Draw, recommend: u32, team: &str) -> &'static str {
    match recommend {
        _ if draw.chance(700) => "",
        9.. => draw.pick(&[
            "Best team I ever worked in",
            "Flexible hours, \"real\" autonomy",
            "Viel gelernt dieses Jahr!",
        ]),
        7.. => draw.pick(&["Fine, more focus time please", "Too many meetings, good people"]),
        _ if team == "Billing" => {
            draw.pick(&["Two people, work for four", "The queue never ends, nobody listens"])
        }
        _ => draw.pick(&["Priorities change weekly", "Zu viel auf einmal"]),
    }
}
