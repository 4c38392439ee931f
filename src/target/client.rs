//! The HTTP client: rustls with ring, a dated root set, no redirects, no proxies, no decompression.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

use super::TargetError;
use crate::domain::Phrase;
use crate::phrase;
use crate::statement::Statement;

/// Longest time until a connection stands.
const CONNECT_LIMIT: std::time::Duration = std::time::Duration::from_secs(10);

/// Builds the client of a statement.
pub(super) fn build(statement: &Statement) -> Result<reqwest::Client, TargetError> {
    // The default provider serves whatever else builds a client in this process; a second installation is no fault.
    drop(rustls::crypto::ring::default_provider().install_default());
    let mut roots = webpki_roots::TLS_SERVER_ROOTS
        .iter()
        .cloned()
        .collect::<RootCertStore>();
    if let Some(file) = &statement.document().tls.akar {
        add_roots(statement, file, &mut roots)?;
    }
    let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| TargetError::Client(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .referer(false)
        .connect_timeout(CONNECT_LIMIT)
        .user_agent(concat!("laik/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| TargetError::Client(error.to_string()))
}

fn add_roots(statement: &Statement, file: &str, roots: &mut RootCertStore) -> Result<(), TargetError> {
    let fault = |message: Phrase| {
        let remedy = Phrase::new(
            "Tulis berkas PEM di bawah direktori pernyataan.",
            "Name a PEM file below the statement's directory.",
        );
        TargetError::Statement(vec![statement.fault(&["tls", "akar"], message, remedy)])
    };
    let path = statement.below(file).ok_or_else(|| {
        fault(phrase!(
            "berkas `{file}` tidak terbaca",
            "the file `{file}` cannot be read"
        ))
    })?;
    let certificates = CertificateDer::pem_file_iter(&path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let certificates = certificates.map_err(|error| {
        let error = error.to_string();
        fault(phrase!(
            "berkas akar tidak terbaca: {error}",
            "the roots' file cannot be read: {error}"
        ))
    })?;
    if roots.add_parsable_certificates(certificates).0 == 0 {
        return Err(fault(Phrase::new(
            "berkas akar tidak memuat sertifikat",
            "the roots' file holds no certificate",
        )));
    }
    Ok(())
}
