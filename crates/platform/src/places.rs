//! Where on the map an address lies, as a database of the operator's says (MaxMind's format: DB-IP City
//! Lite, GeoLite2 City). Without one no place is known. It is read into memory once, at start: a file that
//! is replaced counts with the next one.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use domain::travel::Point;
use maxminddb::Reader;
use serde::Deserialize;

/// Places of addresses. Cheap to clone.
#[derive(Clone, Default)]
pub struct Places(Option<Arc<Reader<Vec<u8>>>>);

/// Where an address lies, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spot {
    /// Two letters (ISO 3166-1): `TH`.
    pub country: Option<String>,
    /// Its English name.
    pub city: Option<String>,
    /// To a tenth of a degree.
    pub point: Option<Point>,
}

impl Spot {
    /// `Bangkok, TH`; empty when nothing is known.
    #[must_use]
    pub fn name(&self) -> String {
        let parts = [self.city.as_deref(), self.country.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Record {
    city: City,
    country: Country,
    location: Location,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct City {
    names: Names,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Names {
    en: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Country {
    iso_code: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Location {
    latitude: Option<f64>,
    longitude: Option<f64>,
}

impl Places {
    /// Reads the file, if there is to be one.
    ///
    /// # Errors
    /// When it cannot be read, or is no database of cities.
    pub fn open(file: Option<&Path>) -> anyhow::Result<Self> {
        let Some(file) = file else { return Ok(Self::default()) };
        let named = || format!("RINGSIDE_PLACES_FILE: {}", file.display());
        let reader = Reader::open_readfile(file).with_context(|| format!("{} cannot be read", named()))?;
        let kind = &reader.metadata().database_type;
        anyhow::ensure!(kind.contains("City"), "{} knows no cities, it is of the kind `{kind}`", named());
        Ok(Self(Some(Arc::new(reader))))
    }

    /// Where the address lies; nothing is known of most that are private.
    #[must_use]
    pub fn of(&self, ip: Option<IpAddr>) -> Spot {
        let (Some(reader), Some(ip)) = (&self.0, ip) else { return Spot::default() };
        match reader.lookup(ip.to_canonical()).and_then(|found| found.decode::<Record>()) {
            Ok(record) => record.map(Spot::from).unwrap_or_default(),
            Err(error) => {
                tracing::debug!(%error, "the place of an address cannot be looked up");
                Spot::default()
            }
        }
    }
}

impl From<Record> for Spot {
    fn from(record: Record) -> Self {
        let point = record.location.latitude.zip(record.location.longitude);
        let point = point.map(|(latitude, longitude)| Point { latitude, longitude }.rounded());
        let code = |text: &String| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
        let city = record.city.names.en.filter(|text| !text.is_empty());
        Self { country: record.country.iso_code.filter(code), city, point }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_none_of_the_kind_is_told_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("places.mmdb");
        let told = |file: &Path| format!("{:#}", Places::open(Some(file)).err().unwrap());
        assert!(told(&file).contains("RINGSIDE_PLACES_FILE: ") && told(&file).contains("cannot be read"));
        std::fs::write(&file, "not a database").unwrap();
        assert!(told(&file).contains("places.mmdb cannot be read"), "{}", told(&file));
    }

    #[test]
    fn without_a_file_no_place_is_known() {
        let places = Places::open(None).unwrap();
        assert_eq!(places.of(Some("203.0.113.7".parse().unwrap())), Spot::default());
        assert_eq!(Spot::default().name(), "");
    }
}
