//! Exports the tables as CSV (RFC 4180), with a Frictionless data package that describes them.

use serde_json::{Map, Value, json};

use super::json::pretty;
use super::record::Record;
use super::table::{Cell, Column, Kind, Table};
use super::tables::tables;

const FOLDER: &str = "csv";

pub fn files(record: &Record<'_>) -> Vec<(String, Vec<u8>)> {
    let tables = tables(record);
    let resource = |table: &Table| {
        let mut resource = described(table);
        resource["path"] = json!(format!("{}.csv", table.name));
        resource["format"] = json!("csv");
        resource["mediatype"] = json!("text/csv");
        resource["encoding"] = json!("utf-8");
        resource
    };
    let package = package(record, tables.iter().map(resource).collect());
    let data = tables
        .iter()
        .map(|table| (format!("{FOLDER}/{}.csv", table.name), written(table)));
    let package = (format!("{FOLDER}/datapackage.json"), pretty(&package));
    std::iter::once(package).chain(data).collect()
}

/// Returns the description of all tables, with title and license.
pub fn package(record: &Record<'_>, resources: Vec<Value>) -> Value {
    let site = &record.site;
    let mut package = json!({
        "profile": "tabular-data-package",
        "name": "whosaid-record",
        "id": site.uuid,
        "title": site.title,
    });
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            package[key] = value;
        }
    };
    put("description", site.description.map(Value::from));
    put("tlp", site.tlp.map(Value::from));
    put("homepage", site.url.clone().map(Value::from));
    let contributors = site
        .authors
        .iter()
        .map(|name| json!({ "title": name, "role": "author" }));
    put(
        "contributors",
        (!site.authors.is_empty()).then(|| contributors.collect()),
    );
    let license = site.license.or(site.license_url).map(|name| {
        let mut license = Map::new();
        // A license name without spaces is an identifier; with spaces it is a title.
        let key = if name.contains([' ', ':']) {
            "title"
        } else {
            "name"
        };
        license.insert(key.into(), name.into());
        if let Some(url) = site.license_url {
            license.insert("path".into(), url.into());
        }
        license
    });
    // The standard requires a name or a URL.
    let license = license.filter(|it| it.contains_key("name") || it.contains_key("path"));
    put("licenses", license.map(|license| json!([license])));
    package["resources"] = json!(resources);
    package
}

/// Describes a table as a resource of the package, without the location of its rows.
pub fn described(table: &Table) -> Value {
    let field = |column: &Column| {
        let kind = match column.kind {
            Kind::Text => "string",
            Kind::Integer => "integer",
            Kind::Boolean => "boolean",
            Kind::Date => "date",
        };
        let mut field = json!({ "name": column.name, "type": kind, "description": column.about });
        if column.is_required {
            field["constraints"] = json!({ "required": true });
        }
        field
    };
    let fields: Vec<Value> = table.columns.iter().map(field).collect();
    let mut schema = json!({ "fields": fields });
    if !table.key.is_empty() {
        schema["primaryKey"] = json!(table.key);
    }
    let refers = table.columns.iter().filter_map(|column| {
        let to = column.refers?;
        // A reference to the table itself is the empty string.
        let resource = if to == table.name { "" } else { to };
        let reference = json!({ "resource": resource, "fields": ["id"] });
        Some(json!({ "fields": [column.name], "reference": reference }))
    });
    let refers: Vec<Value> = refers.collect();
    if !refers.is_empty() {
        schema["foreignKeys"] = json!(refers);
    }
    json!({
        "profile": "tabular-data-resource",
        "name": table.name,
        "description": table.about,
        "schema": schema,
    })
}

fn written(table: &Table) -> Vec<u8> {
    let mut csv = String::new();
    let mut line = |cells: &mut dyn Iterator<Item = String>| {
        for (at, cell) in cells.enumerate() {
            if at > 0 {
                csv.push(',');
            }
            quoted(&cell, &mut csv);
        }
        csv.push_str("\r\n");
    };
    line(&mut table.columns.iter().map(|column| column.name.to_owned()));
    for row in &table.rows {
        line(&mut row.iter().map(|cell| match cell {
            Cell::Null => String::new(),
            Cell::Text(text) => disarmed(text),
            Cell::Integer(number) => number.to_string(),
            Cell::Boolean(is) => is.to_string(),
            Cell::Date(day) => day.to_string(),
        }));
    }
    csv.into_bytes()
}

/// Prevents spreadsheets from running a text as a formula, by a leading apostrophe. A text without
/// letters, such as a signature, cannot call a function.
fn disarmed(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r'])
        && text.contains(|c: char| c.is_alphabetic());
    let guard = if is_formula { "'" } else { "" };
    format!("{guard}{text}")
}

fn quoted(cell: &str, csv: &mut String) {
    let is_plain = !cell.contains([',', '"', '\n', '\r']) && cell.trim() == cell;
    if is_plain {
        csv.push_str(cell);
    } else {
        csv.push('"');
        csv.push_str(&cell.replace('"', "\"\""));
        csv.push('"');
    }
}
