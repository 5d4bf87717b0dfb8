//! What Diesel is told of the tables is what the migrations make.

use std::collections::BTreeSet;

use diesel::QueryableByName;
use diesel::sql_types::{Bool, Text};
use testkit::Setup;

const SCHEMA: &str = include_str!("../../../db-schema/src/lib.rs");

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    udt_name: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
}

/// `table.column -> Type`, in the words of `diesel print-schema`.
fn told() -> BTreeSet<String> {
    let mut columns = BTreeSet::new();
    let mut table = "";
    for line in SCHEMA.lines().map(str::trim) {
        match line.split_once(" -> ") {
            Some((column, kind)) if line.ends_with(',') => {
                columns.insert(format!("{table}.{column} -> {}", kind.trim_end_matches(',')));
            }
            _ => {
                table = line.split_once(" (").filter(|_| line.ends_with('{')).map_or(table, |(name, _)| name)
            }
        }
    }
    columns
}

/// Diesel's name of a PostgreSQL type; an array's begins with an underscore.
fn kind(udt: &str) -> String {
    match udt.strip_prefix('_') {
        Some(item) => format!("Array<{}>", kind(item)),
        None => udt[..1].to_uppercase() + &udt[1..],
    }
}

#[actix_web::test]
async fn diesel_knows_every_column_as_it_is() {
    let app = Setup::new().start().await;
    let made: BTreeSet<String> = app
        .sql(async |conn| {
            use diesel_async::RunQueryDsl as _;
            let columns = diesel::sql_query(
                "SELECT c.table_name::text, c.column_name::text, c.udt_name::text, c.is_nullable = 'YES' AS nullable
                   FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
                  WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
                    AND c.table_name <> '__diesel_schema_migrations'",
            );
            Ok(columns.load::<Column>(conn).await?)
        })
        .await
        .into_iter()
        .map(|column| {
            let kind = kind(&column.udt_name);
            let kind = if column.nullable { format!("Nullable<{kind}>") } else { kind };
            format!("{}.{} -> {kind}", column.table_name, column.column_name)
        })
        .collect();
    let told = told();
    assert!(made.len() > 100, "the migrations make more than {} columns", made.len());
    let untold: Vec<_> = made.difference(&told).collect();
    let unmade: Vec<_> = told.difference(&made).collect();
    assert!(
        untold.is_empty() && unmade.is_empty(),
        "Diesel is not told: {untold:#?}, does not exist: {unmade:#?}"
    );
}

/// Every sealed column that a rotation goes through is there.
#[tokio::test]
async fn sealed_columns_are_columns() {
    let app = crate::setup().start().await;
    let usage = platform::keys::usage(&app.state().db, platform::keys::SEALED).await;
    assert_eq!(usage.expect("every table and column exists"), []);
}
