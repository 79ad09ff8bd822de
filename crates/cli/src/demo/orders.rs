//! The web store: orders, one line for each item, as Shopify exports them.

use std::io;
use std::path::Path;

use super::Written;
use super::calendar::{DAY, moment};
use super::customer::Customer;
use super::dirt::Spoil;
use super::draw::{About, Draw};
use super::names::{self, Person};
use super::row::{Dialect, Row, Stamp};
use super::sheet::{Form, Sheet};
use super::world::World;

static FORM: Form = Form {
    file: "orders.csv",
    dialect: Dialect::Lean,
    columns: &[
        "Name",
        "Email",
        "Financial Status",
        "Paid at",
        "Fulfillment Status",
        "Currency",
        "Subtotal",
        "Shipping",
        "Taxes",
        "Total",
        "Discount Code",
        "Discount Amount",
        "Created at",
        "Lineitem quantity",
        "Lineitem name",
        "Lineitem price",
        "Lineitem sku",
        "Refunded Amount",
        "Cancelled at",
        "Id",
    ],
    spoils: &[
        Spoil::BadDate("Created at"),
        Spoil::Missing("Name"),
        Spoil::Unknown("Financial Status"),
        Spoil::Unknown("Lineitem quantity"),
        Spoil::StrayQuote("Lineitem name"),
        Spoil::TooShort,
        Spoil::TooLong,
        Spoil::Twice,
    ],
};

/// Things the store sells: stock number, name, price in cents.
const PRODUCTS: [(&str, &str, i64); 6] = [
    ("TRN-01", "Training day, remote", 79_000),
    ("TRN-02", "Training day, on site", 98_000),
    ("CRD-10", "API credits, 10k", 28_000),
    ("HW-07", "Meeting room display 27\"", 38_900),
    ("SUP-01", "Priority support, month", 34_000),
    ("TPL-03", "Template pack \"Finance\"", 14_900),
];

/// An order of one or two lines.
struct Order {
    customer: u32,
    at: i64,
    lines: Vec<Line>,
    fate: Fate,
}

/// A product, how many of it, and the cents for each.
struct Line {
    product: usize,
    quantity: u32,
    cents: i64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Paid,
    Pending,
    Refunded,
    PartlyRefunded,
    Voided,
}

/// Writes the orders, a week at a time.
pub(super) fn write(folder: &Path, world: &World, tell: &mut dyn FnMut(Written)) -> io::Result<()> {
    let mut sheet = Sheet::create(folder, &FORM, world)?;
    let mut number = 1000;
    for (week, _) in world.weeks() {
        for order in orders_of_week(world, week) {
            number += 1;
            let customer = &world.customers[order.customer as usize - 1];
            for line in 0..order.lines.len() {
                fill(sheet.row(), customer, &order, line, number);
                sheet.end_row()?;
            }
        }
    }
    tell(sheet.finish()?);
    Ok(())
}

fn orders_of_week(world: &World, week: usize) -> Vec<Order> {
    let mut orders: Vec<Order> =
        world.customers.iter().flat_map(|customer| orders_of(world, customer, week)).collect();
    orders.sort_by_key(|order| (order.at, order.customer));
    orders
}

fn orders_of(world: &World, customer: &Customer, week: usize) -> Vec<Order> {
    let mut draw = world.draw(About::Orders, customer, week);
    let this = world.calendar.weeks[week];
    let trouble = if customer.life.is_in_trouble(week) { 50 } else { 100 };
    let count = draw.count(customer.size.of(560, 260, 130) * this.sales / 1000 * trouble / 100);
    let orders = (0..count).map(|_| order(&mut draw, world, customer, week));
    orders.filter(|order| world.is_known(customer, order.at)).collect()
}

fn order(draw: &mut Draw, world: &World, customer: &Customer, week: usize) -> Order {
    let at = moment(draw, world.calendar.weeks[week]);
    let product = draw.weighted(&[16, 6, 34, 12, 20, 12]);
    let second = draw.chance(250).then(|| (product + 1 + draw.below(5) as usize) % PRODUCTS.len());
    // The price list went up by 4 % a year before the end.
    let is_new_list = world.calendar.until - at / DAY <= 364;
    let lines = std::iter::once(product)
        .chain(second)
        .map(|product| line(draw, customer, product, is_new_list))
        .collect();
    let fates = [Fate::Paid, Fate::Pending, Fate::Refunded, Fate::PartlyRefunded, Fate::Voided];
    Order {
        customer: customer.number,
        at,
        lines,
        fate: fates[draw.weighted(&[930, 15, 25, 18, 12])],
    }
}

fn line(draw: &mut Draw, customer: &Customer, product: usize, is_new_list: bool) -> Line {
    let cents = PRODUCTS[product].2;
    Line {
        product,
        quantity: draw.between(customer.size.of(2, 1, 1), customer.size.of(4, 3, 2)),
        cents: if is_new_list { cents * 104 / 100 } else { cents },
    }
}

/// Fields of the order stand on its first line only.
fn fill(row: &mut Row<'_>, customer: &Customer, order: &Order, line: usize, number: u64) {
    row.text(&format!("#{number}"));
    if line == 0 {
        fill_head(row, customer, order);
    } else {
        row.nones(12);
    }
    let item = &order.lines[line];
    let (sku, name, _) = PRODUCTS[item.product];
    row.number(item.quantity);
    row.text(name);
    row.cents(item.cents);
    row.text(sku);
    if line == 0 {
        fill_end(row, order, number);
    } else {
        row.nones(3);
    }
}

fn fill_head(row: &mut Row<'_>, customer: &Customer, order: &Order) {
    let mut draw = Draw::new(2, About::Orders, u64::from(customer.number), 0);
    let is_paid = !matches!(order.fate, Fate::Pending | Fate::Voided);
    row.text(&Person::draw(&mut draw).email(&names::domain(customer)));
    row.text(match order.fate {
        Fate::Paid => "paid",
        Fate::Pending => "pending",
        Fate::Refunded => "refunded",
        Fate::PartlyRefunded => "partially_refunded",
        Fate::Voided => "voided",
    });
    row.maybe_moment(is_paid.then_some(order.at + 60), Stamp::Offset);
    row.text(if is_paid { "fulfilled" } else { "unfulfilled" });
    row.text("EUR");
    row.cents(order.subtotal());
    row.cents(order.shipping());
    row.cents(0);
    row.cents(order.subtotal() + order.shipping());
    row.none();
    row.cents(0);
    row.moment(order.at, Stamp::Offset);
}

fn fill_end(row: &mut Row<'_>, order: &Order, number: u64) {
    row.cents(match order.fate {
        Fate::Refunded => order.subtotal(),
        Fate::PartlyRefunded => order.subtotal() / 4,
        _ => 0,
    });
    let is_void = order.fate == Fate::Voided;
    row.maybe_moment(is_void.then_some(order.at + 7200), Stamp::Offset);
    row.number(5_200_000_000_000 + number * 32_768);
}

impl Order {
    fn subtotal(&self) -> i64 {
        self.lines.iter().map(|line| i64::from(line.quantity) * line.cents).sum()
    }

    /// Displays are sent by post, everything else is not.
    fn shipping(&self) -> i64 {
        if self.lines.iter().any(|line| PRODUCTS[line.product].0.starts_with("HW")) {
            1_900
        } else {
            0
        }
    }
}
