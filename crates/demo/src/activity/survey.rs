//! The survey answers of one customer in one week.

use super::comments::{CommentCause, comment};
use super::desk::Team;
use super::ticket::Ticket;
use crate::calendar::moment;
use crate::customers::customer::Customer;
use crate::random::{RandomStream, StreamKind};
use crate::world::World;

/// One response to the relationship survey.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SurveyAnswer {
    /// Number of the customer.
    pub(crate) customer: u32,
    /// Which of the customer's people answered.
    pub(crate) person: u32,
    /// Moment of submission.
    pub(crate) at: i64,
    /// Seconds it took.
    pub(crate) seconds: u32,
    /// "How likely is it that you would recommend us?", 0 to 10.
    pub(crate) recommend: u32,
    /// "How satisfied are you?", 1 to 5; none when it was skipped.
    pub(crate) satisfied: Option<u32>,
    /// "The company made it easy for me", 1 disagree to 7 agree; none when it was skipped.
    pub(crate) easy: Option<u32>,
    pub(crate) comment: &'static str,
    /// Team of the customer's last ticket in a quarter.
    pub(crate) team: Option<Team>,
    pub(crate) kind: ResponseKind,
}

/// How a response came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseKind {
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

impl SurveyAnswer {
    /// The responses of one customer in one week that an extract can know of, in no order.
    pub(crate) fn of(world: &World, customer: &Customer, week: usize) -> Vec<Self> {
        let mut random = world.random(StreamKind::Answers, customer, week);
        let count = random.count(customer.size.of(1000, 380, 150));
        let answers = (0..count).map(|_| Self::random(&mut random, world, customer, week));
        answers.filter(|answer| world.is_known(customer, answer.at)).collect()
    }

    fn random(random: &mut RandomStream, world: &World, customer: &Customer, week: usize) -> Self {
        let at = moment(random, world.calendar.weeks[week]);
        let team = last_team(world, customer, week, at);
        let mood = world.mood(customer, week) + team.map_or(2, Team::mood);
        let feeling = random.below(1000);
        let recommend = score(felt(random, feeling), mood, &RECOMMEND);
        let kinds = [
            ResponseKind::Invited,
            ResponseKind::Anonymous,
            ResponseKind::Preview,
            ResponseKind::Spam,
            ResponseKind::Unfinished,
        ];
        let kind = kinds[random.weighted(&[905, 30, 7, 4, 54])];
        let is_whole = kind != ResponseKind::Unfinished;
        Self {
            customer: customer.number,
            person: random.below(customer.seats.min(12)),
            at,
            seconds: random.around(95),
            recommend,
            satisfied: Some(1 + score(felt(random, feeling), mood, &SATISFIED))
                .filter(|_| is_whole),
            easy: Some(1 + score(felt(random, feeling), mood, &EASY))
                .filter(|_| is_whole && random.chance(940)),
            comment: comment(random, recommend, cause(world, week, team)),
            team,
            kind,
        }
    }
}

/// People answer the questions alike, not equally.
fn felt(random: &mut RandomStream, feeling: u32) -> u32 {
    let other = random.below(1000);
    if random.chance(600) { feeling } else { other }
}

/// How many lines a feeling lies above, a mood of so many points moving it.
fn score(feeling: u32, mood: i32, lines: &[u32]) -> u32 {
    let place = i64::from(feeling) + i64::from(mood) * 10;
    lines.iter().map(|line| u32::from(place >= i64::from(*line))).sum()
}

fn cause(world: &World, week: usize, team: Option<Team>) -> CommentCause {
    match team {
        _ if world.calendar.weeks[week].upset > 5 => CommentCause::Release,
        Some(Team::Billing) => CommentCause::Billing,
        _ => CommentCause::Nothing,
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
