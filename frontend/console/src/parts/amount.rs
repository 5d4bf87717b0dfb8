//! Amounts of money as people type them.

use domain::Money;

/// `1,500.50` as satang; `None` for what is no amount of baht.
pub fn baht(text: &str) -> Option<Money> {
    let text: String = text.trim().chars().filter(|c| !matches!(c, ',' | ' ' | '฿')).collect();
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    if whole.is_empty()
        || rest.len() > 2
        || !format!("{whole}{rest}").bytes().all(|byte| byte.is_ascii_digit())
    {
        return None;
    }
    let satang: i64 = format!("{rest:0<2}").parse().ok()?;
    let baht: i64 = whole.parse().ok()?;
    Some(Money::thb(baht.checked_mul(100)?.checked_add(satang)?))
}

/// The amount as a form shows it: without sign and comma.
pub fn plain(money: Money) -> String {
    let figures = money.figures().replace(',', "");
    figures.strip_suffix(".00").map_or(figures.clone(), str::to_owned)
}
