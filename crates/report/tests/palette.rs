//! Every colour that carries text can be read on its ground, in light and in dark.
#![allow(clippy::unwrap_used, reason = "helpers of tests may unwrap like the tests themselves")]

use std::collections::BTreeMap;

const STYLE: &str = include_str!("../../../reports/shared/style.html.j2");

/// The custom properties of the style sheet: once for light, once for dark.
fn palettes() -> Vec<BTreeMap<&'static str, [f64; 3]>> {
    let blocks = STYLE.split(":root {").skip(1).map(|block| block.split_once('}').unwrap().0);
    blocks.map(|block| block.split(';').filter_map(colour).collect()).collect()
}

fn colour(declaration: &'static str) -> Option<(&'static str, [f64; 3])> {
    let (name, value) = declaration.trim().strip_prefix("--")?.split_once(": #")?;
    let part = |at: usize| f64::from(u8::from_str_radix(&value[at..at + 2], 16).unwrap()) / 255.0;
    Some((name, [part(0), part(2), part(4)]))
}

/// Relative luminance and contrast ratio: WCAG 2.2, definitions in section 1.4.3.
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let luminance = |colour: [f64; 3]| {
        let linear = colour.map(|part| {
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn text_and_marks_stand_out_from_the_paper() {
    let palettes = palettes();
    assert_eq!(palettes.len(), 2, "light and dark");
    for palette in palettes {
        for text in ["ink", "muted", "trend", "on-track", "at-risk", "off-track"] {
            let ratio = contrast(palette[text], palette["paper"]);
            assert!(ratio >= 4.5, "{text} on paper: {ratio:.2}");
        }
        assert!(contrast(palette["ink"], palette["banner"]) >= 4.5);
    }
}

#[test]
fn black_on_white_is_21_to_1() {
    assert!((contrast([0.0; 3], [1.0; 3]) - 21.0).abs() < 1e-9);
}
