//! The survey answers of one customer in one week.

use super::calendar::moment;
use super::comments::{Cause, comment};
use super::customer::Customer;
use super::desk::Team;
use super::draw::{About, Draw};
use super::ticket::Ticket;
use super::world::World;

/// One response to the relationship survey.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer {
    /// Number of the customer.
    pub(super) customer: u32,
    /// Which of the customer's people answered.
    pub(super) person: u32,
    /// Moment of submission.
    pub(super) at: i64,
    /// Seconds it took.
    pub(super) seconds: u32,
    /// "How likely is it that you would recommend us?", 0 to 10.
    pub(super) recommend: u32,
    /// "How satisfied are you?", 1 to 5; none when it was skipped.
    pub(super) satisfied: Option<u32>,
    /// "The company made it easy for me", 1 disagree to 7 agree; none when it was skipped.
    pub(super) easy: Option<u32>,
    pub(super) comment: &'static str,
    /// Team of the customer's last ticket in a quarter.
    pub(super) team: Option<Team>,
    pub(super) kind: Kind,
}

/// How a response came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// By the invitation that names the customer.
    Invited,
    /// By a link that names nobody.
    Anonymous,
    /// By somebody who looked at the survey before it was sent.
    Preview,
    /// As spam, says the survey tool.
    Spam,
    /// Left before the end.
    Unfinished,
}

/// Lowest place, of a thousand from unhappy to happy, that still gives a score; one entry for each score but the lowest.
const RECOMMEND: [u32; 10] = [8, 14, 22, 32, 50, 85, 150, 260, 470, 720];
const SATISFIED: [u32; 4] = [30, 80, 190, 600];
const EASY: [u32; 6] = [20, 55, 120, 240, 450, 740];

impl Answer {
    /// The responses of one customer in one week that an extract can know of, in no order.
    pub(super) fn of(world: &World, customer: &Customer, week: usize) -> Vec<Self> {
        let mut draw = world.draw(About::Answers, customer, week);
        let count = draw.count(customer.size.of(1000, 380, 150));
        let answers = (0..count).map(|_| Self::draw(&mut draw, world, customer, week));
        answers.filter(|answer| world.is_known(customer, answer.at)).collect()
    }

    fn draw(draw: &mut Draw, world: &World, customer: &Customer, week: usize) -> Self {
        let at = moment(draw, world.calendar.weeks[week]);
        let team = last_team(world, customer, week, at);
        let mood = world.mood(customer, week) + team.map_or(2, Team::mood);
        let feeling = draw.below(1000);
        let recommend = score(felt(draw, feeling), mood, &RECOMMEND);
        let kinds = [Kind::Invited, Kind::Anonymous, Kind::Preview, Kind::Spam, Kind::Unfinished];
        let kind = kinds[draw.weighted(&[905, 30, 7, 4, 54])];
        let is_whole = kind != Kind::Unfinished;
        Self {
            customer: customer.number,
            person: draw.below(customer.seats.min(12)),
            at,
            seconds: draw.around(95),
            recommend,
            satisfied: Some(1 + score(felt(draw, feeling), mood, &SATISFIED)).filter(|_| is_whole),
            easy: Some(1 + score(felt(draw, feeling), mood, &EASY))
                .filter(|_| is_whole && draw.chance(940)),
            comment: comment(draw, recommend, cause(world, week, team)),
            team,
            kind,
        }
    }
}

/// People answer the questions alike, not equally.
fn felt(draw: &mut Draw, feeling: u32) -> u32 {
    let other = draw.below(1000);
    if draw.chance(600) { feeling } else { other }
}

/// How many lines a feeling lies above, a mood of so many points moving it.
fn score(feeling: u32, mood: i32, lines: &[u32]) -> u32 {
    let place = i64::from(feeling) + i64::from(mood) * 10;
    lines.iter().map(|line| u32::from(place >= i64::from(*line))).sum()
}

fn cause(world: &World, week: usize, team: Option<Team>) -> Cause {
    match team {
        _ if world.calendar.weeks[week].upset > 5 => Cause::Release,
        Some(Team::Billing) => Cause::Billing,
        _ => Cause::Nothing,
    }
}

/// The team of the customer's last ticket in the twelve weeks before.
fn last_team(world: &World, customer: &Customer, week: usize, at: i64) -> Option<Team> {
    (week.saturating_sub(12)..=week).rev().find_map(|week| {
        let before =
            Ticket::of(world, customer, week).into_iter().filter(|ticket| ticket.opened < at);
        before.max_by_key(|ticket| ticket.opened).map(|ticket| ticket.topic.team)
    })
}
