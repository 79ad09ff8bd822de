//! How large a customer is.

/// How large a customer is: the segment of the scorecards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CustomerSize {
    Enterprise,
    MidMarket,
    Small,
}

impl CustomerSize {
    /// Every size, largest first.
    pub(crate) const ALL: [Self; 3] = [Self::Enterprise, Self::MidMarket, Self::Small];

    /// The segment as the CRM spells it.
    pub(crate) fn segment(self) -> &'static str {
        match self {
            Self::Enterprise => "Enterprise",
            Self::MidMarket => "Mid-market",
            Self::Small => "Small business",
        }
    }

    /// The figure of this size.
    pub(crate) fn of<T>(self, enterprise: T, mid_market: T, small: T) -> T {
        match self {
            Self::Enterprise => enterprise,
            Self::MidMarket => mid_market,
            Self::Small => small,
        }
    }

    /// Points of satisfaction above the usual: larger customers know whom to call.
    pub(crate) fn mood(self) -> i32 {
        self.of(4, 1, -2)
    }
}
