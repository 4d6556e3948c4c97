//! How domain values stand in rows.

use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use crate::log::LogError;

/// Reads a column.
pub(super) fn get<'r, T: FromSql<'r>>(row: &'r Row, column: usize) -> Result<T, LogError> {
    Ok(row.try_get(column)?)
}

/// A number from a column that is never negative.
pub(super) fn unsigned(row: &Row, column: usize) -> Result<u64, LogError> {
    let number: i64 = get(row, column)?;
    u64::try_from(number).map_err(|_| unreadable(column))
}

/// Bytes of a fixed number.
pub(super) fn bytes<const N: usize>(row: &Row, column: usize) -> Result<[u8; N], LogError> {
    let bytes: &[u8] = get(row, column)?;
    bytes.try_into().map_err(|_| unreadable(column))
}

/// Bytes of a fixed number, or none.
pub(super) fn optional_bytes<const N: usize>(
    row: &Row,
    column: usize,
) -> Result<Option<[u8; N]>, LogError> {
    let bytes: Option<&[u8]> = get(row, column)?;
    bytes.map(|bytes| bytes.try_into().map_err(|_| unreadable(column))).transpose()
}

fn unreadable(column: usize) -> LogError {
    LogError::Failing(format!("column {column} in the database holds what it cannot"))
}
