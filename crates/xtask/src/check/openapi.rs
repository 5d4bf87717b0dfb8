//! The committed OpenAPI document says what the server says.

use anyhow::{Context, Result, bail};

use crate::command::{command, output, root};
use crate::server_build;

/// Compares `openapi/ringside.json` with what the server prints.
pub fn is_current() -> Result<()> {
    let server = server_build::debug()?;
    let said = output(command(server).arg("openapi"))?;
    let file = root().join("openapi/ringside.json");
    let committed =
        std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    if let Some(difference) = first_difference(&committed, &said) {
        bail!("openapi/ringside.json is not what the server says, {difference}");
    }
    Ok(())
}

fn first_difference(committed: &str, said: &str) -> Option<String> {
    if committed.trim_end() == said.trim_end() {
        return None;
    }
    let mut pairs = committed.lines().zip(said.lines()).enumerate();
    let Some((line, (old, new))) = pairs.find(|(_, (old, new))| old != new) else {
        return Some("one ends before the other".to_owned());
    };
    Some(format!("first in line {}:\n    committed {}\n    server    {}", line + 1, old.trim(), new.trim()))
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn names_the_first_line_that_differs() {
        assert_eq!(first_difference("a\nb\n", "a\nb"), None);
        let said = first_difference("a\nb\n", "a\nc\n");
        assert!(said.is_some_and(|text| text.starts_with("first in line 2")));
        assert_eq!(first_difference("a", "a\nb").as_deref(), Some("one ends before the other"));
    }
}
