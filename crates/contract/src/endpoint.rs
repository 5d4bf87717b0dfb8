//! The address of an operation, with the types of what goes in and what comes out.

use std::marker::PhantomData;

/// The HTTP methods the API uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Read.
    Get,
    /// Create, or act.
    Post,
    /// Replace.
    Put,
    /// Change in part.
    Patch,
    /// End.
    Delete,
}

impl Method {
    /// The method's name in lower case, as in an OpenAPI document.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Post => "post",
            Self::Put => "put",
            Self::Patch => "patch",
            Self::Delete => "delete",
        }
    }
}

/// What goes in when nothing does, and what comes out of a `204`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Nothing;

/// One operation: `In` travels as the JSON body, `Out` comes back.
#[derive(Debug)]
pub struct Endpoint<In, Out> {
    /// The operation id in the OpenAPI document: `place_order`.
    pub id: &'static str,
    /// How it is called.
    pub method: Method,
    /// Its path with `{names}` for what varies.
    pub path: &'static str,
    types: PhantomData<fn(In) -> Out>,
}

impl<In, Out> Clone for Endpoint<In, Out> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<In, Out> Copy for Endpoint<In, Out> {}

impl<In, Out> Endpoint<In, Out> {
    /// The operation `id`, called by `method` at `path`.
    #[must_use]
    pub const fn new(id: &'static str, method: Method, path: &'static str) -> Self {
        Self { id, method, path, types: PhantomData }
    }

    /// The path with its `{names}` replaced, in order, by `values`. Values must be path-safe: ids,
    /// slugs and labels are.
    #[must_use]
    pub fn at(&self, values: &[&str]) -> String {
        let mut path = String::with_capacity(self.path.len() + 36 * values.len());
        let mut values = values.iter();
        let mut rest = self.path;
        while let Some((before, after)) = rest.split_once('{') {
            path.push_str(before);
            if let Some(value) = values.next() {
                path.push_str(value);
            }
            rest = after.split_once('}').map_or("", |(_, tail)| tail);
        }
        path.push_str(rest);
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_filled_in_order() {
        let endpoint: Endpoint<Nothing, Nothing> =
            Endpoint::new("x", Method::Get, "/events/{event_id}/zones/{zone}");
        assert_eq!(endpoint.at(&["e", "N1"]), "/events/e/zones/N1");
        assert_eq!(endpoint.method.name(), "get");
    }
}
