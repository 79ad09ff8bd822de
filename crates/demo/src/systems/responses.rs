//! Qualtrics: the responses to the relationship survey, under three header rows.

use std::io;
use std::path::Path;

use crate::activity::desk::Team;
use crate::activity::survey::{ResponseKind, SurveyAnswer};
use crate::customers::customer::Customer;
use crate::customers::ids;
use crate::customers::names::{self, Person};
use crate::export::defects::Defect;
use crate::export::file::{ExportFile, ExportLayout, WrittenExtract};
use crate::export::row::{CsvStyle, ExportRow, TimestampStyle};
use crate::random::{RandomStream, StreamKind};
use crate::world::World;

static LAYOUT: ExportLayout = ExportLayout {
    file: "qualtrics_relationship_survey.csv",
    style: CsvStyle::Marked,
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
    defects: &[
        Defect::BadDate("RecordedDate"),
        Defect::Missing("ResponseId"),
        Defect::OutOfRange("Q1"),
        Defect::OutOfRange("Q2"),
        Defect::OutOfRange("Q3"),
        Defect::Unknown("Finished"),
        Defect::StrayQuote("Q4"),
        Defect::TooShort,
        Defect::TooLong,
        Defect::Twice,
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
pub(crate) fn write(folder: &Path, world: &World) -> io::Result<Vec<WrittenExtract>> {
    let mut export = ExportFile::create(folder, &LAYOUT, world)?;
    export.header(&WORDS)?;
    export.header(&IMPORT_IDS)?;
    let mut number = 0;
    for (week, _) in world.weeks() {
        for answer in answers_of_week(world, week) {
            number += 1;
            fill(export.row(), number, &world.customers[answer.customer as usize - 1], &answer);
            export.end_row()?;
        }
    }
    Ok(vec![export.finish()?])
}

fn answers_of_week(world: &World, week: usize) -> Vec<SurveyAnswer> {
    let mut answers: Vec<SurveyAnswer> = world
        .customers
        .iter()
        .flat_map(|customer| SurveyAnswer::of(world, customer, week))
        .collect();
    answers.sort_by_key(|answer| (answer.at, answer.customer));
    answers
}

fn fill(row: &mut ExportRow<'_>, number: u64, customer: &Customer, answer: &SurveyAnswer) {
    row.moment(answer.at - i64::from(answer.seconds), TimestampStyle::Plain);
    row.moment(answer.at, TimestampStyle::Plain);
    row.text(match answer.kind {
        ResponseKind::Preview => "Survey Preview",
        ResponseKind::Spam => "Spam",
        _ => "IP Address",
    });
    row.none();
    row.number(if answer.kind == ResponseKind::Unfinished { 40 } else { 100 });
    row.number(answer.seconds);
    row.text(if answer.kind == ResponseKind::Unfinished { "False" } else { "True" });
    row.moment(answer.at, TimestampStyle::Plain);
    row.text(&ids::response(number));
    fill_recipient(row, customer, answer);
    fill_answers(row, answer);
}

fn fill_recipient(row: &mut ExportRow<'_>, customer: &Customer, answer: &SurveyAnswer) {
    if answer.kind == ResponseKind::Invited || answer.kind == ResponseKind::Unfinished {
        let mut random = RandomStream::new(
            u64::from(answer.person),
            StreamKind::Answers,
            u64::from(customer.number),
            0,
        );
        let person = Person::random(&mut random);
        row.text(person.family);
        row.text(person.given_name);
        row.text(&person.email(&names::domain(customer)));
        row.text(&ids::number(customer));
    } else {
        row.nones(4);
    }
    row.nones(2);
    row.text(if answer.kind == ResponseKind::Anonymous { "anonymous" } else { "email" });
    row.text(if customer.country == "Germany" { "DE" } else { "EN" });
}

fn fill_answers(row: &mut ExportRow<'_>, answer: &SurveyAnswer) {
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
