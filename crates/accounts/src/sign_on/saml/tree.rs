//! XML of strangers: no document types, no entities, no comments, no depths.

use uppsala::{Document, NodeId};

pub(super) const SAML: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
pub(super) const SAMLP: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
pub(super) const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
pub(super) const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";

/// No document of a provider is larger.
pub(super) const MOST_BYTES: usize = 256 << 10;
const DEEPEST: usize = 32;

/// Reads a document. What begins with `<!` is refused before anything is parsed: document types and their
/// entities, and also comments and CDATA, by which two readers may see two texts.
pub(super) fn read(xml: &str) -> Result<Document<'_>, &'static str> {
    if xml.len() > MOST_BYTES {
        return Err("it is too large");
    }
    let body = match xml.trim_start().strip_prefix("<?xml ") {
        Some(rest) => rest.split_once("?>").map_or("", |(_, body)| body),
        None => xml,
    };
    if body.contains("<!") || body.contains("<?") {
        return Err("it holds a document type, a comment or the like");
    }
    if depth(body) > DEEPEST {
        return Err("it is too deep");
    }
    uppsala::parse(xml).map_err(|_| "it is no XML")
}

/// How deep elements stand in one another; found without a tree.
fn depth(xml: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut quote, mut in_tag, mut last) = (None, false, ' ');
    for c in xml.chars() {
        match (in_tag, quote, c) {
            (false, _, '<') => {
                in_tag = true;
                depth += 1;
            }
            (true, None, '/') if last == '<' => depth = depth.saturating_sub(2),
            (true, None, '"' | '\'') => quote = Some(c),
            (true, Some(open), c) if c == open => quote = None,
            (true, None, '>') => {
                in_tag = false;
                deepest = deepest.max(depth);
                if last == '/' {
                    depth = depth.saturating_sub(1);
                }
            }
            _ => {}
        }
        last = c;
    }
    deepest
}

/// Whether a node is the element of the name.
pub(super) fn is(doc: &Document<'_>, node: NodeId, namespace: &str, name: &str) -> bool {
    doc.element(node).is_some_and(|element| element.matches_name_ns(namespace, name))
}

/// The elements directly within.
pub(super) fn children(doc: &Document<'_>, node: NodeId) -> Vec<NodeId> {
    doc.children(node).into_iter().filter(|child| doc.element(*child).is_some()).collect()
}

/// The elements of a name directly within.
pub(super) fn all(doc: &Document<'_>, node: NodeId, namespace: &str, name: &str) -> Vec<NodeId> {
    children(doc, node).into_iter().filter(|child| is(doc, *child, namespace, name)).collect()
}

/// The element of a name directly within, if there is exactly one.
pub(super) fn only(doc: &Document<'_>, node: NodeId, namespace: &str, name: &str) -> Option<NodeId> {
    match all(doc, node, namespace, name).as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

/// An attribute without a namespace.
pub(super) fn attribute<'a>(doc: &'a Document<'_>, node: NodeId, name: &str) -> Option<&'a str> {
    let found = doc.element(node)?.attributes.iter().find(|it| it.name.matches(None, name))?;
    Some(&found.value)
}

/// The text of an element that holds nothing else.
pub(super) fn text(doc: &Document<'_>, node: NodeId) -> Option<String> {
    children(doc, node).is_empty().then(|| doc.text_content_deep(node).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_documents_are_read() {
        for bad in [
            "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
            "<a>x<!-- y -->z</a>",
            "<a><![CDATA[x]]></a>",
            "<a><?x y?></a>",
            "<?xml version=\"1.0\"?><!DOCTYPE a><a/>",
            "<a>&unknown;</a>",
            "<a><b></a></b>",
            "",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
        let deep = |n: usize| format!("{}{}", "<a x='>'>".repeat(n), "</a>".repeat(n));
        assert!(read(&deep(DEEPEST)).is_ok());
        assert!(read(&deep(DEEPEST + 1)).is_err());
        assert!(read(&format!("<a>{}</a>", "<b/>".repeat(100))).is_ok());
        assert!(read(&format!("<a>{}</a>", "x".repeat(MOST_BYTES))).is_err());
    }
}
