//! Qualtrics: the responses to the relationship survey, under three header rows.

use std::io;
use std::path::Path;

use super::Written;
use super::answer::{Answer, Kind};
use super::customer::Customer;
use super::dirt::Spoil;
use super::draw::{About, Draw};
use super::names::{self, Person};
use super::row::{Dialect, Row, Stamp};
use super::sheet::{Form, Sheet};
use super::world::World;
use super::{desk::Team, identity};

static FORM: Form = Form {
    file: "qualtrics_relationship_survey.csv",
    dialect: Dialect::Marked,
    columns: &[
        "StartDate",
        "EndDate",
        "Status",
        "IPAddress",
        "Progress",
        "Duration (in seconds)",
        "Finished",
        "RecordedDate",
        "ResponseId",
        "RecipientLastName",
        "RecipientFirstName",
        "RecipientEmail",
        "ExternalReference",
        "LocationLatitude",
        "LocationLongitude",
        "DistributionChannel",
        "UserLanguage",
        "Q1_NPS_GROUP",
        "Q1",
        "Q2",
        "Q3",
        "Q4",
        "SupportTeam",
    ],
    spoils: &[
        Spoil::BadDate("RecordedDate"),
        Spoil::Missing("ResponseId"),
        Spoil::OutOfRange("Q1"),
        Spoil::OutOfRange("Q2"),
        Spoil::OutOfRange("Q3"),
        Spoil::Unknown("Finished"),
        Spoil::StrayQuote("Q4"),
        Spoil::TooShort,
        Spoil::TooLong,
        Spoil::Twice,
    ],
};

/// The second header row: the words people saw.
const WORDS: [&str; 23] = [
    "Start Date",
    "End Date",
    "Response Type",
    "IP Address",
    "Progress",
    "Duration (in seconds)",
    "Finished",
    "Recorded Date",
    "Response ID",
    "Recipient Last Name",
    "Recipient First Name",
    "Recipient Email",
    "External Data Reference",
    "Location Latitude",
    "Location Longitude",
    "Distribution Channel",
    "User Language",
    "How likely is it that you would recommend Acme Cloud to a friend or colleague? - Group",
    "How likely is it that you would recommend Acme Cloud to a friend or colleague?",
    "Overall, how satisfied are you with Acme Cloud?\n(1 = very dissatisfied, 5 = very satisfied)",
    "\"Acme Cloud made it easy for me to handle my issue.\"\n(1 = strongly disagree, 7 = strongly agree)",
    "What is the main reason for your answers?",
    "SupportTeam",
];

/// The third header row: what an import would call the columns, and the zone of its dates.
const IMPORT_IDS: [&str; 23] = [
    "{\"ImportId\":\"startDate\",\"timeZone\":\"Z\"}",
    "{\"ImportId\":\"endDate\",\"timeZone\":\"Z\"}",
    "{\"ImportId\":\"status\"}",
    "{\"ImportId\":\"ipAddress\"}",
    "{\"ImportId\":\"progress\"}",
    "{\"ImportId\":\"duration\"}",
    "{\"ImportId\":\"finished\"}",
    "{\"ImportId\":\"recordedDate\",\"timeZone\":\"Z\"}",
    "{\"ImportId\":\"_recordId\"}",
    "{\"ImportId\":\"recipientLastName\"}",
    "{\"ImportId\":\"recipientFirstName\"}",
    "{\"ImportId\":\"recipientEmail\"}",
    "{\"ImportId\":\"externalDataReference\"}",
    "{\"ImportId\":\"locationLatitude\"}",
    "{\"ImportId\":\"locationLongitude\"}",
    "{\"ImportId\":\"distributionChannel\"}",
    "{\"ImportId\":\"userLanguage\"}",
    "{\"ImportId\":\"QID1_NPS_GROUP\"}",
    "{\"ImportId\":\"QID1\"}",
    "{\"ImportId\":\"QID2\"}",
    "{\"ImportId\":\"QID3\"}",
    "{\"ImportId\":\"QID4_TEXT\"}",
    "{\"ImportId\":\"SupportTeam\"}",
];

/// Writes the responses, a week at a time.
pub(super) fn write(folder: &Path, world: &World, tell: &mut dyn FnMut(Written)) -> io::Result<()> {
    let mut sheet = Sheet::create(folder, &FORM, world)?;
    sheet.header(&WORDS)?;
    sheet.header(&IMPORT_IDS)?;
    let mut number = 0;
    for (week, _) in world.weeks() {
        for answer in answers_of_week(world, week) {
            number += 1;
            fill(sheet.row(), number, &world.customers[answer.customer as usize - 1], &answer);
            sheet.end_row()?;
        }
    }
    tell(sheet.finish()?);
    Ok(())
}

fn answers_of_week(world: &World, week: usize) -> Vec<Answer> {
    let mut answers: Vec<Answer> =
        world.customers.iter().flat_map(|customer| Answer::of(world, customer, week)).collect();
    answers.sort_by_key(|answer| (answer.at, answer.customer));
    answers
}

fn fill(row: &mut Row<'_>, number: u64, customer: &Customer, answer: &Answer) {
    row.moment(answer.at - i64::from(answer.seconds), Stamp::Plain);
    row.moment(answer.at, Stamp::Plain);
    row.text(match answer.kind {
        Kind::Preview => "Survey Preview",
        Kind::Spam => "Spam",
        _ => "IP Address",
    });
    row.none();
    row.number(if answer.kind == Kind::Unfinished { 40 } else { 100 });
    row.number(answer.seconds);
    row.text(if answer.kind == Kind::Unfinished { "False" } else { "True" });
    row.moment(answer.at, Stamp::Plain);
    row.text(&identity::response(number));
    fill_recipient(row, customer, answer);
    fill_answers(row, answer);
}

fn fill_recipient(row: &mut Row<'_>, customer: &Customer, answer: &Answer) {
    if answer.kind == Kind::Invited || answer.kind == Kind::Unfinished {
        let mut draw =
            Draw::new(u64::from(answer.person), About::Answers, u64::from(customer.number), 0);
        let person = Person::draw(&mut draw);
        row.text(person.family);
        row.text(person.given);
        row.text(&person.email(&names::domain(customer)));
        row.text(&identity::number(customer));
    } else {
        row.nones(4);
    }
    row.nones(2);
    row.text(if answer.kind == Kind::Anonymous { "anonymous" } else { "email" });
    row.text(if customer.country == "Germany" { "DE" } else { "EN" });
}

fn fill_answers(row: &mut Row<'_>, answer: &Answer) {
    row.text(match answer.recommend {
        9.. => "Promoter",
        7.. => "Passive",
        _ => "Detractor",
    });
    row.number(answer.recommend);
    row.maybe(answer.satisfied);
    row.maybe(answer.easy);
    row.text(answer.comment);
    row.text(answer.team.map_or("", Team::name));
}
