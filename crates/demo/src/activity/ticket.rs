//! The tickets of one customer in one week.

use super::desk::{CHANNELS, PRIORITIES, Priority, TOPICS, Topic, topic_weights};
use crate::calendar::{DAY, moment};
use crate::customers::customer::Customer;
use crate::random::{RandomStream, StreamKind};
use crate::world::World;

/// A ticket with its whole story, also the part after the as-of day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ticket {
    /// Number of the customer.
    pub(crate) customer: u32,
    /// Which of the customer's people asked.
    pub(crate) person: u32,
    pub(crate) topic: &'static Topic,
    pub(crate) subject: &'static str,
    pub(crate) priority: Priority,
    pub(crate) channel: &'static str,
    pub(crate) agent: &'static str,
    /// Moment of opening.
    pub(crate) opened: i64,
    /// Minutes to the first reply; none when it was solved without.
    pub(crate) reply: Option<u32>,
    /// Minutes to the first solution.
    pub(crate) first_solved: u32,
    /// Minutes to the last solution.
    pub(crate) solved: u32,
    pub(crate) replies: u32,
    pub(crate) reopens: u32,
    /// The answer to "how would you rate the support you received?", good or bad; most say nothing.
    pub(crate) is_good: Option<bool>,
    pub(crate) outcome: TicketOutcome,
}

/// What became of a ticket outside the usual course.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TicketOutcome {
    Usual,
    /// Closed as a repeat of another one.
    Merged,
    Deleted,
}

impl Ticket {
    /// The tickets of one customer in one week that an extract can know of, in no order.
    pub(crate) fn of(world: &World, customer: &Customer, week: usize) -> Vec<Self> {
        let mut random = world.random(StreamKind::Tickets, customer, week);
        let count = random.count(rate(world, customer, week));
        let tickets = (0..count).map(|_| Self::random(&mut random, world, customer, week));
        tickets.filter(|ticket| world.is_known(customer, ticket.opened)).collect()
    }

    fn random(random: &mut RandomStream, world: &World, customer: &Customer, week: usize) -> Self {
        let upset = world.calendar.weeks[week].upset;
        let topic = &TOPICS[random.weighted(&topic_weights(upset > 5))];
        let priority = PRIORITIES[random.weighted(&[5, 17, 60, 18])];
        let channel = CHANNELS[random.weighted(&[46, 22, 5, 18, 9])];
        let opened = moment(random, world.calendar.weeks[week]);
        let delay = delay(world, customer, week);
        let reply = first_reply(random, topic, priority, channel, opened, delay);
        let solution = topic.team.solution() * priority.percent / 100 * delay / 100;
        let first_solved = reply.unwrap_or(0) + random.around(solution);
        let reopens = reopens(random, delay, upset);
        let reworked = if reopens > 0 { random.around(solution) + 120 } else { 0 };
        let solved = first_solved + reworked;
        let mood = world.mood(customer, week) + topic.team.mood()
            - if solved > 3 * solution { 9 } else { 0 };
        Self {
            customer: customer.number,
            person: random.below(customer.seats.min(5)),
            topic,
            subject: random.pick(&topic.subjects),
            priority,
            channel,
            agent: random.pick(topic.team.agents()),
            opened,
            reply,
            first_solved,
            solved,
            replies: if reply.is_some() { reopens + replies(random) } else { 0 },
            reopens,
            is_good: (reply.is_some() && random.chance(300)).then(|| is_good(random, mood)),
            outcome: [TicketOutcome::Usual, TicketOutcome::Merged, TicketOutcome::Deleted]
                [random.weighted(&[985, 11, 4])],
        }
    }

    /// The moment some minutes after opening.
    pub(crate) fn after(&self, minutes: u32) -> i64 {
        self.opened + i64::from(minutes) * 60
    }
}

/// Tickets a week in thousandths: the season, the first weeks and trouble all add.
fn rate(world: &World, customer: &Customer, week: usize) -> u32 {
    let Some(this) = world.calendar.weeks.get(week) else { return 0 };
    let is_new = (0..42).contains(&(this.monday - customer.lifecycle.joined));
    let usual = customer.size.of(1000, 380, 130) * this.tickets / 1000;
    let more = if customer.lifecycle.is_in_trouble(week) { 250 } else { 100 }
        + if is_new { 80 } else { 0 };
    usual * more / 100
}

/// Percent of the usual waiting time: trouble and a flood of tickets make it longer.
fn delay(world: &World, customer: &Customer, week: usize) -> u32 {
    let trouble = if customer.lifecycle.is_in_trouble(week) { 240 } else { 100 };
    let flood = match world.calendar.weeks[week].upset {
        20.. => 165,
        10.. => 135,
        _ => 100,
    };
    trouble * flood / 100
}

fn first_reply(
    random: &mut RandomStream,
    topic: &Topic,
    priority: Priority,
    channel: &str,
    opened: i64,
    delay: u32,
) -> Option<u32> {
    let usual = topic.team.reply() * priority.percent / 100 * delay / 100;
    let wait = random.around(if matches!(channel, "Chat" | "Phone") { 4 } else { usual });
    // Day 0, 1970-01-01, was a Thursday: days 2 and 3 of such a week are Saturday and Sunday.
    let weekend = match opened.div_euclid(DAY).rem_euclid(7) {
        2 => 2,
        3 => 1,
        _ => 0,
    };
    let rest = weekend * 1440 - u32::from(weekend > 0) * minute_of_day(opened);
    random.chance(982).then_some(wait + rest)
}

fn minute_of_day(moment: i64) -> u32 {
    u32::try_from(moment.rem_euclid(DAY) / 60).expect("a day has 1440 minutes")
}

fn reopens(random: &mut RandomStream, delay: u32, upset: i32) -> u32 {
    let per_mille = 45 + if delay > 200 { 90 } else { 0 } + if upset > 5 { 60 } else { 0 };
    if random.chance(per_mille) { random.between(1, 2) } else { 0 }
}

fn replies(random: &mut RandomStream) -> u32 {
    [1, 2, 3, 4, 6, 9][random.weighted(&[54, 23, 12, 6, 4, 1])]
}

fn is_good(random: &mut RandomStream, mood: i32) -> bool {
    let percent = u32::try_from((86 + mood).clamp(5, 98)).expect("clamped above zero");
    random.chance(percent * 10)
}
