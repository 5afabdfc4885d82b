//! Checks of the schema: the same tables on both engines, every column classed.

use crate::store::{Column, Lite, Migration, Pg, StoreError, Target, columns};

/// What kinds of data a column may hold.
pub const CLASSES: &[&str] = &["key", "fact", "handle", "sealed", "secret"];
/// How long a column may be kept.
pub const RETENTIONS: &[&str] =
    &["ever", "until erased", "until fired", "while in office", "30 days", "400 days", "1 year", "3 years"];
/// The five types.
const TYPES: &[&str] = &["text", "bigint", "double precision", "boolean", "bytea"];

const LITE_COLUMNS: &str =
    "select t.name || ' ' || c.name || ' ' || lower(c.type) || case when c.\"notnull\" = 1 then ' required' else '' end
    || case when c.pk > 0 then ' primary ' || c.pk else '' end
  from pragma_table_list t join pragma_table_xinfo(t.name) c
  where t.schema = 'main' and t.type = 'table' and t.name not like 'sqlite_%' and t.name <> 'schema_step'";
const LITE_INDEXES: &str = "select t.name || ' ' || i.name || case when i.\"unique\" = 1 then ' unique' else ' index' end || case when i.partial = 1 then ' partial' else '' end
    || ' (' || (select group_concat(coalesce(x.name, '?'), ', ') from (select name from pragma_index_info(i.name) order by seqno) x) || ')'
  from pragma_table_list t join pragma_index_list(t.name) i
  where t.schema = 'main' and t.type = 'table' and i.origin = 'c' and t.name <> 'schema_step'";
const LITE_LOOSE: &str = "select name from pragma_table_list
  where schema = 'main' and type = 'table' and strict = 0 and name not like 'sqlite_%' and name <> 'schema_step'";
const PG_COLUMNS: &str = "select c.relname || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' required' else '' end
    || coalesce(' primary ' || array_position(p.conkey, a.attnum), '')
  from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_constraint p on p.conrelid = c.oid and p.contype = 'p'
  where c.relkind in ('r', 'p') and c.relname <> 'schema_step'";
const PG_INDEXES: &str = "select c.relname || ' ' || i.relname || case when x.indisunique then ' unique' else ' index' end || case when x.indpred is not null then ' partial' else '' end
    || ' (' || (select string_agg(coalesce(a.attname::text, '?'), ', ' order by k.n)
                from unnest(x.indkey::int2[]) with ordinality k (att, n) left join pg_attribute a on a.attrelid = c.oid and a.attnum = k.att) || ')'
  from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
  join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
  where not x.indisprimary and c.relname <> 'schema_step'
    and not exists (select 1 from pg_constraint p where p.conindid = x.indexrelid and p.contype = 'u')";

fn lite_lines(lite: &Lite, text: &str) -> Result<Vec<String>, StoreError> {
    let mut statement = lite.raw().prepare(text)?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn pg_lines(pg: &Pg, text: &str) -> Result<Vec<String>, StoreError> {
    Ok(pg.simple(text)?.into_iter().flatten().collect())
}

/// PostgreSQL's type words as SQLite stores them: its whole numbers are also its truths.
fn shared_type(line: &str) -> String {
    let mut words: Vec<String> = line.replace("double precision", "real").split(' ').map(str::to_owned).collect();
    if let Some(ty) = words.get_mut(2) {
        *ty = match ty.as_str() {
            "bigint" | "boolean" => "integer".to_owned(),
            "bytea" => "blob".to_owned(),
            other => other.to_owned(),
        };
    }
    words.join(" ")
}

/// Tables, columns, types, primary keys and indexes as text, sorted, a line each; the same for
/// both engines (whole numbers and truths are both `integer`). Constraints without a name are not
/// listed: declare `create unique index`.
///
/// # Errors
/// Any [`StoreError`].
pub fn schema_text(target: Target<'_>) -> Result<String, StoreError> {
    let (mut columns, mut indexes) = match target {
        Target::Lite(lite) => {
            let loose = lite_lines(lite, LITE_LOOSE)?;
            if !loose.is_empty() {
                return Err(StoreError::Mismatch(format!("tables that are not strict: {loose:?}")));
            }
            (lite_lines(lite, LITE_COLUMNS)?, lite_lines(lite, LITE_INDEXES)?)
        }
        Target::Pg(pg) => {
            (pg_lines(pg, PG_COLUMNS)?.iter().map(|line| shared_type(line)).collect(), pg_lines(pg, PG_INDEXES)?)
        }
    };
    columns.sort();
    indexes.sort();
    columns.append(&mut indexes);
    Ok(columns.join("\n") + "\n")
}

/// Differences between the two engines' schemas, a line each: `SQLite: …` or `PostgreSQL: …`.
///
/// # Errors
/// Any [`StoreError`].
pub fn schema_equal(lite: &Lite, pg: &Pg) -> Result<Vec<String>, StoreError> {
    let (ours, theirs) = (schema_text(Target::Lite(lite))?, schema_text(Target::Pg(pg))?);
    let only = |name: &str, a: &str, b: &str| -> Vec<String> {
        a.lines().filter(|line| !b.lines().any(|other| other == *line)).map(|line| format!("{name}: {line}")).collect()
    };
    Ok([only("SQLite", &ours, &theirs), only("PostgreSQL", &theirs, &ours)].concat())
}

/// Columns whose class, retention or type is none of the closed lists, and columns of the schema
/// that the reader of classes did not see.
///
/// # Panics
/// When the schema does not apply on SQLite.
pub fn column_faults(schema: &[Migration]) -> Vec<String> {
    let read = columns(schema);
    let mut faults = Vec::new();
    for Column { table, name, ty, class, retention } in &read {
        if !CLASSES.contains(&class.as_str()) {
            faults.push(format!("{table}.{name}: class “{class}”"));
        }
        if !RETENTIONS.contains(&retention.as_str()) {
            faults.push(format!("{table}.{name}: retention “{retention}”"));
        }
        if !TYPES.contains(&ty.as_str()) {
            faults.push(format!("{table}.{name}: type “{ty}”"));
        }
    }
    let lite = super::lite_memory(schema).expect("the schema applies on SQLite");
    for line in lite_lines(&lite, LITE_COLUMNS).expect("the schema can be read") {
        let mut words = line.split(' ');
        let (table, name) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        if !read.iter().any(|column| column.table == table && column.name == name) {
            faults.push(format!("{table}.{name}: declared where its class can't be read"));
        }
    }
    faults
}
