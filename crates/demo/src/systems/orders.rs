//! The web store: orders, one line for each item, as Shopify exports them.

use std::io;
use std::path::Path;

use crate::calendar::{DAY, moment};
use crate::customers::customer::Customer;
use crate::customers::names::{self, Person};
use crate::export::defects::Defect;
use crate::export::file::{ExportFile, ExportLayout, WrittenExtract};
use crate::export::row::{CsvStyle, ExportRow, TimestampStyle};
use crate::random::{RandomStream, StreamKind};
use crate::world::World;

static LAYOUT: ExportLayout = ExportLayout {
    file: "orders.csv",
    style: CsvStyle::Lean,
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
    defects: &[
        Defect::BadDate("Created at"),
        Defect::Missing("Name"),
        Defect::Unknown("Financial Status"),
        Defect::Unknown("Lineitem quantity"),
        Defect::StrayQuote("Lineitem name"),
        Defect::TooShort,
        Defect::TooLong,
        Defect::Twice,
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
    lines: Vec<OrderLine>,
    status: OrderStatus,
}

/// A product, how many of it, and the cents for each.
struct OrderLine {
    product: usize,
    quantity: u32,
    cents: i64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum OrderStatus {
    Paid,
    Pending,
    Refunded,
    PartlyRefunded,
    Voided,
}

/// Writes the orders, a week at a time.
pub(crate) fn write(folder: &Path, world: &World) -> io::Result<Vec<WrittenExtract>> {
    let mut export = ExportFile::create(folder, &LAYOUT, world)?;
    let mut number = 1000;
    for (week, _) in world.weeks() {
        for order in orders_of_week(world, week) {
            number += 1;
            let customer = &world.customers[order.customer as usize - 1];
            for line in 0..order.lines.len() {
                fill(export.row(), customer, &order, line, number);
                export.end_row()?;
            }
        }
    }
    Ok(vec![export.finish()?])
}

fn orders_of_week(world: &World, week: usize) -> Vec<Order> {
    let mut orders: Vec<Order> =
        world.customers.iter().flat_map(|customer| orders_of(world, customer, week)).collect();
    orders.sort_by_key(|order| (order.at, order.customer));
    orders
}

fn orders_of(world: &World, customer: &Customer, week: usize) -> Vec<Order> {
    let mut random = world.random(StreamKind::Orders, customer, week);
    let this = world.calendar.weeks[week];
    let trouble = if customer.lifecycle.is_in_trouble(week) { 50 } else { 100 };
    let count = random.count(customer.size.of(560, 260, 130) * this.sales / 1000 * trouble / 100);
    let orders = (0..count).map(|_| order(&mut random, world, customer, week));
    orders.filter(|order| world.is_known(customer, order.at)).collect()
}

fn order(random: &mut RandomStream, world: &World, customer: &Customer, week: usize) -> Order {
    let at = moment(random, world.calendar.weeks[week]);
    let product = random.weighted(&[16, 6, 34, 12, 20, 12]);
    let second =
        random.chance(250).then(|| (product + 1 + random.below(5) as usize) % PRODUCTS.len());
    // The price list went up by 4 % a year before the end.
    let is_new_list = world.calendar.until - at / DAY <= 364;
    let lines = std::iter::once(product)
        .chain(second)
        .map(|product| line(random, customer, product, is_new_list))
        .collect();
    let statuses = [
        OrderStatus::Paid,
        OrderStatus::Pending,
        OrderStatus::Refunded,
        OrderStatus::PartlyRefunded,
        OrderStatus::Voided,
    ];
    Order {
        customer: customer.number,
        at,
        lines,
        status: statuses[random.weighted(&[930, 15, 25, 18, 12])],
    }
}

fn line(
    random: &mut RandomStream,
    customer: &Customer,
    product: usize,
    is_new_list: bool,
) -> OrderLine {
    let cents = PRODUCTS[product].2;
    OrderLine {
        product,
        quantity: random.between(customer.size.of(2, 1, 1), customer.size.of(4, 3, 2)),
        cents: if is_new_list { cents * 104 / 100 } else { cents },
    }
}

/// Fields of the order stand on its first line only.
fn fill(row: &mut ExportRow<'_>, customer: &Customer, order: &Order, line: usize, number: u64) {
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

fn fill_head(row: &mut ExportRow<'_>, customer: &Customer, order: &Order) {
    let mut random = RandomStream::new(2, StreamKind::Orders, u64::from(customer.number), 0);
    let is_paid = !matches!(order.status, OrderStatus::Pending | OrderStatus::Voided);
    row.text(&Person::random(&mut random).email(&names::domain(customer)));
    row.text(match order.status {
        OrderStatus::Paid => "paid",
        OrderStatus::Pending => "pending",
        OrderStatus::Refunded => "refunded",
        OrderStatus::PartlyRefunded => "partially_refunded",
        OrderStatus::Voided => "voided",
    });
    row.maybe_moment(is_paid.then_some(order.at + 60), TimestampStyle::Offset);
    row.text(if is_paid { "fulfilled" } else { "unfulfilled" });
    row.text("EUR");
    row.cents(order.subtotal());
    row.cents(order.shipping());
    row.cents(0);
    row.cents(order.subtotal() + order.shipping());
    row.none();
    row.cents(0);
    row.moment(order.at, TimestampStyle::Offset);
}

fn fill_end(row: &mut ExportRow<'_>, order: &Order, number: u64) {
    row.cents(match order.status {
        OrderStatus::Refunded => order.subtotal(),
        OrderStatus::PartlyRefunded => order.subtotal() / 4,
        _ => 0,
    });
    let is_void = order.status == OrderStatus::Voided;
    row.maybe_moment(is_void.then_some(order.at + 7200), TimestampStyle::Offset);
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
