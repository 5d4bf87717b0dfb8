//! Hand-written SQL that PostgreSQL plans once: unlike `diesel::sql_query` the statement is kept
//! prepared on its connection, which saves a round trip each time.

use std::marker::PhantomData;

use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, Untyped};

/// A statement with `$1`, `$2`, … in its text.
#[derive(Debug, Clone, Copy)]
#[must_use]
pub struct Sql(&'static str);

/// A statement and one more value for it.
#[derive(Debug, Clone, Copy)]
#[must_use]
pub struct Bound<Q, V, St>(Q, V, PhantomData<St>);

/// A statement kept prepared. The text must not be put together from input, hence `'static`.
/// Rows are read by `QueryableByName`, as with `diesel::sql_query`.
pub const fn sql(text: &'static str) -> Sql {
    Sql(text)
}

impl Sql {
    /// Binds `$1`, of the given SQL type.
    pub fn bind<St, V>(self, value: V) -> Bound<Self, V, St> {
        Bound(self, value, PhantomData)
    }
}

impl<Q, V, St> Bound<Q, V, St> {
    /// Binds the next value, of the given SQL type.
    pub fn bind<St2, V2>(self, value: V2) -> Bound<Self, V2, St2> {
        Bound(self, value, PhantomData)
    }
}

impl QueryFragment<Pg> for Sql {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(self.0);
        Ok(())
    }
}

impl<Q, V, St> QueryFragment<Pg> for Bound<Q, V, St>
where
    Pg: HasSqlType<St>,
    Q: QueryFragment<Pg>,
    V: ToSql<St, Pg>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out.reborrow())?;
        out.push_bind_param_value_only(&self.1)
    }
}

// Without an id of their own, statements are kept by their text.
impl QueryId for Sql {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl<Q, V, St> QueryId for Bound<Q, V, St> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Sql {
    type SqlType = Untyped;
}
impl<Q, V, St> Query for Bound<Q, V, St> {
    type SqlType = Untyped;
}
